"""What the asked members of the management group answer, where they read it, and what follows for the author."""

from collections.abc import Sequence

from bot.anchoring.cards import ANCHORED, CONCERN, LOOK, MEETING, card, is_current, target_of_request
from bot.anchoring.telling import HEARD, PUBLISHED
from bot.announcements.life import words_of, writer_name
from bot.announcements.scheduling import let_go
from bot.context import Handlers, PersonContext, known
from bot.decisions.outcome import rule_is_met
from bot.decisions.standing import CARD, MET, outcome_of_draft
from bot.errors import Refused, Stale
from bot.events import Event, Reply
from bot.forms import Form, TextField, read
from bot.messages import Button, Buttons, Heading, Part, Words
from bot.texts import text
from storage.anchoring import (
    anchoring_answers,
    lock_anchoring_request,
    requests_waiting_for,
    settle_anchoring_request,
    stop_publishing,
    store_anchoring_answer,
)
from storage.announcements import find_announcement
from storage.outbox import Urgency, refresh_posted, say_to_member
from storage.tables import (
    AnchoringAnswer,
    AnchoringAnswerKind,
    AnchoringRequest,
    AnchoringState,
    Announcement,
    AnnouncementState,
)

CONCERN_TOLD = "anchoring.concern_told"
LONGEST_CONCERN = 2000


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {LOOK: look, ANCHORED: anchored, CONCERN: concern, CONCERN_TOLD: concern_told, MEETING: meeting}


async def look(ctx: PersonContext, event: Event) -> Reply:
    """Show an asked member their card where they are."""
    request, _, draft = await _asked(ctx, event)
    return Reply(whisper=await card(ctx, request, draft))


async def anchored(ctx: PersonContext, event: Event) -> Reply:
    """Record *Anchored*, and tell the author when the rule is met."""
    return await _record(ctx, *await _asked(ctx, event), AnchoringAnswerKind.ANCHORED, "")


async def concern(ctx: PersonContext, event: Event) -> Reply:
    """Open the form in which a concern is put in words."""
    request, answer, _ = await _asked(ctx, event)
    return Reply(form=_concern_form(ctx, request, answer))


async def concern_told(ctx: PersonContext, event: Event) -> Reply:
    """Record a concern and tell the author."""
    request, answer, draft = await _asked(ctx, event)
    words = read(_concern_form(ctx, request, answer), event.values)["concern"]
    return await _record(ctx, request, answer, draft, AnchoringAnswerKind.CONCERN, words)


async def meeting(ctx: PersonContext, event: Event) -> Reply:
    """Record *Needs a meeting* and tell the author."""
    return await _record(ctx, *await _asked(ctx, event), AnchoringAnswerKind.MEETING, "")


async def waiting_section(ctx: PersonContext) -> Sequence[Part]:
    """Show on Home the requests that wait for this member of the management group."""
    parts: list[Part] = []
    for request, draft in await requests_waiting_for(ctx.session, ctx.workspace_id, ctx.member_id):
        author, title = await writer_name(ctx, draft), (await words_of(ctx, draft)).title
        parts.append(Words(ctx.say("{author} asks: is “{title}” anchored with you?", author=author, title=title)))
        parts.append(Buttons((Button(ctx.say("Read and answer"), LOOK, target_of_request(request), opens_form=True),)))
    return [Heading(ctx.say("Waiting for your answer")), *parts] if parts else []


def _concern_form(ctx: PersonContext, request: AnchoringRequest, answer: AnchoringAnswer) -> Form:
    return Form(
        CONCERN_TOLD,
        target_of_request(request),
        ctx.say("I have a concern"),
        (
            TextField(
                "concern",
                ctx.say("What concerns you?"),
                answer.text,
                ctx.say("Seen by the author and the management group only."),
                multiline=True,
                required=True,
                max_length=LONGEST_CONCERN,
            ),
        ),
        ctx.say("Send"),
        ctx.say("Cancel"),
    )


async def _asked(ctx: PersonContext, event: Event) -> tuple[AnchoringRequest, AnchoringAnswer, Announcement]:
    """Return the request under a button, the presser's own answer to it, and the draft it is about.

    Raises Refused when there is none or when the presser was not asked, and Stale with the card as it stands now when
    it has ended.
    """
    request = draft = None
    if event.target is not None:
        request = await lock_anchoring_request(ctx.session, ctx.workspace_id, event.target.row)
    if request is not None:
        draft = await find_announcement(ctx.session, ctx.workspace_id, request.announcement_id)
    if request is None or draft is None:
        raise Refused(text("This question to the management group is not there any more."))
    answers = await anchoring_answers(ctx.session, ctx.workspace_id, known(request.id))
    own = next((answer for answer in answers if answer.member_id == ctx.member_id), None)
    if own is None:
        raise Refused(text("This question went to the management group, and you were not among those asked."))
    if not is_current(request, draft):
        raise Stale(
            text("The text has been changed since. You are asked again when the author has gone through it."),
            refreshed=await card(ctx, request, draft),
        )
    if request.state == AnchoringState.LAPSED:
        raise Stale(
            text("This question has lapsed. You are asked again if the author wants it."),
            refreshed=await card(ctx, request, draft),
        )
    if draft.state == AnnouncementState.SCHEDULED:
        raise Stale(
            text("Its time to go out is set. Questions and views are welcome in its thread then."),
            refreshed=await card(ctx, request, draft),
        )
    if draft.state != AnnouncementState.DRAFT:
        raise Stale(
            text("This is published already. Questions and views are welcome in its thread."),
            refreshed=await card(ctx, request, draft),
        )
    return request, own, draft


async def _record(
    ctx: PersonContext,
    request: AnchoringRequest,
    own: AnchoringAnswer,
    draft: Announcement,
    kind: AnchoringAnswerKind,
    words: str,
) -> Reply:
    request_id = known(request.id)
    await store_anchoring_answer(ctx.session, ctx.workspace_id, own, kind, words, ctx.now)
    if kind is not AnchoringAnswerKind.ANCHORED:
        # For good: that somebody thinks again does not tell the author that they have been heard.
        await stop_publishing(ctx.session, ctx.workspace_id, request_id)
    met = rule_is_met(request.rule, await anchoring_answers(ctx.session, ctx.workspace_id, request_id))
    if met and request.state == AnchoringState.OPEN:
        await settle_anchoring_request(ctx.session, ctx.workspace_id, request_id, AnchoringState.MET, ctx.now)
        published = await _publish_itself(ctx, request, draft)
        await _tell_author(ctx, draft, PUBLISHED if published else MET, request_id)
    elif not met and request.state == AnchoringState.MET:
        # Somebody who had answered Anchored thought again before it was published.
        await settle_anchoring_request(ctx.session, ctx.workspace_id, request_id, AnchoringState.OPEN, None)
    if kind is not AnchoringAnswerKind.ANCHORED:
        await _tell_author(ctx, draft, HEARD, known(own.id))
    # What the author was told holds, or not, by this answer; the others see what speaks against it, and their own card
    # may stand elsewhere than they answered.
    for message in (MET, CARD):
        await refresh_posted(ctx.session, ctx.workspace_id, message, request_id, now=ctx.now)
    return Reply(close=True, refreshed=await card(ctx, request, draft))


async def _publish_itself(ctx: PersonContext, request: AnchoringRequest, draft: Announcement) -> bool:
    """Let go of what has just been anchored, where its author has ticked that and nothing speaks against it.

    It goes out at the time that its author has chosen, if any.
    """
    if not request.publish_when_met or request.publishing_stopped:
        return False
    outcome = await outcome_of_draft(ctx, draft)
    if outcome is None or not outcome.is_anchored:
        return False
    try:
        await let_go(ctx, draft, by_member_id=None)
    except Refused:
        # Its channel takes no posts any more, say. The author gets the button, and the reason when they press it.
        return False
    return True


async def _tell_author(ctx: PersonContext, draft: Announcement, message: str, subject_id: int) -> None:
    await say_to_member(
        ctx.session,
        ctx.workspace_id,
        draft.author_id,
        message,
        subject_id,
        now=ctx.now,
        urgency=Urgency.ANSWER,
        resend_if_unknown=True,
    )
