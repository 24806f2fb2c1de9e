"""Letting an announcement go at its time: scheduled, cancelled or published before it, and published when it has come.

What is due is found in the database, so that a restart over its time loses nothing.
"""

from datetime import timedelta

import structlog

from bot.announcements.choices import CANCEL, DRAFT, PUBLISH_SCHEDULED, UNSCHEDULE, author_choices
from bot.announcements.drafts import SCHEDULED, no_draft_message
from bot.announcements.forms import EDIT, compose_form, target_of
from bot.announcements.life import move_on, own_announcement, words_of
from bot.announcements.publishing import publish, ready_or_refuse
from bot.announcements.speaking import refresh_behalf
from bot.context import Context, Handlers, PersonContext, known
from bot.decisions.standing import refresh_cards
from bot.errors import Refused, Stale
from bot.events import Event, Reply
from bot.messages import Button, Buttons, Message, Style, Tone, Words
from bot.reasons import kept_reason, reason_of
from bot.texts import text
from storage.announcements import find_announcement
from storage.outbox import Urgency, refresh_posted, say_to_member
from storage.people import get_member
from storage.schedule import due_announcements, store_way_out
from storage.steps import last_step_to
from storage.tables import Announcement, AnnouncementState, MemberState, Outbox

log = structlog.get_logger()

# What the author is told of a time that came.
LATE = "announcement.late"
NOT_OUT = "announcement.not_out"

# A tick comes every quarter of a minute; whoever is later than this was not running.
LATE_AFTER = timedelta(minutes=10)
MOST_AT_ONCE = 20


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {PUBLISH_SCHEDULED: publish_scheduled, UNSCHEDULE: unschedule, CANCEL: cancel}


async def let_go(
    ctx: Context, draft: Announcement, *, by_member_id: int | None, why_open: str = "", as_proposal: bool = False
) -> None:
    """Publish an author's draft, or schedule it where they have chosen a time that lies ahead.

    Raises Refused as publishing does, and for an author whom the platform has not told of yet: they may be a guest.
    """
    author = await get_member(ctx.session, ctx.workspace_id, draft.author_id)
    if author.state == MemberState.STUB:
        raise Refused(
            text(
                "I do not know yet whether you belong to the organisation. Please try again in a moment; nothing you"
                " wrote is lost."
            )
        )
    if draft.publish_at is None or draft.publish_at <= ctx.now:
        await publish(ctx, draft, by_member_id=by_member_id, why_open=why_open, as_proposal=as_proposal)
        return
    await ready_or_refuse(ctx, draft)
    await move_on(ctx, draft, AnnouncementState.SCHEDULED, by_member_id=by_member_id)
    await store_way_out(ctx.session, ctx.workspace_id, draft, why_open=why_open, is_proposal=as_proposal)
    await say_to_member(
        ctx.session,
        ctx.workspace_id,
        draft.author_id,
        SCHEDULED,
        known(draft.id),
        now=ctx.now,
        urgency=Urgency.ANSWER,
        resend_if_unknown=True,
    )
    await _refresh(ctx, draft)


async def publish_scheduled(ctx: PersonContext, event: Event) -> Reply:
    """Publish before its time."""
    scheduled = await _scheduled(ctx, event)
    await publish(
        ctx,
        scheduled,
        by_member_id=ctx.member_id,
        why_open=scheduled.why_open,
        as_proposal=scheduled.is_proposal,
    )
    return Reply(refreshed=await _card(ctx, scheduled))


async def unschedule(ctx: PersonContext, event: Event) -> Reply:
    """Make it a draft again, and open it: it goes out when its author lets go of it anew."""
    scheduled = await _scheduled(ctx, event)
    await move_on(ctx, scheduled, AnnouncementState.DRAFT, by_member_id=ctx.member_id)
    await _refresh(ctx, scheduled)
    return Reply(form=await compose_form(ctx, scheduled), refreshed=await _card(ctx, scheduled))


async def cancel(ctx: PersonContext, event: Event) -> Reply:
    """Let it not go out."""
    scheduled = await _scheduled(ctx, event)
    await move_on(ctx, scheduled, AnnouncementState.CANCELLED, by_member_id=ctx.member_id)
    await _refresh(ctx, scheduled)
    return Reply(refreshed=await _card(ctx, scheduled))


async def publish_due(ctx: Context) -> None:
    """Publish what is scheduled and due; what cannot be published is a draft again, and its author is told why."""
    for scheduled in await due_announcements(ctx.session, ctx.workspace_id, ctx.now, limit=MOST_AT_ONCE):
        try:
            async with ctx.session.begin_nested():
                await _publish_due(ctx, scheduled)
        except Exception:
            # The others are due too. This one is due again at the next tick.
            log.exception("announcement.not_published", workspace=ctx.workspace_id, announcement=scheduled.id)


async def _publish_due(ctx: Context, scheduled: Announcement) -> None:
    due_at = scheduled.publish_at
    told: str | None = None
    try:
        await publish(ctx, scheduled, by_member_id=None, why_open=scheduled.why_open, as_proposal=scheduled.is_proposal)
        if due_at is not None and ctx.now - due_at > LATE_AFTER:
            told = LATE
    except Refused as refusal:
        why = kept_reason(refusal.sentence)
        await move_on(ctx, scheduled, AnnouncementState.DRAFT, by_member_id=None, why=why)
        await _refresh(ctx, scheduled)
        told = NOT_OUT
    if told is not None:
        await say_to_member(
            ctx.session,
            ctx.workspace_id,
            scheduled.author_id,
            told,
            known(scheduled.id),
            now=ctx.now,
            urgency=Urgency.ANSWER,
            resend_if_unknown=True,
        )


async def compose_scheduled(ctx: Context, row: Outbox) -> Message | None:
    """Make the author's card of what is scheduled; once it is not any more, the card says what has become of it."""
    scheduled = await find_announcement(ctx.session, ctx.workspace_id, row.subject_id)
    return None if scheduled is None else await _card(ctx, scheduled)


async def compose_late(ctx: Context, row: Outbox) -> Message | None:
    """Tell an author that their announcement has gone out after its time."""
    late = await find_announcement(ctx.session, ctx.workspace_id, row.subject_id)
    if late is None:
        return None
    sentence = ctx.say(
        "“{title}” has gone out late: Samlas was not running at {moment}, so it went out at {published}.",
        title=(await words_of(ctx, late)).title,
        moment=late.publish_at,
        published=late.published_at,
    )
    return Message(sentence, (Words(sentence),))


async def compose_not_out(ctx: Context, row: Outbox) -> Message | None:
    """Tell an author that their announcement could not go out at its time, and why; None when it has since."""
    draft = await find_announcement(ctx.session, ctx.workspace_id, row.subject_id)
    step = await last_step_to(ctx.session, ctx.workspace_id, row.subject_id, AnnouncementState.DRAFT)
    if draft is None or step is None or draft.state != AnnouncementState.DRAFT:
        return None
    sentence = ctx.say("“{title}” could not go out at its time.", title=(await words_of(ctx, draft)).title)
    why = reason_of(step.why)
    parts = [Words(sentence, Tone.STRONG), *([Words(ctx.say.say(why))] if why is not None else [])]
    return Message(sentence, (*parts, Buttons((_resume(ctx, draft),))))


async def _scheduled(ctx: PersonContext, event: Event) -> Announcement:
    """Return the presser's own announcement that is scheduled.

    Raises Refused for somebody else's, and Stale with its card for one that is not scheduled any more.
    """
    found = await own_announcement(ctx, event)
    if found.state != AnnouncementState.SCHEDULED:
        raise Stale(text("This is not scheduled any more."), refreshed=await _card(ctx, found))
    return found


async def _card(ctx: Context, announcement: Announcement) -> Message:
    title = (await words_of(ctx, announcement)).title
    match AnnouncementState(announcement.state):
        case AnnouncementState.DRAFT:
            sentence = ctx.say("“{title}” is a draft again. It goes out when you say so.", title=title)
            return Message(sentence, (Words(sentence), Buttons((_resume(ctx, announcement),))))
        case AnnouncementState.SCHEDULED | AnnouncementState.CANCELLED:
            shown = no_draft_message(ctx, announcement, title)
            return Message(shown.summary, (*shown.parts, author_choices(announcement, ctx.say)))
        case _:
            return no_draft_message(ctx, announcement, title)


def _resume(ctx: Context, draft: Announcement) -> Button:
    return Button(ctx.say("Continue"), EDIT, target_of(draft), Style.PRIMARY, opens_form=True)


async def _refresh(ctx: Context, announcement: Announcement) -> None:
    announcement_id = known(announcement.id)
    for card in (DRAFT, SCHEDULED):
        await refresh_posted(ctx.session, ctx.workspace_id, card, announcement_id, now=ctx.now)
    await refresh_cards(ctx, announcement_id)
    await refresh_behalf(ctx, announcement)
