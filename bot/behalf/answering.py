"""What the person an announcement is written for answers, where they read it, and what follows."""

from collections.abc import Sequence

from bot.announcements.changing import refresh_everywhere
from bot.announcements.forms import LONGEST_WHY, is_ahead
from bot.announcements.life import move_on
from bot.announcements.scheduling import let_go
from bot.announcements.speaking import ANSWERED, refresh_behalf
from bot.behalf.cards import APPROVE, DECLINE, LOOK, about, card, question, target_of_request
from bot.context import Handlers, PersonContext, known
from bot.decisions.asking import ask_again
from bot.decisions.standing import outcome_of_draft
from bot.errors import Refused, Stale
from bot.events import Event, Reply
from bot.forms import Form, TextField, read
from bot.messages import Button, Buttons, Heading, Part, Words
from bot.texts import text
from storage.announcements import revise_published
from storage.behalf import behalf_requests_waiting_for, settle_behalf_request, wordings_put
from storage.outbox import Urgency, say_to_member
from storage.tables import Announcement, AnnouncementState, BehalfRequest, BehalfState

DECLINED = "behalf.declined"

_CLOSED = text("This question is not open any more. Here is how it stands.")


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {LOOK: look, APPROVE: approve, DECLINE: decline, DECLINED: declined}


async def look(ctx: PersonContext, event: Event) -> Reply:
    """Show the person their card where they are."""
    return Reply(whisper=await card(ctx, *await _asked(ctx, event)))


async def approve(ctx: PersonContext, event: Event) -> Reply:
    """Record the yes: an edit stands at once, a draft may go out now, and does where its writer has ticked that."""
    request, announcement = await _open(ctx, event)
    await _settle(ctx, request, announcement, BehalfState.APPROVED)
    if request.is_edit:
        await _edit(ctx, request, announcement)
    else:
        await move_on(ctx, announcement, AnnouncementState.DRAFT, by_member_id=ctx.member_id)
        # The management group, where it was asked about other words, is asked about these.
        await ask_again(ctx, announcement)
        await _go_out_itself(ctx, request, announcement)
    return await _answered(ctx, request, announcement)


async def decline(ctx: PersonContext, event: Event) -> Reply:
    """Open the form in which they say what is to change."""
    request, _ = await _open(ctx, event)
    return Reply(form=_decline_form(ctx, request))


async def declined(ctx: PersonContext, event: Event) -> Reply:
    """Give it back to its writer, with what is to change for their eyes alone."""
    request, announcement = await _open(ctx, event)
    words = " ".join(read(_decline_form(ctx, request), event.values)["change"].split())
    await _settle(ctx, request, announcement, BehalfState.DECLINED, words)
    if not request.is_edit:
        await move_on(ctx, announcement, AnnouncementState.DRAFT, by_member_id=ctx.member_id)
    return await _answered(ctx, request, announcement)


async def waiting_section(ctx: PersonContext) -> Sequence[Part]:
    """Show on Home what waits for this person's yes."""
    parts: list[Part] = []
    for request, announcement in await behalf_requests_waiting_for(ctx.session, ctx.workspace_id, ctx.member_id):
        parts.append(Words(await question(ctx, request, announcement)))
        parts.append(Buttons((Button(ctx.say("Read and answer"), LOOK, target_of_request(request), opens_form=True),)))
    return [Heading(ctx.say("In your name")), *parts] if parts else []


async def _asked(ctx: PersonContext, event: Event) -> tuple[BehalfRequest, Announcement]:
    """Return the request under a button, and what it is about.

    Raises Refused when there is none or when it was not put to the presser.
    """
    asked = None if event.target is None else await about(ctx, event.target.row)
    if asked is None or asked[0].member_id != ctx.member_id:
        raise Refused(text("This question is not there any more, or was not put to you."))
    return asked


async def _open(ctx: PersonContext, event: Event) -> tuple[BehalfRequest, Announcement]:
    """Return what `_asked` does.

    Raises Stale, with the card as it stands now, when it has ended.
    """
    request, announcement = await _asked(ctx, event)
    waits_in = AnnouncementState.PUBLISHED if request.is_edit else AnnouncementState.AWAITING
    if request.state != BehalfState.OPEN or announcement.state != waits_in:
        raise Stale(_CLOSED, refreshed=await card(ctx, request, announcement))
    return request, announcement


async def _settle(
    ctx: PersonContext, request: BehalfRequest, announcement: Announcement, state: BehalfState, words: str = ""
) -> None:
    if not await settle_behalf_request(ctx.session, ctx.workspace_id, request.id, state, ctx.now, change_wanted=words):
        raise Stale(_CLOSED, refreshed=await card(ctx, request, announcement))


async def _edit(ctx: PersonContext, request: BehalfRequest, announcement: Announcement) -> None:
    wordings = wordings_put(request)
    if not await revise_published(
        ctx.session, ctx.workspace_id, announcement, wordings, by_member_id=ctx.member_id, now=ctx.now
    ):
        raise Stale(_CLOSED, refreshed=await card(ctx, request, announcement))
    await refresh_everywhere(ctx, announcement)


async def _go_out_itself(ctx: PersonContext, request: BehalfRequest, draft: Announcement) -> None:
    """Let go of what has just been approved, where its writer has ticked that, and its time has not passed.

    A decision has to be anchored as well: how to go on with one that is not is for its writer to say.
    """
    has_passed = draft.publish_at is not None and not is_ahead(ctx, draft)
    outcome = await outcome_of_draft(ctx, draft)
    if not request.goes_out_itself or has_passed or not (outcome is None or outcome.is_anchored):
        return
    try:
        await let_go(ctx, draft, by_member_id=ctx.member_id)
    except Refused:
        # Its channel takes no posts any more, say. The writer goes on, and is told the reason then.
        return


async def _answered(ctx: PersonContext, request: BehalfRequest, announcement: Announcement) -> Reply:
    await say_to_member(
        ctx.session,
        ctx.workspace_id,
        announcement.author_id,
        ANSWERED,
        known(request.id),
        now=ctx.now,
        urgency=Urgency.ANSWER,
        once=f"{ANSWERED}:{request.id}",
        resend_if_unknown=True,
    )
    await refresh_behalf(ctx, announcement)
    return Reply(close=True, refreshed=await card(ctx, request, announcement))


def _decline_form(ctx: PersonContext, request: BehalfRequest) -> Form:
    return Form(
        DECLINED,
        target_of_request(request),
        ctx.say("Not like this"),
        (
            TextField(
                "change",
                ctx.say("What is to change? (one line)"),
                hint=ctx.say("Only whoever wrote it sees this."),
                required=True,
                max_length=LONGEST_WHY,
            ),
        ),
        ctx.say("Send"),
        ctx.say("Cancel"),
    )
