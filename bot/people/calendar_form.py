"""The fields of a person's calendar, and what may be kept of what comes back: for oneself and for others. Pure.

Days and hours are read as in a people CSV (bot/people/cells.py). What is left empty goes by the organisation's.
"""

import zlib
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, TypeVar

from bot.calendars import WEEKDAYS
from bot.forms import DayField, FormField, TextField
from bot.organisation.settings_form import as_time
from bot.people import cells
from bot.people.cells import Unusable
from bot.people.own_parts import PARTS
from bot.settings import OrganisationSettings
from bot.texts import Text, Voice, text
from storage.tables import Member

Read = TypeVar("Read")
_SHORT = 60
COLUMNS = tuple(column for columns in PARTS.values() for column in columns)


def stamp(*values: object) -> int:
    """Return a number that is another one when any of these values is: the version of what a form was opened on."""
    return zlib.crc32(repr(values).encode())


def calendar_stamp(member: Member) -> int:
    """Return the version of a member's calendar."""
    return stamp(*(getattr(member, column) for column in COLUMNS))


def calendar_fields(member: Member, settings: OrganisationSettings, say: Voice) -> tuple[FormField, ...]:
    """Return the fields as a member's calendar stands."""

    def otherwise(value: str) -> str:
        return say("Empty: as the organisation, {value}.", value=value)

    place = ", ".join([settings.country, *([settings.region] if settings.region else [])])
    return (
        TextField(
            "working_days",
            say("Working days"),
            as_weekdays(member.working_days, say),
            otherwise(as_weekdays(settings.working_days, say)),
            max_length=_SHORT,
        ),
        TextField(
            "hours",
            say("Working hours"),
            as_hours(member.work_start, member.work_end),
            # In words: between two colons Slack looks for an emoji.
            otherwise(say("{start} to {end}", start=as_time(settings.work_start), end=as_time(settings.work_end))),
            max_length=_SHORT,
        ),
        TextField("zone", say("Time zone"), member.zone or "", otherwise(settings.zone), max_length=_SHORT),
        TextField(
            "country",
            say("Country"),
            member.country or "",
            say("Two letters, for its public holidays. {otherwise}", otherwise=otherwise(place)),
            max_length=_SHORT,
        ),
        TextField(
            "region",
            say("Region"),
            member.region or "",
            say("Only where a region has public holidays of its own, such as BY in Germany."),
            max_length=_SHORT,
        ),
        DayField("leave_from", say("Leave from"), _as_day(member.leave_from)),
        DayField(
            "leave_to",
            say("Leave to"),
            _as_day(member.leave_to),
            say("Both days included; an empty end is open. Nobody is asked why."),
        ),
        DayField("joined_on", say("First working day"), _as_day(member.joined_on)),
    )


def read_calendar(given: Mapping[str, str], settings: OrganisationSettings) -> tuple[dict[str, Any], dict[str, Text]]:
    """Return a whole calendar by column, None where the organisation's holds, and a sentence at each unusable field."""
    wrong: dict[str, Text] = {}

    def read(key: str, read_field: Callable[[str], Read]) -> Read | None:
        if not given[key]:
            return None
        try:
            return read_field(given[key])
        except Unusable as unusable:
            wrong[key] = unusable.sentence
            return None

    hours = read("hours", cells.hours)
    country = read("country", cells.country)
    in_country = country or settings.country
    region = None if "country" in wrong else read("region", lambda said: cells.region(said, in_country))
    found = {
        "joined_on": read("joined_on", cells.day),
        "country": country,
        "region": region,
        "zone": read("zone", cells.zone),
        "working_days": read("working_days", cells.weekdays),
        "work_start": None if hours is None else hours[0],
        "work_end": None if hours is None else hours[1],
        "leave_from": (begins := read("leave_from", cells.day)),
        "leave_to": (ends := read("leave_to", cells.day)),
    }
    if begins is not None and ends is not None and ends < begins:
        wrong["leave_to"] = text("A leave cannot end before it begins.")
    if given["leave_to"] and not given["leave_from"]:
        wrong["leave_from"] = text("Please give the first day of the leave too.")
    return found, wrong


def changed_in(member: Member, calendar: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is new in a calendar, by column."""
    return {column: value for column, value in calendar.items() if getattr(member, column) != value}


def as_weekdays(numbers: str | None, say: Voice) -> str:
    """Return ISO weekday numbers as people write them, and cells reads them: "mon-fri", "mon, wed"."""
    days = sorted({int(number) for number in numbers or ""})
    if not days:
        return ""
    short = [say.say(WEEKDAYS[day]).lower()[:3] for day in days]
    is_row = len(days) > 2 and all(after - before == 1 for before, after in pairwise(days))  # noqa: PLR2004 - a pair is named
    return f"{short[0]}-{short[-1]}" if is_row else ", ".join(short)


def as_hours(start: int | None, end: int | None) -> str:
    """Return hours as cells reads them: "08:00-17:00"; "" for none."""
    return "" if start is None or end is None else f"{as_time(start)}-{as_time(end)}"


def _as_day(day: object) -> str:
    return "" if day is None else str(day)
