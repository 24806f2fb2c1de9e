"""What a member's digest of a day is about: what was published since the last one, and has not just come by itself."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.calendars import Calendar, to_utc
from bot.context import Context, known
from storage.contacts import days_said
from storage.tables import Announcement, Member
from storage.unread import unread_between

DIGEST = "digest"
# Nothing older is told again unasked.
LOOKS_BACK = timedelta(days=14)
# What has just been published has come to everybody by itself: so many days are left to read it in.
FRESH_FOR = timedelta(days=2)


def days_told(day: date, said: Sequence[date]) -> tuple[date, date]:
    """Return from which day on, and before which, what was published is told in a digest of that day. Pure.

    `said` are the days of their digests, that day's own perhaps among them. What was still fresh then is left for the
    next, so that each announcement is told once.
    """
    told = [other - FRESH_FOR for other in said if other < day]
    return max([day - LOOKS_BACK, *told]), day - FRESH_FOR


def told_between(calendar: Calendar, day: date, said: Sequence[date]) -> tuple[datetime, datetime]:
    """Return the same as moments, in the member's zone."""
    first, before = days_told(day, said)
    return to_utc(first, 0, calendar.zone), to_utc(before, 0, calendar.zone)


async def named_on(ctx: Context, member: Member, calendar: Calendar, day: date) -> set[int]:
    """Return the row ids of the announcements that a digest of that day names for a member, or has no room for."""
    said = await days_said(ctx.session, ctx.workspace_id, [known(member.id)], DIGEST, since=day - LOOKS_BACK)
    unread = await unread_on(ctx, member, calendar, day, said.get(known(member.id), []))
    return {known(announcement.id) for announcement in unread}


async def unread_on(
    ctx: Context, member: Member, calendar: Calendar, day: date, said: Sequence[date]
) -> Sequence[Announcement]:
    """Return what a member has not read of what a digest of that day is about; `said` are the days of their digests."""
    since, before = told_between(calendar, day, said)
    return await unread_between(ctx.session, ctx.workspace_id, member, since=since, before=before)
