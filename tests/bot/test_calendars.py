"""A member's calendar: their days, their hours, their zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendars import calendar_of, calendar_of_organisation, monday_of, public_holidays, to_utc
from bot.settings import OrganisationSettings
from tests.nudges.people import SETTINGS, calendar, somebody

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
ZONES = st.sampled_from(
    ["Europe/Stockholm", "America/New_York", "Pacific/Kiritimati", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]
)


def test_ordinary_days() -> None:
    """Monday to Friday are working days, the weekend is not."""
    bo = calendar()

    assert [bo.works_on(date(2027, 3, 1) + timedelta(days=n)) for n in range(7)] == [True] * 5 + [False] * 2


def test_part_timer() -> None:
    """Somebody who works Monday, Tuesday and Saturday has these three days."""
    bo = calendar(working_days="126")

    assert [day for day in range(1, 8) if bo.works_on(date(2027, 3, day))] == [1, 2, 6]


def test_organisations_days_are_the_default() -> None:
    """Who has set no working days has the organisation's."""
    settings = OrganisationSettings(working_days="67", work_start=600, work_end=720, zone="Asia/Tokyo")

    found = calendar_of(somebody(), settings)

    assert found.works_on(date(2027, 3, 6))
    assert not found.works_on(date(2027, 3, 5))
    assert (found.work_start, found.work_end, found.zone) == (600, 720, ZoneInfo("Asia/Tokyo"))


def test_leave_includes_both_its_days() -> None:
    """Leave from Tuesday to Thursday leaves Monday and Friday."""
    bo = calendar(leave_from=date(2027, 3, 2), leave_to=date(2027, 3, 4))

    assert [bo.works_on(date(2027, 3, day)) for day in range(1, 6)] == [True, False, False, False, True]


def test_leave_without_an_end() -> None:
    """Leave whose end is not known goes on; leave whose beginning is not known has begun."""
    assert calendar(leave_from=date(2027, 3, 2)).is_on_leave(date(2030, 1, 1))
    assert not calendar(leave_from=date(2027, 3, 2)).is_on_leave(date(2027, 3, 1))
    assert calendar(leave_to=date(2027, 3, 2)).is_on_leave(date(2020, 1, 1))
    assert not calendar().is_on_leave(date(2027, 3, 2))


def test_swedish_holidays() -> None:
    """Good Friday is nobody's working day in Sweden, nor are the eves that no law names."""
    bo = calendar()

    assert not bo.works_on(date(2027, 3, 26))
    assert not bo.works_on(date(2027, 6, 25))
    assert not bo.works_on(date(2027, 12, 24))
    assert not bo.works_on(date(2027, 12, 31))
    # Maundy Thursday and the eve of Epiphany are working days.
    assert bo.works_on(date(2027, 3, 25))
    assert bo.works_on(date(2027, 1, 5))


def test_sunday_is_a_day_like_others_for_who_works_then() -> None:
    """Whoever works on Sundays has Sundays as working days, but not Easter."""
    bo = calendar(working_days="7")

    assert bo.works_on(date(2027, 3, 21))
    assert not bo.works_on(date(2027, 3, 28))


def test_regions_have_holidays_of_their_own() -> None:
    """Corpus Christi is free in Bavaria and a working day in Berlin; both ways of naming the region are known."""
    corpus_christi = date(2027, 5, 27)

    assert not calendar(country="DE", region="BY").works_on(corpus_christi)
    assert not calendar(country="DE", region="DE-BY").works_on(corpus_christi)
    assert calendar(country="DE", region="BE").works_on(corpus_christi)


def test_a_country_brings_no_region_of_another() -> None:
    """In a Bavarian organisation, a Swede without a region is not given Bavaria's."""
    settings = OrganisationSettings(country="DE", region="BY")

    assert calendar_of(somebody(country="SE"), settings).region is None
    assert calendar_of(somebody(), settings).region == "BY"


def test_what_nobody_knows_stops_nothing() -> None:
    """A country, region or zone that is not known has no holidays of its own, or falls back."""
    assert public_holidays("XX", None, 2027) == frozenset()
    assert public_holidays("DE", "Atlantis", 2027) == public_holidays("DE", None, 2027)
    assert calendar(zone="Mars/Olympus").zone == STOCKHOLM
    assert calendar(zone="../etc/passwd").zone == STOCKHOLM


def test_quiet_weeks() -> None:
    """The Swedish holiday weeks, 28 to 32, have no working days."""
    bo = calendar()

    assert bo.works_on(date(2027, 7, 9))
    assert not bo.works_on(date(2027, 7, 12))
    assert not bo.works_on(date(2027, 8, 13))
    assert bo.works_on(date(2027, 8, 16))


def test_working_days_between() -> None:
    """Between a Friday and the Tuesday after lie two working days: the first is not counted, the last is."""
    assert calendar().working_days(date(2027, 3, 5), date(2027, 3, 9)) == 2
    assert calendar().working_days(date(2027, 3, 9), date(2027, 3, 9)) == 0


@given(DAYS, st.integers(0, 400), st.integers(0, 400))
def test_working_days_add_up(first: date, one: int, other: int) -> None:
    """The working days of two spans that follow each other are those of the whole."""
    bo, middle = calendar(working_days="1356"), first + timedelta(days=one)
    last = middle + timedelta(days=other)

    assert bo.working_days(first, middle) + bo.working_days(middle, last) == bo.working_days(first, last)
    assert all(bo.works_on(day) for day in bo.working_days_back(last, first))


def test_summer_time_begins() -> None:
    """A time that the clock leaves out moves forward: 02:30 on 28 March is 03:30 summer time."""
    assert to_utc(date(2027, 3, 28), 150, STOCKHOLM) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert to_utc(date(2027, 3, 28), 150, STOCKHOLM).astimezone(STOCKHOLM).hour == 3


def test_summer_time_ends() -> None:
    """Of a time that comes twice the first is meant: 02:30 on 31 October is still summer time."""
    assert to_utc(date(2027, 10, 31), 150, STOCKHOLM) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@given(DAYS, st.integers(0, 1439), ZONES)
def test_local_times_come_back(day: date, minute: int, zone: str) -> None:
    """A local time survives the way to UTC and back, except one that the clock leaves out, which moves forward."""
    back = to_utc(day, minute, ZoneInfo(zone)).astimezone(ZoneInfo(zone))

    moved = (back.date() - day) / timedelta(minutes=1) + back.hour * 60 + back.minute - minute
    assert 0 <= moved <= 60


def test_hours() -> None:
    """Working hours hold their first minute and not their last, in the member's own zone."""
    bo = calendar(zone="America/New_York")

    assert not bo.is_working_at(datetime(2027, 3, 2, 12, 59, tzinfo=UTC))
    assert bo.is_working_at(datetime(2027, 3, 2, 13, 0, tzinfo=UTC))
    assert bo.is_working_at(datetime(2027, 3, 2, 21, 59, tzinfo=UTC))
    assert not bo.is_working_at(datetime(2027, 3, 2, 22, 0, tzinfo=UTC))
    assert not bo.is_working_at(datetime(2027, 3, 6, 15, 0, tzinfo=UTC))


def test_night_worker() -> None:
    """Hours past midnight belong to the evening before; a holiday that has begun is a holiday all the same."""
    night = calendar(zone="UTC", work_start=22 * 60, work_end=6 * 60, working_days="4")

    assert night.is_working_at(datetime(2027, 3, 4, 23, 0, tzinfo=UTC))
    assert night.is_working_at(datetime(2027, 3, 5, 5, 0, tzinfo=UTC))
    assert not night.is_working_at(datetime(2027, 3, 4, 5, 0, tzinfo=UTC))
    # The night to Good Friday.
    assert night.is_working_at(datetime(2027, 3, 25, 23, 0, tzinfo=UTC))
    assert not night.is_working_at(datetime(2027, 3, 26, 1, 0, tzinfo=UTC))


def test_a_leave_that_has_begun_ends_the_night() -> None:
    """Whose leave begins on Friday is not at work after midnight of Thursday's night."""
    night = calendar(zone="UTC", work_start=22 * 60, work_end=6 * 60, leave_from=date(2027, 3, 5))

    assert night.is_working_at(datetime(2027, 3, 4, 23, 0, tzinfo=UTC))
    assert not night.is_working_at(datetime(2027, 3, 5, 1, 0, tzinfo=UTC))


MONDAY = date(2027, 3, 1)
EARLY = datetime(2027, 2, 28, 12, 0, tzinfo=UTC)


def test_slot_is_tuesday_at_ten() -> None:
    """The slot is Tuesday 10:00 where the member is."""
    assert calendar().slot(MONDAY, 2, 600, EARLY) == datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
    assert calendar(zone="America/New_York").slot(MONDAY, 2, 600, EARLY) == datetime(2027, 3, 2, 15, 0, tzinfo=UTC)


def test_slot_waits_for_a_working_day() -> None:
    """Who does not work on Tuesday has Wednesday's slot; who works on Monday only has none that week."""
    assert calendar(working_days="3").slot(MONDAY, 2, 600, EARLY) == datetime(2027, 3, 3, 9, 0, tzinfo=UTC)
    assert calendar(working_days="1").slot(MONDAY, 2, 600, EARLY) is None


def test_slot_is_within_hours() -> None:
    """Who begins at noon has the slot at noon; a night worker has it when the night begins."""
    noon = calendar(work_start=720, work_end=1200)
    night = calendar(work_start=1320, work_end=360)

    assert noon.slot(MONDAY, 2, 600, EARLY) == datetime(2027, 3, 2, 11, 0, tzinfo=UTC)
    assert night.slot(MONDAY, 2, 600, EARLY) == datetime(2027, 3, 2, 21, 0, tzinfo=UTC)


def test_slot_keeps_its_hour_through_clock_changes() -> None:
    """Tuesday at ten is nine UTC before summer time, eight UTC in it, and nine UTC again after it."""
    tuesdays = [(date(2027, 3, 22), 9), (date(2027, 3, 29), 8), (date(2027, 10, 25), 8), (date(2027, 11, 1), 9)]

    for week, hour in tuesdays:
        now = datetime.combine(week, datetime.min.time(), UTC)
        slot = calendar().slot(week, 2, 600, now)
        assert slot == now + timedelta(days=1, hours=hour)


def test_no_slot_in_an_hour_that_the_clock_leaves_out() -> None:
    """Whose only working hour is left out on the night summer time begins has no slot that night."""
    bo = calendar(working_days="7", work_start=120, work_end=180)

    # 29 March 2026; in 2027 it is Easter.
    assert bo.slot(date(2026, 3, 23), 7, 120, datetime(2026, 3, 23, tzinfo=UTC)) is None
    assert bo.slot(date(2026, 3, 16), 7, 120, datetime(2026, 3, 16, tzinfo=UTC)) is not None


def test_missed_slot_is_later_in_the_week() -> None:
    """A slot that has passed is made up for on the next working day, and not in the next week."""
    assert calendar().slot(MONDAY, 2, 600, datetime(2027, 3, 2, 9, 1, tzinfo=UTC)) == datetime(
        2027, 3, 3, 9, 0, tzinfo=UTC
    )
    assert calendar().slot(MONDAY, 2, 600, datetime(2027, 3, 5, 9, 1, tzinfo=UTC)) is None


@given(
    week=DAYS.map(monday_of),
    weekday=st.integers(1, 7),
    minute=st.integers(0, 1439),
    zone=ZONES,
    working_days=st.sets(st.sampled_from("1234567"), min_size=1).map("".join),
    hours=st.sampled_from([(480, 1020), (0, 1440), (720, 780), (1320, 360)]),
    late=st.integers(0, 9 * 24),
)
def test_slots_keep_their_promises(
    week: date, weekday: int, minute: int, zone: str, working_days: str, hours: tuple[int, int], late: int
) -> None:
    """A slot is never in the past, never outside working hours or on a holiday, and always in its own week."""
    bo = calendar(zone=zone, working_days=working_days, work_start=hours[0], work_end=hours[1])
    now = datetime.combine(week, datetime.min.time(), UTC) + timedelta(hours=late - 14)

    slot = bo.slot(week, weekday, minute, now)

    if slot is not None:
        day = bo.local_day(slot)
        assert slot >= now
        assert bo.is_working_at(slot)
        assert bo.works_on(day)
        assert monday_of(day) == week
        assert day.isoweekday() >= weekday


def test_settings_are_those_of_the_product() -> None:
    """The weekly round is on Tuesday at ten unless the organisation says otherwise."""
    assert (SETTINGS.round_weekday, SETTINGS.round_minute) == (2, 600)


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        # Monday afternoon: two working days are over on Wednesday afternoon, not in its morning.
        ("2027-03-01 15:00", "2027-03-03 14:59", 1),
        ("2027-03-01 15:00", "2027-03-03 15:00", 2),
        # Over a weekend, and asked on one.
        ("2027-03-05 15:00", "2027-03-07 23:00", 0),
        ("2027-03-05 15:00", "2027-03-09 15:00", 2),
        ("2027-03-06 12:00", "2027-03-09 12:00", 2),
        # Good Friday and Easter Monday do not count.
        ("2027-03-25 09:00", "2027-03-30 09:00", 1),
        ("2027-03-01 15:00", "2027-03-01 14:00", 0),
    ],
)
def test_organisation_waits_whole_working_days(since: str, until: str, days: int) -> None:
    """What waits on several people counts the organisation's own days, from the hour on which it was asked."""
    organisation = calendar_of_organisation(OrganisationSettings())

    asked, now = (datetime.fromisoformat(moment).replace(tzinfo=STOCKHOLM) for moment in (since, until))

    assert organisation.whole_working_days(asked, now) == days
