"""Welcomes newcomers: a job that plans what nudges/welcome.py says is due, and the two kinds of items that say it.

Paid from the contact budget like all that is unasked-for, within the newcomer's own working hours.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.calendars import DAY, calendar_of
from bot.context import Context, PersonContext, known
from bot.topics.learning import interests
from nudges.contacts import ItemKind, Kinds, Wanted, Wish, plan
from nudges.finding import lively_here, thing_to_like
from nudges.messages import Said
from nudges.stage import may_be_nudged, may_remind, rounds_run
from nudges.tips import found_to_like, reads_along_until
from nudges.welcome import (
    LAST_WELCOME,
    PATH,
    WELCOME,
    Found,
    Nth,
    Tell,
    came_after,
    is_a_crowd,
    next_welcome,
    worth_telling,
)
from nudges.welcome_words import last_welcome, welcome
from storage.contacts import find_contact
from storage.errands import advance_errand, claim_errand
from storage.interests import followed_by
from storage.newcomers import (
    count_heard_of,
    count_present,
    kinds_shown,
    newcomers_page,
    reasons_and_days,
)
from storage.nudging import member_channels, sign_spans
from storage.tables import ContactItem, Kind, Member
from storage.topics import topics_of

ERRAND = "nudges.welcome"
# So many hours lie between two looks at who has come: whoever came in between is welcomed on their next working day.
HOURS_BETWEEN = 6
PAGE = 100
_STARTED = frozenset({Kind.MESSAGE, Kind.THREAD_REPLY, Kind.REACTION})


@dataclass(frozen=True, slots=True)
class _Newcomer:
    """A member on the welcome path: when they came, what they have found, and which welcomes they had on which day."""

    member: Member
    came: date
    found: Found
    said: Mapping[str, date]

    def worth_telling(self, nth: Nth, day: date) -> tuple[Tell, ...]:
        """Return what is of use in a welcome of that day."""
        return worth_telling(nth, self.found, is_first=not any(said < day for said in self.said.values()))


async def plan_welcomes(ctx: Context, kinds: Kinds) -> bool:
    """Plan the next page of newcomers' welcomes, some times a day; True: there is another."""
    if ctx.workspace.notice_given_at is None or not may_remind(ctx.workspace):
        return False
    look = f"{ERRAND}.{ctx.now.hour // HOURS_BETWEEN}"
    errand = await claim_errand(ctx.session, ctx.workspace_id, look, ctx.now.date(), ctx.now)
    if errand is None:
        return False
    since = ctx.now.date() - PATH - DAY
    page = await newcomers_page(
        ctx.session,
        ctx.workspace_id,
        since=since,
        heard_of_since=datetime.combine(since, time(), UTC),
        after=errand.cursor,
        limit=PAGE,
    )
    await plan(ctx, kinds, await _wishes(ctx, await _newcomers(ctx, page)))
    last = known(page[-1].id) if len(page) == PAGE else None
    await advance_errand(ctx.session, ctx.workspace_id, errand, last, ctx.now)
    return last is not None


async def _wishes(ctx: Context, newcomers: Sequence[_Newcomer]) -> list[Wish]:
    due = [(newcomer, *found) for newcomer in newcomers if (found := _due(ctx, newcomer)) is not None]
    if not due:
        return []
    ids = [known(newcomer.member.id) for newcomer, _, _ in due]
    lively = await lively_here(ctx)
    inside = await member_channels(ctx.session, ctx.workspace_id, ids)
    likes = await interests(ctx, ids, ctx.now.date())
    wishes = []
    for (newcomer, nth, slot), member_id in zip(due, ids, strict=True):
        liked = await thing_to_like(
            ctx, newcomer.member, likes[member_id], lively, inside.get(member_id, set()), told_beside=()
        )
        kind = LAST_WELCOME if nth is Nth.THIRD else WELCOME
        wanted = Wanted(kind, nth) if liked is None else Wanted(kind, nth, liked.row, liked.because, liked.topic)
        wishes.append(Wish(member_id, [wanted], slot))
    return wishes


def _due(ctx: Context, newcomer: _Newcomer) -> tuple[Nth, datetime] | None:
    """Return which welcome is due to a newcomer and of use to them, and when."""
    told_at = newcomer.member.told_at
    if told_at is None:
        return None
    calendar = calendar_of(newcomer.member, ctx.settings)
    found = next_welcome(
        newcomer.came,
        told_at,
        newcomer.said.keys(),
        timedelta(days=ctx.settings.notice_days),
        calendar,
        ctx.settings.round_minute,
        ctx.now,
    )
    if found is None or not newcomer.worth_telling(found[0], calendar.local_day(found[1])):
        return None
    return found if found[0] is not Nth.THIRD or _may_speak_of_silence(ctx, newcomer.member, ctx.now) else None


def _may_speak_of_silence(ctx: Context, member: Member, now: datetime) -> bool:
    """Whether the third welcome may be said to a member, which waits for what the weekly rounds wait for."""
    day = calendar_of(member, ctx.settings).local_day(now)
    return (
        ctx.settings.quiet_never_started
        and not member.not_counted
        and (member.reading_along_until is None or day >= member.reading_along_until)
        and rounds_run(ctx.workspace, now)
    )


async def _newcomers(ctx: Context, members: Sequence[Member]) -> list[_Newcomer]:
    """Return those of the members who came after Samlas did, with what is known of each."""
    ids = [known(member.id) for member in members]
    spans = await sign_spans(ctx.session, ctx.workspace_id, ids)
    arrived = ctx.workspace.created_at.date()
    firsts = {member_id: span.first for member_id, span in spans.items()}
    came = {
        member_id: day
        for member, member_id in zip(members, ids, strict=True)
        if (day := came_after(member, firsts.get(member_id), arrived)) is not None
    }
    crowds = await _crowds(ctx, {member.created_at.date() for member in members if member.joined_on is None})
    shown = await kinds_shown(ctx.session, ctx.workspace_id, list(came))
    follows = await followed_by(ctx.session, ctx.workspace_id, list(came))
    said = await reasons_and_days(ctx.session, ctx.workspace_id, list(came), (WELCOME, LAST_WELCOME))
    # An organisation that has not looked at its topics gets its first ones when somebody does.
    topics = await topics_of(ctx.session, ctx.workspace_id)
    there_are_topics = not topics or any(not topic.is_retired for topic in topics)
    return [
        _Newcomer(
            member,
            came[member_id],
            Found(
                ways=bool(shown.get(member_id, set()) & {Kind.COMMAND, Kind.HOME}),
                topics=bool(follows.get(member_id)) or not there_are_topics,
                # Of whoever is not counted nobody knows, and nobody guesses.
                has_started=member.not_counted or bool(shown.get(member_id, set()) & _STARTED),
                has_given_sign=member.not_counted or member_id in spans,
            ),
            said.get(member_id, {}),
        )
        for member, member_id in zip(members, ids, strict=True)
        if member_id in came and (member.joined_on is not None or member.created_at.date() not in crowds)
    ]


async def _crowds(ctx: Context, days: Collection[date]) -> set[date]:
    """Return those of the days on which too many were first heard of for all of them to have come then."""
    if not days:
        return set()
    people = await count_present(ctx.session, ctx.workspace_id)
    crowds = set()
    for day in days:
        begins = datetime.combine(day, time(), UTC)
        if is_a_crowd(await count_heard_of(ctx.session, ctx.workspace_id, begins, begins + DAY), people):
            crowds.add(day)
    return crowds


def welcome_kinds() -> Kinds:
    """Return how welcomes are said; their subject is the one thing that they point to."""
    return {
        WELCOME: ItemKind(rank=20, is_true=is_true, says=say_welcome, needs_rounds=False),
        LAST_WELCOME: ItemKind(rank=48, is_true=is_true, says=say_last),
    }


async def is_true(ctx: PersonContext, item: ContactItem) -> bool:
    """Whether its reader is on the welcome path still, and anything in it is of use to them."""
    if not await _tells(ctx, item):
        return False
    if item.kind != LAST_WELCOME:
        return True
    day = calendar_of(ctx.member, ctx.settings).local_day(ctx.now)
    notice_for = timedelta(days=ctx.settings.notice_days)
    return _may_speak_of_silence(ctx, ctx.member, ctx.now) and may_be_nudged(ctx.workspace, ctx.member, notice_for, day)


async def say_welcome(ctx: PersonContext, item: ContactItem) -> Said:
    """Return what the first or second welcome says, without what its reader has found since."""
    tells = await _tells(ctx, item)
    return welcome(Nth(item.reason), tells, ctx.member_id, await found_to_like(ctx, item), ctx.say)


async def say_last(ctx: PersonContext, item: ContactItem) -> Said:
    """Return what the third welcome says."""
    to_like = await found_to_like(ctx, item)
    return last_welcome(known(item.id), to_like, ctx.say, reads_along_until=reads_along_until(ctx))


async def _tells(ctx: PersonContext, item: ContactItem) -> tuple[Tell, ...]:
    contact = await find_contact(ctx.session, ctx.workspace_id, item.contact_id)
    newcomers = await _newcomers(ctx, [ctx.member])
    if contact is None or not newcomers:
        return ()
    return newcomers[0].worth_telling(Nth(item.reason), contact.local_date)
