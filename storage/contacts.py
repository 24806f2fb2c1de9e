"""The contacts: what is planned, paid for and said to members unasked."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import exists, func
from sqlmodel import col, select, update

from storage.database import Session
from storage.dialect import insert
from storage.outbox import QUEUED
from storage.tables import (
    Because,
    Contact,
    ContactAnswer,
    ContactItem,
    ContactState,
    Member,
    Operation,
    Outbox,
    OutboxState,
)

# The rank of what says nothing.
LEAST_IMPORTANT = 1_000


async def lock_member(session: Session, workspace_id: int, member_id: int) -> Member:
    """Return a member's row, which nobody else can plan anything for until this transaction ends."""
    found = await session.execute(
        select(Member)
        .where(Member.workspace_id == workspace_id, col(Member.id) == member_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one()


async def lock_members(session: Session, workspace_id: int, member_ids: Collection[int]) -> dict[int, Member]:
    """Return members' rows by id, which nobody else can plan anything for until this transaction ends."""
    found = await session.execute(
        select(Member)
        .where(Member.workspace_id == workspace_id, col(Member.id).in_(member_ids))
        # Always in the same order, so that two who lock several do not wait for each other.
        .order_by(col(Member.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {member.id: member for member in found.scalars() if member.id is not None}


async def contacts_of(
    session: Session, workspace_id: int, member_ids: Collection[int], *, since: date
) -> dict[int, list[Contact]]:
    """Return each of the members' contacts for days from `since` on, those given back included."""
    found = await session.execute(
        select(Contact)
        .where(
            Contact.workspace_id == workspace_id,
            col(Contact.member_id).in_(member_ids),
            col(Contact.local_date) >= since,
        )
        .order_by(col(Contact.id))
        .execution_options(populate_existing=True)
    )
    by_member: dict[int, list[Contact]] = defaultdict(list)
    for contact in found.scalars():
        by_member[contact.member_id].append(contact)
    return by_member


async def days_said(
    session: Session, workspace_id: int, member_ids: Sequence[int], kind: str | None = None, *, since: date
) -> dict[int, list[date]]:
    """Return the days from `since` on for which each of the members has a paid contact, with an item of this kind."""
    rows = await session.execute(
        select(col(Contact.member_id), col(Contact.local_date))
        .join(ContactItem, col(ContactItem.contact_id) == col(Contact.id))
        .where(
            Contact.workspace_id == workspace_id,
            col(Contact.member_id).in_(member_ids),
            col(Contact.local_date) >= since,
            Contact.state != ContactState.GIVEN_BACK,
            *([] if kind is None else [ContactItem.kind == kind]),
        )
        .order_by(col(Contact.id))
    )
    by_member: dict[int, list[date]] = defaultdict(list)
    for member_id, day in rows:
        by_member[member_id].append(day)
    return by_member


async def paid_days_of(
    session: Session, workspace_id: int, member_ids: Sequence[int], *, since: date
) -> dict[int, list[date]]:
    """Return the days from `since` on that are paid from each of the members' budgets, once each."""
    rows = await session.execute(
        select(col(Contact.member_id), col(Contact.local_date)).where(
            Contact.workspace_id == workspace_id,
            col(Contact.member_id).in_(member_ids),
            col(Contact.local_date) >= since,
            Contact.state != ContactState.GIVEN_BACK,
        )
    )
    by_member: dict[int, list[date]] = defaultdict(list)
    for member_id, day in rows:
        by_member[member_id].append(day)
    return by_member


async def find_contact(session: Session, workspace_id: int, contact_id: int) -> Contact | None:
    """Return a contact of this workspace by row id, as it is now."""
    found = await session.execute(
        select(Contact)
        .where(Contact.workspace_id == workspace_id, col(Contact.id) == contact_id)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def waiting_contacts(
    session: Session, workspace_id: int, member_ids: Collection[int], message: str, *, since: date
) -> dict[int, int]:
    """Return which of the members' contacts for days from `since` on are not on their way yet.

    By row id, with the rank of their most important item; one that says nothing is as unimportant as can be.
    `message` is the name under which contacts stand in the outbox.
    """
    waits = exists().where(
        col(Outbox.workspace_id) == workspace_id,
        col(Outbox.member_id) == col(Contact.member_id),
        col(Outbox.message) == message,
        col(Outbox.subject_id) == col(Contact.id),
        col(Outbox.state) == OutboxState.QUEUED,
    )
    rows = await session.execute(
        select(col(Contact.id), func.coalesce(func.min(ContactItem.rank), LEAST_IMPORTANT))
        .outerjoin(ContactItem, col(ContactItem.contact_id) == col(Contact.id))
        .where(
            Contact.workspace_id == workspace_id,
            col(Contact.member_id).in_(member_ids),
            Contact.state == ContactState.PLANNED,
            col(Contact.local_date) >= since,
            waits,
        )
        .group_by(col(Contact.id))
    )
    return {contact_id: rank for contact_id, rank in rows if contact_id}


async def put_off(
    session: Session, workspace_id: int, contact_id: int, message: str, *, local_date: date, slot: datetime
) -> None:
    """Let a contact that waits in the outbox under that name wait until a later slot."""
    await session.execute(
        update(Contact)
        .where(col(Contact.workspace_id) == workspace_id, col(Contact.id) == contact_id)
        .values(local_date=local_date)
    )
    await session.execute(
        update(Outbox)
        .where(
            col(Outbox.workspace_id) == workspace_id,
            col(Outbox.message) == message,
            col(Outbox.subject_id) == contact_id,
            col(Outbox.state) == OutboxState.QUEUED,
        )
        .values(not_before=slot)
    )


async def give_back_waiting(session: Session, workspace_id: int, message: str, now: datetime) -> None:
    """Drop every contact that waits in the outbox under that name, and give back what was paid for it."""
    waiting = (
        col(Outbox.workspace_id) == workspace_id,
        col(Outbox.message) == message,
        col(Outbox.operation) == Operation.POST,
    )
    await session.execute(update(Outbox).where(*waiting, QUEUED).values(state=OutboxState.DROPPED, settled_at=now))
    # What was on its way by then is paid for as it arrives.
    dropped = exists().where(
        *waiting,
        col(Outbox.subject_id) == col(Contact.id),
        col(Outbox.state) == OutboxState.DROPPED,
        col(Outbox.settled_at) == now,
    )
    await session.execute(
        update(Contact)
        .where(col(Contact.workspace_id) == workspace_id, col(Contact.state) == ContactState.PLANNED, dropped)
        .values(state=ContactState.GIVEN_BACK)
        .execution_options(synchronize_session=False)
    )


async def items_of(session: Session, workspace_id: int, contact_id: int) -> Sequence[ContactItem]:
    """Return what a contact says, the most important first."""
    found = await session.execute(
        select(ContactItem)
        .where(ContactItem.workspace_id == workspace_id, ContactItem.contact_id == contact_id)
        .order_by(col(ContactItem.rank), col(ContactItem.id))
    )
    return found.scalars().all()


async def find_item(session: Session, workspace_id: int, item_id: int) -> ContactItem | None:
    """Return an item of this workspace by row id."""
    found = await session.execute(
        select(ContactItem).where(ContactItem.workspace_id == workspace_id, col(ContactItem.id) == item_id)
    )
    return found.scalar_one_or_none()


async def add_contacts(
    session: Session, workspace_id: int, local_dates: Mapping[int, date], now: datetime
) -> dict[int, int]:
    """Pay for a contact of each of these members on a day, from their budgets.

    Returns the contacts' row ids by member; who has one on that day already is left out.
    """
    if not local_dates:
        return {}
    added = await session.execute(
        insert(Contact)
        .values(
            [
                {
                    "workspace_id": workspace_id,
                    "member_id": member_id,
                    "local_date": day,
                    "state": ContactState.PLANNED,
                    "planned_at": now,
                }
                for member_id, day in local_dates.items()
            ]
        )
        .on_conflict_do_nothing()
        .returning(col(Contact.member_id), col(Contact.id))
    )
    return {member_id: contact_id for member_id, contact_id in added if contact_id is not None}


@dataclass(frozen=True, slots=True)
class NewItem:
    """Something more that a contact is to say."""

    contact_id: int
    kind: str
    subject_id: int
    reason: str
    rank: int
    because: Because | None = None
    topic_id: int | None = None


async def add_items(session: Session, workspace_id: int, items: Sequence[NewItem]) -> None:
    """Let contacts say something more; nothing is said twice in one."""
    if items:
        await session.execute(
            insert(ContactItem).on_conflict_do_nothing(),
            [{"workspace_id": workspace_id} | asdict(one) for one in items],
        )


async def answer_contact(
    session: Session, workspace_id: int, contact_id: int, answer: ContactAnswer, now: datetime
) -> None:
    """Record what the member answered."""
    await session.execute(
        update(Contact)
        .where(col(Contact.workspace_id) == workspace_id, col(Contact.id) == contact_id)
        .values(answer=answer, answered_at=now)
    )


async def settle_contact(
    session: Session, workspace_id: int, contact_id: int, state: ContactState, local_date: date
) -> None:
    """Record what became of a contact, and the day in the member's zone on which that was."""
    await session.execute(
        update(Contact)
        .where(col(Contact.workspace_id) == workspace_id, col(Contact.id) == contact_id)
        .values(state=state, local_date=local_date)
    )
