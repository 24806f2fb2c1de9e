"""What the bot asks, as a platform-neutral form: message parts and fields in one column.

A form about a draft is a view of its row: each step saves and replaces the view, and a closed window loses nothing.
Values come back by the fields' keys as text; `read` holds them against the form, whatever a platform promises.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from typing import assert_never

from bot.directions import is_seen
from bot.errors import BadInput
from bot.messages import Part, Style, Target
from bot.texts import Text, text

YES = "yes"


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
class ChoicesField:
    """Any number of several; comes back as the chosen values with commas between them, such as "3,7", or "".

    No option's value has a comma in it.
    """

    key: str
    label: str
    options: tuple[Option, ...]
    value: str = ""
    hint: str = ""


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


@dataclass(frozen=True, slots=True)
class PictureField:
    """One picture to choose from one's own files; comes as an upload beside the values, where a surface has that.

    A surface whose forms take no files says how else to send it.
    """

    key: str
    label: str
    hint: str = ""


FormField = TextField | ChoiceField | ChoicesField | TickField | DayField | TimeField | PersonField | PictureField
FormPart = Part | FormField


@dataclass(frozen=True, slots=True)
class Form:
    """One step of asking. Submitting it is an event with `action` and `target`; so is a button in it, which
    brings the fields' values as they stand. `submit` None: only the buttons lead on. What cannot be undone is sent by
    a button that looks like it (`submit_style`), wherever a platform lets one.
    """

    action: str
    target: Target
    title: str
    parts: tuple[FormPart, ...]
    submit: str | None
    cancel: str
    submit_style: Style = Style.PRIMARY

    def values(self) -> Mapping[str, str]:
        """Return what the fields hold as the form opens."""
        found: dict[str, str] = {}
        for part in self.parts:
            match part:
                case TextField() | ChoiceField() | ChoicesField() | DayField() | TimeField() | PersonField():
                    found[part.key] = part.value
                case TickField():
                    found[part.key] = YES if part.value else ""
                case _:
                    pass
        return found

    def holding(self, values: Mapping[str, str]) -> "Form":
        """Return this form with its fields holding these values; a field that is not among them keeps its own."""
        return replace(self, parts=tuple(_holding(part, values) for part in self.parts))


def read(form: Form, values: Mapping[str, str]) -> dict[str, str]:
    """Return what was sent in a form's fields: every field's key, text without white space around it.

    Of what nobody can see nothing is left.

    Raises BadInput for what is missing, too long, not offered, no day or no time. A PersonField's value is whatever
    the platform calls them: who that is, is for the handler to find out.
    """
    given: dict[str, str] = {}
    wrong: dict[str, Text] = {}
    for part in form.parts:
        if not isinstance(part, FormField):
            continue
        sent = values.get(part.key, "").strip()
        given[part.key] = sent if is_seen(sent) else ""
        problem = _problem(part, given[part.key])
        if problem is not None:
            wrong[part.key] = problem
    if wrong:
        raise BadInput(wrong, form.holding(values))
    return given


def several(given: str) -> tuple[str, ...]:
    """Return the values that were chosen in a ChoicesField, each once."""
    return tuple(dict.fromkeys(value for value in given.split(",") if value))


def _problem(field: FormField, given: str) -> Text | None:
    """Return the sentence that stands at a field, if what was given cannot be used."""
    match field:
        case TickField() | PictureField():
            return None
        case ChoiceField() | ChoicesField():
            return _not_offered(field, given)
        case TextField() if field.required and not given:
            return text("Please write something here.")
        case TextField() if len(given) > field.max_length:
            return text("At most {count} characters, please.", count=field.max_length)
        case DayField() if (field.required or given) and not _is_day(given):
            return text("Please give a day, such as 2027-03-01.")
        case TimeField() if (field.required or given) and not _is_time(given):
            return text("Please give a time, such as 09:30.")
        case PersonField() if field.required and not given:
            return text("Please choose somebody.")
        case TextField() | DayField() | TimeField() | PersonField():
            return None
        case _:
            assert_never(field)


def _not_offered(field: ChoiceField | ChoicesField, given: str) -> Text | None:
    offered = {option.value for option in field.options}
    if isinstance(field, ChoicesField):
        return None if offered.issuperset(several(given)) else text("Please choose among these.")
    if given in offered or not (given or field.required):
        return None
    return text("Please choose one of these.")


def _holding(part: FormPart, values: Mapping[str, str]) -> FormPart:
    match part:
        case TextField() | ChoiceField() | ChoicesField() | DayField() | TimeField() | PersonField() if (
            part.key in values
        ):
            return replace(part, value=values[part.key])
        case TickField() if part.key in values:
            return replace(part, value=values[part.key] == YES)
        case _:
            return part


def _is_day(given: str) -> bool:
    try:
        date.fromisoformat(given)
    except ValueError:
        return False
    return True


def _is_time(given: str) -> bool:
    try:
        found = time.fromisoformat(given)
    except ValueError:
        return False
    return f"{found:%H:%M}" == given
