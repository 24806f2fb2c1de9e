"""How often somebody may invite, and who may be invited where. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from storage.tables import Channel, Workspace

# The same colleague not again within a week, whatever the conversation, and not everybody at once.
PAIR_PAUSE = timedelta(days=7)
A_DAY = timedelta(days=1)
MOST_A_DAY = 5
# How long it is tried to ask somebody whose budget has no room; a conversation of before is over by then.
TRIED_FOR = timedelta(days=14)
DRAFT_KEPT = timedelta(days=1)
KEPT = timedelta(weeks=30)


class TooOften(StrEnum):
    """Why an invitation has to wait."""

    # This colleague was invited by the same person lately.
    PERSON = "person"
    # So many were invited today.
    DAY = "day"


def too_often(invited: Iterable[tuple[int, datetime]], invited_id: int, now: datetime) -> TooOften | None:
    """Return why a member may not invite this colleague now; None: they may. `invited` are whom they have, and when."""
    sent = list(invited)
    if any(other == invited_id and moment > now - PAIR_PAUSE for other, moment in sent):
        return TooOften.PERSON
    if sum(moment > now - A_DAY for _, moment in sent) >= MOST_A_DAY:
        return TooOften.DAY
    return None


def is_closed(channel: Channel, workspace: Workspace) -> bool:
    """Whether only those see a channel who are in it, as far as anybody tells which are open to everybody."""
    return channel.is_private or not workspace.tells_what_is_open
