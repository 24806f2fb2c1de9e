"""What a lead presses on a card. Each press is checked to be on their own, about somebody who may still be named."""

from bot.calendars import calendar_of
from bot.context import Handlers, PersonContext, known
from bot.errors import Refused, Stale
from bot.events import Event, Reply
from bot.texts import text
from nudges.budget import NOT_NOW_FOR
from nudges.contacts import Kinds
from nudges.leading import cards
from nudges.leading.offering import offer
from nudges.leading.rules import FINE_FOR, may_be_named
from nudges.leading.suggesting import card_as_it_stands
from storage.coaches import coach_ids
from storage.counting import note_sign
from storage.leading import answer_name, find_name, led_teams, lock_card, snooze_card, snooze_name
from storage.people import get_member
from storage.tables import LeadAnswer, LeadCard, LeadCardState, LeadName

_NOT_YOURS = text("This message was not written to you, so its buttons do nothing here.")


def handlers(kinds: Kinds) -> Handlers:
    """Return what this module answers, by action name."""

    async def coach(ctx: PersonContext, event: Event) -> Reply:
        """Ask the colleague in private whether they would like to talk with a coach."""
        card, name = await _own_name(ctx, event)
        if not await coach_ids(ctx.session, ctx.workspace_id) - {name.member_id, ctx.member_id}:
            sentence = text("Nobody is a coach here just now. Whoever would like to be can write {/coach}.")
            raise Stale(sentence, refreshed=await card_as_it_stands(ctx, card))
        if _is_open(name):
            await answer_name(ctx.session, ctx.workspace_id, known(name.id), LeadAnswer.COACH, ctx.now)
            await offer(ctx, kinds, name)
        return await _refreshed(ctx, card)

    return {cards.WILL: will, cards.FINE: fine, cards.COACH: coach, cards.SNOOZE: snooze}


async def will(ctx: PersonContext, event: Event) -> Reply:
    """Keep that the lead means to invite them."""
    card, name = await _own_name(ctx, event)
    if _is_open(name):
        await answer_name(ctx.session, ctx.workspace_id, known(name.id), LeadAnswer.WILL, ctx.now)
    return await _refreshed(ctx, card)


async def fine(ctx: PersonContext, event: Event) -> Reply:
    """Name them no more for half a year. Nothing else is kept of it."""
    card, name = await _own_name(ctx, event)
    if _is_open(name):
        today = calendar_of(ctx.member, ctx.settings).local_day(ctx.now)
        await snooze_name(ctx.session, ctx.workspace_id, known(name.id), today + FINE_FOR)
    return await _refreshed(ctx, card)


async def snooze(ctx: PersonContext, event: Event) -> Reply:
    """Send the lead no card for 30 days."""
    card = await _own_card(ctx, 0 if event.target is None else event.target.row)
    if card.snoozed_until is None:
        today = calendar_of(ctx.member, ctx.settings).local_day(ctx.now)
        await snooze_card(ctx.session, ctx.workspace_id, known(card.id), today + NOT_NOW_FOR)
    return await _refreshed(ctx, card)


def _is_open(name: LeadName) -> bool:
    return name.answer is None and name.snoozed_until is None


async def _own_card(ctx: PersonContext, card_id: int) -> LeadCard:
    """Return a card that was sent to the presser; the press is a sign.

    Raises Refused for somebody else's, or none. The sentence does not say which.
    """
    card = await lock_card(ctx.session, ctx.workspace_id, card_id)
    if card is None or card.lead_id != ctx.member_id or card.state != LeadCardState.SENT:
        raise Refused(_NOT_YOURS)
    await note_sign(ctx.session, ctx.workspace_id, ctx.member_id, ctx.now.date())
    return card


async def _own_name(ctx: PersonContext, event: Event) -> tuple[LeadCard, LeadName]:
    """Return the name under a button, with its card.

    Raises Refused for somebody else's, and Stale with the card as it stands for somebody who is not to be named now.
    """
    name = None
    if event.target is not None:
        name = await find_name(ctx.session, ctx.workspace_id, event.target.row)
    if name is None:
        raise Refused(_NOT_YOURS)
    card = await _own_card(ctx, name.card_id)
    member = await get_member(ctx.session, ctx.workspace_id, name.member_id)
    teams = await led_teams(ctx.session, ctx.workspace_id)
    day = calendar_of(member, ctx.settings).local_day(ctx.now)
    if not may_be_named(member, teams.get(member.home_team_id or 0), day, to=ctx.member_id):
        sentence = text("This has changed since you opened it. Here it is as it stands now.")
        raise Stale(sentence, refreshed=await card_as_it_stands(ctx, card))
    return card, await find_name(ctx.session, ctx.workspace_id, known(name.id)) or name


async def _refreshed(ctx: PersonContext, card: LeadCard) -> Reply:
    now = await lock_card(ctx.session, ctx.workspace_id, known(card.id))
    return Reply(refreshed=await card_as_it_stands(ctx, now or card))
