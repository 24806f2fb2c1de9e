"""Asking the management group whether a decision is anchored: the request, its cards and their answers."""

from bot.announcements.life import author_name, own_draft
from bot.announcements.posts import announcement_parts
from bot.context import Context, PersonContext, known
from bot.decisions.outcome import rule_is_met
from bot.errors import BadInput, Refused
from bot.events import Event, Reply
from bot.forms import Form, TextField
from bot.messages import Button, Buttons, Heading, Message, Part, Style, Target, Tone, Words, Written
from bot.texts import Text, text
from storage.announcements import find_announcement, record_step
from storage.decisions import (
    add_anchoring_request,
    anchoring_answers,
    current_anchoring_request,
    find_anchoring_request,
    get_anchoring_answer,
    settle_anchoring_request,
    store_anchoring_answer,
)
from storage.outbox import Urgency, refresh_posted, say_to_member
from storage.people import get_member, management_group
from storage.tables import (
    AnchoringAnswer,
    AnchoringAnswerKind,
    AnchoringRequest,
    AnchoringState,
    Announcement,
    AnnouncementState,
    Outbox,
)

CARD = "anchoring.card"
HEARD = "anchoring.heard"
MET = "anchoring.met"
LONGEST_CONCERN = 2000

_RULES: dict[str, Text] = {
    "any": text("It is anchored when one of you says so."),
    "majority": text("It is anchored when more than half of you say so."),
    "all": text("It is anchored when all of you say so."),
}
_ANSWERS: dict[str, Text] = {
    AnchoringAnswerKind.ANCHORED: text("You answered: Anchored."),
    AnchoringAnswerKind.CONCERN: text("You answered: I have a concern."),
    AnchoringAnswerKind.MEETING: text("You answered: Needs a meeting."),
}


async def ask(ctx: PersonContext, event: Event) -> Reply:
    """Put a draft to the management group. The author has no vote."""
    draft = await own_draft(ctx, event)
    if await current_anchoring_request(ctx.session, ctx.workspace_id, known(draft.id)) is not None:
        raise Refused(text("The management group has been asked already, and you will be told what they answer."))
    group = [
        known(member.id)
        for member in await management_group(ctx.session, ctx.workspace_id)
        if member.id != ctx.member_id
    ]
    if not group:
        raise Refused(
            text("There is nobody else in the management group yet. The communications lead can name who is in it.")
        )
    request_id = await add_anchoring_request(
        ctx.session,
        ctx.workspace_id,
        known(draft.id),
        rule=ctx.settings.anchoring_rule,
        revision=draft.revision,
        asked=group,
        now=ctx.now,
    )
    await record_step(ctx.session, ctx.workspace_id, known(draft.id), "anchoring_asked", ctx.member_id, ctx.now)
    for member_id in group:
        await say_to_member(
            ctx.session,
            ctx.workspace_id,
            member_id,
            CARD,
            request_id,
            now=ctx.now,
            urgency=Urgency.WORK_CARD,
            once=f"{CARD}:{request_id}:{member_id}",
            resend_if_unknown=True,
        )
    sentence = ctx.say.many(
        "{count} person in the management group has been asked. You will be told what they answer.",
        "{count} people in the management group have been asked. You will be told what they answer.",
        len(group),
    )
    return Reply(close=True, whisper=Message(sentence, (Words(sentence),)))


async def stop_asking(ctx: PersonContext, draft: Announcement) -> None:
    """End a request whose text is being changed: what was answered was an answer to something else."""
    request = await current_anchoring_request(ctx.session, ctx.workspace_id, known(draft.id))
    if request is None:
        return
    await settle_anchoring_request(ctx.session, ctx.workspace_id, known(request.id), AnchoringState.STOPPED, ctx.now)
    await refresh_posted(ctx.session, ctx.workspace_id, CARD, known(request.id), now=ctx.now)


async def look(ctx: PersonContext, event: Event) -> Reply:
    """Show an asked member their card where they are."""
    request, _ = await _asked(ctx, event)
    return Reply(whisper=await _card(ctx, request))


async def anchored(ctx: PersonContext, event: Event) -> Reply:
    """Record *Anchored*, and tell the author when the rule is met."""
    request, answer = await _asked(ctx, event)
    return await _record(ctx, request, answer, AnchoringAnswerKind.ANCHORED, "")


async def concern(ctx: PersonContext, event: Event) -> Reply:
    """Open the form in which a concern is put in words."""
    request, answer = await _asked(ctx, event)
    return Reply(
        form=Form(
            "anchoring.concern_told",
            Target(known(request.id), request.revision),
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
    )


async def concern_told(ctx: PersonContext, event: Event) -> Reply:
    """Record a concern and tell the author."""
    request, answer = await _asked(ctx, event)
    words = event.values.get("concern", "").strip()
    if not words:
        raise BadInput({"concern": text("Please say in a few words what concerns you.")})
    if len(words) > LONGEST_CONCERN:
        raise BadInput({"concern": text("At most {count} characters, please.", count=LONGEST_CONCERN)})
    return await _record(ctx, request, answer, AnchoringAnswerKind.CONCERN, words)


async def meeting(ctx: PersonContext, event: Event) -> Reply:
    """Record *Needs a meeting* and tell the author."""
    request, answer = await _asked(ctx, event)
    return await _record(ctx, request, answer, AnchoringAnswerKind.MEETING, "")


async def compose_card(ctx: Context, row: Outbox) -> Message | None:
    """Make one asked member's card as it stands for them."""
    if not isinstance(ctx, PersonContext):
        return None
    request = await find_anchoring_request(ctx.session, ctx.workspace_id, row.subject_id)
    if request is None:
        return None
    return await _card(ctx, request)


async def compose_heard(ctx: Context, row: Outbox) -> Message | None:
    """Tell the author what one member of the group answered."""
    answer = await get_anchoring_answer(ctx.session, ctx.workspace_id, row.subject_id)
    request = await find_anchoring_request(ctx.session, ctx.workspace_id, answer.request_id)
    if request is None or answer.answer is None:
        return None
    draft = await find_announcement(ctx.session, ctx.workspace_id, request.announcement_id)
    if draft is None:
        return None
    name = (await get_member(ctx.session, ctx.workspace_id, answer.member_id)).name
    match AnchoringAnswerKind(answer.answer):
        case AnchoringAnswerKind.ANCHORED:
            sentence = ctx.say("{name} answered Anchored to “{title}”.", name=name, title=draft.title)
        case AnchoringAnswerKind.CONCERN:
            sentence = ctx.say("{name} has a concern about “{title}”.", name=name, title=draft.title)
        case AnchoringAnswerKind.MEETING:
            sentence = ctx.say("{name} thinks that “{title}” needs a meeting.", name=name, title=draft.title)
    parts: list[Part] = [Words(sentence, Tone.STRONG)]
    if answer.text:
        parts.append(Written(answer.text))
    parts.append(Buttons((Button(ctx.say("Open the draft"), "announcement.edit", _draft_target(draft)),)))
    return Message(sentence, tuple(parts))


async def compose_met(ctx: Context, row: Outbox) -> Message | None:
    """Tell the author that the decision is anchored, with the button that publishes it."""
    request = await find_anchoring_request(ctx.session, ctx.workspace_id, row.subject_id)
    if request is None or request.state != AnchoringState.MET:
        return None
    draft = await find_announcement(ctx.session, ctx.workspace_id, request.announcement_id)
    if draft is None or draft.state != AnnouncementState.DRAFT:
        return None
    asked = await anchoring_answers(ctx.session, ctx.workspace_id, row.subject_id)
    said_so = sum(answer.answer == AnchoringAnswerKind.ANCHORED for answer in asked)
    sentence = ctx.say("“{title}” is anchored with the management group.", title=draft.title)
    return Message(
        sentence,
        (
            Words(sentence, Tone.STRONG),
            Words(
                ctx.say.many(
                    "{anchored} of {count} person asked has answered Anchored.",
                    "{anchored} of {count} people asked have answered Anchored.",
                    len(asked),
                    anchored=said_so,
                )
            ),
            Buttons(
                (
                    Button(ctx.say("Publish now"), "announcement.publish", _draft_target(draft), Style.PRIMARY),
                    Button(ctx.say("Open the draft"), "announcement.edit", _draft_target(draft)),
                )
            ),
        ),
    )


def _draft_target(draft: Announcement) -> Target:
    return Target(known(draft.id), draft.version)


async def _asked(ctx: PersonContext, event: Event) -> tuple[AnchoringRequest, AnchoringAnswer]:
    """Return the request under a button and the presser's own answer to it.

    Raises Refused when there is none, when it has ended, or when the presser was not asked.
    """
    request = None
    if event.target is not None:
        request = await find_anchoring_request(ctx.session, ctx.workspace_id, event.target.row)
    if request is None:
        raise Refused(text("This question to the management group is not there any more."))
    answers = await anchoring_answers(ctx.session, ctx.workspace_id, known(request.id))
    own = next((answer for answer in answers if answer.member_id == ctx.member_id), None)
    if own is None:
        raise Refused(text("This question went to the management group, and you were not among those asked."))
    draft = await find_announcement(ctx.session, ctx.workspace_id, request.announcement_id)
    if request.state == AnchoringState.STOPPED or draft is None or draft.revision != request.revision:
        raise Refused(text("The text has been changed since. You are asked again if the author wants it."))
    if draft.state != AnnouncementState.DRAFT:
        raise Refused(text("This is published already. Questions and views are welcome in its thread."))
    return request, own


async def _record(
    ctx: PersonContext, request: AnchoringRequest, own: AnchoringAnswer, kind: AnchoringAnswerKind, words: str
) -> Reply:
    request_id = known(request.id)
    await store_anchoring_answer(ctx.session, ctx.workspace_id, own, kind, words, ctx.now)
    answers = await anchoring_answers(ctx.session, ctx.workspace_id, request_id)
    met = rule_is_met(request.rule, answers)
    if met and request.state == AnchoringState.OPEN:
        await settle_anchoring_request(ctx.session, ctx.workspace_id, request_id, AnchoringState.MET, ctx.now)
        await record_step(ctx.session, ctx.workspace_id, request.announcement_id, "anchored", None, ctx.now)
        await _tell_author(ctx, request, MET, request_id)
    elif not met and request.state == AnchoringState.MET:
        # Somebody who had answered Anchored thought again before it was published.
        await settle_anchoring_request(ctx.session, ctx.workspace_id, request_id, AnchoringState.OPEN, None)
    if kind is not AnchoringAnswerKind.ANCHORED:
        await _tell_author(ctx, request, HEARD, known(own.id))
    fresh = await _card(ctx, request)
    return Reply(close=True, refreshed=fresh)


async def _tell_author(ctx: PersonContext, request: AnchoringRequest, message: str, subject_id: int) -> None:
    draft = await find_announcement(ctx.session, ctx.workspace_id, request.announcement_id)
    if draft is not None:
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


async def _card(ctx: PersonContext, request: AnchoringRequest) -> Message | None:
    draft = await find_announcement(ctx.session, ctx.workspace_id, request.announcement_id)
    if draft is None:
        return None
    answers = await anchoring_answers(ctx.session, ctx.workspace_id, known(request.id))
    own = next((answer for answer in answers if answer.member_id == ctx.member_id), None)
    author = await author_name(ctx, draft)
    sentence = ctx.say("{author} asks: is “{title}” anchored with you?", author=author, title=draft.title)
    parts: list[Part] = [Heading(sentence)]
    if request.state == AnchoringState.STOPPED or draft.revision != request.revision:
        parts.append(Words(ctx.say("{author} is changing the text, so this question is closed.", author=author)))
        return Message(sentence, tuple(parts))
    parts.extend(await announcement_parts(ctx, draft))
    parts.append(Words(ctx.say.say(_RULES[request.rule]), Tone.QUIET))
    target = Target(known(request.id), request.revision)
    buttons = (
        Button(ctx.say("Anchored"), "anchoring.anchored", target, Style.PRIMARY),
        Button(ctx.say("I have a concern"), "anchoring.concern", target),
        Button(ctx.say("Needs a meeting"), "anchoring.meeting", target),
    )
    if own is not None and own.answer is not None:
        parts.append(Words(ctx.say.say(_ANSWERS[own.answer]), Tone.STRONG))
        if draft.state == AnnouncementState.DRAFT:
            parts.append(Words(ctx.say("You can change your answer until it is published."), Tone.QUIET))
    if draft.state == AnnouncementState.DRAFT:
        parts.append(Buttons(buttons))
    return Message(sentence, tuple(parts))
