"""A form's structure as text that travels in its own card, so that it can be shown again with what has to be put
right: Teams keeps no form, and neither do we. What comes back is shown to whoever sent it and to nobody else.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache
from typing import Any, Final, get_args

from pydantic import TypeAdapter, ValidationError

from bot.forms import (
    ChoiceField,
    ChoicesField,
    DayField,
    Form,
    FormPart,
    PersonField,
    TextField,
    TickField,
    TimeField,
)
from bot.messages import Style, Target

# A form's text is some thousand characters; what unpacks to more than this is none of ours.
LARGEST: Final = 200_000


def pack(form: Form) -> str:
    """Return a form's structure; what its fields hold comes back beside it, by their keys."""
    written = json.dumps(
        {
            "action": form.action,
            "target": asdict(form.target),
            "title": form.title,
            "parts": [{"part": type(part).__name__, **asdict(_emptied(part))} for part in form.parts],
            "submit": form.submit,
            "cancel": form.cancel,
            "submit_style": form.submit_style,
        },
        ensure_ascii=False,
    )
    return base64.b64encode(zlib.compress(written.encode(), 9)).decode()


def unpack(packed: str, values: Mapping[str, str]) -> Form | None:
    """Return the form with these values in its fields; None when it is no form of ours."""
    try:
        reader = zlib.decompressobj()
        written = reader.decompress(base64.b64decode(packed, validate=True), LARGEST)
        if not reader.eof:
            return None
        found = json.loads(written)
        parts = tuple(_filled(_part(part), values) for part in found["parts"])
        return Form(
            str(found["action"]),
            _adapter(Target).validate_python(found["target"]),
            str(found["title"]),
            parts,
            None if found["submit"] is None else str(found["submit"]),
            str(found["cancel"]),
            Style(found["submit_style"]),
        )
    except (zlib.error, binascii.Error, ValidationError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _part(found: Mapping[str, Any]) -> FormPart:
    kinds = {kind.__name__: kind for kind in get_args(FormPart)}
    part: FormPart = _adapter(kinds[found["part"]]).validate_python(
        {name: value for name, value in found.items() if name != "part"}
    )
    return part


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _emptied(part: FormPart) -> FormPart:
    match part:
        case TextField() | ChoiceField() | ChoicesField() | DayField() | TimeField() | PersonField():
            return replace(part, value="")
        case TickField():
            return replace(part, value=False)
        case _:
            return part


def _filled(part: FormPart, values: Mapping[str, str]) -> FormPart:
    match part:
        case TextField() | ChoiceField() | ChoicesField() | DayField() | TimeField() | PersonField():
            return replace(part, value=values.get(part.key, ""))
        case TickField():
            return replace(part, value=values.get(part.key) == "yes")
        case _:
            return part
