"""What all tables share: column types, the naming convention, and the one metadata object."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Dialect, Integer, MetaData, TypeDecorator
from sqlmodel import Field, SQLModel

# Alembic can only drop or alter what has a name on every database.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata


class Day(TypeDecorator[date]):
    """A calendar day kept as its proleptic ordinal (`date.toordinal()`).

    An integer is a third of a text date's size in the largest table, sorts as it should, and is what the raw
    counting functions write.
    """

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Write the day as its ordinal."""
        return None if value is None else value.toordinal()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> date | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Read the ordinal back as a day."""
        return None if value is None else date.fromordinal(value)


def one_of(column: str, values: type) -> CheckConstraint:
    """Return a CHECK that the text column holds one of a StrEnum's values."""
    allowed = ", ".join(f"'{member.value}'" for member in values)  # type: ignore[attr-defined]  # iterating an Enum class
    return CheckConstraint(f"{column} IN ({allowed})", name=f"{column}_known")


def primary_key() -> Any:
    """Return the field of a plain integer key; None until the row is flushed."""
    return Field(default=None, primary_key=True)


def belongs_to(target: str, **options: Any) -> Any:
    """Return the field of a reference whose row goes when the referred row goes."""
    return Field(foreign_key=target, ondelete="CASCADE", index=True, **options)
