"""Everything that is kept about one person, row by row, as the register says."""

import base64
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, RowMapping, Table, func, or_, select
from sqlmodel import col

from storage.database import Session
from storage.personal.erasing import FORMER
from storage.personal.forms import Kept, Named, Person
from storage.personal.register import REGISTER
from storage.personal.traces import Traces
from storage.tables import Kind, Member, metadata

Row = dict[str, Any]

# What is shown by its name, where a row refers to it.
_NAMED = ("member", "channel", "home_team", "people_group")
_COUNTED = "participation"


async def rows_about(session: Session, workspace_id: int, member: Member) -> dict[str, list[Row]]:
    """Return every row about a member, by table and in the tables' own order; tables without any are left out.

    Each row holds the columns that the register has words for, and nothing that another confided. Values are what JSON
    takes; days and times are in ISO 8601, times in UTC, bytes in Base64. People, channels, groups and home teams stand
    by their names.
    """
    found: dict[str, list[Row]] = {}
    ids: dict[str, list[Any]] = {}
    for name in _parents_first():
        kept = REGISTER[name]
        rows = await _rows(session, workspace_id, metadata.tables[name], kept, member, ids)
        if rows:
            ids[name] = [row["id"] for row in rows if "id" in row]
            found[name] = [_told(kept, row, member) for row in rows]
    names = await _names(session, workspace_id, found)
    return {name: [_as_json(name, row, names) for row in rows] for name, rows in found.items()}


def _told(kept: Kept, row: RowMapping, reader: Member) -> Row:
    """Return what a row holds, but for what another confided to Samlas alone."""
    told: Row = {}
    for key in kept.keys:
        confided = kept.confided.get(key)
        if confided is None or confided.is_told(dict(row), reader.id):
            told[key] = row[key]
        elif confided.instead:
            told[key] = confided.instead.get(row[key], row[key])
    return told


def _parents_first() -> list[str]:
    exported = [name for name, kept in REGISTER.items() if kept.keys]
    return sorted(exported, key=lambda name: (REGISTER[name].part_of is not None, exported.index(name)))


async def _rows(
    session: Session, workspace_id: int, table: Table, kept: Kept, member: Member, ids: Mapping[str, Sequence[Any]]
) -> list[RowMapping]:
    theirs: list[ColumnElement[bool]] = []
    named: list[str] = []
    for name, held in kept.columns.items():
        column = table.c[name]
        if isinstance(held, Person):
            theirs.append(column == member.id)
        elif isinstance(held, Named) and table.name != "member":
            theirs.append(column.contains(member.external_id, autoescape=True))
            named.append(name)
    if kept.part_of is not None:
        parent = next(iter(table.c[kept.part_of].foreign_keys)).column.table.name
        theirs.append(table.c[kept.part_of].in_(ids.get(parent, [])))
    workspace = table.c.id if table.name == "workspace" else table.c.workspace_id
    found = await session.execute(
        select(table).where(workspace == workspace_id, or_(*theirs)).order_by(*table.primary_key.columns)
    )
    traces = Traces(member.external_id, (), "")
    return [
        row
        for row in found.mappings()
        # Another's longer id may hold this one.
        if not named or any(traces.is_named_in(row[name]) for name in named)
    ]


async def _names(session: Session, workspace_id: int, found: Mapping[str, Sequence[Row]]) -> dict[tuple[str, int], str]:
    """Return the names of the people, channels, groups and teams that the rows refer to, by table and row id."""
    wanted: dict[str, set[int]] = {}
    for name, rows in found.items():
        for key in REGISTER[name].keys:
            target = _target(name, metadata.tables[name].c[key])
            if target is not None:
                wanted.setdefault(target, set()).update(row[key] for row in rows if row.get(key) is not None)
    names: dict[tuple[str, int], str] = {}
    for target, row_ids in wanted.items():
        table = metadata.tables[target]
        called = await session.execute(
            select(table.c.id, table.c.name).where(table.c.workspace_id == workspace_id, table.c.id.in_(row_ids))
        )
        names |= {(target, int(row_id)): str(name) for row_id, name in called}
    return names


def _target(name: str, column: Column[Any]) -> str | None:
    """Return the table of names that a column refers to, if any."""
    if isinstance(REGISTER[name].columns.get(column.name), Person):
        return None if column.primary_key and name == "member" else "member"
    targets = [key.column.table.name for key in column.foreign_keys]
    return next((target for target in targets if target in _NAMED), None)


def _as_json(name: str, row: Row, names: Mapping[tuple[str, int], str]) -> Row:
    shown: Row = {}
    for key, value in row.items():
        target = _target(name, metadata.tables[name].c[key])
        if target is not None and value is not None:
            shown[key] = names.get((target, value)) or value
        elif name == _COUNTED and key == "kind":
            shown[key] = Kind(value).name.lower()
        elif isinstance(value, date | datetime):
            shown[key] = value.isoformat()
        elif isinstance(value, bytes):
            shown[key] = base64.b64encode(value).decode()
        else:
            shown[key] = value
    return shown


async def members_called(session: Session, workspace_id: int, who: str) -> Sequence[Member]:
    """Return the members with this e-mail address, or whom the platform calls this."""
    found = await session.execute(
        select(Member)
        .where(
            col(Member.workspace_id) == workspace_id,
            or_(func.lower(col(Member.email)) == who.strip().lower(), col(Member.external_id) == who.strip()),
            ~col(Member.external_id).startswith(FORMER),
        )
        .order_by(col(Member.id))
    )
    return found.scalars().all()
