"""Home teams and calendars as they are changed in chat: one at a time, each under a lock on what it is about."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select, update

from storage.away import days_gone_by, keep_away
from storage.database import Session
from storage.people import present
from storage.tables import HomeTeam, Member, Workspace


async def hold_teams(session: Session, workspace_id: int) -> None:
    """Let nobody else change home teams until this transaction ends: a name is looked at before it is taken."""
    await session.execute(select(col(Workspace.id)).where(col(Workspace.id) == workspace_id).with_for_update())


async def hold_person(session: Session, workspace_id: int, member_id: int) -> Member | None:
    """Return a present person, whom nobody else changes until this transaction ends; None for anybody else."""
    found = await session.execute(
        select(Member)
        .where(Member.workspace_id == workspace_id, col(Member.id) == member_id, *present())
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def people_of_team(session: Session, workspace_id: int, team_id: int) -> Sequence[int]:
    """Return the row ids of a home team's present people."""
    found = await session.execute(
        select(col(Member.id)).where(Member.workspace_id == workspace_id, Member.home_team_id == team_id, *present())
    )
    return [row for row in found.scalars() if row is not None]


async def change_team(
    session: Session, workspace_id: int, team_id: int, name: str, lead_id: int | None, channel_id: int | None
) -> None:
    """Give a home team its name, its lead and its channel."""
    await session.execute(
        update(HomeTeam)
        .where(col(HomeTeam.workspace_id) == workspace_id, col(HomeTeam.id) == team_id)
        .values(name=name, lead_id=lead_id, channel_id=channel_id)
    )


async def set_home_team(session: Session, workspace_id: int, member_id: int, team_id: int | None) -> None:
    """Let a person belong to a home team, in place of any other; None: to none."""
    await session.execute(
        update(Member)
        .where(col(Member.workspace_id) == workspace_id, col(Member.id) == member_id)
        .values(home_team_id=team_id)
    )


async def set_calendar(
    session: Session, workspace_id: int, member: Member, values: Mapping[str, Any], today: date, now: datetime
) -> None:
    """Keep what is new in a person's calendar, by column. Days of a leave that have gone by stay days away."""
    changed = dict(values)
    if "zone" in changed:
        changed["zone_set_at"] = None if changed["zone"] is None else now
    gone = days_gone_by(member.leave_from, member.leave_to, today)
    if gone is not None and changed.keys() & {"leave_from", "leave_to"} and member.id is not None:
        await keep_away(session, workspace_id, {member.id: gone})
    await session.execute(
        update(Member).where(col(Member.workspace_id) == workspace_id, col(Member.id) == member.id).values(**changed)
    )
