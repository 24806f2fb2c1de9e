"""The organisation's own list of people as `samlas import people` writes it: by e-mail address, all of it at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import bindparam, func
from sqlmodel import col, select, update

from storage.away import Days, keep_away
from storage.database import Session
from storage.dialect import insert
from storage.people import present
from storage.tables import HomeTeam, Member, MemberState, Workspace

# Rows of one statement: within what SQLite takes as parameters.
AT_ONCE: Final = 500


@dataclass(slots=True)
class ListedChange:
    """What a list changes about one person. `row` None: they are new, known by their e-mail address alone.

    `team` is the name of their home team, "" for none; None leaves it. `values` are columns of their row.
    """

    row: int | None
    email: str
    team: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    # Of a leave that is another now: the days of it that have gone by.
    was_away: Days | None = None


async def people_by_email(session: Session, workspace_id: int, emails: Collection[str]) -> dict[str, Member]:
    """Return the present people with these e-mail addresses; whom the chat has seen goes before who is only listed."""
    wanted = sorted(emails)
    by_email: dict[str, Member] = {}
    for start in range(0, len(wanted), AT_ONCE):
        found = await session.execute(
            select(Member)
            .where(
                Member.workspace_id == workspace_id,
                col(Member.email).in_(wanted[start : start + AT_ONCE]),
                *present(),
            )
            .order_by(col(Member.id))
        )
        for member in found.scalars():
            address = member.email or ""
            if address not in by_email or by_email[address].state == MemberState.LISTED:
                by_email[address] = member
    return by_email


async def every_team(session: Session, workspace_id: int) -> Sequence[HomeTeam]:
    """Return every home team, those that have ended too."""
    found = await session.execute(select(HomeTeam).where(HomeTeam.workspace_id == workspace_id))
    return found.scalars().all()


async def team_sizes(session: Session, workspace_id: int) -> dict[int, int]:
    """Return how many present people each home team has, by row id; one without any is left out."""
    found = await session.execute(
        select(col(Member.home_team_id), func.count())
        .where(Member.workspace_id == workspace_id, col(Member.home_team_id).is_not(None), *present())
        .group_by(col(Member.home_team_id))
    )
    return {team: count for team, count in found.all() if team is not None}


async def begin_teams(session: Session, workspace_id: int, names: Collection[str]) -> None:
    """Have home teams of these names, in place of none or of one that has ended."""
    for name in names:
        await session.execute(
            insert(HomeTeam)
            .values(workspace_id=workspace_id, name=name)
            .on_conflict_do_update(index_elements=["workspace_id", "name"], set_={"ended_at": None})
        )


async def end_team(session: Session, workspace_id: int, team_id: int, now: datetime) -> None:
    """End a home team: nobody is in it or leads it any more. What was announced to it stays."""
    await session.execute(
        update(Member)
        .where(col(Member.workspace_id) == workspace_id, col(Member.home_team_id) == team_id)
        .values(home_team_id=None)
    )
    await session.execute(
        update(HomeTeam)
        .where(col(HomeTeam.workspace_id) == workspace_id, col(HomeTeam.id) == team_id)
        .values(ended_at=now, lead_id=None)
    )


async def set_lead(session: Session, workspace_id: int, team_id: int, member_id: int | None) -> None:
    """Let a home team be led by somebody, or by nobody."""
    await session.execute(
        update(HomeTeam)
        .where(col(HomeTeam.workspace_id) == workspace_id, col(HomeTeam.id) == team_id)
        .values(lead_id=member_id)
    )


async def change_listed(
    session: Session, workspace_id: int, changes: Sequence[ListedChange], teams: Mapping[str, int], now: datetime
) -> None:
    """Write what a list changes about some people. `teams` gives the home teams' row ids by name."""
    new: list[dict[str, Any]] = []
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    away: dict[int, Days] = {}
    for change in changes:
        values = dict(change.values)
        if "zone" in values:
            values["zone_set_at"] = None if values["zone"] is None else now
        if change.team is not None:
            values["home_team_id"] = teams[change.team] if change.team else None
        if change.row is None:
            new.append(values | {"email": change.email})
        elif values:
            by_columns[tuple(sorted(values))].append(
                {f"new_{name}": value for name, value in values.items()} | {"row": change.row}
            )
        if change.row is not None and change.was_away is not None:
            away[change.row] = change.was_away
    await _add(session, workspace_id, new, now)
    connection = await session.connection()
    for columns, rows in by_columns.items():
        await connection.execute(
            update(Member)
            .where(col(Member.workspace_id) == workspace_id, col(Member.id) == bindparam("row"))
            .values({name: bindparam(f"new_{name}") for name in columns}),
            rows,
        )
    await keep_away(session, workspace_id, away)


async def _add(session: Session, workspace_id: int, new: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Store people of whom only the list tells; their e-mail addresses stand in for the platform's ids."""
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for values in new:
        row = {
            **values,
            "workspace_id": workspace_id,
            "external_id": values["email"],
            "state": MemberState.LISTED,
            "created_at": now,
        }
        by_columns[tuple(sorted(row))].append(row)
    connection = await session.connection()
    for columns, rows in by_columns.items():
        # Who was on the list before and was not on a later one is on it again.
        adding = insert(Member)
        again = {name: adding.excluded[name] for name in columns if name not in ("workspace_id", "external_id")}
        await connection.execute(
            adding.on_conflict_do_update(
                index_elements=["workspace_id", "external_id"],
                set_={**again, "left_on": None},
                where=col(Member.state) == MemberState.LEFT,
            ),
            rows,
        )


async def listed_people(session: Session, workspace_id: int) -> Sequence[Member]:
    """Return the people of whom only the list has told, by e-mail address."""
    found = await session.execute(
        select(Member)
        .where(Member.workspace_id == workspace_id, Member.state == MemberState.LISTED)
        .order_by(col(Member.email))
    )
    return found.scalars().all()


async def list_no_more(session: Session, workspace_id: int, member_ids: Sequence[int], today: date) -> None:
    """Let people of whom only the list has told be part of the organisation no more; the chat's own people stay.

    What was announced to them stays counted, as to people who have left.
    """
    for start in range(0, len(member_ids), AT_ONCE):
        these = member_ids[start : start + AT_ONCE]
        await session.execute(
            update(HomeTeam)
            .where(col(HomeTeam.workspace_id) == workspace_id, col(HomeTeam.lead_id).in_(these))
            .values(lead_id=None)
        )
        await session.execute(
            update(Member)
            .where(
                col(Member.workspace_id) == workspace_id,
                col(Member.id).in_(these),
                col(Member.state) == MemberState.LISTED,
            )
            .values(state=MemberState.LEFT, left_on=today, home_team_id=None)
        )


async def last_listed(session: Session, workspace_id: int, *, hold: bool = False) -> datetime | None:
    """Return when the organisation's own list was last imported; with `hold` no other import writes until we have."""
    query = select(Workspace.people_listed_at).where(col(Workspace.id) == workspace_id)
    found: datetime | None = (await session.execute(query.with_for_update() if hold else query)).scalar_one()
    return found


async def note_listed(session: Session, workspace_id: int, now: datetime) -> None:
    """Keep that the organisation's own list has been imported."""
    await session.execute(update(Workspace).where(col(Workspace.id) == workspace_id).values(people_listed_at=now))
