"""The file of an agreed time keeps to RFC 5545, so that every calendar takes it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from bot.calendar_file import calendar_file
from bot.messages import Appointment

BEGINS = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)


def appointment(title: str = "Talk with Bo", revision: int = 1) -> Appointment:
    """Return an appointment in the night in which summer time begins."""
    return Appointment("Put it in", title, BEGINS, BEGINS + timedelta(minutes=30), "1@samlas", revision, BEGINS)


def test_what_has_to_be_there_is_there_once() -> None:
    """3.6 and 3.6.1: the calendar's PRODID and VERSION, the event's UID, DTSTAMP and DTSTART; and no end before it."""
    made = Calendar.from_ical(calendar_file(appointment(revision=3)))
    [event] = made.walk("VEVENT")

    assert made["VERSION"] == "2.0"
    assert made["PRODID"] == "-//Samlas//Samlas//EN"
    assert made["METHOD"] == "PUBLISH"
    assert event["UID"] == "1@samlas"
    assert event["SEQUENCE"] == 3
    assert event.decoded("DTSTAMP") == BEGINS
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(minutes=30)
    assert made.errors == event.errors == []


def test_times_are_in_utc() -> None:
    """3.3.5, form 2: no zone has to be defined with them."""
    lines = calendar_file(appointment()).decode().splitlines()

    assert "DTSTART:20270328T003000Z" in lines
    assert "DTEND:20270328T010000Z" in lines
    assert not any("TZID" in line for line in lines)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_whatever_somebody_is_called(name: str) -> None:
    """3.1 and 3.3.11: lines of at most 75 octets that end in CRLF, and nothing in a name is read as a property."""
    written = calendar_file(appointment(f"Talk with {name}"))

    lines = written.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    [event] = Calendar.from_ical(written).walk("VEVENT")
    assert set(event) == {"UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS"}


@pytest.mark.parametrize("name", ["Bo; BEGIN:VEVENT", "Bo\r\nATTENDEE:mailto:x@example.com", "Bo, Ek \\ Lind"])
def test_nothing_is_smuggled_in(name: str) -> None:
    """A name that looks like a property is a name."""
    [event] = Calendar.from_ical(calendar_file(appointment(f"Talk with {name}"))).walk("VEVENT")

    assert event["SUMMARY"] == " ".join(f"Talk with {name}".split())
