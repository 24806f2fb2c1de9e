"""What was counted of thousands of members, as columns of numbers: a page of them is one value of the database's.

To read a row at a time costs many times what the database takes to find it. numpy comes with this module, so that it
is imported by whoever looks at everybody, and when they do.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, ColumnElement, Integer, literal, type_coerce
from sqlmodel import col, select

from storage.database import Session
from storage.dialect import numbers_together
from storage.tables import LastSign, Participation

Numbers = NDArray[np.int64]

# Several numbers travel as one of 63 bits. Days by their ordinal, of which the last of all has 22.
_DAY_BITS: Final = 22
_MEMBER_BITS: Final = 19
# A look back is a matter of months; eleven years are kept free for it.
_DAY_IN_LOOK_BITS: Final = 12
# However thinly a workspace's members are spread among others', no page is of more row ids.
MOST_ROW_IDS: Final = 1 << _MEMBER_BITS


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """The first and last day with any sign of some members, by row id in order; days as ordinals."""

    member: Numbers
    first: Numbers
    last: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """How often some members took part: an entry for each member, day and kind, in no order; days as ordinals."""

    member: Numbers
    day: Numbers
    count: Numbers


async def spans_in_columns(session: Session, workspace_id: int, *, after: int, limit: int) -> Spans:
    """Return the spans of the next members with any sign, of MOST_ROW_IDS row ids at most."""
    page = (
        select(col(LastSign.member_id), col(LastSign.first_day), col(LastSign.last_day))
        .where(
            LastSign.workspace_id == workspace_id,
            col(LastSign.member_id) > after,
            col(LastSign.member_id) <= after + MOST_ROW_IDS - 1,
        )
        .order_by(col(LastSign.member_id))
        .limit(limit)
        .subquery()
    )
    member, first, last = page.c
    found = await session.execute(
        select(
            numbers_together(
                (member - _number(after)) * _number(1 << 2 * _DAY_BITS)
                + _as_number(first) * _number(1 << _DAY_BITS)
                + _as_number(last)
            )
        )
    )
    packed = np.sort(_numbers(found.scalar_one()))
    day = (1 << _DAY_BITS) - 1
    return Spans((packed >> 2 * _DAY_BITS) + after, (packed >> _DAY_BITS) & day, packed & day)


async def counts_in_columns(
    session: Session, workspace_id: int, *, after: int, until: int, first: date, last: date | None
) -> Counts:
    """Return what the members from after one row id up to and with another did on each day from `first` on.

    At most MOST_ROW_IDS lie between the two, and eleven years between the days; `last` None: all that there is.
    """
    begins = first.toordinal()
    found = await session.execute(
        select(
            numbers_together(
                col(Participation.count) * _number(1 << _MEMBER_BITS + _DAY_IN_LOOK_BITS)
                + col(Participation.member_id) * _number(1 << _DAY_IN_LOOK_BITS)
                + _as_number(col(Participation.day))
                - _number((after << _DAY_IN_LOOK_BITS) + begins)
            )
        ).where(
            Participation.workspace_id == workspace_id,
            col(Participation.member_id) > after,
            col(Participation.member_id) <= until,
            col(Participation.day) >= first,
            *([] if last is None else [col(Participation.day) <= last]),
        )
    )
    packed = _numbers(found.scalar_one())
    return Counts(
        ((packed >> _DAY_IN_LOOK_BITS) & ((1 << _MEMBER_BITS) - 1)) + after,
        (packed & ((1 << _DAY_IN_LOOK_BITS) - 1)) + begins,
        packed >> (_MEMBER_BITS + _DAY_IN_LOOK_BITS),
    )


def _number(number: int) -> ColumnElement[int]:
    return literal(number, BigInteger)


def _as_number(day: Any) -> ColumnElement[int]:
    return type_coerce(day, Integer)


def _numbers(together: Any) -> Numbers:
    """Take apart what `numbers_together` put together: decimal numbers with commas, or eight bytes each."""
    if together is None:
        return np.zeros(0, np.int64)
    if isinstance(together, str):
        return np.fromstring(together, np.int64, sep=",")
    return np.frombuffer(together, ">i8").astype(np.int64)
