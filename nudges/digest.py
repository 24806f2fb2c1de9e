"""The digest: what a member has not read, once a week in one short message, the most relevant first; never empty.

What is most relevant is nudges/relevance.py's to say.

What one digest has named, or could not name for length, no later one names again: `/news` has all of it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from bot.announcements.home_post import link_to_post
from bot.announcements.life import author_name, words_of
from bot.calendars import calendar_of
from bot.context import Context, PersonContext, known
from bot.texts import Voice
from bot.topics.learning import interests
from bot.topics.listing import topic_name
from nudges.contacts import ItemKind, Kinds, Wanted, Wish, plan
from nudges.messages import Named, Said, digest
from nudges.planning import week_of_round
from nudges.relevance import Ranked, Unread, Why, most_relevant_first
from nudges.reminders import REMINDER
from nudges.stage import may_remind
from nudges.told_in_digest import DIGEST, LOOKS_BACK, told_between, unread_on
from storage.contacts import days_said, find_contact, items_of
from storage.errands import advance_errand, claim_errand
from storage.tables import Announcement, AnnouncementKind, AudienceKind, ContactItem, Topic
from storage.topics import filed_under
from storage.unread import moments_unread, people_with_unread

ERRAND = "nudges.digest"
# So many announcements are named.
MOST_NAMED = 5
# So many people are planned for in one transaction.
PAGE = 100


async def plan_digests(ctx: Context, kinds: Kinds) -> bool:
    """Plan the next page of this week's digests, from the day of the weekly round on; True: there is another."""
    week = week_of_round(ctx.now, ctx.settings.round_weekday)
    if week is None or not may_remind(ctx.workspace):
        return False
    errand = await claim_errand(ctx.session, ctx.workspace_id, ERRAND, week, ctx.now)
    if errand is None:
        return False
    since = datetime.combine(week, time(), UTC) - LOOKS_BACK
    members = await people_with_unread(ctx.session, ctx.workspace_id, since=since, after=errand.cursor, limit=PAGE)
    ids = [known(member.id) for member in members]
    said = await days_said(ctx.session, ctx.workspace_id, ids, DIGEST, since=week - LOOKS_BACK)
    published = await moments_unread(ctx.session, ctx.workspace_id, ids, since=since)
    wishes = []
    for member, member_id in zip(members, ids, strict=True):
        calendar = calendar_of(member, ctx.settings)
        slot = calendar.slot(week, ctx.settings.round_weekday, ctx.settings.round_minute, ctx.now)
        if slot is None:
            continue
        first, before = told_between(calendar, calendar.local_day(slot), said.get(member_id, []))
        if any(first <= moment < before for moment in published.get(member_id, ())):
            wishes.append(Wish(member_id, [Wanted(DIGEST, "unread")], slot))
    await plan(ctx, kinds, wishes)
    last = ids[-1] if len(ids) == PAGE else None
    await advance_errand(ctx.session, ctx.workspace_id, errand, last, ctx.now)
    return last is not None


def digest_kind() -> ItemKind:
    """Return how a digest is said; it has no subject, since what it names is found when its turn comes."""
    return ItemKind(rank=30, is_true=is_true, says=say_digest, needs_rounds=False)


async def is_true(ctx: PersonContext, item: ContactItem) -> bool:
    """Whether there is anything left to name."""
    return bool(await _to_name(ctx, item))


async def say_digest(ctx: PersonContext, item: ContactItem) -> Said | None:
    """Return the digest: each title with who it is from and the way there."""
    unread = {known(announcement.id): announcement for announcement in await _to_name(ctx, item)}
    if not unread:
        return None
    topics = await filed_under(ctx.session, ctx.workspace_id, list(unread))
    likes = (await interests(ctx, [ctx.member_id], ctx.now.date()))[ctx.member_id]
    ranked = most_relevant_first([_weighed(ctx, one, topics.get(row, [])) for row, one in unread.items()], likes)
    names = {topic.id: topic_name(topic, ctx.say) for filed in topics.values() for topic in filed}
    named = [
        await _named(ctx, unread[one.announcement_id], one, names.get(one.topic, "")) for one in ranked[:MOST_NAMED]
    ]
    return digest(named, len(unread) - len(named), ctx.say)


def _weighed(ctx: PersonContext, announcement: Announcement, topics: Sequence[Topic]) -> Unread:
    is_for_own_team = announcement.audience_kind == AudienceKind.HOME_TEAM and (
        announcement.audience_id == ctx.member.home_team_id
    )
    return Unread(
        known(announcement.id),
        frozenset(known(topic.id) for topic in topics),
        is_for_own_team,
        announcement.kind == AnnouncementKind.DECISION,
        announcement.published_at or announcement.created_at,
    )


async def _named(ctx: PersonContext, announcement: Announcement, ranked: Ranked, topic: str) -> Named:
    return Named(
        title=(await words_of(ctx, announcement)).title,
        author=await author_name(ctx, announcement),
        day=ctx.say.day_of(announcement.published_at or announcement.created_at),
        why=_why(ranked, topic, ctx.say),
        way=await link_to_post(ctx, known(announcement.id), ctx.say("Open the post")),
    )


def _why(ranked: Ranked, topic: str, say: Voice) -> str:
    """Return why something stands where it does, in a sentence; the strongest reason will do."""
    match ranked.reasons:
        case [Why.FOLLOWS, *_]:
            return say("You follow {topic}.", topic=topic)
        case [Why.SHOWN, *_]:
            return say("You have read about {topic} lately.", topic=topic)
        case [Why.OWN_TEAM, *_]:
            return say("For your home team.")
        case _:
            return ""


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
    unread = await unread_on(
        ctx, ctx.member, calendar_of(ctx.member, ctx.settings), contact.local_date, said.get(ctx.member_id, [])
    )
    return [announcement for announcement in unread if announcement.id not in reminded]
