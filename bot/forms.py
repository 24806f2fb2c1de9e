"""What the bot asks, as a platform-neutral form: message parts and fields in one column.

A form is a view of a draft row: each step saves and replaces the view, and a closed window loses nothing. Values
come back by the fields' keys as text; `bot` validates them, whatever a platform promises.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.messages import Buttons, Checks, Divider, Fields, Heading, Link, Shares, Target, Words, Written


@dataclass(frozen=True, slots=True)
class TextField:
    """Free text. `max_length` is in characters."""

    key: str
    label: str
    value: str = ""
    hint: str = ""
    multiline: bool = False
    required: bool = False
    max_length: int = 3000


@dataclass(frozen=True, slots=True)
class Option:
    """One of the things to choose from."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of several; few options are shown as radio buttons, many as a list."""

    key: str
    label: str
    options: tuple[Option, ...]
    value: str = ""
    hint: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class TickField:
    """Yes or no; comes back as "yes" or ""."""

    key: str
    label: str
    value: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class DayField:
    """A calendar day; comes back as "2027-03-01" or ""."""

    key: str
    label: str
    value: str = ""
    hint: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class TimeField:
    """A time of day in the person's own zone; comes back as "09:30" or ""."""

    key: str
    label: str
    value: str = ""
    hint: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class PersonField:
    """One person of the organisation; comes back as the platform's own id of them or ""."""

    key: str
    label: str
    value: str = ""
    hint: str = ""
    required: bool = False


FormField = TextField | ChoiceField | TickField | DayField | TimeField | PersonField
FormPart = Heading | Words | Written | Fields | Checks | Shares | Buttons | Link | Divider | FormField


@dataclass(frozen=True, slots=True)
class Form:
    """One step of asking. Submitting it is an event with `action` and `target`; so is a button in it, which
    brings the fields' values as they stand. `submit` None: only the buttons lead on.
    """

    action: str
    target: Target
    title: str
    parts: tuple[FormPart, ...]
    submit: str | None
    cancel: str

    def values(self) -> Mapping[str, str]:
        """Return what the fields hold as the form opens."""
        found: dict[str, str] = {}
        for part in self.parts:
            match part:
                case TextField() | ChoiceField() | DayField() | TimeField() | PersonField():
                    found[part.key] = part.value
                case TickField():
                    found[part.key] = "yes" if part.value else ""
                case _:
                    pass
        return found
