"""The invitation to talk with a coach, an item of a contact: the ladder's second step."""

from bot.context import Handlers, PersonContext, known
from bot.errors import Refused
from bot.events import Event, Reply
from bot.texts import text
from nudges.coaching import cards
from nudges.coaching.cards import Invited
from nudges.contacts import ItemKind, Kinds, as_it_stands
from nudges.due import quiet_among
from nudges.ladder import still_invited
from nudges.leading.suggesting import refresh_cards_naming
from nudges.messages import Said
from nudges.quiet import Reason
from nudges.sieving import the_day_before
from storage.coaches import involve_lead
from storage.coaching import open_request_of
from storage.contacts import find_contact, find_item
from storage.counting import note_sign
from storage.people import get_member
from storage.tables import Contact, ContactItem


def invitation_kind() -> ItemKind:
    """Return how an invitation is said; it speaks of no row."""
    return ItemKind(rank=45, is_true=is_true, says=say_invitation)


async def is_true(ctx: PersonContext, item: ContactItem) -> bool:
    """Whether the member is still quiet for the same reason, and has not been back since the tip."""
    quiet = await quiet_among(ctx.session, ctx.workspace, ctx.settings, [ctx.member], the_day_before(ctx.now))
    return [one.reason for one in quiet] == [item.reason] and await still_invited(
        ctx.session, ctx.workspace_id, quiet[0]
    )


async def say_invitation(ctx: PersonContext, item: ContactItem) -> Said:
    """Return what the invitation says, after what its reader has done with it."""
    # What they have pressed stands in the row, and not in the surroundings yet.
    member = await get_member(ctx.session, ctx.workspace_id, ctx.member_id)
    invited = Invited(
        has_asked=await open_request_of(ctx.session, ctx.workspace_id, ctx.member_id) is not None,
        third_step=ctx.settings.suggest_to_leads,
        lead_not_involved=member.lead_not_involved,
    )
    return cards.invitation(known(item.id), Reason(item.reason), invited, ctx.say)


def handlers(kinds: Kinds) -> Handlers:
    """Return what this module answers, by action name."""

    async def lead_out(ctx: PersonContext, event: Event) -> Reply:
        """Keep the member's lead out of it."""
        return await _lead(ctx, event, is_involved=False)

    async def lead_in(ctx: PersonContext, event: Event) -> Reply:
        """Take that back."""
        return await _lead(ctx, event, is_involved=True)

    async def _lead(ctx: PersonContext, event: Event, *, is_involved: bool) -> Reply:
        contact = await own_invitation(ctx, event)
        await involve_lead(ctx.session, ctx.workspace_id, ctx.member_id, is_involved=is_involved)
        await refresh_cards_naming(ctx, ctx.member_id)
        return Reply(refreshed=await as_it_stands(ctx, contact, kinds))

    return {cards.LEAD_OUT: lead_out, cards.LEAD_IN: lead_in}


async def own_invitation(ctx: PersonContext, event: Event) -> Contact:
    """Return the contact that holds the invitation under a button; the press is a sign, whatever it says.

    Raises Refused for somebody else's, or none.
    """
    item = None
    if event.target is not None:
        item = await find_item(ctx.session, ctx.workspace_id, event.target.row)
    contact = None if item is None else await find_contact(ctx.session, ctx.workspace_id, item.contact_id)
    if contact is None or contact.member_id != ctx.member_id:
        raise Refused(text("This message was not written to you, so its buttons do nothing here."))
    await note_sign(ctx.session, ctx.workspace_id, ctx.member_id, ctx.now.date())
    return contact
