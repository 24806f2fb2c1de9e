"""What people write in a cell or a field about somebody, read kindly: days, hours, weekdays, places, yes and no. Pure.

Each function raises Unusable with a sentence for what cannot be used; the CSV and the forms show it where it stands.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from bot.calendars import MINUTES_IN_DAY, WEEKDAYS, is_zone, regions_of
from bot.texts import Text, text

# No calendar of holidays reaches further, and nobody began to work before.
EARLIEST: Final = date(1930, 1, 1)
LATEST: Final = date(2199, 12, 31)

_YES: Final = frozenset({"yes", "y", "true", "1", "x", "ja", "j", "sant"})
_NO: Final = frozenset({"", "no", "n", "false", "0", "nej", "falskt", "-"})
# The first letters of the weekdays, in English and in Swedish, by ISO number.
_WEEKDAYS: Final[Mapping[str, int]] = {
    name: number
    for number, names in {
        1: ("mon", "mo", "mån", "må"),
        2: ("tue", "tu", "tis", "ti"),
        3: ("wed", "we", "ons", "on"),
        4: ("thu", "th", "tor", "to"),
        5: ("fri", "fr", "fre"),
        6: ("sat", "sa", "lör", "lö"),
        7: ("sun", "su", "sön", "sö"),
    }.items()
    for name in names
}
_EMAIL: Final = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
_DAY: Final = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T]00:00(?::00)?)?", re.ASCII)
_DAY_WITH_DOTS: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_DAY_OR_MONTH_FIRST: Final = re.compile(r"\d{1,2}[-/]\d{1,2}[-/](?:\d{4}|\d{2})", re.ASCII)
# Excel's own number of a day, where a cell is shown as a number: 2027-03-01 is 46447.
_EXCEL_DAY: Final = re.compile(r"\d{5,6}", re.ASCII)
_EXCEL_BEGAN: Final = date(1899, 12, 30)
_TIME: Final = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?", re.ASCII)
_RANGE: Final = re.compile(r"\s*[-–—]\s*")  # noqa: RUF001 - people write the dash of a range
_LONGEST_EMAIL: Final = 254


class Unusable(Exception):
    """What was written cannot be used; `sentence` says why, and what would do."""

    def __init__(self, sentence: Text) -> None:
        """Keep the sentence."""
        super().__init__(sentence.msgid)
        self.sentence = sentence


def email(written: str) -> str:
    """Return an e-mail address in small letters."""
    address = written.strip().lower().removeprefix("mailto:")
    if len(address) > _LONGEST_EMAIL or not _EMAIL.fullmatch(address):
        raise Unusable(text("Please give an e-mail address, such as anna@example.com."))
    return address


def yes_or_no(written: str) -> bool:
    """Return whether a cell says yes; an empty one says no."""
    said = written.strip().lower()
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise Unusable(text("Please write yes or no."))


def day(written: str) -> date:
    """Return a calendar day: 2027-03-01, 1.3.2027, or Excel's number of it. What could be two days is refused."""
    said = written.strip()
    try:
        if found := _DAY.fullmatch(said):
            given = date(int(found[1]), int(found[2]), int(found[3]))
        elif found := _DAY_WITH_DOTS.fullmatch(said):
            given = date(int(found[3]), int(found[2]), int(found[1]))
        elif _EXCEL_DAY.fullmatch(said):
            given = _EXCEL_BEGAN + timedelta(days=int(said))
        elif _DAY_OR_MONTH_FIRST.fullmatch(said):
            raise Unusable(text("Is the day first, or the month? Please write the year first, such as 2027-03-01."))
        else:
            raise Unusable(_A_DAY)
    except (ValueError, OverflowError) as no_day:
        raise Unusable(_A_DAY) from no_day
    if not EARLIEST <= given <= LATEST:
        raise Unusable(_A_DAY)
    return given


_A_DAY = text("Please give a day, such as 2027-03-01.")


def weekdays(written: str) -> str:
    """Return ISO weekday numbers, "12345", for what says so: 1-5, mon-fri, "må, ti, on"."""
    numbers: set[int] = set()
    said = written.strip().lower()
    if re.fullmatch(r"[1-7]{2,7}", said, re.ASCII):
        return "".join(sorted(set(said)))
    for part in re.split(r"[,;/+&\s]+(?![-–—])", re.sub(_RANGE, "-", said)):  # noqa: RUF001 - as above
        if not part or part in ("and", "och"):
            continue
        ends = [_weekday(end) for end in part.split("-")]
        first, last = ends[0], ends[-1]
        if len(ends) > 2 or first is None or last is None:  # noqa: PLR2004 - both ends of a range
            raise Unusable(_SOME_WEEKDAYS)
        numbers.update(range(first, last + 1) if first <= last else (*range(first, 8), *range(1, last + 1)))
    if not numbers:
        raise Unusable(_SOME_WEEKDAYS)
    return "".join(str(number) for number in sorted(numbers))


_SOME_WEEKDAYS = text("Please give weekdays, such as mon-fri, or Monday, Tuesday.")


def _weekday(written: str) -> int | None:
    if written.isdecimal():
        return int(written) if int(written) in WEEKDAYS else None
    return _WEEKDAYS.get(written[:3]) or _WEEKDAYS.get(written[:2]) if written.isalpha() else None


def hours(written: str) -> tuple[int, int]:
    """Return when a working day begins and ends, in minutes after midnight, for 8-17 or 08:00-16:30.

    Hours that end before they begin go past midnight.
    """
    parts = _RANGE.split(written.strip())
    if len(parts) != 2:  # noqa: PLR2004 - begin and end
        raise Unusable(_SOME_HOURS)
    start, end = _minutes(parts[0]), _minutes(parts[1])
    if start is None or end is None or start == MINUTES_IN_DAY or start == end % MINUTES_IN_DAY:
        raise Unusable(_SOME_HOURS)
    return start, end or MINUTES_IN_DAY


_SOME_HOURS = text("Please give hours, such as 08:00-17:00.")


def _minutes(written: str) -> int | None:
    found = _TIME.fullmatch(written.strip())
    if found is None:
        return None
    minutes = int(found[1]) * 60 + int(found[2] or 0)
    return minutes if minutes <= MINUTES_IN_DAY and int(found[2] or 0) < 60 else None  # noqa: PLR2004 - an hour


def zone(written: str) -> str:
    """Return the name of a time zone."""
    if not is_zone(written.strip()):
        raise Unusable(text("No time zone has this name. They are called after cities, such as Europe/Stockholm."))
    return written.strip()


def country(written: str) -> str:
    """Return a country's two letters."""
    letters = written.strip().upper()
    if regions_of(letters) is None:
        raise Unusable(text("No public holidays are known of this country. Please give its two letters, such as SE."))
    return letters


def region(written: str, of_country: str) -> str:
    """Return a region of a country, by the letters under which its own public holidays are known."""
    letters = written.strip().upper().removeprefix(f"{of_country}-")
    regions = regions_of(of_country) or ()
    if letters in regions:
        return letters
    if not regions:
        raise Unusable(text("No region of this country has public holidays of its own. Please leave this empty."))
    raise Unusable(
        text("This country has no such region. Please leave this empty, or give one such as {name}.", name=regions[0])
    )
