"""The register of what is kept about people is whole: no table, and no column that may hold a person, is forgotten."""

import pytest
from sqlalchemy import JSON, Column, Integer, MetaData, String, Table, TypeDecorator
from sqlmodel import AutoString

from storage.personal.forms import Person
from storage.personal.register import REGISTER
from storage.tables import metadata


def may_hold_a_person(column: Column[object]) -> bool:
    """Whether a column refers to a member, holds words or JSON, or a row id whose table is not said."""
    if any(key.column.table.name == "member" for key in column.foreign_keys):
        return True
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(kind, JSON | String):
        return True
    is_loose = isinstance(kind, Integer) and not column.foreign_keys
    return is_loose and (column.name == "cursor" or column.name.endswith(("_id", "_by", "_with")))


def undeclared(tables: MetaData) -> list[str]:
    """Return the columns that may hold a person and are not in the register."""
    return [
        f"{table.name}.{column.name}"
        for table in tables.tables.values()
        for column in table.columns
        if may_hold_a_person(column)
        and (
            table.name not in REGISTER
            or column.name not in {*REGISTER[table.name].columns, *REGISTER[table.name].nobody}
        )
    ]


def test_every_column_that_may_hold_a_person_is_declared() -> None:
    """Each is in the register once: as holding a person, or as holding none."""
    twice = [f"{name}.{column}" for name, kept in REGISTER.items() for column in kept.columns if column in kept.nobody]

    assert undeclared(metadata) == []
    assert twice == []


def test_nothing_is_declared_that_is_not_there() -> None:
    """The register names tables and columns that exist, and no others."""
    gone = [
        f"{name}.{column}"
        for name, kept in REGISTER.items()
        for column in {*kept.columns, *kept.nobody, *kept.keys, *kept.confided}
        if name not in metadata.tables or column not in metadata.tables[name].columns
    ]

    assert set(REGISTER) == set(metadata.tables)
    assert gone == []


@pytest.mark.parametrize(
    "column",
    [Column("buddy", Integer), Column("note", AutoString), Column("details", JSON), Column("lead_id", Integer)],
    ids=["a reference to a member", "words", "JSON", "a row id of whatever"],
)
def test_a_new_table_is_not_forgotten(column: Column[object]) -> None:
    """A table of tomorrow with such a column, and no word about it in the register, fails the test above."""
    tables = MetaData()
    Table("member", tables, Column("id", Integer, primary_key=True))
    if column.name == "buddy":
        from sqlalchemy import ForeignKey

        column = Column("buddy", Integer, ForeignKey("member.id"))
    Table("mentoring", tables, Column("id", Integer, primary_key=True), column)

    assert undeclared(tables) == [f"mentoring.{column.name}"]


def test_every_row_about_a_person_is_exported() -> None:
    """Each table in which a person can be found has its keys in words, for every column but the workspace's.

    Where a column is left out, the register says why.
    """
    unsaid = [
        f"{name}.{column.name}"
        for name, kept in REGISTER.items()
        for column in metadata.tables[name].columns
        if kept.keys and not kept.besides and column.name not in kept.keys and column.name != "workspace_id"
    ]
    not_exported = [
        name
        for name, kept in REGISTER.items()
        if (kept.part_of is not None or any(isinstance(held, Person) for held in kept.columns.values()))
        and not kept.keys
    ]

    assert unsaid == []
    assert not_exported == []
