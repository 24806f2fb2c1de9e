"""*Does it work?*: keeps who came to a tip and who of them was left without, and sums up what followed."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func
from sqlmodel import col, delete, select, update

from storage.database import Session
from storage.dialect import insert
from storage.effects import returned_among
from storage.floor import FLOOR
from storage.tables import Compared, ComparedSum, ComparingKey, Contact, ContactItem, ContactState

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Group:
    """How many people were compared, and how many of them gave a sign soon after; of fewer than 5 nobody."""

    people: int = 0
    returned: int = 0


@dataclass(frozen=True, slots=True)
class Groups:
    """Those who came to a tip: with one, and without."""

    tipped: Group = field(default_factory=Group)
    without: Group = field(default_factory=Group)


async def comparing_key(session: Session) -> bytes:
    """Return the key under which the lot is drawn, the same for as long as this database lives."""
    await begin_comparing(session, secrets.token_bytes(KEY_BYTES))
    return bytes.fromhex((await session.execute(select(ComparingKey.key))).scalar_one())


async def begin_comparing(session: Session, key: bytes) -> None:
    """Keep the key under which the lot is drawn, where there is none yet."""
    await session.execute(insert(ComparingKey).values(id=1, key=key.hex()).on_conflict_do_nothing())


async def compared_among(session: Session, workspace_id: int, member_ids: Sequence[int]) -> dict[int, Compared]:
    """Return those of the members who have come into the comparison, however long ago."""
    found = await session.execute(
        select(Compared).where(Compared.workspace_id == workspace_id, col(Compared.member_id).in_(member_ids))
    )
    return {one.member_id: one for one in found.scalars()}


async def add_compared(session: Session, workspace_id: int, due_on: Mapping[int, date], *, is_without: bool) -> None:
    """Take members into the comparison, each once, by row id with the day of the tip that they get or are without."""
    if due_on:
        rows = [
            {"workspace_id": workspace_id, "member_id": member_id, "due_on": day, "is_without": is_without}
            for member_id, day in due_on.items()
        ]
        await session.execute(insert(Compared).on_conflict_do_nothing(), rows)


async def forget_compared(session: Session, workspace_id: int, member_id: int) -> None:
    """Forget that a member was compared; the sums stay."""
    await session.execute(
        delete(Compared).where(col(Compared.workspace_id) == workspace_id, col(Compared.member_id) == member_id)
    )


async def groups_compared(session: Session, workspace_id: int) -> Groups:
    """Return what has been summed up."""
    found = await session.execute(select(ComparedSum).where(ComparedSum.workspace_id == workspace_id))
    groups = {one.is_without: Group(one.people, one.returned) for one in found.scalars()}
    return Groups(groups.get(False, Group()), groups.get(True, Group()))


async def sum_up_compared(session: Session, workspace_id: int, before: date) -> None:
    """Add to the sums what followed for those who came to a tip before that day.

    Only once there are FLOOR people or more in each group: then nobody can be found by comparing two sums.
    """
    found = await session.execute(
        select(Compared).where(
            Compared.workspace_id == workspace_id, col(Compared.is_summed).is_(False), col(Compared.due_on) < before
        )
    )
    due: dict[bool, dict[int, date]] = {False: {}, True: {}}
    for one in found.scalars():
        due[one.is_without][one.member_id] = one.due_on
    if any(len(days) < FLOOR for days in due.values()):
        return
    for is_without, days in due.items():
        await _add(session, workspace_id, days, is_without=is_without)
    await session.execute(
        update(Compared)
        .where(
            col(Compared.workspace_id) == workspace_id,
            col(Compared.is_summed).is_(False),
            col(Compared.due_on) < before,
        )
        .values(is_summed=True)
        .execution_options(synchronize_session=False)
    )


async def _add(session: Session, workspace_id: int, days: Mapping[int, date], *, is_without: bool) -> None:
    returned = await returned_among(session, workspace_id, days)
    adding = insert(ComparedSum).values(
        workspace_id=workspace_id, is_without=is_without, people=len(days), returned=returned
    )
    await session.execute(
        adding.on_conflict_do_update(
            index_elements=["workspace_id", "is_without"],
            set_={
                "people": ComparedSum.people + adding.excluded.people,
                "returned": ComparedSum.returned + adding.excluded.returned,
            },
        )
    )


async def people_tipped(session: Session, workspace_id: int, kind: str, since: date) -> tuple[int, date | None]:
    """Return how many people have had a tip (an item of this kind) from `since` on, and on which day the first was."""
    first = func.min(Contact.local_date, type_=Contact.__table__.c.local_date.type)  # type: ignore[attr-defined]  # SQLModel adds it
    found = await session.execute(
        select(func.count(col(Contact.member_id).distinct()), first)
        .join(ContactItem, col(ContactItem.contact_id) == col(Contact.id))
        .where(
            Contact.workspace_id == workspace_id,
            Contact.state == ContactState.SENT,
            ContactItem.kind == kind,
            col(Contact.local_date) >= since,
        )
    )
    count, day = found.one()
    return int(count), day
