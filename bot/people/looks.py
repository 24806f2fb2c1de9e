"""What is written in a person's own log when somebody else looks at, or changes, what the organisation says of them."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.context import PersonContext
from bot.texts import Text, text
from storage.nudging import log_looks

SEEN: Final = "people.seen"
CHANGED: Final = "people.changed"
LEADING: Final = "people.leading"
TEAM_ENDED: Final = "people.team_ended"
PART: Final = "people.part"
LISTED: Final = "people.listed"

LOOKED_AT: Final[Mapping[str, Text]] = {
    SEEN: text("your home team, your part in Samlas and your calendar"),
    CHANGED: text("your home team and your calendar, and changed them"),
    LEADING: text("which home team you lead, and changed it"),
    TEAM_ENDED: text("your home team, and ended it"),
    PART: text("your part in Samlas, and changed it"),
    LISTED: text("what the organisation's list says of you, and took it over"),
}


async def leave_line(ctx: PersonContext, about: Sequence[int], what: str) -> None:
    """Leave a line for each of these members, other than whoever does it."""
    others = [member_id for member_id in about if member_id != ctx.member_id]
    await log_looks(ctx.session, ctx.workspace_id, others, by_member_id=ctx.member_id, what=what, now=ctx.now)
