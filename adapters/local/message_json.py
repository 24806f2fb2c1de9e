"""A neutral message as plain JSON and back: how the local chat keeps what the bot has said."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, assert_never

from bot.messages import (
    Appointment,
    Button,
    Buttons,
    Check,
    Checks,
    Divider,
    Field,
    Fields,
    Heading,
    Link,
    Mark,
    Message,
    Part,
    Picture,
    Share,
    Shares,
    Style,
    Target,
    Together,
    Tone,
    Words,
    Written,
)


def to_json(message: Message) -> dict[str, Any]:
    """Return a message as plain JSON."""
    return {"summary": message.summary, "parts": [_part_to_json(part) for part in message.parts]}


def from_json(stored: Mapping[str, Any]) -> Message:
    """Return the message that `to_json` made this of.

    Raises ValueError for a part that this version does not know.
    """
    return Message(stored["summary"], tuple(_part_from_json(part) for part in stored["parts"]))


def _part_to_json(part: Part) -> dict[str, Any]:  # noqa: C901, PLR0912 - one case for each part
    match part:
        case Heading():
            return {"part": "heading", "text": part.text}
        case Words():
            return {"part": "words", "text": part.text, "tone": part.tone.value}
        case Written():
            return {"part": "written", "markdown": part.markdown}
        case Fields():
            return {"part": "fields", "fields": [[field.label, field.value] for field in part.fields]}
        case Checks():
            return {
                "part": "checks",
                "checks": [[check.label, check.mark.value, check.detail] for check in part.checks],
            }
        case Shares():
            return {
                "part": "shares",
                "label": part.label,
                "shares": [[share.label, share.count, share.note] for share in part.shares],
            }
        case Buttons():
            return {"part": "buttons", "buttons": [_button_to_json(button) for button in part.buttons]}
        case Link():
            return {"part": "link", "label": part.label, "url": part.url}
        case Together():
            return {"part": "together", "label": part.label, "people": list(part.people), "url": part.url}
        case Appointment():
            return {
                "part": "appointment",
                "label": part.label,
                "title": part.title,
                "begins": part.begins.isoformat(),
                "ends": part.ends.isoformat(),
                "uid": part.uid,
                "revision": part.revision,
                "made_at": part.made_at.isoformat(),
                "people": list(part.people),
            }
        case Divider():
            return {"part": "divider"}
        case Picture():
            return {"part": "picture", **asdict(part)}
        case _:
            assert_never(part)


def _button_to_json(button: Button) -> dict[str, Any]:
    return {
        "label": button.label,
        "action": button.action,
        "row": button.target.row,
        "version": button.target.version,
        "style": button.style.value,
        "confirm": button.confirm,
    }


def _part_from_json(stored: Mapping[str, Any]) -> Part:  # noqa: C901, PLR0912 - one case for each part
    match stored["part"]:
        case "heading":
            return Heading(stored["text"])
        case "words":
            return Words(stored["text"], Tone(stored["tone"]))
        case "written":
            return Written(stored["markdown"])
        case "fields":
            return Fields(tuple(Field(label, value) for label, value in stored["fields"]))
        case "checks":
            return Checks(tuple(Check(label, Mark(mark), detail) for label, mark, detail in stored["checks"]))
        case "shares":
            return Shares(stored["label"], tuple(Share(*share) for share in stored["shares"]))
        case "buttons":
            return Buttons(tuple(_button_from_json(button) for button in stored["buttons"]))
        case "link":
            return Link(stored["label"], stored["url"])
        case "together":
            return Together(stored["label"], tuple(stored["people"]), stored["url"])
        case "appointment":
            return Appointment(
                stored["label"],
                stored["title"],
                datetime.fromisoformat(stored["begins"]),
                datetime.fromisoformat(stored["ends"]),
                stored["uid"],
                stored["revision"],
                datetime.fromisoformat(stored["made_at"]),
                tuple(stored["people"]),
            )
        case "divider":
            return Divider()
        case "picture":
            return Picture(**{key: value for key, value in stored.items() if key != "part"})
        case unknown:
            raise ValueError(f"unknown part {unknown!r}")


def _button_from_json(stored: Mapping[str, Any]) -> Button:
    return Button(
        stored["label"],
        stored["action"],
        Target(stored["row"], stored["version"]),
        Style(stored["style"]),
        stored["confirm"],
    )
