"""The tip, an item of a contact: the ladder's first step, to somebody who has gone quiet."""

from bot.calendars import calendar_of
from bot.context import PersonContext, known
from nudges.contacts import ItemKind
from nudges.due import quiet_among, the_day_before
from nudges.messages import Said, Suggestion, tip
from nudges.quiet import Reason
from storage.people import channels_of, find_channel_row
from storage.tables import ContactItem


def tip_kind() -> ItemKind:
    """Return how a tip is said; its subject is the channel that it suggests."""
    return ItemKind(rank=50, is_true=is_true, says=say_tip)


async def is_true(ctx: PersonContext, item: ContactItem) -> bool:
    """Whether the member is still quiet for the same reason."""
    quiet = await quiet_among(ctx.session, ctx.workspace, ctx.settings, [ctx.member], the_day_before(ctx.now))
    return [one.reason for one in quiet] == [item.reason]


async def say_tip(ctx: PersonContext, item: ContactItem) -> Said:
    """Return what the tip says."""
    suggestion = None
    channel = await find_channel_row(ctx.session, ctx.workspace_id, item.subject_id)
    if channel is not None:
        inside = channel.id in await channels_of(ctx.session, ctx.workspace_id, ctx.member_id)
        # It may have been closed, or closed to others, since the tip was planned.
        if not channel.is_archived and (inside or not channel.is_private):
            suggestion = Suggestion(channel.name, channel.purpose, inside)
    until = ctx.member.reading_along_until
    if until is not None and until <= calendar_of(ctx.member, ctx.settings).local_day(ctx.now):
        until = None
    return tip(known(item.id), Reason(item.reason), suggestion, ctx.say, reads_along_until=until)
