"""The reactions that the local chat offers: the picture's name in static/emoji, and what it is in words."""

from typing import Final

from bot.texts import Text, text

EMOJI: Final[dict[str, Text]] = {
    "thumbs-up": text("Thumbs up"),
    "heart": text("Heart"),
    "party": text("Party"),
    "laugh": text("Laughing"),
    "eyes": text("Looking"),
    "check": text("Done"),
    "thanks": text("Thank you"),
    "idea": text("Good idea"),
}
