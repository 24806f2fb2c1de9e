"""What Teams takes, in one table; the renderers and the gateway keep to it.

Sources: "Format your bot messages" (message size), "Cards reference" and "Universal Actions" (cards), "Optimize
your bot with rate limiting" (rates), "App manifest reference" (the package), all on learn.microsoft.com.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

CARD_SCHEMA: Final = "http://adaptivecards.io/schemas/adaptive-card.json"
# The newest that Teams renders on desktop, web and phones alike.
CARD_VERSION: Final = "1.5"

# A message may have 100 KB, counted in UTF-16 and with its envelope; a card of this many UTF-16 units is below it.
LARGEST_CARD_UNITS: Final = 42_000
# One run of text, in characters; longer paragraphs are continued in the next block.
LONGEST_RUN: Final = 4_000
# Teams shows six actions in a row and hides the others.
MOST_ACTIONS_IN_A_ROW: Final = 6
# Longer button labels and dialog titles are cut off by the clients in the middle of a word (in characters).
LONGEST_BUTTON: Final = 60
LONGEST_TITLE: Final = 60
# A notification's line, in characters.
LONGEST_SUMMARY: Final = 240
# Options up to this many are shown as radio buttons.
MOST_RADIO_BUTTONS: Final = 4

# What is not a message of at most this size is refused before it is read.
LARGEST_ACTIVITY_BYTES: Final = 512 * 1024

# The package's texts, in characters, as the manifest's schema has them.
LONGEST_COMMAND: Final = 32
LONGEST_COMMAND_LINE: Final = 128


@dataclass(frozen=True, slots=True)
class Window:
    """At most so many messages within a time."""

    most: int
    within: timedelta


# One conversation. Who stays above the limit can get the bot blocked, so Samlas stays below it by itself.
PER_CONVERSATION: Final[Sequence[Window]] = (
    Window(7, timedelta(seconds=1)),
    Window(8, timedelta(seconds=2)),
    Window(60, timedelta(seconds=30)),
    Window(1800, timedelta(hours=1)),
)
# One app in one tenant, in requests a second. A message to somebody new takes two.
PER_TENANT: Final = 50
