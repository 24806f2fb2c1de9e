"""Team leads: who leads whom, and the cards that they are sent with names of colleagues."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func
from sqlmodel import col, delete, select, update

from storage.database import Session
from storage.dialect import insert
from storage.people import here
from storage.people_list import team_sizes
from storage.tables import (
    Contact,
    ContactItem,
    ContactState,
    HomeTeam,
    LeadAnswer,
    LeadCard,
    LeadCardState,
    LeadName,
    Member,
)


@dataclass(frozen=True, slots=True)
class LedTeam:
    """A home team that somebody leads who is here, and how many present people are in it."""

    lead_id: int
    size: int


async def led_teams(session: Session, workspace_id: int) -> Mapping[int, LedTeam]:
    """Return the home teams that have not ended and whose lead is here, by row id."""
    found = await session.execute(
        select(col(HomeTeam.id), col(HomeTeam.lead_id))
        .join(Member, col(Member.id) == col(HomeTeam.lead_id))
        .where(HomeTeam.workspace_id == workspace_id, col(HomeTeam.ended_at).is_(None), *here())
    )
    leads = found.all()
    sizes = await team_sizes(session, workspace_id) if leads else {}
    return {
        team_id: LedTeam(lead_id, sizes.get(team_id, 0))
        for team_id, lead_id in leads
        if team_id is not None and lead_id is not None
    }


async def days_named(
    session: Session, workspace_id: int, member_ids: Sequence[int], *, since: date
) -> dict[int, list[date]]:
    """Return the days from `since` on for which each of the members is on a lead's card; what never arrived is not."""
    rows = await session.execute(
        select(col(LeadName.member_id), col(LeadName.local_date))
        .join(LeadCard, col(LeadCard.id) == col(LeadName.card_id))
        .where(
            LeadName.workspace_id == workspace_id,
            col(LeadName.member_id).in_(member_ids),
            col(LeadName.local_date) >= since,
            LeadCard.state != LeadCardState.GIVEN_BACK,
        )
    )
    by_member: dict[int, list[date]] = defaultdict(list)
    for member_id, day in rows:
        by_member[member_id].append(day)
    return by_member


async def names_snoozed(session: Session, workspace_id: int, member_ids: Sequence[int]) -> dict[int, date]:
    """Return before which day each of the members is not to be named; who was never snoozed is left out."""
    until = func.max(LeadName.snoozed_until, type_=LeadName.__table__.c.snoozed_until.type)  # type: ignore[attr-defined]  # SQLModel adds it
    rows = await session.execute(
        select(col(LeadName.member_id), until)
        .where(
            LeadName.workspace_id == workspace_id,
            col(LeadName.member_id).in_(member_ids),
            col(LeadName.snoozed_until).is_not(None),
        )
        .group_by(col(LeadName.member_id))
    )
    return {member_id: day for member_id, day in rows if day is not None}


async def lead_snoozed_until(session: Session, workspace_id: int, lead_id: int) -> date | None:
    """Return before which day a lead is to be sent no card; None where they have not asked for that."""
    found = await session.execute(
        select(col(LeadCard.snoozed_until))
        .where(
            LeadCard.workspace_id == workspace_id,
            LeadCard.lead_id == lead_id,
            col(LeadCard.snoozed_until).is_not(None),
        )
        .order_by(col(LeadCard.snoozed_until).desc())
        .limit(1)
    )
    return found.scalar_one_or_none()


async def card_of_week(
    session: Session, workspace_id: int, lead_id: int, week: date, *, due_at: datetime, now: datetime
) -> LeadCard | None:
    """Return a lead's card of a week as long as it can take names; None when that one is on its way, or was."""
    await session.execute(
        insert(LeadCard)
        .values(
            workspace_id=workspace_id,
            lead_id=lead_id,
            week=week,
            state=LeadCardState.PLANNED,
            planned_at=now,
            due_at=due_at,
        )
        .on_conflict_do_nothing()
    )
    found = await session.execute(
        select(LeadCard)
        .where(
            LeadCard.workspace_id == workspace_id,
            LeadCard.lead_id == lead_id,
            LeadCard.week == week,
            LeadCard.state == LeadCardState.PLANNED,
        )
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def add_name(
    session: Session, workspace_id: int, card_id: int, member_id: int, *, reason: str, local_date: date
) -> None:
    """Put a colleague on a card, once."""
    await session.execute(
        insert(LeadName)
        .values(workspace_id=workspace_id, card_id=card_id, member_id=member_id, reason=reason, local_date=local_date)
        .on_conflict_do_nothing()
    )


async def cards_due(session: Session, workspace_id: int, now: datetime) -> Sequence[int]:
    """Return the row ids of the cards whose time has come."""
    found = await session.execute(
        select(col(LeadCard.id))
        .where(
            LeadCard.workspace_id == workspace_id,
            LeadCard.state == LeadCardState.PLANNED,
            col(LeadCard.due_at) <= now,
        )
        .order_by(col(LeadCard.due_at), col(LeadCard.id))
    )
    return [card_id for card_id in found.scalars() if card_id is not None]


async def lock_card(session: Session, workspace_id: int, card_id: int) -> LeadCard | None:
    """Return a card as it is now, which nobody else can change until this transaction ends."""
    found = await session.execute(
        select(LeadCard)
        .where(LeadCard.workspace_id == workspace_id, col(LeadCard.id) == card_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def find_card(session: Session, workspace_id: int, card_id: int) -> LeadCard | None:
    """Return a card of this workspace by row id."""
    found = await session.execute(
        select(LeadCard).where(LeadCard.workspace_id == workspace_id, col(LeadCard.id) == card_id)
    )
    return found.scalar_one_or_none()


async def put_card_off(session: Session, workspace_id: int, card_id: int, due_at: datetime) -> None:
    """Let a card wait until then."""
    await _change_card(session, workspace_id, card_id, due_at=due_at)


async def settle_card(session: Session, workspace_id: int, card_id: int, state: LeadCardState) -> None:
    """Record what became of a card."""
    await _change_card(session, workspace_id, card_id, state=state)


async def snooze_card(session: Session, workspace_id: int, card_id: int, until: date) -> None:
    """Send its lead no card before that day."""
    await _change_card(session, workspace_id, card_id, snoozed_until=until)


async def _change_card(session: Session, workspace_id: int, card_id: int, **values: object) -> None:
    await session.execute(
        update(LeadCard)
        .where(col(LeadCard.workspace_id) == workspace_id, col(LeadCard.id) == card_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


async def names_on(session: Session, workspace_id: int, card_id: int) -> Sequence[LeadName]:
    """Return whom a card names, as they stand."""
    found = await session.execute(
        select(LeadName)
        .where(LeadName.workspace_id == workspace_id, LeadName.card_id == card_id)
        .order_by(col(LeadName.id))
        .execution_options(populate_existing=True)
    )
    return found.scalars().all()


async def name_only(session: Session, workspace_id: int, card_id: int, days: Mapping[int, date]) -> None:
    """Let a card name these members and no others, each for their own day."""
    await session.execute(
        delete(LeadName)
        .where(
            col(LeadName.workspace_id) == workspace_id,
            col(LeadName.card_id) == card_id,
            col(LeadName.member_id).not_in(list(days)),
        )
        .execution_options(synchronize_session=False)
    )
    for member_id, day in days.items():
        await session.execute(
            update(LeadName)
            .where(
                col(LeadName.workspace_id) == workspace_id,
                col(LeadName.card_id) == card_id,
                col(LeadName.member_id) == member_id,
            )
            .values(local_date=day)
            .execution_options(synchronize_session=False)
        )


async def find_name(session: Session, workspace_id: int, name_id: int) -> LeadName | None:
    """Return a name on a card of this workspace, by row id."""
    found = await session.execute(
        select(LeadName)
        .where(LeadName.workspace_id == workspace_id, col(LeadName.id) == name_id)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def answer_name(session: Session, workspace_id: int, name_id: int, answer: LeadAnswer, now: datetime) -> None:
    """Record what a lead means to do."""
    await _change_name(session, workspace_id, name_id, answer=answer, answered_at=now)


async def snooze_name(session: Session, workspace_id: int, name_id: int, until: date) -> None:
    """Name somebody to no lead before that day; that is all that is kept."""
    await _change_name(session, workspace_id, name_id, snoozed_until=until)


async def _change_name(session: Session, workspace_id: int, name_id: int, **values: object) -> None:
    await session.execute(
        update(LeadName)
        .where(col(LeadName.workspace_id) == workspace_id, col(LeadName.id) == name_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


async def coaches_to_offer(session: Session, workspace_id: int, kind: str, *, since: datetime) -> Sequence[LeadName]:
    """Return the names for whom a lead has asked for a coach since then, and who have not been offered one yet.

    `kind` is that of the items by which it is offered; one that was given back offered nothing.
    """
    offered = exists().where(
        col(ContactItem.workspace_id) == workspace_id,
        col(ContactItem.kind) == kind,
        col(ContactItem.subject_id) == col(LeadName.id),
        col(Contact.id) == col(ContactItem.contact_id),
        col(Contact.state) != ContactState.GIVEN_BACK,
    )
    found = await session.execute(
        select(LeadName)
        .where(
            LeadName.workspace_id == workspace_id,
            LeadName.answer == LeadAnswer.COACH,
            col(LeadName.answered_at) >= since,
            ~offered,
        )
        .order_by(col(LeadName.id))
    )
    return found.scalars().all()


async def cards_naming(session: Session, workspace_id: int, member_ids: Collection[int]) -> Sequence[int]:
    """Return the row ids of the cards that have been sent and name any of these members."""
    found = await session.execute(
        select(col(LeadCard.id))
        .join(LeadName, col(LeadName.card_id) == col(LeadCard.id))
        .where(
            LeadCard.workspace_id == workspace_id,
            LeadCard.state == LeadCardState.SENT,
            col(LeadName.member_id).in_(member_ids),
        )
        .distinct()
    )
    return [card_id for card_id in found.scalars() if card_id is not None]


async def forget_cards(session: Session, workspace_id: int, before: date) -> None:
    """Forget the cards of weeks before that day, with whom they named."""
    await session.execute(
        delete(LeadCard)
        .where(col(LeadCard.workspace_id) == workspace_id, col(LeadCard.week) < before)
        .execution_options(synchronize_session=False)
    )
