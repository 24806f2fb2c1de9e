"""An invitation on its way to the invited person, an item of a contact; and what they answer.

It is paid from their budget, as PRODUCT says of invitations: a colleague has asked for it, they have not. Where there
is no room this week, or they are not at work, it waits, and is said with whatever else is due.
"""

from functools import partial

from bot.calendars import DAY, calendar_of
from bot.context import Context, Handlers, PersonContext, known
from bot.errors import Refused
from bot.events import Event, Reply
from bot.messages import Message
from bot.names import shown_name
from bot.texts import text
from nudges.budget import REMEMBERED
from nudges.contacts import ItemKind, Kinds, Wanted, Wish, as_it_stands, plan
from nudges.inviting import cards
from nudges.inviting.rules import DRAFT_KEPT, KEPT, TRIED_FOR, is_closed
from nudges.messages import Said
from nudges.remind_now import When, reached
from nudges.stage import may_remind
from storage.contacts import find_contact, find_item, paid_days_of
from storage.counting import note_sign
from storage.inviting import answer_invite, find_invite, forget_invites, invites_to_bring, lock_invite
from storage.nudging import member_channels
from storage.outbox import Urgency, say_in_channel
from storage.people import find_channel_row, get_member
from storage.tables import Contact, ContactItem, InviteState, Member, MemberState, Outbox, ThreadInvite

INVITE = "invite"
INVITES = "inviting.invites"

_NOT_YOURS = text("This message was not written to you, so its buttons do nothing here.")


def invite_kind() -> ItemKind:
    """Return how an invitation is said; its subject is its row."""
    return ItemKind(rank=20, is_true=is_true, says=say_invite, needs_rounds=False)


def handlers(kinds: Kinds) -> Handlers:
    """Return what this module answers, by action name."""
    return {
        cards.YES: partial(answered, kinds, InviteState.ACCEPTED),
        cards.NO: partial(answered, kinds, InviteState.DECLINED),
    }


async def bring(ctx: Context, kinds: Kinds, invite: ThreadInvite) -> None:
    """Plan to ask the invited person, now or at the next moment that suits them and their budget."""
    invited_id = known(invite.invited_id)
    invited = await get_member(ctx.session, ctx.workspace_id, invited_id)
    paid = await paid_days_of(ctx.session, ctx.workspace_id, [invited_id], since=ctx.now.date() - REMEMBERED - DAY)
    calendar = calendar_of(invited, ctx.settings)
    found = reached(invited, calendar, paid.get(invited_id, []), ctx.settings, ctx.now)
    if found is None:
        return
    when, slot = found
    wanted = [Wanted(INVITE, INVITE, known(invite.id))]
    # What they get this week may still be on its way, and then says this too.
    if when is not When.ROOM or not await plan(ctx, kinds, [Wish(invited_id, wanted, ctx.now)]):
        await plan(ctx, kinds, [Wish(invited_id, wanted, slot)])


async def bring_waiting(ctx: Context, kinds: Kinds) -> None:
    """Plan the invitations that nothing has come of yet, and forget those of long ago."""
    await forget_invites(ctx.session, ctx.workspace_id, drafts_before=ctx.now - DRAFT_KEPT, before=ctx.now - KEPT)
    if not may_remind(ctx.workspace):
        return
    for invite in await invites_to_bring(ctx.session, ctx.workspace_id, INVITE, since=ctx.now - TRIED_FOR):
        await bring(ctx, kinds, invite)


async def is_true(ctx: PersonContext, item: ContactItem) -> bool:
    """Whether whoever invites is still here, and the conversation open to both."""
    invite = await find_invite(ctx.session, ctx.workspace_id, item.subject_id)
    return invite is not None and invite.state == InviteState.ASKED and await _stands(ctx, invite)


async def _stands(ctx: PersonContext, invite: ThreadInvite) -> bool:
    inviter = await get_member(ctx.session, ctx.workspace_id, invite.inviter_id)
    channel = await find_channel_row(ctx.session, ctx.workspace_id, known(invite.channel_id))
    if inviter.state == MemberState.LEFT or channel is None or channel.is_archived or not channel.bot_is_in:
        return False
    if not is_closed(channel, ctx.workspace):
        return True
    people = [ctx.member_id, invite.inviter_id]
    inside = await member_channels(ctx.session, ctx.workspace_id, people)
    return all(channel.id in inside.get(person, set()) for person in people)


async def say_invite(ctx: PersonContext, item: ContactItem) -> Said | None:
    """Return what the invited person reads; None once it is forgotten, or the channel is closed to them."""
    invite = await find_invite(ctx.session, ctx.workspace_id, item.subject_id)
    channel = None
    if invite is not None and await _stands(ctx, invite):
        channel = await find_channel_row(ctx.session, ctx.workspace_id, known(invite.channel_id))
    if invite is None or channel is None:
        return None
    inviter = await get_member(ctx.session, ctx.workspace_id, invite.inviter_id)
    return cards.asks_invited(
        known(item.id),
        shown_name(inviter, ctx.say),
        channel.name,
        invite.link,
        InviteState(invite.state),
        ctx.say,
    )


async def answered(kinds: Kinds, answer: InviteState, ctx: PersonContext, event: Event) -> Reply:
    """Take the invited person's yes, which stands in the conversation, or their no, of which nobody hears.

    Raises Refused for somebody else's, and where the conversation is not there for them any more.
    """
    contact, invite = await _own(ctx, event)
    await note_sign(ctx.session, ctx.workspace_id, ctx.member_id, ctx.now.date())
    if not await _stands(ctx, invite):
        raise Refused(text("This conversation is not open to you any more."))
    if invite.state == InviteState.ASKED:
        await answer_invite(ctx.session, ctx.workspace_id, known(invite.id), answer)
        if answer is InviteState.ACCEPTED:
            await say_in_channel(
                ctx.session,
                ctx.workspace_id,
                known(invite.channel_id),
                INVITES,
                known(invite.id),
                now=ctx.now,
                urgency=Urgency.ANSWER,
                under=invite.thread,
                once=f"{INVITES}:{invite.id}",
            )
    return Reply(refreshed=await as_it_stands(ctx, contact, kinds))


async def _own(ctx: PersonContext, event: Event) -> tuple[Contact, ThreadInvite]:
    item = None
    if event.target is not None:
        item = await find_item(ctx.session, ctx.workspace_id, event.target.row)
    if item is None or item.kind != INVITE:
        raise Refused(_NOT_YOURS)
    contact = await find_contact(ctx.session, ctx.workspace_id, item.contact_id)
    invite = await lock_invite(ctx.session, ctx.workspace_id, item.subject_id)
    if contact is None or invite is None or contact.member_id != ctx.member_id or invite.invited_id != ctx.member_id:
        raise Refused(_NOT_YOURS)
    return contact, invite


async def compose_invites(ctx: Context, row: Outbox) -> Message | None:
    """Return what stands in the conversation after a yes; None where one of the two is gone by its turn."""
    invite = await find_invite(ctx.session, ctx.workspace_id, row.subject_id)
    if invite is None or invite.state != InviteState.ACCEPTED:
        return None
    people: list[Member] = [
        await get_member(ctx.session, ctx.workspace_id, member_id)
        for member_id in (invite.inviter_id, known(invite.invited_id))
    ]
    if any(one.state == MemberState.LEFT for one in people):
        return None
    inviter, invited = (shown_name(one) for one in people)
    return cards.invites_message(inviter, invited, ctx.say)
