"""The one promise of this room: whatever is due together, nobody hears from it too often or at the wrong time."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import room as core
from bot.calendars import Calendar, calendar_of
from bot.dispatcher import Dispatcher
from bot.messages import buttons_of
from bot.sender import Sender
from nudges import room
from nudges.contacts import CONTACT
from storage.database import Database
from storage.tables import OutboxState
from tests.conftest import Databases, StillClock, an_ordinary_wednesday, fresh
from tests.nudges.announcing import published
from tests.nudges.conftest import Scene
from tests.nudges.lived import Lived
from tests.nudges.people import SETTINGS
from tests.soak import times
from tests.support import People, RecordingGateway, organisation

BEGINS = an_ordinary_wednesday()
READERS = ("bo", "carl", "cecilia", "david", "eva")

calendars = st.fixed_dictionaries(
    {
        "zone": st.sampled_from(["Europe/Stockholm", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]),
        "working_days": st.sampled_from(["12345", "23", "567", "1234567"]),
        "work_start": st.sampled_from([0, 420, 600, 1320]),
        "work_end": st.sampled_from([360, 1020, 1439]),
        "country": st.sampled_from(["SE", "DE", "US", None]),
        "leave_from": st.just(None) | st.dates(date(2027, 3, 4), date(2027, 4, 20)),
    }
)


@dataclass(frozen=True, slots=True)
class Happening:
    """What happens after some hours: something is announced, or its author has people reminded of it, or nothing."""

    hours: int
    announced: bool
    confirm: str
    remind: bool


happenings = st.lists(
    st.builds(
        Happening,
        st.integers(1, 40),
        st.sampled_from([True, False, False]),
        st.sampled_from(["yes", ""]),
        st.booleans(),
    ),
    min_size=20,
    max_size=60,
)


def violations(calendar: Calendar, sent: list[datetime]) -> list[str]:
    """Return what is wrong with the moments at which one person got something unasked. Pure."""
    days = sorted(calendar.local_day(moment) for moment in sent)
    found = [f"outside working hours: {moment}" for moment in sent if not calendar.is_working_at(moment)]
    for first in days:
        if sum(first <= day < first + timedelta(days=7) for day in days) > 1:
            found.append(f"two within seven days from {first}")
        if sum(first <= day < first + timedelta(days=30) for day in days) > 3:
            found.append(f"four within thirty days from {first}")
    return found


@pytest.mark.soak
@settings(max_examples=times(2, 300), deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(READERS, calendars)), happenings)
def test_whatever_is_due_together(
    migrated_file: Path,
    database_folder: Path,
    databases: Databases,
    people: Mapping[str, Mapping[str, Any]],
    happening: list[Happening],
) -> None:
    """At most one message in seven days and three in thirty, within one's own hours, on none of one's free days.

    Reminders, those an author asks for, digests and tips, for people with any calendar, at any moments the bot runs.
    """
    database = databases.at(f"sqlite+aiosqlite:///{fresh(migrated_file, database_folder)}", fleeting=True)
    sent, calendars_of = asyncio.run(_lived_through(database, people, happening))

    for person, moments in sent.items():
        assert violations(calendars_of[person], moments) == [], person


async def _lived_through(
    database: Database, people: Mapping[str, Mapping[str, Any]], happening: list[Happening]
) -> tuple[dict[str, list[datetime]], dict[str, Calendar]]:
    clock, gateway = StillClock(BEGINS), RecordingGateway()
    try:
        scene = Scene(
            await organisation(database, clock),
            People(Dispatcher(database, clock, {**core.handlers(), **room.handlers()}), clock),
            gateway,
            Sender(database, clock, {gateway.platform: gateway}, {**core.spoken(), **room.spoken()}, "test"),
            database,
            clock,
            Lived(),
        )
        await scene.change_workspace(rounds_on_at=BEGINS - timedelta(days=60))
        for person, values in people.items():
            leave_to = None if values["leave_from"] is None else values["leave_from"] + timedelta(days=9)
            await scene.change(person, **values, leave_to=leave_to)
        for number, one in enumerate(happening):
            clock.move(timedelta(hours=one.hours))
            if one.announced:
                await published(scene, confirm=one.confirm, title=f"News {number}")
            if one.remind:
                await _remind(scene)
            await scene.tick()
        names = {row_id: person for person, row_id in scene.organisation.members.items()}
        sent: dict[str, list[datetime]] = defaultdict(list)
        for row in await scene.outbox():
            if row.message == CONTACT and row.state == OutboxState.SENT and row.member_id and row.settled_at:
                sent[names[row.member_id]].append(row.settled_at)
        return sent, {person: calendar_of(await scene.member(person), SETTINGS) for person in names.values()}
    finally:
        await database.close()


async def _remind(scene: Scene) -> None:
    for said in scene.gateway.said_to("anna"):
        for pressed in buttons_of(said.parts):
            if pressed.label == "Remind now":
                await scene.people.press("anna", pressed)
