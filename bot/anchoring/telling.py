"""What the author and the asked are told of a request as it goes on: answers, a reminder, its end."""

from bot.anchoring.cards import LOOK, about, is_current, met_card, target_of_request
from bot.announcements.forms import EDIT, target_of
from bot.announcements.home_post import link_to_post
from bot.announcements.life import words_of, writer_name
from bot.context import Context, PersonContext, known
from bot.decisions.outcome import count_anchored
from bot.decisions.standing import ASK_GROUP
from bot.messages import Button, Buttons, Message, Part, Style, Tone, Words, Written
from bot.names import shown_name
from storage.anchoring import anchoring_answers, get_anchoring_answer
from storage.people import get_member
from storage.tables import AnchoringAnswer, AnchoringAnswerKind, AnchoringState, AnnouncementState, Outbox

HEARD = "anchoring.heard"
REMINDER = "anchoring.reminder"
LAPSED = "anchoring.lapsed"
PUBLISHED = "anchoring.published"


async def compose_heard(ctx: Context, row: Outbox) -> Message | None:
    """Tell the author what one member of the group answered."""
    answer = await get_anchoring_answer(ctx.session, ctx.workspace_id, row.subject_id)
    asked = await about(ctx, answer.request_id)
    if asked is None or answer.answer is None:
        return None
    request, draft = asked
    name = shown_name(await get_member(ctx.session, ctx.workspace_id, answer.member_id), ctx.say)
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
    if request.publish_when_met:
        parts.append(Words(ctx.say("It does not publish itself any more: how to go on is for you to say.")))
    parts.append(Buttons((Button(ctx.say("Open the draft"), EDIT, target_of(draft), opens_form=True),)))
    return Message(sentence, tuple(parts))


async def compose_met(ctx: Context, row: Outbox) -> Message | None:
    """Tell the author that the decision is anchored; None when it is not so by its turn, and was never said."""
    asked = await about(ctx, row.subject_id)
    if asked is None:
        return None
    request, draft = asked
    is_new = row.posted_id is None
    if is_new and (request.state != AnchoringState.MET or draft.state != AnnouncementState.DRAFT):
        return None
    return await met_card(ctx, request, draft)


async def compose_published(ctx: Context, row: Outbox) -> Message | None:
    """Tell the author that what they had put to the group has published itself, as they ticked."""
    asked = await about(ctx, row.subject_id)
    if asked is None:
        return None
    _, draft = asked
    title = (await words_of(ctx, draft)).title
    if draft.state == AnnouncementState.SCHEDULED and draft.publish_at is not None:
        sentence = ctx.say(
            "“{title}” is anchored with the management group, and publishes itself on {moment}.",
            title=title,
            moment=draft.publish_at,
        )
        return Message(sentence, (Words(sentence, Tone.STRONG),))
    sentence = ctx.say("“{title}” is anchored with the management group, and has published itself.", title=title)
    return Message(
        sentence,
        (Words(sentence, Tone.STRONG), *await link_to_post(ctx, known(draft.id), ctx.say("Open the post"))),
    )


async def compose_reminder(ctx: Context, row: Outbox) -> Message | None:
    """Remind one member who was asked; None when they have answered by its turn, or nobody waits any more."""
    asked = await about(ctx, row.subject_id)
    if asked is None or not isinstance(ctx, PersonContext):
        return None
    request, draft = asked
    answers = await anchoring_answers(ctx.session, ctx.workspace_id, row.subject_id)
    waits = request.state == AnchoringState.OPEN and draft.state == AnnouncementState.DRAFT
    if not waits or not is_current(request, draft) or not any(_is_open(answer, ctx.member_id) for answer in answers):
        return None
    sentence = ctx.say(
        "{author} still hopes for your answer: is “{title}” anchored with you?",
        author=await writer_name(ctx, draft),
        title=(await words_of(ctx, draft)).title,
    )
    read = Button(ctx.say("Read and answer"), LOOK, target_of_request(request), Style.PRIMARY, opens_form=True)
    return Message(sentence, (Words(sentence), Buttons((read,))))


async def compose_lapsed(ctx: Context, row: Outbox) -> Message | None:
    """Tell the author, or one of the asked, that too few have answered in time."""
    asked = await about(ctx, row.subject_id)
    if asked is None or not isinstance(ctx, PersonContext):
        return None
    request, draft = asked
    title = (await words_of(ctx, draft)).title
    if ctx.member_id != draft.author_id:
        sentence = ctx.say(
            "Whether “{title}” is anchored has stayed open for ten working days, so that question has lapsed."
            " {author} has been told.",
            title=title,
            author=await writer_name(ctx, draft),
        )
        return Message(sentence, (Words(sentence),))
    answers = await anchoring_answers(ctx.session, ctx.workspace_id, row.subject_id)
    sentence = ctx.say("Your question about “{title}” has lapsed after ten working days.", title=title)
    said_so = ctx.say.many(
        "{anchored} of {count} person asked has answered Anchored.",
        "{anchored} of {count} people asked have answered Anchored.",
        len(answers),
        anchored=count_anchored(answers),
    )
    parts: list[Part] = [Words(sentence, Tone.STRONG), Words(said_so)]
    if draft.state == AnnouncementState.DRAFT and is_current(request, draft):
        parts.append(Words(ctx.say("You can ask them again, or go on in another way.")))
        again = Button(ctx.say("Ask again"), ASK_GROUP, target_of(draft))
        open_it = Button(ctx.say("Open the draft"), EDIT, target_of(draft), Style.PRIMARY, opens_form=True)
        parts.append(Buttons((open_it, again)))
    return Message(sentence, tuple(parts))


def _is_open(answer: AnchoringAnswer, member_id: int) -> bool:
    return answer.member_id == member_id and answer.answer is None
