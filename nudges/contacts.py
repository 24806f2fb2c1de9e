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
    NewItem,
    add_contacts,
    add_items,
    contacts_of,
    find_contact,
    items_of,
    lock_members,
    put_off,
    settle_contact,
    waiting_contacts,
)
from storage.database import Session
from storage.outbox import ToMember, Urgency, say_to_members
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


@dataclass(frozen=True, slots=True)
class Wish:
    """What is due to be said to one member, and the slot for it."""

    member_id: int
    wanted: Sequence[Wanted]
    slot: datetime


async def plan(ctx: Context, kinds: Kinds, wishes: Sequence[Wish]) -> set[int]:
    """Let members be told something at their slots, or in the contacts of that week that already wait for them.

    Returns who will be; whoever is not is not to be told now. Each member is wished something once; some hundreds at
    most, since this is one transaction.

    A contact that waits for an earlier slot is put off where what it says is no more important: so the week's message
    says all of it. What is less important joins it and is said with it. Where their budget has no room, or they want
    to be left alone, nothing is planned: what is due is computed, so that it is asked for again as long as it is true.
    """
    if not wishes:
        return set()
    # Two planners cannot both spend the last of a budget: the second waits here, and then sees what the first paid.
    members = await lock_members(ctx.session, ctx.workspace_id, [wish.member_id for wish in wishes])
    placed = await _placed(ctx, kinds, wishes, members)
    paid = {wish.member_id: day for wish, day, contact_id in placed if contact_id is None}
    added = await add_contacts(ctx.session, ctx.workspace_id, paid, ctx.now)
    await _queue(
        ctx.session,
        ctx.workspace_id,
        [(wish.member_id, added[wish.member_id], wish.slot) for wish, _, _ in placed if wish.member_id in added],
        ctx.now,
    )
    into = [(wish, added.get(wish.member_id) if contact_id is None else contact_id) for wish, _, contact_id in placed]
    items = [
        NewItem(contact_id, one.kind, one.subject_id, one.reason, kinds[one.kind].rank, one.because, one.topic_id)
        for wish, contact_id in into
        if contact_id is not None
        for one in wish.wanted
    ]
    await add_items(ctx.session, ctx.workspace_id, items)
    return {wish.member_id for wish, contact_id in into if contact_id is not None}


async def _placed(
    ctx: Context, kinds: Kinds, wishes: Sequence[Wish], members: Mapping[int, Member]
) -> list[tuple[Wish, date, int | None]]:
    """Return the wishes that have room, each with its day and the contact that it joins; None: it takes a new one."""
    days = {wish.member_id: calendar_of(members[wish.member_id], ctx.settings).local_day(wish.slot) for wish in wishes}
    since = min(days.values()) - max(REMEMBERED, timedelta(days=6))
    contacts = await contacts_of(ctx.session, ctx.workspace_id, members.keys(), since=since)
    ranks = await waiting_contacts(ctx.session, ctx.workspace_id, members.keys(), CONTACT, since=since)
    placed: list[tuple[Wish, date, int | None]] = []
    for wish in wishes:
        day = days[wish.member_id]
        if not wants_nudges(members[wish.member_id], day):
            continue
        week = monday_of(day)
        known_contacts = contacts.get(wish.member_id, [])
        waiting = min(
            (
                contact
                for contact in known_contacts
                if contact.id in ranks and week <= contact.local_date < week + timedelta(days=7)
            ),
            key=lambda contact: contact.local_date,
            default=None,
        )
        rank = min((kinds[one.kind].rank for one in wish.wanted), default=0)
        waiting_id = None if waiting is None else known(waiting.id)
        if waiting is not None and (waiting.local_date >= day or ranks[known(waiting.id)] < rank):
            placed.append((wish, day, waiting_id))
        elif has_room(paid_days(other for other in known_contacts if other is not waiting), day):
            if waiting_id is not None:
                await put_off(ctx.session, ctx.workspace_id, waiting_id, CONTACT, local_date=day, slot=wish.slot)
            placed.append((wish, day, waiting_id))
    return placed


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
    contacts = await contacts_of(ctx.session, ctx.workspace_id, [ctx.member_id], since=today - REMEMBERED)
    others = (other for other in contacts.get(ctx.member_id, []) if other.id != contact.id)
    return has_room(paid_days(others), today)


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
                queued = [(contact.member_id, row.subject_id, slot)]
                await _queue(session, row.workspace_id, queued, row.settled_at)
    await settle_contact(session, row.workspace_id, row.subject_id, state, day)


def _slot_after_a_missed_one(
    contact: Contact, calendar: Calendar, settings: OrganisationSettings, now: datetime
) -> datetime | None:
    """Return the next slot in the contact's week, if it was not sent because its turn came outside working hours."""
    if calendar.is_working_at(now):
        return None
    return calendar.slot(monday_of(contact.local_date), settings.round_weekday, settings.round_minute, now)


async def _queue(session: Session, workspace_id: int, each: Sequence[tuple[int, int, datetime]], now: datetime) -> None:
    """Queue contacts, each given by its member, its row and its slot."""
    rows = [
        ToMember(member_id, contact_id, slot, once=f"{CONTACT}:{contact_id}:{slot.isoformat()}")
        for member_id, contact_id, slot in each
    ]
    await say_to_members(session, workspace_id, CONTACT, rows, now=now, urgency=Urgency.NUDGE)


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
