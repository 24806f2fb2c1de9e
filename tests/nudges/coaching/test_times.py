"""Which times are proposed: in the working hours of both, not at once, on different days, each only once."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendars import Calendar
from nudges.coaching.times import LENGTH, MOST, NOT_WITHIN, next_working_moment, proposed_times
from tests.nudges.people import calendar

# A Wednesday, 13:00 in Stockholm.
NOON = datetime(2027, 3, 3, 12, 0, tzinfo=UTC)
ZONES = ("Europe/Stockholm", "Europe/London", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati")


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Draw when somebody works: zone, weekdays, hours (past midnight too), country, leave."""
    leave = draw(st.none() | st.dates(date(2027, 2, 1), date(2027, 5, 1)))
    return Calendar(
        ZoneInfo(draw(st.sampled_from(ZONES))),
        frozenset(draw(st.sets(st.integers(1, 7), min_size=1))),
        draw(st.sampled_from((0, 6 * 60, 8 * 60, 9 * 60 + 15, 22 * 60))),
        draw(st.sampled_from((6 * 60 + 30, 14 * 60, 17 * 60, 24 * 60))),
        draw(st.sampled_from(("SE", "DE", "US"))),
        leave_from=leave,
        leave_to=leave and leave + timedelta(days=draw(st.integers(0, 30))),
    )


MOMENTS = st.datetimes(datetime(2027, 2, 20), datetime(2027, 4, 30), timezones=st.just(UTC))  # noqa: DTZ001 - given one


@settings(deadline=None)
@given(calendars(), calendars(), MOMENTS)
def test_every_time_suits_both(member: Calendar, coach: Calendar, now: datetime) -> None:
    """From its first minute to its last both are at work, and nobody has less than two hours until then."""
    times = proposed_times(member, coach, now)

    assert len(times) <= MOST
    assert list(times) == sorted(set(times))
    for begins in times:
        assert begins >= now + NOT_WITHIN
        for whose in (member, coach):
            assert all(whose.is_working_at(begins + timedelta(minutes=minute)) for minute in (0, 15, 29))
        assert begins.astimezone(member.zone).minute in (0, 30)


@settings(deadline=None)
@given(calendars(), calendars(), MOMENTS)
def test_none_overlaps_with_another(member: Calendar, coach: Calendar, now: datetime) -> None:
    """Whichever is taken, the others are still free; nor does a later proposal repeat an earlier one."""
    times = proposed_times(member, coach, now)
    anew = proposed_times(member, coach, now, times)

    together = sorted((*times, *anew))
    assert all(later - earlier >= LENGTH for earlier, later in pairwise(together))


@settings(deadline=None)
@given(calendars(), calendars(), MOMENTS)
def test_the_same_question_has_the_same_answer(member: Calendar, coach: Calendar, now: datetime) -> None:
    """Nothing is left to chance."""
    assert proposed_times(member, coach, now) == proposed_times(member, coach, now)


def test_three_days_and_three_times_of_day() -> None:
    """Two people with ordinary weeks get one late in the morning, one in the afternoon, one early."""
    here = calendar(zone="Europe/Stockholm")

    times = [begins.astimezone(here.zone) for begins in proposed_times(here, here, NOON)]

    assert [f"{begins:%a %H:%M}" for begins in times] == ["Wed 15:30", "Thu 14:30", "Fri 09:00"]


def test_holidays_and_leave_are_nobodys_times() -> None:
    """Before Easter the first times are those after it; leave of either moves them on."""
    here = calendar(zone="Europe/Stockholm")
    away = calendar(zone="Europe/Stockholm", leave_from=date(2027, 3, 30), leave_to=date(2027, 4, 1))
    thursday_evening = datetime(2027, 3, 25, 17, 0, tzinfo=UTC)

    at_home = [begins.date() for begins in proposed_times(here, here, thursday_evening)]
    one_away = [begins.date() for begins in proposed_times(here, away, thursday_evening)]

    assert at_home == [date(2027, 3, 30), date(2027, 3, 31), date(2027, 4, 1)]
    assert one_away == [date(2027, 4, 2), date(2027, 4, 5), date(2027, 4, 6)]


def test_an_ocean_apart() -> None:
    """Stockholm and New York share two hours and a half of the afternoon, which is morning over there."""
    here = calendar(zone="Europe/Stockholm")
    there = calendar(zone="America/New_York")

    times = proposed_times(here, there, NOON)

    assert {begins.astimezone(here.zone).hour for begins in times} <= {14, 15, 16}
    assert len({begins.date() for begins in times}) == 3


def test_few_shared_days_still_give_a_choice() -> None:
    """Who shares one day a week gets several times of it before others are looked for."""
    fridays = calendar(
        zone="Europe/Stockholm", working_days="5", leave_from=date(2027, 3, 6), leave_to=date(2027, 12, 1)
    )

    times = proposed_times(calendar(zone="Europe/Stockholm"), fridays, NOON)

    assert len(times) == 3
    assert {begins.date() for begins in times} == {date(2027, 3, 5)}


def test_no_shared_hours() -> None:
    """Whoever works by night and whoever works by day are offered nothing."""
    nights = calendar(zone="Europe/Stockholm", work_start=22 * 60, work_end=6 * 60)

    assert proposed_times(calendar(zone="Europe/Stockholm"), nights, NOON) == ()


def test_telling_in_working_hours() -> None:
    """At once to whoever is at work, else when their hours begin next."""
    here = calendar(zone="Europe/Stockholm")
    saturday = datetime(2027, 3, 6, 12, 0, tzinfo=UTC)

    assert next_working_moment(here, NOON) == NOON
    assert next_working_moment(here, saturday) == datetime(2027, 3, 8, 7, 0, tzinfo=UTC)
