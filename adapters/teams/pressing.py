"""What a button of ours carries through Teams and back: its action and what it is about, nothing else.

It comes back from outside and may hold anything; `read_data` takes only what has the right form.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeGuard

from bot.messages import Target

# The names of a form's fields, in front of their keys: so no key is taken for something of ours. A tick's field
# always brings a value; only TICKED means yes.
FIELD: Final = "field."
TICK: Final = "tick."
# The value of a choice follows this sign, since Teams takes no choice whose value is empty.
CHOICE: Final = "choice."
CHOSEN: Final = "="
# Of a choice of several, the values come with commas between them.
CHOICES: Final = "choices."
TICKED: Final = "yes"
NOT_TICKED: Final = "no"
# The hidden field in which a form's structure travels, so that it can be shown again with what has to be put right
# (form_json.py).
FORM: Final = "form"

# Actions of buttons and forms have a dot. Commands, and what people do by themselves, are not for pressing.
_ACTION: Final = re.compile(r"[a-z_]{1,60}\.[a-z_]{1,60}")
_LARGEST_NUMBER: Final = 2**62


@dataclass(frozen=True, slots=True)
class Whence:
    """The channel, and the thread there, in which somebody asked for what they are shown in private."""

    channel: str
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that was pressed, or a form that was sent, with the fields as they stand."""

    action: str
    target: Target
    values: Mapping[str, str] = field(default_factory=dict)
    # The form that it stood in, as it travelled; None for a button of a message.
    form: str | None = None
    whence: Whence | None = None


def data_of(action: str, target: Target, whence: Whence | None) -> dict[str, Any]:
    """Return what an action carries."""
    data: dict[str, Any] = {"action": action, "row": target.row, "version": target.version}
    if whence is not None:
        data["channel"] = whence.channel
        if whence.thread is not None:
            data["thread"] = whence.thread
    return data


def read_data(data: object) -> Pressed | None:
    """Return what was pressed; None when it is nothing that we have drawn."""
    if not isinstance(data, Mapping):
        return None
    action, row, version, form = data.get("action"), data.get("row"), data.get("version"), data.get(FORM)
    if not isinstance(action, str) or _ACTION.fullmatch(action) is None:
        return None
    if not (_is_number(row) and _is_number(version) and isinstance(form, str | None)):
        return None
    return Pressed(action, Target(row, version), _values(data), form, _whence(data))


def _whence(data: Mapping[str, Any]) -> Whence | None:
    channel, thread = data.get("channel"), data.get("thread")
    if not isinstance(channel, str) or not channel or not isinstance(thread, str | None):
        return None
    return Whence(channel, thread)


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST_NUMBER


def _values(data: Mapping[str, Any]) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, value in data.items():
        if not isinstance(value, str):
            continue
        if name.startswith(FIELD):
            values[name.removeprefix(FIELD)] = value
        elif name.startswith(CHOICE):
            # What somebody found in the people picker has no sign.
            values[name.removeprefix(CHOICE)] = value.removeprefix(CHOSEN)
        elif name.startswith(CHOICES):
            values[name.removeprefix(CHOICES)] = ",".join(one.removeprefix(CHOSEN) for one in value.split(","))
        elif name.startswith(TICK):
            values[name.removeprefix(TICK)] = TICKED if value == TICKED else ""
    return values
