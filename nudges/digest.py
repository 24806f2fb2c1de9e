"""The digest: what a member has not read, once a week in one short message, the most relevant first; never empty.

What one digest has named, or could not name for length, no later one names again: `/news` has all of it.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot.announcements.home_post import link_to_post
from bot.announcements.life import author_name, words_of
from bot.calendars import Calendar, calendar_of, to_utc
from bot.context import Context, PersonContext, known
from nudges.contacts import ItemKind, Kinds, Wanted, plan
from nudges.messages import Named, Said, digest
from nudges.planning import week_of_round
from nudges.reminders import REMINDER
from nudges.stage import may_remind
from storage.contacts import days_said, find_contact, items_of
from storage.errands import advance_errand, claim_errand
from storage.tables import Announcement, ContactItem, Member
from storage.unread import people_with_unread, unread_between

DIGEST = "digest"
ERRAND = "nudges.digest"
# Nothing older is told again unasked.
LOOKS_BACK = timedelta(days=14)
# What has just been published has come to everybody by itself: so many days are left to read it in.
FRESH_FOR = timedelta(days=2)
# So many announcements are named.
MOST_NAMED = 5
# So many people are planned for in one transaction.
PAGE = 100


def days_told(day: date, said: Sequence[date]) -> tuple[date, date]:
    """Return from which day on, and before which, what was published is told in a digest of that day. Pure.

    `said` are the days of their digests, that day's own perhaps among them. What was still fresh then is left for the
    next, so that each announcement is told once.
    """
    told = [other - FRESH_FOR for other in said if other < day]
    return max([day - LOOKS_BACK, *told]), day - FRESH_FOR


async def plan_digests(ctx: Context, kinds: Kinds) -> None:
    """Plan the next page of this week's digests, from the day of the weekly round on."""
    week = week_of_round(ctx.now, ctx.settings.round_weekday)
    if week is None or not may_remind(ctx.workspace):
        return
    errand = await claim_errand(ctx.session, ctx.workspace_id, ERRAND, week, ctx.now)
    if errand is None:
        return
    since = datetime.combine(week, time(), UTC) - LOOKS_BACK
    members = await people_with_unread(ctx.session, ctx.workspace_id, since=since, after=errand.cursor, limit=PAGE)
    ids = [known(member.id) for member in members]
    said = await days_said(ctx.session, ctx.workspace_id, ids, DIGEST, since=week - LOOKS_BACK)
    for member, member_id in zip(members, ids, strict=True):
        calendar = calendar_of(member, ctx.settings)
        slot = calendar.slot(week, ctx.settings.round_weekday, ctx.settings.round_minute, ctx.now)
        if slot is not None and await _unread(ctx, member, calendar, calendar.local_day(slot), said.get(member_id, [])):
            await plan(ctx, kinds, member_id, [Wanted(DIGEST, "unread")], slot)
    await advance_errand(ctx.session, ctx.workspace_id, errand, ids[-1] if len(ids) == PAGE else None, ctx.now)


def digest_kind() -> ItemKind:
    """Return how a digest is said; it has no subject, since what it names is found when its turn comes."""
    return ItemKind(rank=30, is_true=is_true, says=say_digest, needs_rounds=False)


async def is_true(ctx: PersonContext, item: ContactItem) -> bool:
    """Whether there is anything left to name."""
    return bool(await _to_name(ctx, item))


async def say_digest(ctx: PersonContext, item: ContactItem) -> Said | None:
    """Return the digest: each title with who it is from and the way there."""
    unread = await _to_name(ctx, item)
    if not unread:
        return None
    named = [await _named(ctx, announcement) for announcement in unread[:MOST_NAMED]]
    return digest(named, len(unread) - len(named), ctx.say)


async def _named(ctx: PersonContext, announcement: Announcement) -> Named:
    return Named(
        title=(await words_of(ctx, announcement)).title,
        author=await author_name(ctx, announcement),
        day=ctx.say.day_of(announcement.published_at or announcement.created_at),
        way=await link_to_post(ctx, known(announcement.id), ctx.say("Open the post")),
    )


async def _to_name(ctx: PersonContext, item: ContactItem) -> list[Announcement]:
    """Return what a digest names, without what its own message reminds of anyway."""
    contact = await find_contact(ctx.session, ctx.workspace_id, item.contact_id)
    if contact is None:
        return []
    said = await days_said(
        ctx.session, ctx.workspace_id, [ctx.member_id], DIGEST, since=contact.local_date - LOOKS_BACK
    )
    beside = await items_of(ctx.session, ctx.workspace_id, item.contact_id)
    reminded = {other.subject_id for other in beside if other.kind == REMINDER}
    unread = await _unread(
        ctx, ctx.member, calendar_of(ctx.member, ctx.settings), contact.local_date, said.get(ctx.member_id, [])
    )
    return [announcement for announcement in unread if announcement.id not in reminded]


async def _unread(
    ctx: Context, member: Member, calendar: Calendar, day: date, said: Sequence[date]
) -> Sequence[Announcement]:
    first, before = days_told(day, said)
    return await unread_between(
        ctx.session,
        ctx.workspace_id,
        member,
        since=to_utc(first, 0, calendar.zone),
        before=to_utc(before, 0, calendar.zone),
    )
