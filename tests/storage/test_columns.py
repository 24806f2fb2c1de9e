"""What was counted of many members, read as columns, is what stands in the tables."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from storage.columns import MOST_ROW_IDS, counts_in_columns, spans_in_columns
from storage.database import Database
from storage.dialect import insert, ordinal_of
from storage.tables import LastSign, Member, Participation
from tests.conftest import StillClock
from tests.databases import database_url
from tests.support import Organisation, organisation

__all__ = ["database_url"]

FIRST, LAST = date(2026, 9, 1), date(2027, 3, 1)
# The most that the column holds on PostgreSQL.
MOST = 2**31 - 1


@pytest.fixture
async def office(database: Database, clock: StillClock) -> Organisation:
    """Return an organisation where anna, bo and carl gave signs, and somebody of another one too."""
    made = await organisation(database, clock)
    async with database.begin() as session:
        for name, counts in {
            "anna": [(FIRST, 1, 1), (FIRST, 3, 7), (LAST, 1, MOST)],
            "bo": [(FIRST - timedelta(days=1), 1, 4), (LAST + timedelta(days=1), 2, 5)],
            "carl": [(LAST, 6, 2)],
        }.items():
            theirs = {"workspace_id": made.workspace_id, "member_id": made.members[name]}
            await session.execute(
                insert(Participation),
                [{**theirs, "day": day, "kind": kind, "count": count} for day, kind, count in counts],
            )
            days = [day for day, _, _ in counts]
            await session.execute(insert(LastSign), [{**theirs, "first_day": min(days), "last_day": max(days)}])
    return made


async def test_spans(database: Database, office: Organisation) -> None:
    """The first and last days with a sign come by row id, so many at a time, and then those after them."""
    anna, bo, carl = (office.members[name] for name in ("anna", "bo", "carl"))

    async with database.read() as session:
        two = await spans_in_columns(session, office.workspace_id, after=0, limit=2)
        rest = await spans_in_columns(session, office.workspace_id, after=bo, limit=2)
        none = await spans_in_columns(session, office.workspace_id, after=carl, limit=2)

    assert two.member.tolist() == [anna, bo]
    assert [date.fromordinal(day) for day in two.first.tolist()] == [FIRST, FIRST - timedelta(days=1)]
    assert [date.fromordinal(day) for day in two.last.tolist()] == [LAST, LAST + timedelta(days=1)]
    assert rest.member.tolist() == [carl]
    assert none.member.tolist() == []


async def test_counts(database: Database, office: Organisation) -> None:
    """Counts between two row ids and two days come as they stand, the largest that there can be among them."""
    anna, bo, carl = (office.members[name] for name in ("anna", "bo", "carl"))

    async with database.read() as session:
        between = await counts_in_columns(
            session, office.workspace_id, after=anna - 1, until=carl, first=FIRST, last=LAST
        )
        later = await counts_in_columns(session, office.workspace_id, after=anna, until=bo, first=FIRST, last=None)
        others = await counts_in_columns(
            session, office.workspace_id + 1, after=0, until=MOST_ROW_IDS - 1, first=FIRST, last=None
        )

    assert sorted(zip(between.member.tolist(), between.day.tolist(), between.count.tolist(), strict=True)) == [
        (anna, FIRST.toordinal(), 1),
        (anna, FIRST.toordinal(), 7),
        (anna, LAST.toordinal(), MOST),
        (carl, LAST.toordinal(), 2),
    ]
    assert (later.member.tolist(), later.count.tolist()) == ([bo], [5])
    assert date.fromordinal(int(later.day[0])) == LAST + timedelta(days=1)
    assert others.member.tolist() == []


async def test_members_far_apart(database: Database, office: Organisation) -> None:
    """Where row ids lie far apart, a page ends before they outgrow what is kept for them."""
    far = MOST_ROW_IDS + 7
    async with database.begin() as session:
        session.add(
            Member(
                id=far, workspace_id=office.workspace_id, external_id="far", created_at=datetime(2026, 1, 1, tzinfo=UTC)
            )
        )
        await session.flush()
        theirs = {"workspace_id": office.workspace_id, "member_id": far}
        await session.execute(insert(LastSign), [{**theirs, "first_day": FIRST, "last_day": LAST}])
        await session.execute(insert(Participation), [{**theirs, "day": LAST, "kind": 1, "count": MOST}])

    async with database.read() as session:
        near = await spans_in_columns(session, office.workspace_id, after=0, limit=10)
        then = await spans_in_columns(session, office.workspace_id, after=9, limit=10)
        counts = await counts_in_columns(session, office.workspace_id, after=8, until=far, first=FIRST, last=None)

    assert far not in near.member.tolist()
    assert then.member.tolist() == [far]
    assert (counts.member.tolist(), counts.count.tolist(), counts.day.tolist()) == ([far], [MOST], [LAST.toordinal()])


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2027, 3, 1, tzinfo=UTC),
        datetime(2027, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2028, 2, 29, 12, tzinfo=UTC),
        datetime(1999, 12, 31, 23, 30, tzinfo=UTC),
    ],
)
async def test_the_day_of_a_moment(database: Database, office: Organisation, moment: datetime) -> None:
    """A moment's day in UTC is the same to the database, to its last microsecond."""
    async with database.begin() as session:
        anna = await session.get_one(Member, office.members["anna"])
        anna.told_at = moment

    async with database.read() as session:
        day = await session.execute(select(ordinal_of(Member.told_at)).where(col(Member.id) == anna.id))

    assert day.scalar_one() == moment.date().toordinal()
