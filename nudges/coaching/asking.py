"""A member asks for a coach: by `/coach me`, on Home, or by saying yes to an invitation; and changes their mind."""

from collections.abc import Sequence

from bot.context import Handlers, PersonContext, known
from bot.errors import Refused
from bot.events import Event, Reply, whisper
from bot.forms import ChoiceField, Form, Option, TextField, read
from bot.messages import Button, Buttons, Heading, Part, Target, Tone, Words
from bot.organisation.settings_form import LANGUAGE_NAMES
from bot.taking_part import as_command
from bot.texts import text
from nudges.coaching import cards
from nudges.coaching.invitation import own_invitation
from nudges.coaching.talks import find_coach_for, tell_waiting, view_of
from nudges.contacts import CONTACT
from storage.coaches import coach_ids
from storage.coaching import add_request, lock_request, mark_request, open_request_of, open_talk_of
from storage.contacts import lock_member
from storage.counting import note_sign
from storage.outbox import refresh_posted
from storage.tables import CoachingRequest, RequestState, TalkState

ASK_BY_COMMAND = "coach me"
ASK = "coaching.ask"
ASKED = "coaching.asked"

LONGEST_ABOUT = 300
# From where the form was opened, in place of a version: its target is the member, or the invitation.
_BY_ONESELF, _INVITED = 1, 2

_ALREADY = text("You have asked for a coach already. Home shows where that stands.")
_NOT_YOURS = text("This is somebody else's, so its buttons do nothing here.")


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {
        ASK_BY_COMMAND: as_command(ask),
        ASK: ask,
        cards.INVITED: invited,
        ASKED: asked,
        cards.WITHDRAW: withdraw,
    }


async def ask(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - every handler has the same form
    """Ask what a coach is to know."""
    await _may_ask(ctx)
    return Reply(form=_form(ctx, Target(ctx.member_id, _BY_ONESELF)))


async def invited(ctx: PersonContext, event: Event) -> Reply:
    """Do so on *Yes please*."""
    await own_invitation(ctx, event)
    await _may_ask(ctx)
    return Reply(form=_form(ctx, Target(0 if event.target is None else event.target.row, _INVITED)))


async def asked(ctx: PersonContext, event: Event) -> Reply:
    """Look for a coach at once; where nobody is free, the member waits for one."""
    contact = None
    if event.target is not None and event.target.version == _INVITED:
        contact = await own_invitation(ctx, event)
    elif event.target != Target(ctx.member_id, _BY_ONESELF):
        raise Refused(_NOT_YOURS)
    given = read(_form(ctx, event.target), event.values)
    # Two wishes at once would be two coaches for one person.
    await lock_member(ctx.session, ctx.workspace_id, ctx.member_id)
    await _may_ask(ctx)
    about = " ".join(given["about"].split())
    request = await add_request(
        ctx.session, ctx.workspace_id, ctx.member_id, language=given["language"], about=about, now=ctx.now
    )
    await note_sign(ctx.session, ctx.workspace_id, ctx.member_id, ctx.now.date())
    if not await find_coach_for(ctx, request):
        await tell_waiting(ctx, request)
    if contact is not None:
        await refresh_posted(
            ctx.session, ctx.workspace_id, CONTACT, known(contact.id), now=ctx.now, member_id=ctx.member_id
        )
    return Reply(close=True, whisper=whisper(ctx.say("Thank you. You hear from me in a message of its own.")).whisper)


async def withdraw(ctx: PersonContext, event: Event) -> Reply:
    """Let a member who waits wait no more.

    Raises Refused for somebody else's request, and for one that waits no more.
    """
    request = None
    if event.target is not None:
        request = await lock_request(ctx.session, ctx.workspace_id, event.target.row)
    if request is None or request.member_id != ctx.member_id:
        raise Refused(_NOT_YOURS)
    if request.state == RequestState.MATCHED:
        raise Refused(text("Somebody has been found for you meanwhile. Their message is where you can call it off."))
    await mark_request(ctx.session, ctx.workspace_id, known(request.id), RequestState.ENDED)
    return Reply(refreshed=cards.withdrawn_message(ctx.say))


async def home_section(ctx: PersonContext) -> Sequence[Part]:
    """Show a member where their wish stands, or the way to one; nothing where nobody is a coach."""
    say = ctx.say
    request = await open_request_of(ctx.session, ctx.workspace_id, ctx.member_id)
    heading = Heading(say("Talking with a coach"))
    if request is not None:
        return [heading, *await _standing(ctx, request)]
    if not await coach_ids(ctx.session, ctx.workspace_id) - {ctx.member_id}:
        return ()
    offer = say(
        "Some colleagues have offered to talk with whoever would like that: half an hour, about whatever you like."
    )
    button = Button(say("I would like to talk with a coach"), ASK, Target(ctx.member_id, _BY_ONESELF), opens_form=True)
    return [heading, Words(offer, Tone.QUIET), Buttons((button,))]


async def _standing(ctx: PersonContext, request: CoachingRequest) -> list[Part]:
    say = ctx.say
    talk = await open_talk_of(ctx.session, ctx.workspace_id, known(request.id))
    view = None if talk is None else await view_of(ctx, talk)
    if view is None:
        return [
            Words(say("You are in the queue: nobody is free just now.")),
            Buttons((cards.withdraw_button(known(request.id), say),)),
        ]
    if view.state is TalkState.AGREED and view.chosen is not None:
        return [Words(say("You and {name} talk on {moment}.", name=view.other, moment=cards.when(view.chosen, say)))]
    return [Words(say("{name} will gladly talk with you. The message with the times has the way on.", name=view.other))]


async def _may_ask(ctx: PersonContext) -> None:
    """Go on for whoever has no open wish, where there is a coach.

    Raises Refused, with what to do instead.
    """
    if await open_request_of(ctx.session, ctx.workspace_id, ctx.member_id) is not None:
        raise Refused(_ALREADY)
    if not await coach_ids(ctx.session, ctx.workspace_id) - {ctx.member_id}:
        raise Refused(text("Nobody has offered to be a coach here yet. Whoever would like to can write {/coach}."))


def _form(ctx: PersonContext, target: Target) -> Form:
    say = ctx.say
    parts = (
        Words(
            say(
                "A colleague who has offered it talks with you for half an hour. They see your name and what you write"
                " here, nothing else, and you choose the time together."
            )
        ),
        TextField(
            "about",
            say("What would you like to talk about?"),
            hint=say("May be left empty."),
            multiline=True,
            max_length=LONGEST_ABOUT,
        ),
        ChoiceField(
            "language",
            say("In which language?"),
            tuple(Option(language, say.say(name).capitalize()) for language, name in LANGUAGE_NAMES.items()),
            say.language,
        ),
    )
    return Form(ASKED, target, say("Talk with a coach"), parts, say("Find me somebody"), say("Cancel"))
