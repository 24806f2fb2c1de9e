"""The cards about a request to the management group: each asked member's, and the author's when it is met."""

from bot.anchoring.changes import Version, change_in_words, changes
from bot.anchoring.concerns import concern_parts
from bot.announcements.audience import audience_in_words
from bot.announcements.drafts import no_draft_message
from bot.announcements.forms import EDIT, target_of
from bot.announcements.life import named, words_of, writer_name
from bot.announcements.posts import announcement_parts
from bot.context import Context, PersonContext, known
from bot.decisions.checklist import answers_of
from bot.decisions.outcome import count_anchored
from bot.decisions.standing import standing_of
from bot.messages import Button, Buttons, Divider, Heading, Message, Part, Style, Target, Tone, Words
from bot.texts import Text, text
from storage.anchoring import anchoring_answers, current_anchoring_request, earlier_answer, find_anchoring_request
from storage.announcements import Wording, find_announcement, wordings_as_of
from storage.tables import (
    AnchoringAnswerKind,
    AnchoringRequest,
    AnchoringState,
    Announcement,
    AnnouncementState,
    Outbox,
)

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
_ANSWERED_BEFORE: dict[str, Text] = {
    AnchoringAnswerKind.ANCHORED: text("You are asked again. As it was before, you answered: Anchored."),
    AnchoringAnswerKind.CONCERN: text("You are asked again. As it was before, you answered: I have a concern."),
    AnchoringAnswerKind.MEETING: text("You are asked again. As it was before, you answered: Needs a meeting."),
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
    author, title = await writer_name(ctx, draft), (await words_of(ctx, draft)).title
    sentence = ctx.say("{author} asks: is “{title}” anchored with you?", author=author, title=title)
    parts: list[Part] = [Heading(sentence)]
    if not is_current(request, draft):
        return Message(sentence, (*parts, *await _overtaken(ctx, draft, author)))
    parts.extend(await changed_parts(ctx, request, draft))
    parts.extend(await announcement_parts(ctx, draft))
    parts.extend(await concern_parts(ctx, answers))
    parts.append(Words(ctx.say.say(_RULES[request.rule]), Tone.QUIET))
    has_lapsed = request.state == AnchoringState.LAPSED
    is_open = draft.state == AnnouncementState.DRAFT and not has_lapsed
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
                    Button(ctx.say("I have a concern"), CONCERN, target, opens_form=True),
                    Button(ctx.say("Needs a meeting"), MEETING, target),
                )
            )
        )
    elif draft.state == AnnouncementState.DRAFT:
        parts.append(Words(ctx.say("Too few had answered after ten working days, so this question has lapsed.")))
    else:
        closed = (
            ctx.say("Its time to go out is set, so this question is closed.")
            if draft.state == AnnouncementState.SCHEDULED
            else ctx.say("It is published, so this question is closed.")
        )
        parts.append(Words(closed, Tone.QUIET))
    return Message(sentence, tuple(parts))


async def _overtaken(ctx: PersonContext, draft: Announcement, author: str) -> list[Part]:
    """Return what stands in a card whose words are not the draft's any more: the way to the newer one, if any."""
    newer = await current_anchoring_request(ctx.session, ctx.workspace_id, draft)
    if newer is None or draft.state != AnnouncementState.DRAFT:
        return [Words(ctx.say("{author} is changing the text, so this question is closed.", author=author))]
    return [
        Words(ctx.say("{author} has changed the text since, and asks you again.", author=author)),
        Buttons((Button(ctx.say("Read and answer"), LOOK, target_of_request(newer), opens_form=True),)),
    ]


async def changed_parts(ctx: PersonContext, request: AnchoringRequest, draft: Announcement) -> list[Part]:
    """Tell whoever has been asked before what is different now, and what they answered then."""
    earlier = await earlier_answer(ctx.session, ctx.workspace_id, request, ctx.member_id)
    standing = await standing_of(ctx, draft)
    if earlier is None or standing is None:
        return []
    before, answer = earlier
    found = changes(await _as_put(ctx, before, draft), await _as_put(ctx, request, draft), standing.items, ctx.say)
    parts: list[Part] = []
    if answer.answer is not None:
        parts.append(Words(ctx.say.say(_ANSWERED_BEFORE[answer.answer])))
    if found:
        parts.append(Words(ctx.say("Changed since then:"), Tone.STRONG))
        parts.extend(Words(change_in_words(change, ctx.say)) for change in found)
        parts.append(Divider())
    return parts


async def _as_put(ctx: Context, request: AnchoringRequest, draft: Announcement) -> Version:
    """Return what a draft said when the group was asked, in this reader's language where it had that."""
    wordings = await wordings_as_of(ctx.session, ctx.workspace_id, draft, request.revision)
    words = wordings.get(ctx.say.language) or wordings.get(draft.language) or Wording()
    audience = ctx.say.say(await audience_in_words(ctx, request))
    speaker = await named(ctx, request.behalf_of_id)
    return Version(words.title, words.text, audience, answers_of(request.answers), speaker, request.image_id)


async def compose_card(ctx: Context, row: Outbox) -> Message | None:
    """Make one asked member's card as it stands for them."""
    asked = await about(ctx, row.subject_id)
    if asked is None or not isinstance(ctx, PersonContext):
        return None
    return await card(ctx, *asked)


async def met_card(ctx: Context, request: AnchoringRequest, draft: Announcement) -> Message:
    """Return the author's card about what the group has answered, with the button that publishes it while it holds."""
    title = (await words_of(ctx, draft)).title
    if draft.state != AnnouncementState.DRAFT:
        return no_draft_message(ctx, draft, title)
    open_it = Button(ctx.say("Open the draft"), EDIT, target_of(draft), opens_form=True)
    if not is_current(request, draft):
        sentence = ctx.say(
            "“{title}” was anchored with the management group as it was. You have changed it since.", title=title
        )
        newer = await current_anchoring_request(ctx.session, ctx.workspace_id, draft)
        again = [] if newer is None else [Words(ctx.say("They have been asked again about what it says now."))]
        return Message(sentence, (Words(sentence), *again, Buttons((open_it,))))
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


async def about(ctx: Context, request_id: int) -> tuple[AnchoringRequest, Announcement] | None:
    """Return a request and the announcement it is about, by the request's row id."""
    request = await find_anchoring_request(ctx.session, ctx.workspace_id, request_id)
    if request is None:
        return None
    draft = await find_announcement(ctx.session, ctx.workspace_id, request.announcement_id)
    return None if draft is None else (request, draft)
