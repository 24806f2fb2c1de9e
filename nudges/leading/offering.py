"""*Invite a coach*, on a lead's card: the colleague is asked in private first, by an item of a contact.

It is paid from their budget like everything unasked. Where that has no room yet, it is tried again for a month.
"""

from datetime import timedelta

from bot.calendars import DAY, calendar_of
from bot.context import Context, PersonContext, known
from bot.names import shown_name
from nudges.budget import REMEMBERED
from nudges.contacts import ItemKind, Kinds, Wanted, Wish, plan
from nudges.leading.cards import coach_offer
from nudges.messages import Said
from nudges.remind_now import reached
from nudges.stage import rounds_run
from storage.coaches import coach_ids
from storage.coaching import members_asking, open_request_of
from storage.contacts import paid_days_of
from storage.leading import coaches_to_offer, find_card, find_name
from storage.people import get_member
from storage.tables import ContactItem, LeadAnswer, LeadName

OFFER = "coach_offer"
TRIED_FOR = timedelta(days=30)


def offer_kind() -> ItemKind:
    """Return how an offer is said; its subject is the name on the lead's card."""
    return ItemKind(rank=40, is_true=is_true, says=say_offer)


async def offer(ctx: Context, kinds: Kinds, name: LeadName) -> None:
    """Plan to ask somebody whether they would like to talk with a coach, at the next moment that suits them."""
    member = await get_member(ctx.session, ctx.workspace_id, name.member_id)
    paid = await paid_days_of(ctx.session, ctx.workspace_id, [name.member_id], since=ctx.now.date() - REMEMBERED - DAY)
    when = reached(member, calendar_of(member, ctx.settings), paid.get(name.member_id, []), ctx.settings, ctx.now)
    if when is not None:
        wanted = Wanted(OFFER, LeadAnswer.COACH, known(name.id))
        await plan(ctx, kinds, [Wish(name.member_id, [wanted], when[1])])


async def offer_asked(ctx: Context, kinds: Kinds) -> None:
    """Plan the offers that leads have asked for and that nothing has come of yet."""
    if not rounds_run(ctx.workspace, ctx.now):
        return
    for name in await coaches_to_offer(ctx.session, ctx.workspace_id, OFFER, since=ctx.now - TRIED_FOR):
        await offer(ctx, kinds, name)


async def is_true(ctx: PersonContext, item: ContactItem) -> bool:
    """Whether a lead still wants them asked, and there is somebody to talk with whom they have not asked for yet."""
    name = await find_name(ctx.session, ctx.workspace_id, item.subject_id)
    coaches = await coach_ids(ctx.session, ctx.workspace_id)
    return (
        name is not None
        and name.answer == LeadAnswer.COACH
        and not ctx.member.lead_not_involved
        and bool(coaches - {ctx.member_id})
        and ctx.member_id not in coaches
        and not await members_asking(ctx.session, ctx.workspace_id, [ctx.member_id])
    )


async def say_offer(ctx: PersonContext, item: ContactItem) -> Said | None:
    """Return what the offer says, after what its reader has done with it; None once the card is forgotten."""
    name = await find_name(ctx.session, ctx.workspace_id, item.subject_id)
    card = None if name is None else await find_card(ctx.session, ctx.workspace_id, name.card_id)
    if card is None:
        return None
    lead = await get_member(ctx.session, ctx.workspace_id, card.lead_id)
    # What they have pressed stands in the row, and not in the surroundings yet.
    member = await get_member(ctx.session, ctx.workspace_id, ctx.member_id)
    return coach_offer(
        known(item.id),
        shown_name(lead, ctx.say),
        ctx.say,
        has_asked=await open_request_of(ctx.session, ctx.workspace_id, ctx.member_id) is not None,
        lead_not_involved=member.lead_not_involved,
    )
