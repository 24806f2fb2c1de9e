"""The card of whoever is asked whether an announcement may go out in their name."""

from bot.anchoring.changes import change_in_words
from bot.announcements.audience import audience_in_words
from bot.announcements.choices import WITHDRAW
from bot.announcements.forms import is_ahead, preview_parts
from bot.announcements.home_post import link_to_post
from bot.announcements.life import author_name, words_of, writer_name
from bot.announcements.posts import announcement_parts, kind_in_words
from bot.announcements.wording import in_order
from bot.behalf.changed import Put, changed
from bot.context import Context, PersonContext, known
from bot.decisions.checklist import answers_of
from bot.decisions.standing import standing_of
from bot.messages import Button, Buttons, Divider, Heading, Message, Part, Style, Target, Tone, Words
from bot.texts import Text, text
from storage.announcements import VISIBLE, find_announcement, wordings_of
from storage.behalf import ANSWERS, earlier_behalf_request, find_behalf_request, wordings_put
from storage.tables import Announcement, BehalfRequest, BehalfState, Outbox

# What the person can press; bot/behalf/answering.py answers.
LOOK = "behalf.look"
APPROVE = "behalf.approve"
DECLINE = "behalf.decline"


def target_of_request(request: BehalfRequest) -> Target:
    """Return what a button under a request is about."""
    return Target(known(request.id), request.revision)


async def about(ctx: Context, request_id: int) -> tuple[BehalfRequest, Announcement] | None:
    """Return a request and the announcement it is about, by the request's row id."""
    request = await find_behalf_request(ctx.session, ctx.workspace_id, request_id)
    if request is None:
        return None
    announcement = await find_announcement(ctx.session, ctx.workspace_id, request.announcement_id)
    return None if announcement is None else (request, announcement)


async def question(ctx: Context, request: BehalfRequest, announcement: Announcement) -> str:
    """Return the question in one sentence."""
    title = in_order(wordings_put(request), ctx.say.language)[0].title
    writer = await writer_name(ctx, announcement)
    if request.is_edit:
        return ctx.say("{writer} asks: may “{title}” say this instead, in your name?", writer=writer, title=title)
    return ctx.say("{writer} asks: may “{title}” go out in your name?", writer=writer, title=title)


async def card(ctx: PersonContext, request: BehalfRequest, announcement: Announcement) -> Message:
    """Return the asked person's card as it stands for them: all of it, and the two answers; then what came of it."""
    sentence = await question(ctx, request, announcement)
    parts: list[Part] = [Heading(sentence)]
    if request.state != BehalfState.OPEN:
        return Message(sentence, (*parts, *await _ended(ctx, request, announcement)))
    parts.extend(await _changed_parts(ctx, request, announcement))
    if request.is_edit:
        parts.extend(await announcement_parts(ctx, announcement, wordings=wordings_put(request)))
        parts.append(Divider())
    else:
        parts.extend(await preview_parts(ctx, announcement))
    writer = await writer_name(ctx, announcement)
    parts.append(Words(await _consequence(ctx, request, announcement, writer)))
    whose = ctx.say(
        "It stands there as “{byline}”. {writer} edits it, and asks you again first; replies, and how it reaches"
        " people, go to {writer}. Both of you can withdraw it.",
        byline=await author_name(ctx, announcement),
        writer=writer,
    )
    parts.append(Words(whose, Tone.QUIET))
    target = target_of_request(request)
    approve = Button(ctx.say("Approve"), APPROVE, target, Style.PRIMARY)
    parts.append(Buttons((approve, Button(ctx.say("Not like this"), DECLINE, target, opens_form=True))))
    return Message(sentence, tuple(parts))


async def compose_card(ctx: Context, row: Outbox) -> Message | None:
    """Make the asked person's card as it stands for them; None of what was never asked and is no question any more."""
    asked = await about(ctx, row.subject_id)
    if asked is None or not isinstance(ctx, PersonContext):
        return None
    if row.posted_id is None and asked[0].state != BehalfState.OPEN:
        return None
    return await card(ctx, *asked)


async def _consequence(ctx: Context, request: BehalfRequest, announcement: Announcement, writer: str) -> str:
    if request.is_edit:
        return ctx.say("If you approve, it stands so at once, and says that it was edited.")
    if not request.goes_out_itself:
        return ctx.say("If you approve, it is for {writer} to let it go.", writer=writer)
    if announcement.publish_at is None:
        return ctx.say("If you approve, it goes out at once.")
    if is_ahead(ctx, announcement):
        return ctx.say("If you approve, it goes out {moment}.", moment=announcement.publish_at)
    return ctx.say(
        "Its time, {moment}, has passed. If you approve, it is for {writer} to let it go.",
        moment=announcement.publish_at,
        writer=writer,
    )


async def _ended(ctx: PersonContext, request: BehalfRequest, announcement: Announcement) -> list[Part]:
    """Return what has become of a question; of what is out in this person's name, the way to it and to withdraw it."""
    writer = await writer_name(ctx, announcement)
    parts: list[Part] = [Words(ctx.say.say(_how_it_ended(request, writer)), Tone.STRONG)]
    if request.change_wanted:
        parts.append(Words(ctx.say("What you wrote: {words}", words=request.change_wanted)))
    if request.state == BehalfState.APPROVED and announcement.state in VISIBLE:
        parts.append(Words(ctx.say("It is published in your name.")))
        parts.extend(await link_to_post(ctx, known(announcement.id), ctx.say("Open the post")))
        target = Target(known(announcement.id), announcement.version)
        parts.append(Buttons((Button(ctx.say("Withdraw"), WITHDRAW, target, Style.DANGER, opens_form=True),)))
    return parts


def _how_it_ended(request: BehalfRequest, writer: str) -> Text:
    match BehalfState(request.state):
        case BehalfState.APPROVED:
            return text("You have approved it.")
        case BehalfState.DECLINED:
            return text("You have said what is to change. {writer} has been told, and asks you again.", writer=writer)
        case BehalfState.UNREACHED:
            return text("This question is closed, and {writer} has been told.", writer=writer)
        case _:
            return text("This question is closed: {writer} has taken it up again, or it was withdrawn.", writer=writer)


async def _changed_parts(ctx: PersonContext, request: BehalfRequest, announcement: Announcement) -> list[Part]:
    """Tell what is different from what stands (an edit), or from what this person was asked before."""
    after = await _put(ctx, request)
    parts: list[Part] = []
    if request.is_edit:
        stands = await wordings_of(ctx.session, ctx.workspace_id, announcement)
        before = Put(stands, after.kind, after.audience, after.answers, after.image_id)
    else:
        earlier = await earlier_behalf_request(ctx.session, ctx.workspace_id, request)
        if earlier is None:
            return []
        before = await _put(ctx, earlier)
        if earlier.state in ANSWERS:
            answered = (
                ctx.say("You are asked again: as it was before, you had approved it.")
                if earlier.state == BehalfState.APPROVED
                else ctx.say("You are asked again. You had written: {words}", words=earlier.change_wanted)
            )
            parts.append(Words(answered))
    standing = await standing_of(ctx, announcement)
    found = changed(before, after, () if standing is None else standing.items, ctx.say)
    if found:
        parts.append(Words(ctx.say("Changed since then:"), Tone.STRONG))
        parts.extend(Words(change_in_words(change, ctx.say)) for change in found)
        parts.append(Divider())
    return parts


async def _put(ctx: Context, request: BehalfRequest) -> Put:
    return Put(
        wordings_put(request),
        kind_in_words(request.kind, ctx.say),
        ctx.say.say(await audience_in_words(ctx, request)),
        answers_of(request.answers),
        request.image_id,
    )


async def title_for(ctx: Context, announcement: Announcement) -> str:
    """Return what an announcement is called, for this reader."""
    return (await words_of(ctx, announcement)).title
