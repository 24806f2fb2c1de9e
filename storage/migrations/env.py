"""Alembic's entry: runs the migrations on the connection that storage/migrate.py hands it."""

from typing import Any, Literal

from alembic import context
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from storage.tables import metadata
from storage.tables.base import Day


def render_item(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write our column types as plain SQLAlchemy ones: a migration must not change when the code does."""
    if kind == "type":
        match item:
            case Day():
                return "sa.Integer()"
            case UTCDateTime():
                return "sa.DateTime(timezone=True)"
            case AutoString():
                return "sa.String()"
            case _:
                pass
    return False


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Leave alone what SQLite keeps for its full-text index: it is no table of ours."""
    return kind != "table" or name is None or not name.startswith("decision_search")


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=render_item,
    include_name=include_name,
    # SQLite cannot alter a table in place; batch mode copies it.
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
