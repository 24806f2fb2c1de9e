"""The life of an announcement: who may do what to it, and what holds it together across forms and buttons."""

from bot.context import Context, PersonContext, known
from bot.decisions.checklist import Answer, Item, answers_of, items_of
from bot.decisions.outcome import Outcome, outcome_of
from bot.errors import Refused, Stale
from bot.events import Event
from bot.texts import text
from storage.announcements import find_announcement, may_see
from storage.decisions import anchoring_answers, current_anchoring_request, find_decision
from storage.people import get_channel, get_member
from storage.tables import Announcement, AnnouncementKind, AnnouncementState

# Said also of one that is somebody else's: whether it exists is not told.
_GONE = text("This announcement is not there any more.")


async def announcement_of(ctx: Context, event: Event) -> Announcement:
    """Return the announcement that a button or form is about.

    Raises Refused when it is not of this workspace or was never there.
    """
    found = None
    if event.target is not None:
        found = await find_announcement(ctx.session, ctx.workspace_id, event.target.row)
    if found is None:
        raise Refused(_GONE)
    return found


async def own_draft(ctx: PersonContext, event: Event) -> Announcement:
    """Return the presser's own draft, in the version that the button or form was made from.

    Raises Refused for somebody else's or one that is no longer a draft, and Stale for an older version.
    """
    draft = await announcement_of(ctx, event)
    if draft.author_id != ctx.member_id:
        raise Refused(text("Only its author can do this."))
    if draft.state != AnnouncementState.DRAFT:
        raise Refused(text("This is already published, so it is not changed here any more."))
    if event.target is None or event.target.version != draft.version:
        raise Stale(text("This was changed since you opened it here. Open the draft again to go on."))
    return draft


async def published(ctx: PersonContext, event: Event) -> Announcement:
    """Return the announcement under a reader's button.

    Raises Refused when it is not out, or not for the presser's eyes.
    """
    found = await announcement_of(ctx, event)
    if not await _is_seen(ctx, event, found):
        raise Refused(_GONE)
    if found.state not in (AnnouncementState.PUBLISHING, AnnouncementState.PUBLISHED):
        raise Refused(text("This announcement is not published."))
    return found


async def _is_seen(ctx: PersonContext, event: Event, announcement: Announcement) -> bool:
    if event.place.channel is not None and announcement.home_channel_id is not None:
        home = await get_channel(ctx.session, ctx.workspace_id, announcement.home_channel_id)
        if home.external_id == event.place.channel:
            # Whoever presses it where it stands has it before their eyes, whatever we know of the channel's members.
            return True
    return await may_see(ctx.session, ctx.workspace_id, ctx.member, known(announcement.id))


async def author_name(ctx: Context, announcement: Announcement) -> str:
    """Return the name that stands under an announcement."""
    return (await get_member(ctx.session, ctx.workspace_id, announcement.author_id)).name


async def decision_as_it_stands(
    ctx: Context, announcement: Announcement
) -> tuple[tuple[Item, ...], dict[str, Answer], Outcome] | None:
    """Return a decision's items, answers and computed outcome; None for news, or before its checklist was opened."""
    if announcement.kind != AnnouncementKind.DECISION:
        return None
    decision = await find_decision(ctx.session, ctx.workspace_id, known(announcement.id))
    if decision is None:
        return None
    items, answers = items_of(decision.checklist), answers_of(decision.answers)
    request = await current_anchoring_request(ctx.session, ctx.workspace_id, known(announcement.id))
    author = await author_name(ctx, announcement)
    if request is None:
        return items, answers, outcome_of(items, answers, author)
    asked = await anchoring_answers(ctx.session, ctx.workspace_id, known(request.id))
    return items, answers, outcome_of(items, answers, author, request.rule, asked)
