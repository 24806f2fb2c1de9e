"""Reminders of announcements whose readers are asked to confirm: planned by the day, paid like all that is unasked-for.

To those of whom no sign of having read is known, on the third and on the tenth day after publishing; and once a day
when the author asks for it (nudges/remind_now.py).
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.announcements.home_post import link_to_post
from bot.announcements.life import author_name, words_of
from bot.announcements.posts import COPY
from bot.announcements.reading import read_elsewhere
from bot.calendars import DAY, Calendar, calendar_of, monday_of
from bot.context import Context, Handlers, PersonContext, known
from bot.errors import Refused
from bot.events import Event, Reply
from bot.messages import Link, Part, Written
from bot.texts import text
from nudges.contacts import ItemKind, Kinds, Wanted, Wish, as_it_stands, plan
from nudges.messages import CONFIRM, Said, reminder
from nudges.planning import EARLIEST_ZONE
from nudges.stage import may_remind
from storage.announcements import find_announcement
from storage.contacts import find_contact, find_item
from storage.errands import advance_errand, claim_errand
from storage.outbox import find_posted
from storage.recipients import find_recipient
from storage.tables import Announcement, ContactItem, Errand
from storage.unread import asking_for_confirmation, is_unread, reasons_said, unread_page

REMINDER = "reminder"
ERRAND = "nudges.reminders"
# So many people are planned for in one transaction.
PAGE = 100


class Nth(StrEnum):
    """Which reminder it is; each is said at most once about one announcement."""

    FIRST = "first"
    SECOND = "second"
    # Asked for by the author.
    ASKED = "asked"


# PRODUCT chapter 1, "Reminders": on day 3 and day 10 after publishing. Where that day does not suit, or the budget has
# no room, on the next that does: the first until the second's turn, the second until a month has passed.
DAYS: Mapping[Nth, tuple[timedelta, timedelta]] = {
    Nth.FIRST: (timedelta(days=3), timedelta(days=9)),
    Nth.SECOND: (timedelta(days=10), timedelta(days=30)),
}
LAST = max(last for _, last in DAYS.values())


def next_reminder(
    published: date, said: Collection[str], calendar: Calendar, minute: int, first: date, now: datetime
) -> tuple[Nth, datetime] | None:
    """Return the reminder that is due on a day from `first` to the end of that week, and its moment; None: none is.

    `published` is the day in the reader's zone, `said` what they were told about it before, `minute` when in their
    day. Pure.
    """
    sunday = monday_of(first) + 6 * DAY
    for nth, (after, until) in DAYS.items():
        if nth in said:
            continue
        slot = calendar.slot_between(max(first, published + after), min(sunday, published + until), minute, now)
        if slot is not None:
            return nth, slot
    return None


async def plan_reminders(ctx: Context, kinds: Kinds) -> bool:
    """Plan today's next page of reminders of each announcement that asks its readers to confirm.

    True: of one at least there is another.
    """
    if not may_remind(ctx.workspace):
        return False
    # As soon as the day begins anywhere.
    day = (ctx.now + EARLIEST_ZONE).date()
    has_more = False
    for announcement in await asking_for_confirmation(ctx.session, ctx.workspace_id, since=ctx.now - LAST - 2 * DAY):
        published = announcement.published_at
        if published is None or published.date() - DAY + DAYS[Nth.FIRST][0] > monday_of(day) + 6 * DAY:
            continue
        errand = await claim_errand(
            ctx.session, ctx.workspace_id, ERRAND, day, ctx.now, subject_id=known(announcement.id)
        )
        if errand is not None:
            has_more |= await _plan_page(ctx, kinds, announcement, published, errand)
    return has_more


async def _plan_page(
    ctx: Context, kinds: Kinds, announcement: Announcement, published: datetime, errand: Errand
) -> bool:
    announcement_id = known(announcement.id)
    members = await unread_page(ctx.session, ctx.workspace_id, announcement_id, after=errand.cursor, limit=PAGE)
    ids = [known(member.id) for member in members]
    said = await reasons_said(ctx.session, ctx.workspace_id, REMINDER, announcement_id, ids)
    wishes = []
    for member, member_id in zip(members, ids, strict=True):
        calendar = calendar_of(member, ctx.settings)
        due = next_reminder(
            calendar.local_day(published),
            said.get(member_id, ()),
            calendar,
            ctx.settings.round_minute,
            errand.day,
            ctx.now,
        )
        if due is not None:
            nth, slot = due
            wishes.append(Wish(member_id, [Wanted(REMINDER, nth, announcement_id)], slot))
    await plan(ctx, kinds, wishes)
    last = ids[-1] if len(ids) == PAGE else None
    await advance_errand(ctx.session, ctx.workspace_id, errand, last, ctx.now)
    return last is not None


def reminder_kind() -> ItemKind:
    """Return how a reminder is said; its subject is the announcement."""
    return ItemKind(rank=10, is_true=is_true, says=say_reminder, needs_rounds=False)


async def is_true(ctx: PersonContext, item: ContactItem) -> bool:
    """Whether the announcement still stands, asks to be confirmed, and is unread; and the reminder's day has come."""
    announcement = await find_announcement(ctx.session, ctx.workspace_id, item.subject_id)
    if announcement is None or announcement.published_at is None or not announcement.confirm:
        return False
    calendar, nth = calendar_of(ctx.member, ctx.settings), Nth(item.reason)
    if nth in DAYS and calendar.local_day(ctx.now) < calendar.local_day(announcement.published_at) + DAYS[nth][0]:
        return False
    return await is_unread(ctx.session, ctx.workspace_id, item.subject_id, ctx.member_id)


async def say_reminder(ctx: PersonContext, item: ContactItem) -> Said | None:
    """Return what the reminder says: who asks for what, the way there, and *I have read this* until that is so."""
    announcement = await find_announcement(ctx.session, ctx.workspace_id, item.subject_id)
    if announcement is None or announcement.published_at is None:
        return None
    recipient = await find_recipient(ctx.session, ctx.workspace_id, item.subject_id, ctx.member_id)
    words = await words_of(ctx, announcement)
    way: list[Part] = [*await _way_to(ctx, item.subject_id)]
    return reminder(
        known(item.id),
        words.title,
        await author_name(ctx, announcement),
        ctx.say.day_of(announcement.published_at),
        way or [Written(words.text)],
        has_read=recipient is not None and recipient.read_at is not None,
        say=ctx.say,
    )


async def _way_to(ctx: PersonContext, announcement_id: int) -> list[Link]:
    label = ctx.say("Open the announcement")
    link = await link_to_post(ctx, announcement_id, label)
    if link:
        return link
    copy = await find_posted(ctx.session, ctx.workspace_id, COPY, announcement_id, ctx.member_id)
    return [] if copy is None or copy.link is None else [Link(label, copy.link)]


def handlers(kinds: Kinds) -> Handlers:
    """Return what is answered under a reminder, by action name."""

    async def confirm(ctx: PersonContext, event: Event) -> Reply:
        """Record *I have read this*, and show the reminder's message as it stands then."""
        item = None
        if event.target is not None:
            item = await find_item(ctx.session, ctx.workspace_id, event.target.row)
        contact = None if item is None else await find_contact(ctx.session, ctx.workspace_id, item.contact_id)
        if item is None or contact is None or contact.member_id != ctx.member_id:
            raise Refused(text("This message was not written to you, so its buttons do nothing here."))
        said = await read_elsewhere(ctx, event, item.subject_id)
        return Reply(refreshed=await as_it_stands(ctx, contact, kinds), whisper=said)

    return {CONFIRM: confirm}
