"""A whole organisation lives through its days, and every promise is checked from outside."""

from pathlib import Path

import pytest

from nudges.simulation.command import sent_by_sort
from nudges.simulation.promises import broken_promises
from nudges.simulation.simulating import Plan, simulate
from tests.command_line import CommandLine
from tests.soak import report, times

MEMBERS, DAYS, SEEDS = times(50, 2000), times(40, 365), times(1, 20)


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
async def test_an_organisation_lives_through_its_days_without_a_broken_promise(tmp_path: Path, seed: int) -> None:
    """Through restarts, crashes, the platform's bad hours and both clock changes, each promise to everybody is kept."""
    lived = await simulate(Plan(MEMBERS, DAYS, seed), tmp_path)

    broken = broken_promises(lived)

    sent = sent_by_sort(lived)
    report(
        f"simulated {MEMBERS} x {DAYS}, seed {seed}", **{name.replace(" ", "_"): count for name, count in sent.items()}
    )
    assert broken == []
    assert {"notice", "announcement", "tip", "reminder", "digest"} <= set(sent)
    assert lived.restarts > 0
    assert lived.crashes > 0


@pytest.mark.soak
@pytest.mark.whole
@pytest.mark.timeout(600)
async def test_the_same_seed_comes_to_the_same_days(tmp_path: Path) -> None:
    """Two simulations of one seed send the same messages to the same people at the same moments."""
    plan = Plan(members=30, days=40, seed=3)
    records = []

    for name in ("once", "again"):
        (tmp_path / name).mkdir()
        lived = await simulate(plan, tmp_path / name)
        records.append([(said.at, said.to, said.sorts) for said in lived.record])

    assert records[0] == records[1]


def test_the_command_prints_what_was_sent_and_leaves_the_configured_database_alone(
    samlas: CommandLine, database_file: Path
) -> None:
    """It prints members, days, seed, what was sent by kind and the broken promises, as JSON."""
    before = database_file.read_bytes()

    printed = samlas("simulate", "--members", "20", "--days", "20", "--seed", "5", "--json").json()

    assert list(printed) == ["members", "days", "seed", "sent", "broken_promises"]
    assert (printed["members"], printed["days"], printed["seed"], printed["broken_promises"]) == (20, 20, 5, [])
    assert printed["sent"]["notice"] > 0
    assert database_file.read_bytes() == before


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
