"""`/invite-in @person [link]`, and the same from a message's menu: a form with whom and where, and then they are asked.

Whoever invites hears the same whatever comes of it: that the other was asked, has no room this week, wants nothing
unasked, or has said no, is nobody's business but theirs. So a no hurts nobody, and a yes is free.
"""

from collections.abc import Mapping

from bot.context import Handlers, PersonContext, known
from bot.errors import BadInput, Refused
from bot.events import Event, Pointed, Reply, whisper
from bot.forms import Form, FormPart, PersonField, TextField, read
from bot.messages import Target, Tone, Words
from bot.names import shown_name
from bot.organisation.naming import chosen_person
from bot.taking_part import as_command
from bot.texts import Text, text
from nudges.contacts import Kinds
from nudges.inviting.bringing import bring
from nudges.inviting.rules import PAIR_PAUSE, TooOften, is_closed, too_often
from nudges.stage import may_remind
from storage.contacts import lock_member
from storage.counting import note_sign
from storage.inviting import ask_invited, begin_invite, find_invite, invites_by, lock_invite, was_invited
from storage.nudging import member_channels
from storage.people import channels_open_to, find_member
from storage.tables import Channel, InviteState, Member, MemberState, ThreadInvite

COMMAND = "invite-in"
SENT = "inviting.sent"

LONGEST_LINK = 500


def handlers(kinds: Kinds) -> Handlers:
    """Return what this module answers, by action name."""

    async def sent(ctx: PersonContext, event: Event) -> Reply:
        """Ask whoever was chosen, in private, as soon as it suits them."""
        invite = await _own_draft(ctx, event)
        form = _form(ctx, invite, "")
        given = read(form, event.values)
        # Of two forms at once the second sees what the first has sent.
        await lock_member(ctx.session, ctx.workspace_id, ctx.member_id)
        invited = await _chosen(ctx, form, event.values, given["who"])
        pointed = _place_of(invite) or event.pointed
        field = "link" if invite.thread is None else "who"
        channel = await _channel(ctx, form, event.values, pointed, field)
        if pointed is None:
            raise _wrong(form, event.values, field, _NO_MESSAGE)
        await _may_be_invited(ctx, form, event.values, invited, channel, pointed)
        await ask_invited(
            ctx.session,
            ctx.workspace_id,
            known(invite.id),
            invited_id=known(invited.id),
            channel_id=known(channel.id),
            thread=pointed.thread,
            link=pointed.link,
            now=ctx.now,
        )
        await note_sign(ctx.session, ctx.workspace_id, ctx.member_id, ctx.now.date())
        asked = await find_invite(ctx.session, ctx.workspace_id, known(invite.id))
        if asked is not None:
            await bring(ctx, kinds, asked)
        sentence = ctx.say(
            "I ask {name} in private, when it suits them. On a yes it stands in the conversation. You hear nothing"
            " otherwise: there are many good reasons for that, and none of them is about you.",
            name=shown_name(invited),
        )
        return Reply(close=True, whisper=whisper(sentence).whisper)

    return {COMMAND: as_command(invite_in), SENT: sent}


async def invite_in(ctx: PersonContext, event: Event) -> Reply:
    """Open the form, with whom and what was named already."""
    if not may_remind(ctx.workspace):
        raise Refused(text("The communications leads have stopped everything unasked for now, invitations too."))
    pointed = event.pointed
    row = await begin_invite(
        ctx.session,
        ctx.workspace_id,
        ctx.member_id,
        ctx.now,
        channel=None if pointed is None else pointed.channel,
        thread=None if pointed is None else pointed.thread,
        link=None if pointed is None else pointed.link,
    )
    invite = await find_invite(ctx.session, ctx.workspace_id, row)
    if invite is None:
        raise ValueError("the invitation has not been stored")
    mentioned = None
    if event.mentioned is not None:
        mentioned = await find_member(ctx.session, ctx.workspace_id, event.mentioned)
    return Reply(form=_form(ctx, invite, "" if mentioned is None else mentioned.external_id))


async def _own_draft(ctx: PersonContext, event: Event) -> ThreadInvite:
    """Return the draft that a form is about.

    Raises Refused for somebody else's, and for one that was sent before.
    """
    invite = None
    if event.target is not None:
        invite = await lock_invite(ctx.session, ctx.workspace_id, event.target.row)
    if invite is None or invite.inviter_id != ctx.member_id:
        raise Refused(text("This form is too old. Please begin again with {/invite-in}."))
    if invite.state != InviteState.DRAFT:
        raise Refused(text("This invitation is on its way already."))
    return invite


def _place_of(invite: ThreadInvite) -> Pointed | None:
    if invite.channel is None or invite.thread is None:
        return None
    return Pointed(invite.channel, invite.thread, invite.link)


async def _chosen(ctx: PersonContext, form: Form, values: Mapping[str, str], given: str) -> Member:
    """Return whom to invite: somebody else of the organisation, who can be asked."""
    person = await chosen_person(ctx, form, values, given)
    if person.id == ctx.member_id:
        raise _wrong(form, values, "who", text("You are there already. Please choose somebody else."))
    if person.state == MemberState.LISTED:
        raise _wrong(form, values, "who", text("Samlas has not met {name} here yet.", name=shown_name(person)))
    return person


async def _channel(
    ctx: PersonContext, form: Form, values: Mapping[str, str], pointed: Pointed | None, field: str
) -> Channel:
    """Return the channel of the message, where Samlas and the presser are both at home.

    Raises BadInput for any other; the sentence does not say which it is.
    """
    offered = await channels_open_to(ctx.session, ctx.workspace_id, ctx.member_id)
    channel = next((one for one in offered if pointed is not None and one.external_id == pointed.channel), None)
    if channel is None:
        raise _wrong(form, values, field, _NO_MESSAGE)
    if is_closed(channel, ctx.workspace):
        inside = await member_channels(ctx.session, ctx.workspace_id, [ctx.member_id])
        if channel.id not in inside.get(ctx.member_id, set()):
            raise _wrong(form, values, field, _NO_MESSAGE)
    return channel


_NO_MESSAGE = text(
    "I do not find that message. Please copy the link of the message itself, from a channel that Samlas and you are in."
)


async def _may_be_invited(
    ctx: PersonContext, form: Form, values: Mapping[str, str], invited: Member, channel: Channel, pointed: Pointed
) -> None:
    invited_id, name = known(invited.id), shown_name(invited)
    if is_closed(channel, ctx.workspace):
        inside = await member_channels(ctx.session, ctx.workspace_id, [invited_id])
        if channel.id not in inside.get(invited_id, set()):
            sentence = text("{name} is not in #{channel}, so they could not read it.", name=name, channel=channel.name)
            raise _wrong(form, values, "who", sentence)
    if await was_invited(ctx.session, ctx.workspace_id, known(channel.id), pointed.thread, invited_id):
        sentence = text("{name} has been invited into this conversation before. Once is enough.", name=name)
        raise _wrong(form, values, "who", sentence)
    earlier = await invites_by(ctx.session, ctx.workspace_id, ctx.member_id, since=ctx.now - PAIR_PAUSE)
    match too_often(earlier, invited_id, ctx.now):
        case TooOften.PERSON:
            sentence = text("You have invited {name} in the last days. Give it a week, or write to them.", name=name)
            raise _wrong(form, values, "who", sentence)
        case TooOften.DAY:
            raise _wrong(form, values, "who", text("Those were many invitations for one day. Tomorrow is another."))


def _wrong(form: Form, values: Mapping[str, str], field: str, sentence: Text) -> BadInput:
    return BadInput({field: sentence}, form.holding(values))


def _form(ctx: PersonContext, invite: ThreadInvite, who: str) -> Form:
    say = ctx.say
    parts: list[FormPart] = [
        Words(
            say(
                "Samlas asks them in private, with your name and the way to the conversation. Only if they say yes does"
                " the conversation show that you invite them."
            )
        ),
        PersonField("who", say("Whom would you like to invite?"), who, required=True),
    ]
    if invite.thread is None:
        hint = say("The link of the message that it is about.")
        parts.append(
            TextField("link", say("Into which conversation?"), hint=hint, required=True, max_length=LONGEST_LINK)
        )
    else:
        parts.append(Words(say("Into the conversation that you have chosen."), Tone.QUIET))
    target = Target(known(invite.id), 1)
    return Form(SENT, target, say("Invite someone in"), tuple(parts), say("Ask them"), say("Cancel"))
