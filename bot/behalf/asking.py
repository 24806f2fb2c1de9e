"""What a writer does with the person they write for: ask them, and take what waits for them up again."""

from bot.announcements.choices import TAKE_UP
from bot.announcements.forms import compose_form, draft_as_shown, preview_form
from bot.announcements.life import move_on, named, own_announcement, own_draft
from bot.announcements.publishing import writable_or_refuse
from bot.announcements.speaking import ASK_SPEAKER, GOES_OUT_ITSELF, is_approved, put_to_speaker, take_back
from bot.behalf.telling import GO_ON
from bot.context import Handlers, PersonContext
from bot.errors import Refused
from bot.events import Event, Reply, whisper
from bot.forms import YES
from bot.texts import text
from storage.announcements import wordings_of
from storage.tables import AnnouncementState


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {ASK_SPEAKER: ask, TAKE_UP: take_up, GO_ON: go_on}


async def ask(ctx: PersonContext, event: Event) -> Reply:
    """Put a draft to the person it is written for; until they have answered, it can neither go out nor be changed.

    Raises Refused when it speaks for nobody else, is approved as it stands, or cannot go out anyway.
    """
    draft = await draft_as_shown(ctx, event)
    if await is_approved(ctx, draft):
        raise Refused(text("Nobody has to approve this before it goes out."))
    await writable_or_refuse(ctx, draft)
    await move_on(ctx, draft, AnnouncementState.AWAITING, by_member_id=ctx.member_id)
    await put_to_speaker(
        ctx,
        draft,
        await wordings_of(ctx.session, ctx.workspace_id, draft),
        goes_out_itself=event.values.get(GOES_OUT_ITSELF) == YES,
    )
    name = await named(ctx, draft.behalf_of_id)
    said = whisper(ctx.say("{name} has been asked. You will be told what they answer.", name=name))
    return Reply(close=True, whisper=said.whisper)


async def take_up(ctx: PersonContext, event: Event) -> Reply:
    """Make what waits a draft again and open it; nobody is asked about it any more."""
    announcement = await own_announcement(ctx, event)
    if announcement.state == AnnouncementState.AWAITING:
        await move_on(ctx, announcement, AnnouncementState.DRAFT, by_member_id=ctx.member_id)
        await take_back(ctx, announcement)
    return Reply(form=await compose_form(ctx, await own_draft(ctx, event)))


async def go_on(ctx: PersonContext, event: Event) -> Reply:
    """Open a draft's preview, with its ways on."""
    return Reply(form=await preview_form(ctx, await own_draft(ctx, event)))
