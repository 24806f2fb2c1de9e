"""What is summed up, when, and of whom; and what charts make of it."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

from sqlmodel import col, select, update

from bot.context import PersonContext, context_for, known, person_context_for
from bot.insights.charts import organisation_charts
from bot.insights.drawings import Bars, Chart, Curves, Trend
from bot.insights.effects import interval
from bot.insights.summing import sum_up, weeks_due
from storage.database import Database, Session
from storage.floor import WEEK
from storage.insights import week_figures
from storage.people import get_member
from storage.personal.erasing import forget_member
from storage.tables import (
    EVERYBODY,
    Anchoring,
    Announcement,
    AnnouncementState,
    Contact,
    ContactItem,
    ContactState,
    Decision,
    FrozenMembership,
    LastSign,
    Member,
    Participation,
    ReachFigure,
    Recipient,
    Workspace,
)
from storage.workspaces import get_workspace
from tests.conftest import StillClock
from tests.support import Organisation

# The Monday of the week in which tests begin.
THIS_WEEK = date(2027, 3, 1)
LAST_WEEK = THIS_WEEK - WEEK


async def took_part(session: Session, office: Organisation, week: date, people: Collection[str]) -> None:
    """Let people give three signs each on the Wednesday of a week."""
    for name in people:
        day, who = week + timedelta(days=2), office.members[name]
        session.add(Participation(workspace_id=office.workspace_id, member_id=who, day=day, kind=1, count=3))
        span = await session.get(LastSign, (office.workspace_id, who))
        if span is None:
            session.add(LastSign(workspace_id=office.workspace_id, member_id=who, first_day=day, last_day=day))
        else:
            span.last_day = day
        await session.flush()


async def summed_up(session: Session, office: Organisation, now: datetime) -> None:
    """Do what is due at a moment."""
    await sum_up(context_for(session, now, await get_workspace(session, office.workspace_id)))


async def charts_of(database: Database, office: Organisation, now: datetime) -> dict[str, Chart]:
    """Return what Greta, who leads communications, sees at a moment, by key."""
    async with database.read() as session:
        workspace = await get_workspace(session, office.workspace_id)
        greta = await get_member(session, office.workspace_id, office.members["greta"])
        ctx: PersonContext = person_context_for(session, now, workspace, greta)
        return {chart.key: chart for chart in await organisation_charts(ctx)}


async def test_a_week_is_summed_up_when_it_is_over(database: Database, office: Organisation, clock: StillClock) -> None:
    """Not the running one; and once: what comes later for a week that has been summed up changes nothing."""
    async with database.begin() as session:
        await took_part(session, office, LAST_WEEK, ("anna", "bo", "carl", "eva", "gina", "hugo", "ines"))
        await took_part(session, office, THIS_WEEK, ("anna", "bo"))
        await summed_up(session, office, clock.now())
    async with database.begin() as session:
        await took_part(session, office, LAST_WEEK, ("jon", "kim", "lo", "david", "farid"))
        await summed_up(session, office, clock.now())
        figures = await week_figures(session, office.workspace_id, since=LAST_WEEK)

    [whole] = [figure for figure in figures if figure.team_id == EVERYBODY]
    assert (whole.week, whole.members, whole.active) == (LAST_WEEK, 14, 500)


async def test_a_sign_from_just_before_midnight_is_waited_for(database: Database, office: Organisation) -> None:
    """The week is over an hour after it has ended."""
    midnight = datetime(2027, 3, 1, tzinfo=UTC)
    async with database.begin() as session:
        await took_part(session, office, LAST_WEEK, office.members)
        await summed_up(session, office, midnight + timedelta(minutes=59))
        before = await week_figures(session, office.workspace_id, since=LAST_WEEK)
        await summed_up(session, office, midnight + timedelta(hours=1))
        after = await week_figures(session, office.workspace_id, since=LAST_WEEK)

    assert before == []
    assert {figure.week for figure in after} == {LAST_WEEK}


async def test_before_the_notice_nothing_is_summed_up(
    database: Database, office: Organisation, clock: StillClock
) -> None:
    """Nobody is looked at by name before everybody has been told, not even for a sum."""
    async with database.begin() as session:
        await took_part(session, office, LAST_WEEK, office.members)
        await session.execute(update(Workspace).values(notice_given_at=None))
        await summed_up(session, office, clock.now())
        figures = await week_figures(session, office.workspace_id, since=LAST_WEEK)

    assert figures == []


async def test_who_joins_is_in_the_figures_from_the_next_quarter_on(database: Database, office: Organisation) -> None:
    """Membership is frozen for a quarter; a new team too shows only then."""
    async with database.begin() as session:
        await took_part(session, office, LAST_WEEK, office.members)
        await summed_up(session, office, datetime(2027, 3, 3, tzinfo=UTC))
        session.add_all(
            Member(
                workspace_id=office.workspace_id,
                external_id=f"new-{number}",
                created_at=datetime(2027, 3, 4, tzinfo=UTC),
                home_team_id=office.team_id,
            )
            for number in range(3)
        )
        await summed_up(session, office, datetime(2027, 4, 14, tzinfo=UTC))
        figures = await week_figures(session, office.workspace_id, since=LAST_WEEK)

    sizes = {(figure.week, figure.team_id): figure.members for figure in figures}
    assert sizes[date(2027, 3, 29), EVERYBODY] == 14
    assert sizes[date(2027, 4, 5), EVERYBODY] == 17
    assert (date(2027, 3, 29), office.team_id) not in sizes
    assert sizes[date(2027, 4, 5), office.team_id] == 6


async def test_who_belonged_where_is_forgotten_with_the_quarter(database: Database, office: Organisation) -> None:
    """Nothing of who was in which team is kept when all weeks of the quarter have been summed up."""
    async with database.begin() as session:
        await took_part(session, office, LAST_WEEK, office.members)
        await summed_up(session, office, datetime(2027, 4, 14, tzinfo=UTC))
        quarters = await session.execute(select(col(FrozenMembership.quarter)).distinct())

        assert list(quarters.scalars()) == [date(2027, 4, 1)]


async def test_reach_over_time(database: Database, office: Organisation, clock: StillClock) -> None:
    """How many had read it a day after, two days after and so on, in tenths; of 5 people or more."""
    published_at = datetime(2027, 2, 8, 9, tzinfo=UTC)
    names = list(office.members)
    async with database.begin() as session:
        for audience in (names, names[:4]):
            announcement = Announcement(
                workspace_id=office.workspace_id,
                author_id=office.members["anna"],
                state=AnnouncementState.PUBLISHED,
                created_at=published_at,
                published_at=published_at,
            )
            session.add(announcement)
            await session.flush()
            session.add_all(
                Recipient(
                    announcement_id=known(announcement.id),
                    member_id=office.members[name],
                    workspace_id=office.workspace_id,
                    read_at=published_at + timedelta(days=number),
                )
                for number, name in enumerate(audience)
            )
        await took_part(session, office, LAST_WEEK, office.members)
        await summed_up(session, office, clock.now())

    chart = (await charts_of(database, office, clock.now()))["reach"]

    assert isinstance(chart.drawing, Curves)
    [curve] = chart.drawing.curves
    assert curve.points == ((0, 0), (1, 10), (2, 20), (4, 40), (7, 60), (14, 90))


async def test_reach_with_people_who_were_erased(database: Database, office: Organisation, clock: StillClock) -> None:
    """An audience is as large as it was, and who had read still has; as numbers, and towards the floor too."""
    published_at = datetime(2027, 2, 8, 9, tzinfo=UTC)
    readers = list(office.members)[1:6]
    async with database.begin() as session:
        announcement = Announcement(
            workspace_id=office.workspace_id,
            author_id=office.members["anna"],
            state=AnnouncementState.PUBLISHED,
            created_at=published_at,
            published_at=published_at,
        )
        session.add(announcement)
        await session.flush()
        session.add_all(
            Recipient(
                announcement_id=known(announcement.id),
                member_id=office.members[name],
                workspace_id=office.workspace_id,
                read_at=published_at + timedelta(hours=1) if number < 2 else None,
            )
            for number, name in enumerate(readers)
        )
        await took_part(session, office, LAST_WEEK, office.members)
    async with database.begin() as session:
        for name in (readers[0], readers[4]):
            await forget_member(session, office.workspace_id, office.members[name], "a former member")
        await summed_up(session, office, clock.now())
        figures = (await session.execute(select(ReachFigure))).scalars().all()

    assert {(figure.recipients, figure.read) for figure in figures} == {(5, 400)}


async def test_what_followed_tips(database: Database, office: Organisation, clock: StillClock) -> None:
    """Of too few nothing is told; of twenty a share, with how much it may be off."""
    told = date(2027, 1, 13)
    async with database.begin() as session:
        await took_part(session, office, told + timedelta(days=5), list(office.members)[:7])
        await took_part(session, office, LAST_WEEK, list(office.members)[:2])
        await tip(session, office, told, office.members.values())
        await summed_up(session, office, clock.now())
    few = (await charts_of(database, office, clock.now()))["tips"]
    async with database.begin() as session:
        await tip(session, office, told + WEEK, list(office.members.values())[7:])
        await took_part(session, office, THIS_WEEK, ["anna"])
        await summed_up(session, office, clock.now() + WEEK)

    enough = (await charts_of(database, office, clock.now() + WEEK))["tips"]

    assert "Too few to tell" in few.finding
    assert few.drawing is None
    assert enough.finding == (
        "Of 22 people, about 30 % gave a sign again. With so many, anything from 16 to 53 % would be no surprise."
    )


async def tip(session: Session, office: Organisation, day: date, members: Collection[int]) -> None:
    """Let members have got a tip on a day."""
    for who in members:
        contact = Contact(
            workspace_id=office.workspace_id,
            member_id=who,
            local_date=day,
            state=ContactState.SENT,
            planned_at=datetime(2027, 1, 1, tzinfo=UTC),
        )
        session.add(contact)
        await session.flush()
        session.add(
            ContactItem(workspace_id=office.workspace_id, contact_id=known(contact.id), kind="tip", reason="", rank=1)
        )
    await session.flush()


async def test_decisions_by_outcome_and_what_can_be_seen(
    database: Database, office: Organisation, clock: StillClock
) -> None:
    """Counts of what everybody may know: no floor is needed for them."""
    async with database.begin() as session:
        for anchoring in (Anchoring.BY_GROUP, Anchoring.BY_GROUP, Anchoring.NOT_YET):
            announcement = Announcement(
                workspace_id=office.workspace_id,
                author_id=office.members["anna"],
                state=AnnouncementState.PUBLISHED,
                created_at=clock.now(),
                published_at=clock.now(),
            )
            session.add(announcement)
            await session.flush()
            session.add(
                Decision(workspace_id=office.workspace_id, announcement_id=known(announcement.id), outcome=anchoring)
            )

    charts = await charts_of(database, office, clock.now())

    assert charts["decisions"].finding == "2 of 3 decisions were anchored when they were published."
    assert isinstance(charts["decisions"].drawing, Bars)
    assert [bar.value for bar in charts["decisions"].drawing.bars] == [2, 0, 0, 1]
    assert charts["coverage"].finding.startswith("1 of 1 channels that Samlas knows of; chats")


async def test_charts_of_a_week(database: Database, office: Organisation, clock: StillClock) -> None:
    """How many took part, and how evenly: equal parts of 5 people or more, the most active first."""
    async with database.begin() as session:
        await took_part(session, office, LAST_WEEK, ("anna", "bo", "carl", "eva", "gina", "hugo", "ines", "jon"))
        await summed_up(session, office, clock.now())

    charts = await charts_of(database, office, clock.now())

    assert isinstance(charts["active"].drawing, Trend)
    assert [point.value for point in charts["active"].drawing.points] == [60]
    assert isinstance(charts["spread"].drawing, Bars)
    assert [bar.value for bar in charts["spread"].drawing.bars] == [90, 12]


def test_weeks_due() -> None:
    """All that are over and have not been summed up, the earliest first."""
    first = date(2027, 2, 1)

    assert weeks_due(first, date(2027, 3, 1), frozenset({date(2027, 2, 8)})) == [
        date(2027, 2, 1),
        date(2027, 2, 15),
        date(2027, 2, 22),
    ]


def test_how_much_a_share_may_be_off() -> None:
    """Wilson's interval, as its textbook examples have it."""
    assert interval(0, 10) == (0, 28)
    assert interval(5, 10) == (24, 76)
    assert interval(80, 100) == (71, 87)
