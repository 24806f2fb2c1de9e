"""Reasons as they are kept: what was said and its values, so that each reader gets them in their own language.

A reason that is kept as a sentence could be told in one language only, and what a platform has put into it could not
be told from what we say.
"""

import json

from bot.texts import Text


def kept_reason(reason: Text | None) -> str:
    """Return a reason as it is kept in the database; "" for none. The same reason is kept the same."""
    return "" if reason is None else json.dumps(_plain(reason), ensure_ascii=False, sort_keys=True)


def reason_of(kept: str) -> Text | None:
    """Read a kept reason back."""
    return None if not kept else _text(json.loads(kept))


def _plain(said: Text) -> dict[str, object]:
    """Return a text as JSON takes it. What is neither a text nor a number is said as it stands."""
    plain: dict[str, object] = {"msgid": said.msgid}
    if said.plural is not None:
        plain |= {"plural": said.plural, "count": said.count}
    if said.values:
        plain["values"] = {
            name: _plain(value) if isinstance(value, Text) else value if isinstance(value, int) else str(value)
            for name, value in said.values.items()
        }
    return plain


def _text(plain: dict[str, object]) -> Text:
    values = plain.get("values", {})
    count = plain.get("count", 0)
    plural = plain.get("plural")
    if not isinstance(values, dict) or not isinstance(count, int):
        raise TypeError("this was not kept as a reason")
    return Text(
        str(plain["msgid"]),
        {name: _text(value) if isinstance(value, dict) else value for name, value in values.items()},
        None if plural is None else str(plural),
        count,
    )
