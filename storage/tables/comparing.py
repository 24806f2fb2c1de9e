"""*Does it work?*: who came to a tip while it was looked into, who of them was left without one, and what followed."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from storage.tables.base import Day


class Compared(SQLModel, table=True):
    """A member who came to a tip while it was looked into whether tips help; once each.

    `is_without`: the lot left them without one for a quarter from that day on.
    """

    __table_args__ = (
        Index(
            "ix_compared_due",
            "workspace_id",
            "due_on",
            sqlite_where=text("NOT is_summed"),
            postgresql_where=text("NOT is_summed"),
        ),
        {"sqlite_with_rowid": False},
    )

    member_id: int = Field(foreign_key="member.id", primary_key=True, ondelete="CASCADE")
    workspace_id: int = Field(foreign_key="workspace.id", ondelete="CASCADE")
    # The day of the slot for the tip, in the member's own zone.
    due_on: date = Field(sa_type=Day)
    is_without: bool
    # What followed has been added to the sums.
    is_summed: bool = False


class ComparedSum(SQLModel, table=True):
    """How many of those with a tip, and of those without, gave a sign soon after; nobody in it, and never under 5."""

    __tablename__ = "compared_sum"
    __table_args__ = (
        CheckConstraint("people >= 5", name="people_floor"),
        CheckConstraint("returned BETWEEN 0 AND people", name="returned_part"),
        {"sqlite_with_rowid": False},
    )

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    is_without: bool = Field(primary_key=True)
    people: int
    returned: int


class ComparingKey(SQLModel, table=True):
    """The random key of this database under which the lot is drawn; one row, made when first needed."""

    __tablename__ = "comparing_key"

    id: int = Field(default=1, primary_key=True)
    key: str
