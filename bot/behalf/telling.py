"""What the writer is told of what they have put to the person they write for."""

from bot.announcements.choices import AMEND, take_up_button
from bot.announcements.forms import EDIT, is_ahead, target_of
from bot.announcements.home_post import link_to_post
from bot.announcements.life import named
from bot.behalf.cards import about, title_for
from bot.context import Context, known
from bot.messages import Button, Buttons, Message, Part, Style, Target, Tone, Words
from bot.reasons import reason_of
from storage.announcements import VISIBLE
from storage.tables import Announcement, AnnouncementState, BehalfRequest, BehalfState, Outbox

# The message about a chosen time that has passed.
TIME_PASSED = "behalf.time_passed"
# What the writer can press; bot/behalf/asking.py answers.
GO_ON = "behalf.go_on"


async def compose_waiting(ctx: Context, row: Outbox) -> Message | None:
    """Make the writer's card of what waits for somebody's yes, with the way back to it; then, what came of it."""
    asked = await about(ctx, row.subject_id)
    if asked is None:
        return None
    request, announcement = asked
    if request.state != BehalfState.OPEN:
        sentence = await _answered_line(ctx, request, announcement)
        return Message(sentence, (Words(sentence),))
    name, title = await named(ctx, request.member_id), await title_for(ctx, announcement)
    if request.is_edit:
        sentence = ctx.say("Your changes to “{title}” wait for {name} to approve them.", title=title, name=name)
        edit = Button(ctx.say("Edit"), AMEND, _version_of(announcement), opens_form=True)
        return Message(sentence, (Words(sentence), Buttons((edit,))))
    sentence = ctx.say("“{title}” waits for {name} to approve it.", title=title, name=name)
    parts: list[Part] = [Words(sentence)]
    if request.goes_out_itself and is_ahead(ctx, announcement):
        parts.append(Words(ctx.say("Approved in time, it goes out {moment}.", moment=announcement.publish_at)))
    parts.append(Words(ctx.say("Whoever edits it takes the question back."), Tone.QUIET))
    return Message(sentence, (*parts, Buttons((take_up_button(request, ctx.say),))))


async def compose_answered(ctx: Context, row: Outbox) -> Message | None:
    """Tell the writer what became of their question, with the way on."""
    asked = await about(ctx, row.subject_id)
    if asked is None:
        return None
    request, announcement = asked
    sentence = await _answered_line(ctx, request, announcement)
    parts: list[Part] = [Words(sentence, Tone.STRONG)]
    if request.change_wanted:
        parts.append(Words(ctx.say("They write, to you alone: {words}", words=request.change_wanted)))
    why = reason_of(request.reason)
    if why is not None:
        parts.append(Words(ctx.say.say(why)))
    parts.extend(await _ways_on(ctx, request, announcement))
    return Message(sentence, tuple(parts))


async def compose_time_passed(ctx: Context, row: Outbox) -> Message | None:
    """Tell the writer that the time they had chosen has passed unanswered; None when it is answered by its turn."""
    asked = await about(ctx, row.subject_id)
    if asked is None or asked[0].state != BehalfState.OPEN:
        return None
    request, announcement = asked
    sentence = ctx.say(
        "“{title}” was to go out {moment}, and {name} has not approved it yet.",
        title=await title_for(ctx, announcement),
        moment=announcement.publish_at,
        name=await named(ctx, request.member_id),
    )
    told = ctx.say("It does not go out by itself any more: once it is approved, you are told, and let it go yourself.")
    buttons = Buttons((take_up_button(request, ctx.say),))
    return Message(sentence, (Words(sentence, Tone.STRONG), Words(told), buttons))


async def _answered_line(ctx: Context, request: BehalfRequest, announcement: Announcement) -> str:
    name, title = await named(ctx, request.member_id), await title_for(ctx, announcement)
    match BehalfState(request.state):
        case BehalfState.APPROVED if request.is_edit:
            return ctx.say("{name} has approved your changes to “{title}”: it stands so now.", name=name, title=title)
        case BehalfState.APPROVED:
            return ctx.say("{name} has approved “{title}”.", name=name, title=title)
        case BehalfState.DECLINED:
            return ctx.say("{name} does not want “{title}” to say it like this.", name=name, title=title)
        case BehalfState.UNREACHED:
            return ctx.say("{name} could not be asked about “{title}”.", name=name, title=title)
        case _:
            return ctx.say("“{title}” does not wait for {name} any more.", name=name, title=title)


async def _ways_on(ctx: Context, request: BehalfRequest, announcement: Announcement) -> list[Part]:
    say = ctx.say
    if request.is_edit:
        if announcement.state != AnnouncementState.PUBLISHED or request.state == BehalfState.APPROVED:
            return [*await link_to_post(ctx, known(announcement.id), say("Open the post"))]
        told = Words(say("What stands has stayed as it was."))
        return [told, Buttons((Button(say("Edit"), AMEND, _version_of(announcement), opens_form=True),))]
    match AnnouncementState(announcement.state):
        case AnnouncementState.DRAFT if request.revision != announcement.revision:
            return [Words(say("You have changed it since.")), _continue(ctx, announcement)]
        case AnnouncementState.DRAFT if request.state == BehalfState.APPROVED:
            told = Words(say("You can let it go now. If you change what it says, they are asked again."))
            go_on = Button(say("Go on"), GO_ON, target_of(announcement), Style.PRIMARY, opens_form=True)
            return [told, Buttons((go_on,))]
        case AnnouncementState.DRAFT:
            return [Words(say("It is your draft again.")), _continue(ctx, announcement)]
        case AnnouncementState.SCHEDULED:
            return [Words(say("It goes out {moment}.", moment=announcement.publish_at))]
        case state if state in VISIBLE:
            link = await link_to_post(ctx, known(announcement.id), say("Open the post"))
            return [Words(say("It is published.")), *link]
        case _:
            return []


def _continue(ctx: Context, draft: Announcement) -> Buttons:
    return Buttons((Button(ctx.say("Continue"), EDIT, target_of(draft), Style.PRIMARY, opens_form=True),))


def _version_of(announcement: Announcement) -> Target:
    return Target(known(announcement.id), announcement.version)
