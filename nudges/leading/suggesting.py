"""The ladder's third step: the round puts names on a lead's card of that week, and the card goes at the lead's slot.

What is on it is decided when it goes, and written into each named member's log before anybody sees it. It is free of
the lead's budget, and comes to nobody who wants nothing unasked.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.calendars import Calendar, calendar_of, monday_of
from bot.context import Context, PersonContext, known
from bot.messages import Message
from bot.names import shown_name
from nudges.budget import wants_nudges
from nudges.due import Due, quiet_among
from nudges.ladder import still_suggested
from nudges.leading.cards import Colleague, lead_card
from nudges.leading.rules import FORGOTTEN_AFTER, MOST_NAMED, may_be_named
from nudges.sieving import the_day_before
from nudges.stage import may_be_nudged, rounds_ran_since
from storage.coaches import coach_ids
from storage.database import Session
from storage.leading import (
    add_name,
    card_of_week,
    cards_due,
    cards_naming,
    find_card,
    forget_cards,
    lead_snoozed_until,
    led_teams,
    lock_card,
    name_only,
    names_on,
    put_card_off,
    settle_card,
)
from storage.nudging import log_looks
from storage.outbox import Urgency, refresh_posted, say_to_member
from storage.people import get_member, get_members
from storage.tables import LeadAnswer, LeadCard, LeadCardState, LeadName, Member, Outbox, OutboxState

CARD = "leading.card"
# What a line in a member's log says that their lead has read.
NAMED = "leading.named"


async def plan_cards(ctx: Context, week: date, due: Sequence[Due]) -> None:
    """Put those who have come to the third step on their leads' cards of that week; none that is on its way already."""
    teams = await led_teams(ctx.session, ctx.workspace_id) if due else {}
    by_lead: dict[int, list[Due]] = defaultdict(list)
    for one in due:
        team = teams.get(one.member.home_team_id or 0)
        if team is not None:
            by_lead[team.lead_id].append(one)
    for lead_id, named in by_lead.items():
        lead = await get_member(ctx.session, ctx.workspace_id, lead_id)
        slot = _slot(ctx, calendar_of(lead, ctx.settings), week)
        if slot is None or not await _wants_cards(ctx, lead, slot):
            continue
        card = await card_of_week(ctx.session, ctx.workspace_id, lead_id, week, due_at=slot, now=ctx.now)
        if card is None:
            continue
        for one in named:
            await add_name(
                ctx.session,
                ctx.workspace_id,
                known(card.id),
                known(one.member.id),
                reason=one.reason,
                local_date=one.calendar.local_day(slot),
            )


def _slot(ctx: Context, calendar: Calendar, week: date) -> datetime | None:
    return calendar.slot(week, ctx.settings.round_weekday, ctx.settings.round_minute, ctx.now)


async def _wants_cards(ctx: Context, lead: Member, moment: datetime) -> bool:
    day = calendar_of(lead, ctx.settings).local_day(moment)
    snoozed = await lead_snoozed_until(ctx.session, ctx.workspace_id, known(lead.id))
    return wants_nudges(lead, day) and (snoozed is None or day >= snoozed)


async def let_cards_go(ctx: Context) -> None:
    """Decide about each card whose time has come whom it names, and let it go; where that is nobody, it does not."""
    for card_id in await cards_due(ctx.session, ctx.workspace_id, ctx.now):
        card = await lock_card(ctx.session, ctx.workspace_id, card_id)
        if card is not None and card.state == LeadCardState.PLANNED:
            await _let_go(ctx, card, card_id)
    await forget_cards(ctx.session, ctx.workspace_id, ctx.now.date() - FORGOTTEN_AFTER)


async def _let_go(ctx: Context, card: LeadCard, card_id: int) -> None:
    lead = await get_member(ctx.session, ctx.workspace_id, card.lead_id)
    calendar = calendar_of(lead, ctx.settings)
    is_its_week = monday_of(calendar.local_day(ctx.now)) == card.week
    if is_its_week and not calendar.is_working_at(ctx.now):
        later = _slot(ctx, calendar, card.week)
        if later is not None:
            await put_card_off(ctx.session, ctx.workspace_id, card_id, later)
            return
        is_its_week = False
    named: Sequence[Member] = ()
    if is_its_week and _may_go(ctx, card) and await _wants_cards(ctx, lead, ctx.now):
        named = await _still_to_name(ctx, card, await names_on(ctx.session, ctx.workspace_id, card_id))
    days = {known(member.id): calendar_of(member, ctx.settings).local_day(ctx.now) for member in named}
    await name_only(ctx.session, ctx.workspace_id, card_id, days)
    if not named:
        await settle_card(ctx.session, ctx.workspace_id, card_id, LeadCardState.GIVEN_BACK)
        return
    await settle_card(ctx.session, ctx.workspace_id, card_id, LeadCardState.SENT)
    await log_looks(ctx.session, ctx.workspace_id, list(days), by_member_id=card.lead_id, what=NAMED, now=ctx.now)
    await say_to_member(
        ctx.session,
        ctx.workspace_id,
        card.lead_id,
        CARD,
        card_id,
        now=ctx.now,
        urgency=Urgency.WORK_CARD,
        once=f"{CARD}:{card_id}",
    )


def _may_go(ctx: Context, card: LeadCard) -> bool:
    return ctx.settings.suggest_to_leads and rounds_ran_since(ctx.workspace, card.planned_at, ctx.now)


async def _still_to_name(ctx: Context, card: LeadCard, names: Sequence[LeadName]) -> Sequence[Member]:
    """Return who is to be named now, in the order of their names: quiet still, for the same reason, and willing."""
    reasons = {name.member_id: name.reason for name in names}
    members = await _nameable(ctx, card, list(reasons))
    quiet = await quiet_among(ctx.session, ctx.workspace, ctx.settings, members, the_day_before(ctx.now))
    still = await still_suggested(ctx.session, ctx.workspace_id, ctx.settings, quiet)
    notice_for = timedelta(days=ctx.settings.notice_days)
    due = [
        one.member
        for one in quiet
        if one.member.id in still
        and one.reason == reasons[known(one.member.id)]
        and not one.calendar.is_on_leave(one.calendar.local_day(ctx.now))
        and may_be_nudged(ctx.workspace, one.member, notice_for, one.calendar.local_day(ctx.now))
    ]
    return _by_name(due)[:MOST_NAMED]


async def _nameable(ctx: Context, card: LeadCard, member_ids: Collection[int]) -> list[Member]:
    """Return who of them may be named on this card, as everything is now."""
    teams = await led_teams(ctx.session, ctx.workspace_id)
    return [
        member
        for member in await get_members(ctx.session, ctx.workspace_id, list(member_ids))
        if may_be_named(
            member,
            teams.get(member.home_team_id or 0),
            calendar_of(member, ctx.settings).local_day(ctx.now),
            to=card.lead_id,
        )
    ]


def _by_name(members: Collection[Member]) -> list[Member]:
    return sorted(members, key=lambda member: (shown_name(member).casefold(), member.external_id))


async def compose_card(ctx: Context, row: Outbox) -> Message | None:
    """Return a lead's card; None for a new one that is not to be read now, or names nobody any more."""
    card = await find_card(ctx.session, ctx.workspace_id, row.subject_id)
    if card is None or not isinstance(ctx, PersonContext) or card.lead_id != ctx.member_id:
        return None
    if row.posted_id is not None:
        return await card_as_it_stands(ctx, card)
    if not _may_go(ctx, card) or not calendar_of(ctx.member, ctx.settings).is_working_at(ctx.now):
        return None
    colleagues = await _colleagues(ctx, card)
    return lead_card(row.subject_id, colleagues, None, ctx.say) if colleagues else None


async def card_as_it_stands(ctx: PersonContext, card: LeadCard) -> Message:
    """Return a card that was sent, after what its lead has pressed, without whoever may not be named any more."""
    return lead_card(known(card.id), await _colleagues(ctx, card), card.snoozed_until, ctx.say)


async def _colleagues(ctx: PersonContext, card: LeadCard) -> list[Colleague]:
    names: Mapping[int, LeadName] = {
        name.member_id: name for name in await names_on(ctx.session, ctx.workspace_id, known(card.id))
    }
    coaches = await coach_ids(ctx.session, ctx.workspace_id)
    return [
        Colleague(
            known(names[member_id].id),
            shown_name(member),
            None if names[member_id].answer is None else LeadAnswer(names[member_id].answer or ""),
            fine=names[member_id].snoozed_until is not None,
            may_talk=bool(coaches - {member_id, card.lead_id}) and member_id not in coaches,
        )
        for member in _by_name(await _nameable(ctx, card, list(names)))
        for member_id in (known(member.id),)
    ]


async def refresh_cards_naming(ctx: Context, member_id: int) -> None:
    """Let the cards that name a member show what that member wants now."""
    for card_id in await cards_naming(ctx.session, ctx.workspace_id, [member_id]):
        await refresh_posted(ctx.session, ctx.workspace_id, CARD, card_id, now=ctx.now)


async def settled(session: Session, row: Outbox) -> None:
    """Give back a card that never arrived: nobody was named by it."""
    if row.posted_id is None and row.state not in (OutboxState.SENT, OutboxState.UNKNOWN):
        await settle_card(session, row.workspace_id, row.subject_id, LeadCardState.GIVEN_BACK)
