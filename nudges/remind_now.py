"""*Remind now*, on an announcement's picture: once a day, within the contact budget, and it says whom it reaches.

The press counts and begins an errand; the job plans for a page of people at a time. Each has their reminder at once,
or when their next working hours begin, or when their budget has room again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

from bot.announcements.life import published_or_refuse
from bot.announcements.picture import FEWEST_COUNTED, REMIND_NOW, picture_of
from bot.calendars import DAY, Calendar, calendar_of
from bot.context import Context, Found, Handlers, LongLook, PersonContext, known
from bot.errors import Refused
from bot.events import Event, Reply
from bot.messages import Message, Words
from bot.settings import OrganisationSettings
from bot.texts import Voice, text
from nudges.budget import REMEMBERED, has_room, wants_nudges
from nudges.contacts import Kinds, Wanted, Wish, plan
from nudges.reminders import PAGE, REMINDER, Nth
from nudges.stage import may_remind
from storage.contacts import paid_days_of
from storage.errands import advance_errand, begin_errand, errands_under_way
from storage.recipients import count_recipients
from storage.tables import Member
from storage.unread import unread_page

ERRAND = "nudges.remind_now"
# So many people are looked at in one query.
COUNTED_AT_ONCE = 1000


class When(StrEnum):
    """When a reminder that is asked for reaches somebody."""

    NOW = "now"
    # Their working hours have yet to begin.
    HOURS = "hours"
    # They got something, or are about to.
    ROOM = "room"


def reached(
    member: Member, calendar: Calendar, paid: Sequence[date], settings: OrganisationSettings, now: datetime
) -> tuple[When, datetime] | None:
    """Return when a reminder asked for now reaches a member; None: they want none now, or are away for long. Pure.

    `paid` are the days paid for, those planned included.
    """
    today = calendar.local_day(now)
    had_room = True
    if not wants_nudges(member, today):
        return None
    for offset in range(REMEMBERED.days + 1):
        day = today + offset * DAY
        if not has_room(paid, day):
            had_room = False
            continue
        if day == today and calendar.is_working_at(now):
            return When.NOW, now
        slot = calendar.slot_between(day, day, settings.round_minute, now)
        if slot is not None:
            return (When.HOURS if had_room else When.ROOM), slot
    return None


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {REMIND_NOW: remind_now}


async def remind_now(ctx: PersonContext, event: Event) -> LongLook:
    """Begin reminding those who have not read, and say how many that reaches when."""
    announcement = await published_or_refuse(ctx, event)
    if announcement.author_id != ctx.member_id:
        raise Refused(text("Only its author can have people reminded of it."))
    if not announcement.confirm:
        raise Refused(text("This announcement does not ask its readers to confirm, so nobody is reminded of it."))
    if not may_remind(ctx.workspace):
        raise Refused(text("The communications leads have stopped all reminders for now."))
    announcement_id = known(announcement.id)
    today = calendar_of(ctx.member, ctx.settings).local_day(ctx.now)
    if not await begin_errand(ctx.session, ctx.workspace_id, ERRAND, today, ctx.now, subject_id=announcement_id):
        raise Refused(text("You have had people reminded of this today already. It can be done once a day."))

    async def look(ctx: PersonContext) -> Found:
        sentence = await _whom(ctx, announcement_id)
        return Found(Reply(whisper=Message(sentence, (Words(sentence),))), _nothing_to_write)

    return look


async def _nothing_to_write(ctx: PersonContext) -> None:
    """Leave everything as it is: the errand was begun with the press."""


async def _whom(ctx: PersonContext, announcement_id: int) -> str:
    picture = picture_of(await count_recipients(ctx.session, ctx.workspace_id, announcement_id))
    if picture.audience < FEWEST_COUNTED:
        return ctx.say("Whoever has not read it is reminded, as soon as it suits them.")
    counts: Counter[When] = Counter()
    after: int | None = 0
    while after is not None:
        members = await unread_page(ctx.session, ctx.workspace_id, announcement_id, after=after, limit=COUNTED_AT_ONCE)
        counts.update(when for _, when, _ in await _slots(ctx, members))
        after = known(members[-1].id) if len(members) == COUNTED_AT_ONCE else None
    return reach_in_words(counts, ctx.say)


async def _slots(ctx: Context, members: Sequence[Member]) -> list[tuple[int, When, datetime]]:
    ids = [known(member.id) for member in members]
    paid = await paid_days_of(ctx.session, ctx.workspace_id, ids, since=ctx.now.date() - REMEMBERED - DAY)
    found = []
    for member, member_id in zip(members, ids, strict=True):
        when = reached(member, calendar_of(member, ctx.settings), paid.get(member_id, []), ctx.settings, ctx.now)
        if when is not None:
            found.append((member_id, *when))
    return found


def reach_in_words(counts: Mapping[When, int], say: Voice) -> str:
    """Return how many people a reminder reaches when, in counts alone."""
    sentences = []
    if counts.get(When.NOW):
        sentences.append(
            say.many("{count} person is reminded now.", "{count} people are reminded now.", counts[When.NOW])
        )
    if counts.get(When.HOURS):
        sentences.append(
            say.many(
                "{count} person is reminded when they are at work next.",
                "{count} people are reminded when they are at work next.",
                counts[When.HOURS],
            )
        )
    if counts.get(When.ROOM):
        sentences.append(
            say.many(
                "{count} person is reminded later, because they get something from us this week already.",
                "{count} people are reminded later, because they get something from us this week already.",
                counts[When.ROOM],
            )
        )
    if not sentences:
        return say("There is nobody to remind just now.")
    # Why these are fewer than have not read; always, so that it tells nothing of anybody.
    return " ".join((*sentences, say("Whoever wants no reminders or is away for long gets none.")))


async def remind_asked(ctx: Context, kinds: Kinds) -> bool:
    """Plan the next page of each reminder that an author has asked for; True: of one there is another."""
    if not may_remind(ctx.workspace):
        return False
    has_more = False
    for errand in await errands_under_way(ctx.session, ctx.workspace_id, ERRAND):
        members = await unread_page(ctx.session, ctx.workspace_id, errand.subject_id, after=errand.cursor, limit=PAGE)
        wanted = [Wanted(REMINDER, Nth.ASKED, errand.subject_id)]
        slots = await _slots(ctx, members)
        # What they get this week may still be on its way, and then says this too.
        joining = [Wish(member_id, wanted, ctx.now) for member_id, when, _ in slots if when is When.ROOM]
        joined = await plan(ctx, kinds, joining)
        await plan(
            ctx, kinds, [Wish(member_id, wanted, slot) for member_id, _, slot in slots if member_id not in joined]
        )
        last = known(members[-1].id) if len(members) == PAGE else None
        await advance_errand(ctx.session, ctx.workspace_id, errand, last, ctx.now)
        has_more |= last is not None
    return has_more
