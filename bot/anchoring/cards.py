"""What the management group is asked, and what the author is told of it: the messages about a request."""

from bot.announcements.drafts import no_draft_message
from bot.announcements.forms import EDIT, target_of
from bot.announcements.life import author_name, words_of
from bot.announcements.posts import announcement_parts
from bot.context import Context, PersonContext, known
from bot.decisions.outcome import count_anchored
from bot.messages import Button, Buttons, Heading, Message, Part, Style, Target, Tone, Words, Written
from bot.names import shown_name
from bot.texts import Text, text
from storage.announcements import find_announcement
from storage.decisions import anchoring_answers, find_anchoring_request, get_anchoring_answer
from storage.people import get_member
from storage.tables import (
    AnchoringAnswerKind,
    AnchoringRequest,
    AnchoringState,
    Announcement,
    AnnouncementState,
    Outbox,
)

HEARD = "anchoring.heard"

# What the asked, and the author, can press; bot/anchoring/answering.py and asking.py answer.
LOOK = "anchoring.look"
ANCHORED = "anchoring.anchored"
CONCERN = "anchoring.concern"
MEETING = "anchoring.meeting"
PUBLISH = "anchoring.publish"

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


def is_current(request: AnchoringRequest, draft: Announcement) -> bool:
    """Whether what was put to the group is still what the draft says."""
    return request.revision == draft.revision


def target_of_request(request: AnchoringRequest) -> Target:
    """Return what a button under a request is about."""
    return Target(known(request.id), request.revision)


async def card(ctx: PersonContext, request: AnchoringRequest, draft: Announcement) -> Message:
    """Return one asked member's card as it stands for them."""
    answers = await anchoring_answers(ctx.session, ctx.workspace_id, known(request.id))
    own = next((answer for answer in answers if answer.member_id == ctx.member_id), None)
    author, title = await author_name(ctx, draft), (await words_of(ctx, draft)).title
    sentence = ctx.say("{author} asks: is “{title}” anchored with you?", author=author, title=title)
    parts: list[Part] = [Heading(sentence)]
    if not is_current(request, draft):
        parts.append(Words(ctx.say("{author} is changing the text, so this question is closed.", author=author)))
        return Message(sentence, tuple(parts))
    parts.extend(await announcement_parts(ctx, draft))
    parts.append(Words(ctx.say.say(_RULES[request.rule]), Tone.QUIET))
    is_open = draft.state == AnnouncementState.DRAFT
    if own is not None and own.answer is not None:
        parts.append(Words(ctx.say.say(_ANSWERS[own.answer]), Tone.STRONG))
        if is_open:
            parts.append(Words(ctx.say("You can change your answer until it is published."), Tone.QUIET))
    if is_open:
        target = target_of_request(request)
        parts.append(
            Buttons(
                (
                    Button(ctx.say("Anchored"), ANCHORED, target, Style.PRIMARY),
                    Button(ctx.say("I have a concern"), CONCERN, target),
                    Button(ctx.say("Needs a meeting"), MEETING, target),
                )
            )
        )
    else:
        closed = (
            ctx.say("Its time to go out is set, so this question is closed.")
            if draft.state == AnnouncementState.SCHEDULED
            else ctx.say("It is published, so this question is closed.")
        )
        parts.append(Words(closed, Tone.QUIET))
    return Message(sentence, tuple(parts))


async def compose_card(ctx: Context, row: Outbox) -> Message | None:
    """Make one asked member's card as it stands for them."""
    about = await _about(ctx, row.subject_id)
    if about is None or not isinstance(ctx, PersonContext):
        return None
    return await card(ctx, *about)


async def compose_heard(ctx: Context, row: Outbox) -> Message | None:
    """Tell the author what one member of the group answered."""
    answer = await get_anchoring_answer(ctx.session, ctx.workspace_id, row.subject_id)
    about = await _about(ctx, answer.request_id)
    if about is None or answer.answer is None:
        return None
    _, draft = about
    name = shown_name(await get_member(ctx.session, ctx.workspace_id, answer.member_id))
    title = (await words_of(ctx, draft)).title
    match AnchoringAnswerKind(answer.answer):
        case AnchoringAnswerKind.ANCHORED:
            sentence = ctx.say("{name} answered Anchored to “{title}”.", name=name, title=title)
        case AnchoringAnswerKind.CONCERN:
            sentence = ctx.say("{name} has a concern about “{title}”.", name=name, title=title)
        case AnchoringAnswerKind.MEETING:
            sentence = ctx.say("{name} thinks that “{title}” needs a meeting.", name=name, title=title)
    parts: list[Part] = [Words(sentence, Tone.STRONG)]
    if answer.text:
        parts.append(Written(answer.text))
    parts.append(Buttons((Button(ctx.say("Open the draft"), EDIT, target_of(draft)),)))
    return Message(sentence, tuple(parts))


async def compose_met(ctx: Context, row: Outbox) -> Message | None:
    """Tell the author that the decision is anchored; None when it is not so by its turn, and was never said."""
    about = await _about(ctx, row.subject_id)
    if about is None:
        return None
    request, draft = about
    is_new = row.posted_id is None
    if is_new and (request.state != AnchoringState.MET or draft.state != AnnouncementState.DRAFT):
        return None
    return await met_card(ctx, request, draft)


async def met_card(ctx: Context, request: AnchoringRequest, draft: Announcement) -> Message:
    """Return the author's card about what the group has answered, with the button that publishes it while it holds."""
    title = (await words_of(ctx, draft)).title
    if draft.state != AnnouncementState.DRAFT:
        return no_draft_message(ctx, draft, title)
    open_it = Button(ctx.say("Open the draft"), EDIT, target_of(draft))
    if not is_current(request, draft):
        sentence = ctx.say(
            "“{title}” was anchored with the management group as it was. You have changed it since.", title=title
        )
        return Message(sentence, (Words(sentence), Buttons((open_it,))))
    if request.state != AnchoringState.MET:
        sentence = ctx.say(
            "“{title}” is not anchored with the management group any more: somebody has changed their answer.",
            title=title,
        )
        return Message(sentence, (Words(sentence), Buttons((open_it,))))
    asked = await anchoring_answers(ctx.session, ctx.workspace_id, known(request.id))
    sentence = ctx.say("“{title}” is anchored with the management group.", title=title)
    said_so = ctx.say.many(
        "{anchored} of {count} person asked has answered Anchored.",
        "{anchored} of {count} people asked have answered Anchored.",
        len(asked),
        anchored=count_anchored(asked),
    )
    publish_it = Button(ctx.say("Publish now"), PUBLISH, target_of_request(request), Style.PRIMARY)
    return Message(sentence, (Words(sentence, Tone.STRONG), Words(said_so), Buttons((publish_it, open_it))))


async def _about(ctx: Context, request_id: int) -> tuple[AnchoringRequest, Announcement] | None:
    request = await find_anchoring_request(ctx.session, ctx.workspace_id, request_id)
    if request is None:
        return None
    draft = await find_announcement(ctx.session, ctx.workspace_id, request.announcement_id)
    return None if draft is None else (request, draft)
