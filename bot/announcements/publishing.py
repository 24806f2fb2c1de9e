"""Publishing: the one way from a draft to a post, for its author, for the management group's yes, and for the clock."""

from bot.announcements.choices import DRAFT
from bot.announcements.drafts import SCHEDULED
from bot.announcements.home_post import POST, can_post_in, copies_of, home_of
from bot.announcements.life import move_on, words_of
from bot.announcements.picture import PICTURE
from bot.announcements.posts import COPY
from bot.announcements.speaking import approved_or_refuse, refresh_behalf
from bot.context import Context, known
from bot.decisions.standing import outcome_of_draft, refresh_cards
from bot.errors import Refused
from bot.texts import text
from storage.announcements import store_publication
from storage.database import Session
from storage.decision_log import announcement_of_decision
from storage.decisions import drop_decision, find_decision, store_outcome
from storage.fan_out import start_fan_out
from storage.outbox import Urgency, refresh_posted, say_in_channel, say_to_member
from storage.tables import Announcement, AnnouncementState, AudienceKind, DecisionStatus, FanOut


async def publish(
    ctx: Context,
    draft: Announcement,
    *,
    by_member_id: int | None,
    why_open: str = "",
    as_proposal: bool = False,
) -> None:
    """Publish a draft or what was scheduled: its home post, its author's card, and its copies once the post stands.

    `why_open` is kept only where something that counts is open by now. Whether it may be published without an
    anchoring is the caller's question. Raises Refused when nothing is written, the channel it is for takes no posts
    of its author's any more, or it is no draft by now.
    """
    await ready_or_refuse(ctx, draft)
    announcement_id = known(draft.id)
    home = await home_of(ctx, draft)
    outcome = await outcome_of_draft(ctx, draft)
    await move_on(ctx, draft, AnnouncementState.PUBLISHING, by_member_id=by_member_id)
    await store_publication(
        ctx.session,
        ctx.workspace_id,
        draft,
        home_channel_id=home.channel_id,
        why_open="" if outcome is None or outcome.is_anchored else why_open,
        is_proposal=as_proposal and outcome is not None,
        now=ctx.now,
    )
    if outcome is None:
        await drop_decision(ctx.session, ctx.workspace_id, announcement_id)
    else:
        status = DecisionStatus.PROPOSED if as_proposal else DecisionStatus.DECIDED
        await store_outcome(ctx.session, ctx.workspace_id, announcement_id, status, outcome.anchoring)
        await refresh_replaced(ctx, announcement_id)
    if home.channel_id is None:
        await start_copies(ctx.session, ctx.workspace_id, draft, None)
    else:
        await say_in_channel(
            ctx.session,
            ctx.workspace_id,
            home.channel_id,
            POST,
            announcement_id,
            now=ctx.now,
            urgency=Urgency.HOME_POST,
            once=f"{POST}:{announcement_id}",
        )
    await say_to_member(
        ctx.session,
        ctx.workspace_id,
        draft.author_id,
        PICTURE,
        announcement_id,
        now=ctx.now,
        urgency=Urgency.EDIT,
        once=f"{PICTURE}:{announcement_id}",
        resend_if_unknown=True,
    )
    for card in (DRAFT, SCHEDULED):
        await refresh_posted(ctx.session, ctx.workspace_id, card, announcement_id, now=ctx.now)
    await refresh_cards(ctx, announcement_id)
    await refresh_behalf(ctx, draft)


async def ready_or_refuse(ctx: Context, draft: Announcement) -> None:
    """Refuse to let go of what cannot be published, or speaks for somebody who has not approved it as it stands."""
    await writable_or_refuse(ctx, draft)
    await approved_or_refuse(ctx, draft)


async def writable_or_refuse(ctx: Context, draft: Announcement) -> None:
    """Refuse what cannot be published anyhow: without words, or for a channel that takes none of its author's."""
    words = await words_of(ctx, draft)
    if not words.title or not words.text:
        raise Refused(text("Please give it a title and a text first."))
    if draft.audience_kind == AudienceKind.CHANNEL and not await can_post_in(ctx, draft, known(draft.audience_id)):
        raise Refused(text("Samlas cannot post in this channel for you any more. Please choose again who it is for."))


async def refresh_replaced(ctx: Context, announcement_id: int) -> None:
    """Have what a decision replaces say so where it stands."""
    decision = await find_decision(ctx.session, ctx.workspace_id, announcement_id)
    if decision is None or decision.replaces_id is None:
        return
    older = await announcement_of_decision(ctx.session, ctx.workspace_id, decision.replaces_id)
    if older is not None:
        await refresh_decision(ctx, known(older.id))


async def refresh_decision(ctx: Context, announcement_id: int) -> None:
    """Have a decision's post, its copies and its author's card show how it stands now."""
    for message in (POST, COPY, PICTURE):
        await refresh_posted(ctx.session, ctx.workspace_id, message, announcement_id, now=ctx.now)


async def start_copies(
    session: Session, workspace_id: int, announcement: Announcement, home_channel_id: int | None
) -> None:
    """Have everybody it is for written down, and copies sent to whom the home post in this channel does not reach."""
    if announcement.published_at is None:
        raise ValueError("only what is being published has copies")
    announcement_id = known(announcement.id)
    await start_fan_out(
        session,
        workspace_id,
        FanOut(
            workspace_id=workspace_id,
            message=COPY,
            subject_id=announcement_id,
            revision=announcement.revision,
            audience_kind=announcement.audience_kind,
            audience_id=announcement.audience_id,
            copies=copies_of(announcement, home_channel_id),
            home_channel_id=home_channel_id,
            except_member_id=announcement.author_id,
            also_except_member_id=announcement.behalf_of_id,
            priority=Urgency.IMPORTANT_COPY if announcement.important else Urgency.COPY,
            resend_if_unknown=True,
            announcement_id=announcement_id,
            audience_as_of=announcement.published_at,
        ),
    )
