"""The life of an announcement: what may follow what, who may do what to it, and in which words it stands."""

from collections.abc import Mapping

from bot.context import Context, PersonContext, known
from bot.errors import Refused
from bot.events import Event
from bot.names import shown_name
from bot.texts import Text, text
from storage.announcements import VISIBLE, Wording, find_announcement, wordings_of
from storage.news import may_see
from storage.people import get_channel, get_member
from storage.steps import move
from storage.tables import Announcement, AnnouncementState

# From each state, the states that may follow. The last step of publishing is the fan-out's (storage/fan_out.py), when
# everybody it is for has been written down.
TRANSITIONS: Mapping[AnnouncementState, tuple[AnnouncementState, ...]] = {
    AnnouncementState.DRAFT: (
        AnnouncementState.PUBLISHING,
        AnnouncementState.SCHEDULED,
        AnnouncementState.AWAITING,
    ),
    # Approved, declined or taken up again (`behalf_request` says which), it is a draft; one that is approved as it
    # stands may go on from there, any other that is written on somebody's behalf may not.
    AnnouncementState.AWAITING: (AnnouncementState.DRAFT,),
    AnnouncementState.SCHEDULED: (
        AnnouncementState.DRAFT,
        AnnouncementState.PUBLISHING,
        AnnouncementState.CANCELLED,
    ),
    AnnouncementState.PUBLISHING: (AnnouncementState.PUBLISHED, AnnouncementState.WITHDRAWN),
    # To itself: it was edited (storage/announcements.py, `revise_published`).
    AnnouncementState.PUBLISHED: (AnnouncementState.PUBLISHED, AnnouncementState.WITHDRAWN),
    AnnouncementState.WITHDRAWN: (),
    AnnouncementState.CANCELLED: (),
}

# Said also of one that is not for this person's eyes: whether it exists is not told.
_GONE = text("This announcement is not there any more.")
_NO_DRAFT: Mapping[AnnouncementState, Text] = {
    AnnouncementState.SCHEDULED: text("This is scheduled. Its card in our conversation leads on."),
    AnnouncementState.AWAITING: text(
        "This waits for the person it is written for to approve it. Its card in our conversation leads on."
    ),
    AnnouncementState.WITHDRAWN: text("This was withdrawn, so it is not changed here any more."),
    AnnouncementState.CANCELLED: text("This was cancelled, so it is not changed here any more."),
}
_PUBLISHED = text("This is already published, so it is not changed here any more.")


async def move_on(
    ctx: Context, announcement: Announcement, to_state: AnnouncementState, *, by_member_id: int | None, why: str = ""
) -> None:
    """Move an announcement on in its life.

    Raises Refused where its state, in hand or by now, does not lead there.
    """
    from_state = AnnouncementState(announcement.state)
    if to_state not in TRANSITIONS[from_state] or not await move(
        ctx.session,
        ctx.workspace_id,
        known(announcement.id),
        from_state,
        to_state,
        by_member_id=by_member_id,
        now=ctx.now,
        why=why,
    ):
        raise Refused(_NO_DRAFT.get(from_state, _PUBLISHED))


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


async def own_announcement(ctx: PersonContext, event: Event) -> Announcement:
    """Return the presser's own announcement, wherever it is in its life.

    Raises Refused for somebody else's.
    """
    found = await announcement_of(ctx, event)
    if found.author_id != ctx.member_id:
        raise Refused(_GONE)
    return found


async def own_draft(ctx: PersonContext, event: Event) -> Announcement:
    """Return the presser's own draft, whatever version the button was made from.

    Raises Refused for somebody else's, and for one that is no longer a draft.
    """
    draft = await own_announcement(ctx, event)
    if draft.state != AnnouncementState.DRAFT:
        raise Refused(_NO_DRAFT.get(AnnouncementState(draft.state), _PUBLISHED))
    return draft


async def published_or_refuse(ctx: PersonContext, event: Event) -> Announcement:
    """Return the announcement under a reader's button.

    Raises Refused when it is not out, or not for the presser's eyes.
    """
    found = await announcement_of(ctx, event)
    if found.state not in VISIBLE or not await _is_seen(ctx, event, found):
        raise Refused(_GONE)
    return found


async def _is_seen(ctx: PersonContext, event: Event, announcement: Announcement) -> bool:
    if event.place.channel is not None and announcement.home_channel_id is not None:
        home = await get_channel(ctx.session, ctx.workspace_id, announcement.home_channel_id)
        if home.external_id == event.place.channel:
            # Whoever presses it where it stands has it before their eyes, whatever we know of the channel's members.
            return True
    return await may_see(ctx.session, ctx.workspace_id, ctx.member, known(announcement.id))


async def author_name(ctx: Context, announcement: Announcement) -> str:
    """Return what stands under an announcement: "Bo Berg", or "Anna Ek, through Bo Berg" on her behalf."""
    writer, speaker = await writer_name(ctx, announcement), await speaker_name(ctx, announcement)
    return (
        writer
        if announcement.behalf_of_id is None
        else ctx.say("{name}, through {writer}", name=speaker, writer=writer)
    )


async def writer_name(ctx: Context, announcement: Announcement) -> str:
    """Return the name of whoever writes an announcement, in their own name or on somebody's behalf."""
    return await named(ctx, announcement.author_id)


async def speaker_name(ctx: Context, announcement: Announcement) -> str:
    """Return the name of whoever speaks in an announcement: the person on whose behalf it is written, or its writer."""
    return await named(ctx, announcement.behalf_of_id or announcement.author_id)


async def named(ctx: Context, member_id: int | None) -> str:
    """Return a member's name; nothing for nobody."""
    if member_id is None:
        return ""
    return shown_name(await get_member(ctx.session, ctx.workspace_id, member_id), ctx.say)


async def words_of(ctx: Context, announcement: Announcement) -> Wording:
    """Return what an announcement says to this reader: in their language where it has that, else as it was written."""
    wordings = await wordings_of(ctx.session, ctx.workspace_id, announcement)
    return wordings.get(ctx.say.language) or wordings.get(announcement.language) or Wording()
