"""What people write about days, hours and places, read kindly or refused with a sentence."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.people import cells
from bot.people.cells import Unusable
from bot.texts import Voice

MARCH = date(2027, 3, 1)


@pytest.mark.parametrize(
    "written", ["2027-03-01", "2027/3/1", "1.3.2027", "01.03.2027", "2027-03-01 00:00:00", "46447", " 2027-03-01 "]
)
def test_days(written: str) -> None:
    """A day is understood as it is written here, by Excel, and by its number in Excel."""
    assert cells.day(written) == MARCH


@pytest.mark.parametrize("written", ["1/3/2027", "03-01-2027", "2027-02-30", "1 March", "1700-01-01", "99999999", "x"])
def test_what_is_no_day(written: str) -> None:
    """What is none, or could be two, is refused."""
    with pytest.raises(Unusable):
        cells.day(written)


@pytest.mark.parametrize("written", ["1/3/2027", "03-01-2027", "25/3/27"])
def test_what_could_be_two_days(written: str) -> None:
    """Whoever wrote a day that others read otherwise is told what to write first."""
    with pytest.raises(Unusable) as refused:
        cells.day(written)

    assert Voice("en").say(refused.value.sentence).startswith("Is the day first, or the month?")


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("mon-fri", "12345"),
        ("Mån–fre", "12345"),  # noqa: RUF001 - people write the dash of a range
        ("1-5", "12345"),
        ("12345", "12345"),
        ("må, ti, on", "123"),
        ("Monday and Tuesday", "12"),
        ("tors - lör", "456"),
        ("sat-mon", "167"),
        ("3", "3"),
    ],
)
def test_weekdays(written: str, days: str) -> None:
    """Weekdays are understood in both languages, as numbers, lists and ranges."""
    assert cells.weekdays(written) == days


@pytest.mark.parametrize("written", ["", "everyday", "0-5", "8", "mon-tue-wed", "-", "mon,?"])
def test_what_are_no_weekdays(written: str) -> None:
    """What says no weekday is refused."""
    with pytest.raises(Unusable):
        cells.weekdays(written)


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("8-17", (480, 1020)),
        ("08:00 – 16.30", (480, 990)),  # noqa: RUF001 - as above
        ("22-6", (1320, 360)),
        ("16-24", (960, 1440)),
        ("16-00:00", (960, 1440)),
    ],
)
def test_hours(written: str, minutes: tuple[int, int]) -> None:
    """Hours are understood with and without minutes; they may go past midnight."""
    assert cells.hours(written) == minutes


@pytest.mark.parametrize("written", ["8", "8-8", "8-25", "8:60-17", "24-8", "0-24-1", "0-24:00-", "a-b"])
def test_what_are_no_hours(written: str) -> None:
    """What says no beginning and end is refused."""
    with pytest.raises(Unusable):
        cells.hours(written)


def test_regions() -> None:
    """A region is one of its country's; the refusal names one."""
    assert cells.region("DE-BY", "DE") == "BY"
    with pytest.raises(Unusable, match="such region"):
        cells.region("XX", "DE")


@pytest.mark.parametrize("read", [cells.day, cells.weekdays, cells.hours, cells.zone, cells.country, cells.email])
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(written=st.text(max_size=40))
def test_whatever_is_written(read: Callable[[str], object], written: str) -> None:
    """Whatever stands in a cell, it is understood or refused with a sentence."""
    try:
        understood = read(written)
    except Unusable as unusable:
        understood = unusable.sentence.msgid

    assert understood


@given(st.dates(date(1930, 1, 1), date(2199, 12, 31)))
def test_every_day_can_be_written(day: date) -> None:
    """Each way of writing a day leads back to it."""
    assert cells.day(day.isoformat()) == day
    assert cells.day(f"{day.day}.{day.month}.{day.year}") == day
    assert cells.day(str((day - date(1899, 12, 30)).days)) == day
