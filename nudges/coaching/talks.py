"""A talk from being matched to being agreed on, and what both are told of it on the way.

Everything here is an answer to what somebody did (to ask, to offer, to choose, to decline): none of it is paid from a
contact budget.
"""

from datetime import datetime

from bot.context import Context, PersonContext, known
from bot.messages import Message
from bot.names import shown_name
from bot.settings import OrganisationSettings
from bot.texts import Voice, language_of
from nudges.coaching import cards
from nudges.coaching.cards import ProposedTime, Role, Talk
from nudges.coaching.matching import REMEMBERED, Asking, Candidate, Match, best_match
from nudges.coaching.times import at_work, next_working_moment, proposed_times
from storage.coaches import Offer, coaches, matched_since, tried_coaches
from storage.coaching import (
    OPEN,
    add_talk,
    agreed_times,
    find_talk,
    get_request,
    hold_places,
    mark_request,
    mark_talk,
    propose_anew,
    times_of,
)
from storage.database import Session
from storage.nudging import log_looks
from storage.outbox import Urgency, find_posted, is_last_posted, refresh_posted, say_to_both, say_to_member
from storage.people import get_home_team, get_member
from storage.tables import (
    CoachingRequest,
    CoachingTalk,
    Member,
    MemberState,
    Outbox,
    OutboxState,
    RequestState,
    TalkState,
)

CARD = "coaching.card"
TOGETHER = "coaching.together"
AGREED = "coaching.agreed"
WAITING = "coaching.waiting"
# What a line in a member's log says a coach has seen.
TOLD = "coaching.told"


async def find_coach_for(ctx: Context, request: CoachingRequest) -> bool:
    """Match a request that nobody else can change now; where nobody is free it waits. Tells both what became of it.

    False when nobody is free.
    """
    match = await _match(ctx, request)
    request_id = known(request.id)
    if match is None:
        await mark_request(ctx.session, ctx.workspace_id, request_id, RequestState.WAITING)
        return False
    talk = await add_talk(ctx.session, ctx.workspace_id, request_id, match.coach_id, match.times, ctx.now)
    await tell(ctx, talk, request.member_id)
    await tell(ctx, talk, match.coach_id)
    await say_to_both(
        ctx.session,
        ctx.workspace_id,
        request.member_id,
        match.coach_id,
        TOGETHER,
        known(talk.id),
        now=ctx.now,
        urgency=Urgency.WORK_CARD,
        not_before=await _moment_for(ctx, talk, await get_member(ctx.session, ctx.workspace_id, match.coach_id)),
        once=f"{TOGETHER}:{talk.id}",
    )
    await log_looks(
        ctx.session, ctx.workspace_id, [request.member_id], by_member_id=match.coach_id, what=TOLD, now=ctx.now
    )
    return True


async def _match(ctx: Context, request: CoachingRequest) -> Match | None:
    member = await get_member(ctx.session, ctx.workspace_id, request.member_id)
    lead_id = None
    if member.home_team_id is not None:
        lead_id = (await get_home_team(ctx.session, ctx.workspace_id, member.home_team_id)).lead_id
    await hold_places(ctx.session, ctx.workspace_id)
    agreed = await agreed_times(ctx.session, ctx.workspace_id, ctx.now)
    asking = Asking(
        request.member_id,
        request.language,
        lead_id,
        at_work(member, ctx.settings),
        tuple(agreed.get(request.member_id, ())),
    )
    matched = await matched_since(ctx.session, ctx.workspace_id, ctx.now - REMEMBERED)
    candidates = [
        candidate_of(
            offer,
            ctx.settings,
            ctx.now,
            matched=tuple(matched.get(known(offer.member.id), ())),
            talks=tuple(agreed.get(known(offer.member.id), ())),
        )
        for offer in await coaches(ctx.session, ctx.workspace_id)
    ]
    tried = await tried_coaches(ctx.session, ctx.workspace_id, known(request.id))
    return best_match(asking, candidates, tried, ctx.now)


def candidate_of(
    offer: Offer,
    settings: OrganisationSettings,
    now: datetime,
    *,
    matched: tuple[datetime, ...] = (),
    talks: tuple[datetime, ...] = (),
) -> Candidate:
    """Return a coach as the matching sees them; who has offered nothing of their own speaks their own language."""
    member, coach = offer.member, offer.coach
    calendar = at_work(member, settings)
    pauses = [day for day in (member.paused_until, coach.paused_until if coach else None) if day is not None]
    own = frozenset({language_of(member.locale, settings.language)})
    return Candidate(
        known(member.id),
        own if coach is None else frozenset(coach.languages.split(",")),
        calendar,
        **({} if coach is None else {"a_week": coach.a_week}),
        has_left=member.state == MemberState.LEFT,
        is_paused=any(calendar.local_day(now) < day for day in pauses),
        matched=matched,
        talks=talks,
    )


async def tell(ctx: Context, talk: CoachingTalk, member_id: int | None) -> None:
    """Send one of the two their card as it stands, within their working hours; older ones lead to it."""
    if member_id is None:
        return
    member = await get_member(ctx.session, ctx.workspace_id, member_id)
    await say_to_member(
        ctx.session,
        ctx.workspace_id,
        member_id,
        CARD,
        known(talk.id),
        now=ctx.now,
        urgency=Urgency.WORK_CARD,
        not_before=await _moment_for(ctx, talk, member),
        once=_once(talk, member_id),
    )


def _once(talk: CoachingTalk, member_id: int) -> str:
    return f"{CARD}:{talk.id}:{talk.version}:{member_id}"


async def _moment_for(ctx: Context, talk: CoachingTalk, member: Member) -> datetime:
    """Return when to tell somebody: whoever asked waits for it; a coach has their free time."""
    if member.id != talk.coach_id:
        return ctx.now
    return next_working_moment(at_work(member, ctx.settings), ctx.now)


async def tell_waiting(ctx: Context, request: CoachingRequest) -> None:
    """Tell a member that nobody is free."""
    await say_to_member(
        ctx.session,
        ctx.workspace_id,
        request.member_id,
        WAITING,
        known(request.id),
        now=ctx.now,
        urgency=Urgency.ANSWER,
    )


async def refresh_cards(ctx: Context, talk: CoachingTalk) -> None:
    """Let both see the talk as it is now."""
    await refresh_posted(ctx.session, ctx.workspace_id, CARD, known(talk.id), now=ctx.now)


async def offer_other_times(ctx: Context, talk: CoachingTalk, by: int) -> bool:
    """Propose times that were not proposed before, and tell the other; False when there are none."""
    request = await get_request(ctx.session, ctx.workspace_id, talk.request_id)
    coach_id = known(talk.coach_id)
    member = await get_member(ctx.session, ctx.workspace_id, request.member_id)
    coach = await get_member(ctx.session, ctx.workspace_id, coach_id)
    taken = [time.begins_at for time in await times_of(ctx.session, ctx.workspace_id, known(talk.id))]
    agreed = await agreed_times(ctx.session, ctx.workspace_id, ctx.now)
    taken += [*agreed.get(request.member_id, ()), *agreed.get(coach_id, ())]
    times = proposed_times(at_work(member, ctx.settings), at_work(coach, ctx.settings), ctx.now, taken)
    if not times:
        return False
    await propose_anew(ctx.session, ctx.workspace_id, known(talk.id), times)
    await tell(ctx, talk, coach_id if by == request.member_id else request.member_id)
    await refresh_cards(ctx, talk)
    return True


async def end_talk(ctx: Context, talk: CoachingTalk, state: TalkState) -> None:
    """Record that a talk does not go on with this coach, and look for another where the member still wants one."""
    await mark_talk(ctx.session, ctx.workspace_id, known(talk.id), state)
    await refresh_cards(ctx, talk)
    request = await get_request(ctx.session, ctx.workspace_id, talk.request_id)
    member = await get_member(ctx.session, ctx.workspace_id, request.member_id)
    if state in (TalkState.CANCELLED, TalkState.LAPSED) or member.state == MemberState.LEFT:
        await mark_request(ctx.session, ctx.workspace_id, talk.request_id, RequestState.ENDED)
        if state is not TalkState.LAPSED:
            await tell(ctx, talk, talk.coach_id)
    elif not await find_coach_for(ctx, request):
        await tell_waiting(ctx, request)


async def view_of(ctx: PersonContext, talk: CoachingTalk, posted_id: int | None = None) -> Talk | None:
    """Return a talk as the reader sees it; None for somebody who is neither of the two."""
    request = await get_request(ctx.session, ctx.workspace_id, talk.request_id)
    if ctx.member_id == request.member_id:
        role, other_id = Role.MEMBER, talk.coach_id
    elif ctx.member_id == talk.coach_id:
        role, other_id = Role.COACH, request.member_id
    else:
        return None
    other = None if other_id is None else await get_member(ctx.session, ctx.workspace_id, other_id)
    name = ctx.say("a former member") if other is None else shown_name(other)
    about = request.about if role is Role.COACH else await _offered(ctx, talk)
    times = await times_of(ctx.session, ctx.workspace_id, known(talk.id))
    chosen = next((time.begins_at for time in times if time.id == talk.chosen_time_id), None)
    stands = await find_posted(ctx.session, ctx.workspace_id, TOGETHER, known(talk.id))
    return Talk(
        known(talk.id),
        talk.version,
        TalkState(talk.state),
        role,
        name,
        about,
        tuple(
            ProposedTime(known(time.id), time.begins_at)
            for time in times
            if time.round == talk.round and time.begins_at > ctx.now
        ),
        chosen,
        talk.chosen_by_member is (role is Role.MEMBER),
        () if other is None or other.email is None else (other.email,),
        None if stands is None else stands.link,
        posted_id is None or await is_last_posted(ctx.session, ctx.workspace_id, posted_id),
    )


async def _offered(ctx: Context, talk: CoachingTalk) -> str:
    for offer in await coaches(ctx.session, ctx.workspace_id):
        if offer.member.id == talk.coach_id and offer.coach is not None:
            return offer.coach.about
    return ""


async def compose_card(ctx: Context, row: Outbox) -> Message | None:
    """Return the card of one of the two; None for a new one that is not true any more by its turn."""
    talk = await find_talk(ctx.session, ctx.workspace_id, row.subject_id)
    if talk is None:
        return parted(ctx, row)
    if not isinstance(ctx, PersonContext):
        return None
    if row.posted_id is None and not await _is_news(ctx, talk, row):
        return None
    view = await view_of(ctx, talk, row.posted_id)
    return None if view is None else cards.card(view, ctx.say)


def parted(ctx: Context, row: Outbox) -> Message | None:
    """Return what stands in place of a message about somebody who was erased; None for one that is not out yet."""
    return None if row.posted_id is None else cards.parted_message(ctx.say)


async def _is_news(ctx: PersonContext, talk: CoachingTalk, row: Outbox) -> bool:
    """Whether a new card still tells something: no newer one waits, and what is over had been told of before."""
    if row.once != _once(talk, ctx.member_id):
        return False
    if talk.state in OPEN:
        return True
    return await find_posted(ctx.session, ctx.workspace_id, CARD, known(talk.id), ctx.member_id) is not None


async def compose_together(ctx: Context, row: Outbox) -> Message | None:
    """Return the first words to both, in the language that they share; None when the talk is off by then."""
    talk = await find_talk(ctx.session, ctx.workspace_id, row.subject_id)
    if talk is None or talk.coach_id is None:
        return parted(ctx, row)
    if talk.state in (TalkState.DECLINED, TalkState.CANCELLED, TalkState.GONE):
        return None
    request = await get_request(ctx.session, ctx.workspace_id, talk.request_id)
    member = await get_member(ctx.session, ctx.workspace_id, request.member_id)
    coach = await get_member(ctx.session, ctx.workspace_id, talk.coach_id)
    say = Voice(request.language, ctx.settings.zone, ctx.say.written_as)
    return cards.together_message(shown_name(member), shown_name(coach), say)


async def together_settled(session: Session, row: Outbox) -> None:
    """Let both cards lead to the conversation as soon as it is there."""
    if row.state == OutboxState.SENT and row.settled_at is not None:
        await refresh_posted(session, row.workspace_id, CARD, row.subject_id, now=row.settled_at)


async def compose_agreed(ctx: Context, row: Outbox) -> Message | None:
    """Return the agreed time, for one of the two; None when it does not hold any more by its turn."""
    talk = await find_talk(ctx.session, ctx.workspace_id, row.subject_id)
    if talk is None or talk.coach_id is None:
        return parted(ctx, row)
    if talk.state != TalkState.AGREED or not isinstance(ctx, PersonContext):
        return None
    view = await view_of(ctx, talk)
    if view is None:
        return None
    # The same in both calendars, and in a later file that takes this one's place.
    uid = f"coaching-{ctx.workspace_id}-{talk.id}-{int(talk.matched_at.timestamp())}@samlas"
    return cards.agreed_message(view, uid, row.created_at, ctx.say)


async def compose_waiting(ctx: Context, row: Outbox) -> Message | None:
    """Tell that nobody is free; None when somebody is by its turn."""
    request = await get_request(ctx.session, ctx.workspace_id, row.subject_id)
    if request.state != RequestState.WAITING:
        return None
    return cards.waiting_message(row.subject_id, ctx.say)
