"""Forgets one person, as the register says: in every table, in one transaction, and without breaking others' sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table, delete, func, select, update
from sqlalchemy.exc import NoResultFound
from sqlmodel import col

from storage.database import LEAVES_NO_TRACE, Session
from storage.decisions import index_decision
from storage.personal.forms import Cleared, Erased, Named, Person, Position, Written
from storage.personal.register import REGISTER
from storage.personal.traces import Traces
from storage.search import tidying_statements
from storage.tables import (
    AnchoringAnswer,
    AnchoringRequest,
    Announcement,
    AnnouncementState,
    FormerRecipients,
    Member,
    MemberState,
    Question,
    Recipient,
    metadata,
)
from storage.wishes import keep_wish

# Whom rows refer to whose person was erased. There is more than one where a table takes each person once.
FORMER = "former:"

# Announcements that nobody has been shown; what has been out belongs to those who read it.
NEVER_OUT = (AnnouncementState.DRAFT, AnnouncementState.SCHEDULED, AnnouncementState.CANCELLED)


def is_former(member: Member) -> bool:
    """Whether this is nobody in particular, in the place of people who were erased."""
    return member.external_id.startswith(FORMER)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What erasing somebody leaves to be done: the open requests to the management group that wait for one less."""

    requests: Sequence[int]


async def forget_member(session: Session, workspace_id: int, member_id: int, former_name: str) -> Forgotten:
    """Forget a member in every table. `former_name` is what stands where their name stood.

    Done again after a crash, or for somebody heard of again, it does the same. Raises sqlalchemy's NoResultFound for a
    member of another workspace, or none.
    """
    member = await _member(session, workspace_id, member_id)
    session.info[LEAVES_NO_TRACE] = True
    others = await session.execute(
        select(col(Member.name)).where(col(Member.workspace_id) == workspace_id, col(Member.id) != member_id)
    )
    traces = Traces.of(member, others.scalars().all(), former_name)
    await keep_wish(session, workspace_id, member)
    requests = await _forget_what_nobody_saw(session, workspace_id, member_id)
    await _sum_receiving(session, workspace_id, member_id)
    rewritten = False
    for name, kept in REGISTER.items():
        for column_name, held in kept.columns.items():
            column = metadata.tables[name].c[column_name]
            match held:
                case Named() if name != "member":
                    await _forget_named(session, workspace_id, column, traces)
                case Position():
                    await _step_back(session, workspace_id, column, member_id)
                case Written():
                    rewritten |= await _rewrite(session, workspace_id, column, traces)
                case _:
                    pass
    await _forget_rows(session, workspace_id, member_id, former_name)
    session.expunge(member)
    await session.execute(
        delete(Member)
        .where(col(Member.workspace_id) == workspace_id, col(Member.id) == member_id)
        .execution_options(synchronize_session=False)
    )
    if rewritten:
        await _index_again(session, workspace_id)
    return Forgotten(requests)


async def _member(session: Session, workspace_id: int, member_id: int) -> Member:
    found = await session.execute(
        select(Member).where(col(Member.workspace_id) == workspace_id, col(Member.id) == member_id).with_for_update()
    )
    member = found.scalar_one()
    if is_former(member):
        raise NoResultFound
    return member


async def _forget_what_nobody_saw(session: Session, workspace_id: int, member_id: int) -> Sequence[int]:
    """Delete drafts, replies that wait for a choice, and questions to the group that they have not answered.

    Returns the requests that wait for one answer less now.
    """
    await session.execute(
        delete(Announcement)
        .where(
            col(Announcement.workspace_id) == workspace_id,
            col(Announcement.author_id) == member_id,
            col(Announcement.state).in_(NEVER_OUT),
        )
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        delete(Question)
        .where(
            col(Question.workspace_id) == workspace_id,
            col(Question.member_id) == member_id,
            col(Question.is_waiting).is_(True),
        )
        .execution_options(synchronize_session=False)
    )
    unanswered = await session.execute(
        delete(AnchoringAnswer)
        .where(
            col(AnchoringAnswer.workspace_id) == workspace_id,
            col(AnchoringAnswer.member_id) == member_id,
            col(AnchoringAnswer.answer).is_(None),
        )
        .returning(col(AnchoringAnswer.request_id))
        .execution_options(synchronize_session=False)
    )
    return list(unanswered.scalars())


async def _sum_receiving(session: Session, workspace_id: int, member_id: int) -> None:
    """Add what announcements knew of a recipient to sums without them, and delete it."""
    theirs = (col(Recipient.workspace_id) == workspace_id, col(Recipient.member_id) == member_id)
    received = (
        await session.execute(
            select(col(Recipient.announcement_id), col(Recipient.read_at).is_not(None), col(Recipient.delivery)).where(
                *theirs
            )
        )
    ).all()
    for announcement_id, has_read, delivery in received:
        this = (
            col(FormerRecipients.workspace_id) == workspace_id,
            col(FormerRecipients.announcement_id) == announcement_id,
            col(FormerRecipients.has_read).is_(bool(has_read)),
            col(FormerRecipients.delivery) == delivery,
        )
        added = await session.execute(
            update(FormerRecipients)
            .where(*this)
            .values(count=FormerRecipients.count + 1)
            .returning(col(FormerRecipients.count))
            .execution_options(synchronize_session=False)
        )
        if added.first() is None:
            session.add(
                FormerRecipients(
                    workspace_id=workspace_id,
                    announcement_id=announcement_id,
                    has_read=bool(has_read),
                    delivery=delivery,
                    count=1,
                )
            )
    await session.flush()
    await session.execute(delete(Recipient).where(*theirs).execution_options(synchronize_session=False))


async def _forget_named(session: Session, workspace_id: int, column: Column[Any], traces: Traces) -> None:
    table = column.table
    ours = (table.c.workspace_id == workspace_id, column.contains(traces.external_id, autoescape=True))
    for row in (await session.execute(select(*table.primary_key.columns, column).where(*ours))).all():
        if traces.is_named_in(row[-1]):
            await session.execute(delete(table).where(*_this(table, row)))


async def _step_back(session: Session, workspace_id: int, column: Column[Any], member_id: int) -> None:
    await session.execute(
        update(column.table)
        .where(column.table.c.workspace_id == workspace_id, column == member_id)
        .values({column.name: member_id - 1})
    )


async def _rewrite(session: Session, workspace_id: int, column: Column[Any], traces: Traces) -> bool:
    """Name the person no more in what others wrote, or said; whether they had been named."""
    table = column.table
    workspace = table.c.id if table.name == "workspace" else table.c.workspace_id
    found = select(*table.primary_key.columns, column).where(
        workspace == workspace_id, column.is_not(None), traces.may_stand_in(column)
    )
    rewritten = False
    for row in (await session.execute(found)).all():
        without = traces.without(row[-1])
        if without != row[-1]:
            await session.execute(update(table).where(*_this(table, row)).values({column.name: without}))
            rewritten = True
    return rewritten


def _this(table: Table, row: Sequence[Any]) -> list[Any]:
    return [key == value for key, value in zip(table.primary_key.columns, row, strict=False)]


async def _forget_rows(session: Session, workspace_id: int, member_id: int, former_name: str) -> None:
    """Delete the rows that are a person's alone, and have the others refer to nobody in particular."""
    former = await _former(session, workspace_id, 1, former_name)
    for name, kept in REGISTER.items():
        table = metadata.tables[name]
        people = {column: held for column, held in kept.columns.items() if isinstance(held, Person)}
        cleared = {column: None for column, held in kept.columns.items() if isinstance(held, Cleared)}
        for column, held in people.items():
            workspace = table.c.id if name == "workspace" else table.c.workspace_id
            theirs = (workspace == workspace_id, table.c[column] == member_id)
            match held.erased:
                case Erased.GONE | Erased.SUMMED if name != "member":
                    await session.execute(delete(table).where(*theirs))
                case Erased.EMPTIED:
                    await session.execute(update(table).where(*theirs).values({column: None}))
                case Erased.FORMER if table is AnchoringAnswer.__table__:  # type: ignore[attr-defined]  # SQLModel adds it
                    await _leave_answers(session, workspace_id, member_id, former_name)
                case Erased.FORMER:
                    await session.execute(update(table).where(*theirs).values({column: former, **cleared}))
                case _:
                    pass


async def _leave_answers(session: Session, workspace_id: int, member_id: int, former_name: str) -> None:
    """Have a person's answers to the management group's requests be nobody's in particular.

    Each was asked once, so that two of them in one request are two nobodies.
    """
    answers = await session.execute(
        select(AnchoringAnswer).where(
            col(AnchoringAnswer.workspace_id) == workspace_id, col(AnchoringAnswer.member_id) == member_id
        )
    )
    for answer in answers.scalars().all():
        taken = await session.execute(
            select(func.count())
            .select_from(AnchoringAnswer)
            .join(Member, col(Member.id) == col(AnchoringAnswer.member_id))
            .where(
                col(AnchoringAnswer.workspace_id) == workspace_id,
                col(AnchoringAnswer.request_id) == answer.request_id,
                col(Member.external_id).startswith(FORMER),
            )
        )
        number = int(taken.scalar_one()) + 1
        answer.member_id = await _former(session, workspace_id, number, former_name)
        await session.flush()


async def _former(session: Session, workspace_id: int, number: int, name: str) -> int:
    """Return the row id of the nobody of that number, who is made when first needed."""
    external_id = f"{FORMER}{number}"
    found = await session.execute(
        select(col(Member.id)).where(col(Member.workspace_id) == workspace_id, col(Member.external_id) == external_id)
    )
    row_id = found.scalar_one_or_none()
    if row_id is None:
        workspace_began = await session.execute(
            select(metadata.tables["workspace"].c.created_at).where(metadata.tables["workspace"].c.id == workspace_id)
        )
        nobody = Member(
            workspace_id=workspace_id,
            external_id=external_id,
            name=name,
            state=MemberState.LEFT,
            not_counted=True,
            nudges_off=True,
            created_at=workspace_began.scalar_one(),
        )
        session.add(nobody)
        await session.flush()
        row_id = nobody.id
    if row_id is None:
        raise ValueError("the row was not stored")
    return row_id


async def _index_again(session: Session, workspace_id: int) -> None:
    """Have the decision log find decisions by what they say now."""
    decided = await session.execute(
        select(col(Announcement.id)).where(
            col(Announcement.workspace_id) == workspace_id, col(Announcement.kind) == "decision"
        )
    )
    for announcement_id in decided.scalars().all():
        if announcement_id is not None:
            await index_decision(session, workspace_id, announcement_id)
    for statement in tidying_statements(session):
        await session.execute(statement)


async def open_requests(session: Session, workspace_id: int, request_ids: Sequence[int]) -> Sequence[AnchoringRequest]:
    """Return those of the requests that are still there."""
    found = await session.execute(
        select(AnchoringRequest).where(
            col(AnchoringRequest.workspace_id) == workspace_id, col(AnchoringRequest.id).in_(request_ids)
        )
    )
    return found.scalars().all()
