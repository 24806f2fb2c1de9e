"""The columns of a people CSV: their names in English and in Swedish, and what a line of them comes to. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from bot.people import cells
from bot.people.cells import Unusable
from bot.texts import Text, text


class Column(StrEnum):
    """What a column is about; the value is its name in docs/people-csv.md."""

    EMAIL = "e-mail"
    NAME = "name"
    HOME_TEAM = "home team"
    LEAD = "lead"
    COACH = "coach"
    MANAGEMENT = "management group"
    FIRST_DAY = "first working day"
    COUNTRY = "country"
    REGION = "region"
    ZONE = "zone"
    WORKING_DAYS = "working days"
    WORKING_HOURS = "working hours"
    LEAVE_FROM = "leave from"
    LEAVE_TO = "leave to"


Read = TypeVar("Read")

# Compared without case, spaces, hyphens and underscores.
_NAMES: Final[Mapping[Column, Sequence[str]]] = {
    Column.EMAIL: ("e-mail", "email", "e-mail address", "mail", "e-post", "epost", "e-postadress", "mejl"),
    Column.NAME: ("name", "full name", "namn"),
    Column.HOME_TEAM: ("home team", "team", "hemteam", "hemgrupp", "avdelning", "department"),
    Column.LEAD: ("lead", "team lead", "manager", "teamledare", "ledare", "chef", "närmaste chef"),
    Column.COACH: ("coach",),
    Column.MANAGEMENT: ("management group", "management", "ledningsgrupp", "ledningsgruppen"),
    Column.FIRST_DAY: (
        "first working day",
        "first day",
        "start date",
        "första arbetsdag",
        "startdatum",
        "anställd från",
    ),
    Column.COUNTRY: ("country", "land"),
    Column.REGION: ("region", "delstat"),
    Column.ZONE: ("zone", "time zone", "tidszon"),
    Column.WORKING_DAYS: ("working days", "workdays", "arbetsdagar"),
    Column.WORKING_HOURS: ("working hours", "hours", "arbetstid", "arbetstider"),
    Column.LEAVE_FROM: ("leave from", "ledig från", "frånvaro från"),
    Column.LEAVE_TO: ("leave to", "leave until", "ledig till", "frånvaro till"),
}
_LONGEST_NAME: Final = 200
# In a cell about somebody's calendar: forget what is known, and go by the organisation's.
NOTHING: Final = "-"


@dataclass(frozen=True, slots=True)
class Line:
    """What one line says of one person. What is not in `calendar` is left as it is known; None in it is forgotten.

    `team` "": in none. `lead` is the lead's e-mail address, or True where this person is the lead. Each of the
    organisation's own columns is None where the file does not have it.
    """

    number: int
    email: str
    name: str = ""
    team: str | None = None
    lead: str | bool | None = None
    is_coach: bool | None = None
    in_management: bool | None = None
    calendar: Mapping[str, str | int | date | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a file, and where; `column` is the heading as the file has it, None for the line as a whole."""

    line: int
    column: str | None
    sentence: Text


def column_named(heading: str) -> Column | None:
    """Return which column a heading names; None for one that says nothing to us."""
    return _BY_NAME.get(_plain(heading))


def _plain(heading: str) -> str:
    return "".join(letter for letter in heading.casefold() if letter.isalnum())


_BY_NAME: Final = {_plain(name): column for column, names in _NAMES.items() for name in names}


def read_line(number: int, written: Mapping[Column, str], headings: Mapping[Column, str]) -> Line | list[Mistake]:
    """Return what a line says, or all that is wrong with it. `headings` are the file's own, of the columns it has."""
    mistakes: list[Mistake] = []

    def read(column: Column, read_cell: Callable[[str], Read]) -> Read | None:
        try:
            return read_cell(written.get(column, ""))
        except Unusable as unusable:
            mistakes.append(Mistake(number, headings[column], unusable.sentence))
            return None

    def of_organisation(column: Column, read_cell: Callable[[str], Read]) -> Read | None:
        return read(column, read_cell) if column in headings else None

    address = read(Column.EMAIL, cells.email)
    line = Line(
        number,
        address or "",
        of_organisation(Column.NAME, _short) or "",
        of_organisation(Column.HOME_TEAM, _short),
        of_organisation(Column.LEAD, _lead),
        of_organisation(Column.COACH, cells.yes_or_no),
        of_organisation(Column.MANAGEMENT, cells.yes_or_no),
        _calendar(written, read),
    )
    if line.lead is True and not line.team:
        mistakes.append(Mistake(number, headings[Column.LEAD], text("Whoever leads a team needs a home team.")))
    return mistakes or line


def _calendar(
    written: Mapping[Column, str], read: Callable[[Column, Callable[[str], object]], object]
) -> dict[str, str | int | date | None]:
    told: dict[str, str | int | date | None] = {}

    def take(column: Column, name: str, read_cell: Callable[[str], str | date]) -> None:
        said = written.get(column, "")
        if said == NOTHING:
            told[name] = None
        elif said:
            told[name] = read(column, read_cell)  # type: ignore[assignment]  # what read_cell returns, or None with a mistake

    take(Column.FIRST_DAY, "joined_on", cells.day)
    take(Column.COUNTRY, "country", cells.country)
    take(Column.ZONE, "zone", cells.zone)
    take(Column.WORKING_DAYS, "working_days", cells.weekdays)
    take(Column.LEAVE_FROM, "leave_from", cells.day)
    take(Column.LEAVE_TO, "leave_to", cells.day)
    in_country = told.get("country")
    take(Column.REGION, "region", lambda said: _region(said, in_country))
    hours = written.get(Column.WORKING_HOURS, "")
    if hours == NOTHING:
        told |= {"work_start": None, "work_end": None}
    elif hours:
        found = read(Column.WORKING_HOURS, cells.hours)
        told["work_start"], told["work_end"] = found if isinstance(found, tuple) else (None, None)
    leave = told.get("leave_from"), told.get("leave_to")
    if isinstance(leave[0], date) and isinstance(leave[1], date) and leave[1] < leave[0]:
        read(Column.LEAVE_TO, _ends_too_soon)
    if "leave_from" in told and "leave_to" not in told:
        # A new leave without an end is open; what was known of another one's end is not its.
        told["leave_to"] = None
    return told


def _ends_too_soon(_said: str) -> object:
    raise Unusable(text("A leave cannot end before it begins."))


def _region(said: str, country: object) -> str:
    if not isinstance(country, str):
        raise Unusable(text("A region needs its country in the same line."))
    return cells.region(said, country)


def _short(said: str) -> str:
    if len(said) > _LONGEST_NAME:
        raise Unusable(text("At most {count} characters, please.", count=_LONGEST_NAME))
    return said


def _lead(said: str) -> str | bool:
    if "@" in said:
        return cells.email(said)
    try:
        return cells.yes_or_no(said)
    except Unusable as unusable:
        raise Unusable(text("Please write yes, no, or the lead's e-mail address.")) from unusable
