"""What SQLite and PostgreSQL say differently, said once, so that every query means the same on both.

No other module of this room imports from `sqlalchemy.dialects`; what the two can do at all stands in
storage/sqlite.py and storage/postgresql.py.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, Integer, type_coerce
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType

from storage.database import Session

# PostgreSQL's INSERT with ON CONFLICT; SQLite took the clause over from it, and SQLAlchemy writes it for both.
__all__ = [
    "POSTGRESQL",
    "SQLITE",
    "as_kept",
    "database_seconds",
    "dialect_of",
    "greatest",
    "insert",
    "least",
    "moment_of",
    "numbers_together",
    "ordinal_of",
]

SQLITE = "sqlite"
POSTGRESQL = "postgresql"


def dialect_of(session: Session) -> str:
    """Return which of the two a session speaks: SQLITE or POSTGRESQL."""
    return session.get_bind().dialect.name


class _DatabaseSeconds(FunctionElement[float]):
    """The database's own time, of the moment at which it is looked at and not of the transaction's beginning."""

    type = Float()
    inherit_cache = True
    name = "database_seconds"


@compiles(_DatabaseSeconds, SQLITE)
def _sqlite_seconds(_element: Any, _compiler: SQLCompiler, **_options: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(_DatabaseSeconds, POSTGRESQL)
def _postgresql_seconds(_element: Any, _compiler: SQLCompiler, **_options: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) AS DOUBLE PRECISION)"


def database_seconds() -> ColumnElement[float]:
    """Return the database's own time, in seconds since 1970."""
    return _DatabaseSeconds()


def as_kept(column: Any) -> ColumnElement[Any]:
    """Return a column that is read as the driver gives it: a day as its ordinal, a moment for `moment_of`.

    What is read of many thousands of rows is not made into dates one by one before it is known which of it is needed.
    """
    return type_coerce(column, NullType())


def moment_of(kept: Any) -> datetime:
    """Return a moment that was read as it is kept."""
    return kept if isinstance(kept, datetime) else datetime.fromisoformat(f"{kept}+00:00")


class _OneOfTwo(FunctionElement[Any]):
    """The smaller or the greater of two whole numbers, or of two days; NULL is not among them."""

    type = Integer()
    inherit_cache = True
    on_sqlite = ""


class _Least(_OneOfTwo):
    inherit_cache = True
    name = "least"
    on_sqlite = "min"


class _Greatest(_OneOfTwo):
    inherit_cache = True
    name = "greatest"
    on_sqlite = "max"


@compiles(_OneOfTwo, SQLITE)
def _sqlite_one_of_two(element: _OneOfTwo, compiler: SQLCompiler, **options: Any) -> str:
    return f"{element.on_sqlite}({compiler.process(element.clauses, **options)})"


@compiles(_OneOfTwo, POSTGRESQL)
def _postgresql_one_of_two(element: _OneOfTwo, compiler: SQLCompiler, **options: Any) -> str:
    return f"{element.name}({compiler.process(element.clauses, **options)})"


def least(one: Any, other: Any) -> ColumnElement[Any]:
    """Return the smaller of two values of a row."""
    return _Least(one, other)


def greatest(one: Any, other: Any) -> ColumnElement[Any]:
    """Return the greater of two values of a row."""
    return _Greatest(one, other)


class _Together(FunctionElement[Any]):
    """Whole numbers of all rows as one value: text with commas on SQLite, eight bytes each on PostgreSQL."""

    type = NullType()
    inherit_cache = True
    name = "numbers_together"


@compiles(_Together, SQLITE)
def _sqlite_together(element: _Together, compiler: SQLCompiler, **options: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **options)})"


@compiles(_Together, POSTGRESQL)
def _postgresql_together(element: _Together, compiler: SQLCompiler, **options: Any) -> str:
    return f"string_agg(int8send({compiler.process(element.clauses, **options)}), ''::bytea)"


def numbers_together(number: ColumnElement[int]) -> ColumnElement[Any]:
    """Return a number of every row, put together as one value, in no order; NULL where there is no row.

    As text with commas between them, or as the eight bytes of each with the highest first; see storage/columns.py.
    """
    return _Together(number)


class _OrdinalOf(FunctionElement[int]):
    """The UTC day of a moment, as its ordinal."""

    type = Integer()
    inherit_cache = True
    name = "ordinal_of"


@compiles(_OrdinalOf, SQLITE)
def _sqlite_ordinal(element: _OrdinalOf, compiler: SQLCompiler, **options: Any) -> str:
    # Of the whole text, the last half millisecond of a day would be the next one's.
    day = f"substr({compiler.process(element.clauses, **options)}, 1, 10)"
    return f"CAST(julianday({day}) - 1721424.5 AS INTEGER)"


@compiles(_OrdinalOf, POSTGRESQL)
def _postgresql_ordinal(element: _OrdinalOf, compiler: SQLCompiler, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"(CAST({moment} AT TIME ZONE 'UTC' AS DATE) - DATE '0001-01-01' + 1)"


def ordinal_of(moment: Any) -> ColumnElement[int]:
    """Return the UTC day of a moment as `date.toordinal()` has it, which is how days are kept."""
    return _OrdinalOf(moment)
