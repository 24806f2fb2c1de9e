"""What a view of ours carries from its opening to its sending, as JSON in its private metadata.

It comes back from Slack as it was given, but is no more trusted than a button: roles and states are checked anew.
"""

from dataclasses import asdict, dataclass

import orjson


@dataclass(frozen=True, slots=True)
class Carried:
    """What submitting a view is about, and where the form was asked for (a channel, a message and thread in it)."""

    action: str
    row: int
    version: int
    channel: str | None = None
    message: str | None = None
    thread: str | None = None


def packed(carried: Carried) -> str:
    """Return it as a view's private metadata."""
    return orjson.dumps(asdict(carried)).decode()


def unpacked(metadata: str) -> Carried | None:
    """Return what a view's private metadata carries; None where it is not ours."""
    try:
        return Carried(**orjson.loads(metadata))
    except (orjson.JSONDecodeError, TypeError):
        return None
