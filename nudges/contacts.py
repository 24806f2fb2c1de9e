"""The one unasked-for message: planned into a member's budget, made of items when its turn comes.

What there is to say is a kind of item each, in a module of its own (nudges/tips.py). Whoever finds one due hands it to
`plan`; whatever is due for one member in one week becomes one message.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.calendars import Calendar, calendar_of, monday_of
from bot.context import Context, PersonContext, known
from bot.messages import Message
from bot.settings import OrganisationSettings
from nudges.budget import REMEMBERED, has_room, paid_days, wants_nudges
from nudges.messages import Said, Standing, contact_message
from nudges.stage import may_remind, rounds_ran_since
from storage.contacts import (
    add_contact,
    add_item,
    contacts_of,
    find_contact,
    find_waiting_contact,
    items_of,
    lock_member,
    put_off,
    settle_contact,
)
from storage.database import Session
from storage.outbox import Urgency, say_to_member
from storage.people import get_member
from storage.tables import Because, Contact, ContactAnswer, ContactItem, ContactState, Member, Outbox, OutboxState
from storage.workspaces import get_workspace

CONTACT = "nudges.contact"


@dataclass(frozen=True, slots=True)
class ItemKind:
    """One kind of thing to say unasked.

    `rank`: lower is more important, and said first. `is_true` is asked when the contact's turn comes: an item that no
    longer is true is left out. `says` gives what it says as it stands now, then and after each press on the message;
    None where there is nothing left to say. Its own buttons have handlers like any other. `needs_rounds`: it is part
    of the weekly rounds, and is not said unless these have been on since it was planned.
    """

    rank: int
    is_true: Callable[[PersonContext, ContactItem], Awaitable[bool]]
    says: Callable[[PersonContext, ContactItem], Awaitable[Said | None]]
    needs_rounds: bool = True


Kinds = Mapping[str, ItemKind]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that is due to be said to a member. `subject_id` is the row it speaks of; 0: of none.

    `because` and `topic_id` say why this row was chosen for them, where it was.
    """

    kind: str
    reason: str
    subject_id: int = 0
    because: Because | None = None
    topic_id: int | None = None


async def plan(ctx: Context, kinds: Kinds, member_id: int, wanted: Sequence[Wanted], slot: datetime) -> bool:
    """Let a member be told something at `slot`, or in the contact of that week that already waits for them.

    False when it is not to be told now.

    A contact that waits for an earlier slot is put off where what it says is no more important: so the week's message
    says all of it. What is less important joins it and is said with it. Where their budget has no room, or they want
    to be left alone, nothing is planned: what is due is computed, so that it is asked for again as long as it is true.
    """
    # Two planners cannot both spend the last of a budget: the second waits here, and then sees what the first paid.
    member = await lock_member(ctx.session, ctx.workspace_id, member_id)
    day = calendar_of(member, ctx.settings).local_day(slot)
    if not wants_nudges(member, day):
        return False
    rank = min((kinds[one.kind].rank for one in wanted), default=0)
    contact_id = await _contact_at(ctx, member_id, day, slot, rank)
    if contact_id is None:
        return False
    for one in wanted:
        await add_item(
            ctx.session,
            ctx.workspace_id,
            contact_id,
            kind=one.kind,
            subject_id=one.subject_id,
            reason=one.reason,
            rank=kinds[one.kind].rank,
            because=one.because,
            topic_id=one.topic_id,
        )
    return True


async def _contact_at(ctx: Context, member_id: int, day: date, slot: datetime, rank: int) -> int | None:
    """Return the contact that waits in the week of that day, put off until then or newly paid; None without room."""
    week = monday_of(day)
    waiting = await find_waiting_contact(
        ctx.session, ctx.workspace_id, member_id, CONTACT, first=week, last=week + timedelta(days=6)
    )
    if waiting is not None:
        items = await items_of(ctx.session, ctx.workspace_id, known(waiting.id))
        if waiting.local_date >= day or any(item.rank < rank for item in items):
            return waiting.id
    contacts = await contacts_of(ctx.session, ctx.workspace_id, member_id, since=day - REMEMBERED)
    if not has_room(paid_days(other for other in contacts if waiting is None or other.id != waiting.id), day):
        return None
    if waiting is not None:
        await put_off(ctx.session, ctx.workspace_id, known(waiting.id), CONTACT, local_date=day, slot=slot)
        return waiting.id
    contact_id = await add_contact(ctx.session, ctx.workspace_id, member_id, local_date=day, now=ctx.now)
    if contact_id is not None:
        await _queue(ctx.session, ctx.workspace_id, member_id, contact_id, slot, ctx.now)
    return contact_id


async def compose(ctx: Context, row: Outbox, kinds: Kinds) -> Message | None:
    """Return a contact with what is still true in it; None when nothing is, or it is not wanted, or not the time."""
    contact = await find_contact(ctx.session, ctx.workspace_id, row.subject_id)
    if not isinstance(ctx, PersonContext) or contact is None:
        return None
    if row.posted_id is not None:
        return await as_it_stands(ctx, contact, kinds)
    if not await _may_go(ctx, contact):
        return None
    items = await items_of(ctx.session, ctx.workspace_id, row.subject_id)
    rounds_ran = rounds_ran_since(ctx.workspace, contact.planned_at, ctx.now)
    true = [
        item
        for item in items
        if (rounds_ran or not kinds[item.kind].needs_rounds) and await kinds[item.kind].is_true(ctx, item)
    ]
    said = await _said(ctx, true, kinds)
    if not said:
        return None
    return contact_message(row.subject_id, ctx.member.name, said, Standing.NEW, None, ctx.say)


async def as_it_stands(ctx: PersonContext, contact: Contact, kinds: Kinds) -> Message | None:
    """Return a contact that was sent, after what its reader has pressed; None when nothing is left to say in it."""
    items = await items_of(ctx.session, ctx.workspace_id, known(contact.id))
    said = await _said(ctx, items, kinds)
    if not said:
        return None
    standing = standing_of(contact, ctx.member)
    return contact_message(known(contact.id), ctx.member.name, said, standing, ctx.member.nudges_snoozed_until, ctx.say)


async def _said(ctx: PersonContext, items: Sequence[ContactItem], kinds: Kinds) -> list[Said]:
    return [said for item in items if (said := await kinds[item.kind].says(ctx, item)) is not None]


async def _may_go(ctx: PersonContext, contact: Contact) -> bool:
    """Whether a contact may go out now, whatever it says.

    Within the member's working hours, in the week it was planned for, while nobody has stopped everything; and the
    member has not asked to be left alone, and has room in their budget.
    """
    calendar = calendar_of(ctx.member, ctx.settings)
    today = calendar.local_day(ctx.now)
    if (
        contact.state != ContactState.PLANNED
        or not may_remind(ctx.workspace)
        or not calendar.is_working_at(ctx.now)
        or today < contact.local_date
        or monday_of(today) != monday_of(contact.local_date)
        or not wants_nudges(ctx.member, today)
    ):
        return False
    contacts = await contacts_of(ctx.session, ctx.workspace_id, ctx.member_id, since=today - REMEMBERED)
    return has_room(paid_days(other for other in contacts if other.id != contact.id), today)


async def settled(session: Session, row: Outbox) -> None:
    """Record what became of a contact. It is paid on the day it was sent; what never arrived is given back.

    One whose slot was missed waits for the next one in its week. One that may have arrived stays paid, and so does one
    that the member's platform will not take from us: to try that again each week would help nobody.
    """
    contact = await find_contact(session, row.workspace_id, row.subject_id)
    if contact is None or row.settled_at is None or row.posted_id is not None:
        # Changing what stands there is no contact.
        return
    member = await get_member(session, row.workspace_id, contact.member_id)
    workspace = await get_workspace(session, row.workspace_id)
    settings = OrganisationSettings.model_validate(workspace.settings)
    calendar = calendar_of(member, settings)
    day, state = contact.local_date, ContactState.GIVEN_BACK
    match row.state:
        case OutboxState.SENT | OutboxState.UNKNOWN:
            day, state = calendar.local_day(row.settled_at), ContactState.SENT
        case OutboxState.BLOCKED | OutboxState.UNREACHABLE:
            state = ContactState.REFUSED
        case OutboxState.DROPPED if may_remind(workspace):
            slot = _slot_after_a_missed_one(contact, calendar, settings, row.settled_at)
            if slot is not None:
                day, state = calendar.local_day(slot), ContactState.PLANNED
                await _queue(session, row.workspace_id, contact.member_id, row.subject_id, slot, row.settled_at)
    await settle_contact(session, row.workspace_id, row.subject_id, state, day)


def _slot_after_a_missed_one(
    contact: Contact, calendar: Calendar, settings: OrganisationSettings, now: datetime
) -> datetime | None:
    """Return the next slot in the contact's week, if it was not sent because its turn came outside working hours."""
    if calendar.is_working_at(now):
        return None
    return calendar.slot(monday_of(contact.local_date), settings.round_weekday, settings.round_minute, now)


async def _queue(
    session: Session, workspace_id: int, member_id: int, contact_id: int, slot: datetime, now: datetime
) -> None:
    await say_to_member(
        session,
        workspace_id,
        member_id,
        CONTACT,
        contact_id,
        now=now,
        urgency=Urgency.NUDGE,
        not_before=slot,
        once=f"{CONTACT}:{contact_id}:{slot.isoformat()}",
    )


def standing_of(contact: Contact, member: Member) -> Standing:
    """Return where a contact stands for its reader."""
    if member.nudges_off:
        return Standing.STOPPED
    match contact.answer:
        case ContactAnswer.HELPED:
            return Standing.HELPED
        case ContactAnswer.NOT_NOW if member.nudges_snoozed_until is not None:
            return Standing.NOT_NOW
        case ContactAnswer.NOT_NOW | ContactAnswer.STOP:
            return Standing.STARTED_AGAIN
        case _:
            return Standing.NEW
