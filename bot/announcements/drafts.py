"""What is an author's own: saved drafts with the way back to them, and what they have published."""

from collections.abc import Sequence

from bot.announcements.choices import author_choices, take_up_button
from bot.announcements.forms import EDIT, target_of
from bot.announcements.home_post import link_to_post
from bot.announcements.life import named, words_of
from bot.context import Context, PersonContext, known
from bot.messages import Button, Buttons, Heading, Message, Part, Style, Tone, Words
from storage.announcements import drafts_of, find_announcement
from storage.behalf import awaiting_of
from storage.news import published_by
from storage.schedule import scheduled_by
from storage.tables import Announcement, AnnouncementState, Outbox

# The card of what is scheduled; scheduling.py makes it.
SCHEDULED = "announcement.scheduled"

SHOWN_ON_HOME = 5
OFFERED = 5


async def unfinished_draft(ctx: PersonContext) -> Announcement | None:
    """Return a draft whose form has never been sent, to be used again; its title may stand already."""
    for draft in await drafts_of(ctx.session, ctx.workspace_id, ctx.member_id):
        if not (await words_of(ctx, draft)).text:
            return draft
    return None


async def saved_drafts(ctx: PersonContext) -> list[tuple[Announcement, str]]:
    """Return a member's drafts that say something, newest first, each with its title."""
    drafts = [
        (draft, await words_of(ctx, draft)) for draft in await drafts_of(ctx.session, ctx.workspace_id, ctx.member_id)
    ]
    return [(draft, words.title) for draft, words in drafts if words.text]


def drafts_message(ctx: Context, drafts: Sequence[tuple[Announcement, str]]) -> Message:
    """Return the offer of going on with a saved draft."""
    sentence = ctx.say.many("You have {count} saved draft.", "You have {count} saved drafts.", len(drafts))
    resume = tuple(
        Button(ctx.say("Continue “{title}”", title=_shortened(title)), EDIT, target_of(draft), opens_form=True)
        for draft, title in drafts[:OFFERED]
    )
    return Message(sentence, (Words(sentence), Buttons(resume)))


async def compose_draft_card(ctx: Context, row: Outbox) -> Message | None:
    """Make the card of a saved draft; once it is none any more, the card says what it is."""
    draft = await find_announcement(ctx.session, ctx.workspace_id, row.subject_id)
    if draft is None:
        return None
    title = (await words_of(ctx, draft)).title
    if draft.state != AnnouncementState.DRAFT:
        return no_draft_message(ctx, draft, title)
    sentence = ctx.say("Your draft “{title}” is saved. Nobody else sees it.", title=title)
    resume = Button(ctx.say("Continue"), EDIT, target_of(draft), Style.PRIMARY, opens_form=True)
    return Message(sentence, (Words(sentence), Buttons((resume,))))


def no_draft_message(ctx: Context, announcement: Announcement, title: str) -> Message:
    """Return what becomes of an author's card about a draft that is none any more: it says what it is."""
    match AnnouncementState(announcement.state):
        case AnnouncementState.SCHEDULED:
            sentence = ctx.say("“{title}” goes out {moment}.", title=title, moment=announcement.publish_at)
        case AnnouncementState.AWAITING:
            sentence = ctx.say("“{title}” waits for the person it is written for to approve it.", title=title)
        case AnnouncementState.WITHDRAWN:
            sentence = ctx.say("“{title}” is withdrawn.", title=title)
        case AnnouncementState.CANCELLED:
            sentence = ctx.say("“{title}” is cancelled and does not go out.", title=title)
        case _:
            sentence = ctx.say("“{title}” is published.", title=title)
    return Message(sentence, (Words(sentence, Tone.STRONG),))


async def own_section(ctx: PersonContext) -> Sequence[Part]:
    """Show this person's drafts and latest announcements on Home."""
    parts: list[Part] = []
    for draft, title in (await saved_drafts(ctx))[:SHOWN_ON_HOME]:
        parts.append(Words(ctx.say("Draft: {title}", title=title)))
        parts.append(Buttons((Button(ctx.say("Continue"), EDIT, target_of(draft), opens_form=True),)))
    for request, awaiting in await awaiting_of(ctx.session, ctx.workspace_id, ctx.member_id):
        name, title = await named(ctx, request.member_id), (await words_of(ctx, awaiting)).title
        parts.append(Words(ctx.say("Waits for {name} to approve it: {title}", name=name, title=title)))
        parts.append(Buttons((take_up_button(request, ctx.say),)))
    for scheduled in await scheduled_by(ctx.session, ctx.workspace_id, ctx.member_id):
        title = (await words_of(ctx, scheduled)).title
        parts.append(Words(ctx.say("Scheduled for {moment}: {title}", moment=scheduled.publish_at, title=title)))
        parts.append(author_choices(scheduled, ctx.say))
    for published in await published_by(ctx.session, ctx.workspace_id, ctx.member_id, limit=SHOWN_ON_HOME):
        parts.append(Words((await words_of(ctx, published)).title))
        parts.extend(await link_to_post(ctx, known(published.id), ctx.say("Open the post")))
        parts.append(author_choices(published, ctx.say))
    return [Heading(ctx.say("Yours")), *parts] if parts else []


def _shortened(title: str, longest: int = 40) -> str:
    return title if len(title) <= longest else f"{title[: longest - 1]}…"
