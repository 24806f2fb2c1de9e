"""A whole organisation lives through its days, and every promise is checked from outside."""

import os
import subprocess
import sys
import time
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.settings import OrganisationSettings
from bot.texts import Voice
from nudges.simulation.command import sent_by_sort, told_together
from nudges.simulation.people import Habit
from nudges.simulation.platform import Said, Sort
from nudges.simulation.promises import broken_promises
from nudges.simulation.simulating import Lived, Plan, simulate
from tests.command_line import CommandLine
from tests.nudges.conftest import SUNDAY
from tests.soak import WHOLE, report, times
from tools.tree import ROOT

# What make test lives through is short, but has the round's whole ladder and the end of summer time: people are quiet
# soon in it.
SOON = OrganisationSettings(quiet_no_sign_working_days=5)
BRIEF = [Plan(members, 66, seed, SOON, begins=date(2027, 9, 13)) for members, seed in ((50, 2), (70, 3))]
# A whole year of few, and of many: whatever can be the matter with somebody is the matter with one of so many.
YEARS = [Plan(members, 365, seed) for members, seeds in ((200, 6), (2000, 20)) for seed in range(1, seeds + 1)]
MANY = 2000


@pytest.mark.soak
@pytest.mark.timeout(times(900, 4 * 3600))
@pytest.mark.parametrize("plan", YEARS if WHOLE else BRIEF, ids=lambda plan: f"{plan.members} people, seed {plan.seed}")
async def test_an_organisation_lives_through_its_days_without_a_broken_promise(tmp_path: Path, plan: Plan) -> None:
    """Through restarts, crashes, the platform's bad hours and clock changes, each promise to everybody is kept."""
    began = time.process_time()

    lived = await simulate(plan, tmp_path)

    taken = time.process_time() - began
    broken = broken_promises(lived)
    sent = sent_by_sort(lived)
    report(
        f"simulated {plan.members} x {plan.days}, seed {plan.seed}",
        broken_promises=len(broken),
        cpu_seconds=round(taken),
        **{name.replace(" ", "_"): count for name, count in sent.items()},
    )
    assert broken == []
    assert {"notice", "announcement", "tip", "invitation", "reminder", "digest"} <= set(sent)
    assert lived.restarts > 0
    assert lived.crashes > 0
    assert Change.BACK in changes_passed(lived)
    if WHOLE:
        assert changes_passed(lived) == set(Change)
    if plan.members >= MANY:
        assert set(sent) == set(Sort)
        assert lived_through(lived) == set(Lot)


@pytest.mark.whole
@pytest.mark.timeout(900)
async def test_leaving_one_in_ten_without_breaks_no_promise(tmp_path: Path) -> None:
    """While it is looked into whether tips help, fewer get one, everything else is promised as before."""
    looked_into = SOON.model_copy(update={"does_it_work": True})
    (tmp_path / "as ever").mkdir()
    (tmp_path / "looked into").mkdir()

    as_ever = await simulate(Plan(150, 75, 3, SOON), tmp_path / "as ever")
    compared = await simulate(Plan(150, 75, 3, looked_into), tmp_path / "looked into")

    assert broken_promises(compared) == []
    assert 0 < sent_by_sort(compared)["tip"] < sent_by_sort(as_ever)["tip"]


class Change(StrEnum):
    """Which way clocks are put."""

    FORWARD = "forward"
    BACK = "back"


def changes_passed(lived: Lived) -> set[Change]:
    """Return which way clocks were put somewhere between two messages that people there got unasked."""
    people = {person.external_id: person for person in lived.people}
    last: dict[ZoneInfo, timedelta] = {}
    passed = set()
    for said in lived.record:
        zone = people[said.to].zone
        offset = said.at.astimezone(zone).utcoffset()
        if said.is_contact and offset is not None:
            before = last.get(zone, offset)
            last[zone] = offset
            if offset != before:
                passed.add(Change.FORWARD if offset > before else Change.BACK)
    return passed


class Lot(StrEnum):
    """What can be the matter with somebody to whom something was said unasked."""

    WORKS_AT_NIGHT = "works at night"
    WORKS_PART_TIME = "works part-time"
    READS_ALONG = "reads and presses, and writes nothing"
    TOOK_LEAVE = "took leave"
    PAUSED = "paused"
    CAME = "came while it lasted"
    LEFT = "left while it lasted"
    SAID_STOP = "said stop"
    WANTED_IT_AGAIN = "wanted it again"
    SAID_NOT_NOW = "said not now"
    SAID_READING_ALONG = "said that they read along"
    SAID_DO_NOT_COUNT = "said not to be counted"
    WANTS_NO_LEAD = "wants no lead involved"
    SNOOZED_CARDS = "leads, and wants no cards for a while"


def lived_through(lived: Lived) -> set[Lot]:
    """Return what was the matter with people to whom something was said unasked."""
    told = {said.to for said in lived.record if said.is_contact}
    found: set[Lot] = set()
    for person in lived.people:
        if person.external_id in told:
            lots = {
                Lot.WORKS_AT_NIGHT: person.work_start > person.work_end,
                Lot.WORKS_PART_TIME: len(person.weekdays) < 5,
                Lot.READS_ALONG: person.habit is Habit.READS and bool(person.signs),
                Lot.TOOK_LEAVE: bool(person.away),
                Lot.PAUSED: bool(person.pauses),
                Lot.CAME: person.joins > lived.plan.begins,
                Lot.LEFT: person.leaves is not None and person.leaves < lived.ends.date(),
                Lot.SAID_STOP: any(holds for _, holds in person.stopped),
                Lot.WANTED_IT_AGAIN: any(not holds for _, holds in person.stopped),
                Lot.SAID_NOT_NOW: bool(person.not_now),
                Lot.SAID_READING_ALONG: bool(person.reading_along),
                Lot.SAID_DO_NOT_COUNT: person.uncounted_at is not None,
                Lot.WANTS_NO_LEAD: person.lead_out_at is not None,
                Lot.SNOOZED_CARDS: bool(person.cards_snoozed),
            }
            found |= {lot for lot, is_theirs in lots.items() if is_theirs}
    return found


@pytest.mark.soak
@pytest.mark.whole
@pytest.mark.timeout(600)
def test_the_same_seed_comes_to_the_same_days_in_every_process() -> None:
    """Two processes that order their sets differently send the same messages to the same people at the same moments."""
    records = [
        subprocess.run(
            [sys.executable, "-m", "tests.nudges.simulation.living", "30", "40", "3"],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2")
    ]

    assert records[0].count(b"\n") > 30
    assert records[0] == records[1]


def test_the_command_prints_what_was_sent_and_leaves_the_configured_database_alone(
    samlas: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It prints members, days, seed, what was sent by kind and the broken promises, as JSON."""
    configured = tmp_path / "configured.db"
    monkeypatch.setenv("SAMLAS_DATABASE_URL", f"sqlite+aiosqlite:///{configured}")

    printed = samlas("simulate", "--members", "20", "--days", "20", "--seed", "5", "--json").json()

    assert list(printed) == ["members", "days", "seed", "sent", "broken_promises"]
    assert (printed["members"], printed["days"], printed["seed"], printed["broken_promises"]) == (20, 20, 5, [])
    assert printed["sent"]["notice"] > 0
    # Whoever opened it would have made it.
    assert not configured.exists()


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("quiet_working_days=10", "quiet_working_days is not a setting."),
        ("quiet_no_sign_working_days=1", "quiet_no_sign_working_days cannot be used"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(samlas: CommandLine, setting: str, said: str) -> None:
    """Nothing is simulated with a setting that Samlas would not take."""
    ran = samlas("simulate", "--setting", setting)

    assert ran.status == 2
    assert said in ran.err


def test_what_came_as_one_message_is_said() -> None:
    """A message that says several things stands in the line of each, and the reader is told why the sum is smaller."""
    two, one = frozenset({Sort.TIP, Sort.DIGEST}), frozenset({Sort.TIP})
    record = [Said(SUNDAY, "anna", sorts, is_contact=True, actions=frozenset()) for sorts in (two, two, one)]

    assert told_together(record, Voice("en")) == (
        "2 of these messages said several things at once, and stand in the line of each."
    )
    assert told_together(record[2:], Voice("en")) == ""
