"""Keeping what a form says of a person's calendar, whoever sent it, and who it was that set which part of it."""

from collections.abc import Mapping
from typing import Any

from bot.calendars import calendar_of
from bot.context import PersonContext
from bot.people.calendar_form import changed_in
from bot.people.own_parts import PARTS, as_kept, own_parts, parts_of
from storage.home_teams import set_calendar
from storage.tables import Member


async def keep_calendar(ctx: PersonContext, member: Member, calendar: Mapping[str, Any]) -> bool:
    """Keep a calendar; False when nothing in it is new.

    What the member sets is theirs, and what they empty is given back to the organisation; what somebody else changes
    is the organisation's again.
    """
    changed = changed_in(member, calendar)
    if not changed:
        return False
    parts = parts_of(changed)
    own = own_parts(member) - parts
    if member.id == ctx.member_id:
        own |= {part for part in parts if any(calendar[column] is not None for column in PARTS[part])}
    today = calendar_of(member, ctx.settings).local_day(ctx.now)
    changed["calendar_set_by_self"] = as_kept(own)
    await set_calendar(ctx.session, ctx.workspace_id, member, changed, today, ctx.now)
    return True
