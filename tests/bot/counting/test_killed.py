"""kill -9 while counting: what was acknowledged is in the database, and what comes again is counted once."""

import signal
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import select

from storage.tables import Happened
from tests.bot.counting.conftest import Tally
from tests.processes import running
from tests.soak import drawn_from, report, times

MODULE = "tests.bot.counting.counting_process"
SEED = 20270303
KILLS = times(5, 100)
SIGNS_A_RUN = times(2_000, 5_000)
NEVER = 0


async def identities(tally: Tally) -> set[str]:
    """Return what the database knows to have happened."""
    async with tally.database.read() as session:
        return set((await session.execute(select(Happened.identity))).scalars())


def acknowledged_in(path: Path) -> list[str]:
    """Return the identities that a process has acknowledged, as far as it has come."""
    return [f"sign-{line}" for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


@pytest.mark.soak
async def test_killed_while_counting(tally: Tally, tmp_path: Path) -> None:
    """Killed at any moment, the counter has lost nothing it acknowledged; delivered again, each sign counts once."""
    chance = drawn_from(SEED)
    database, workspace_id = tally.database.url, tally.organisation.workspace_id
    await tally.know([f"person{number}" for number in range(40)])
    cut_short = acknowledged_before = lost = 0

    for run in range(KILLS):
        acknowledged = tmp_path / f"acknowledged-{run}"
        first, last = run * SIGNS_A_RUN, (run + 1) * SIGNS_A_RUN
        dies_after = 1 + chance.randrange(SIGNS_A_RUN - 1)
        with running(MODULE, database, acknowledged, workspace_id, first, last, dies_after) as process:
            assert process.wait() == -signal.SIGKILL
        told = acknowledged_in(acknowledged)
        cut_short += len(told) < SIGNS_A_RUN
        acknowledged_before += len(told)
        lost += len(set(told) - await identities(tally))

    with running(MODULE, database, tmp_path / "at-last", workspace_id, 0, KILLS * SIGNS_A_RUN, NEVER) as process:
        assert process.wait() == 0

    every = range(KILLS * SIGNS_A_RUN)
    assert cut_short > 0
    assert lost == 0
    assert await tally.by_member() == Counter((f"person{number % 40}", "MESSAGE") for number in every)
    assert await tally.by_channel() == Counter((f"channel{number % 7}", "MESSAGE") for number in every)
    report(
        f"kill -9 while counting, {tally.database.kind}",
        seed=SEED,
        kills=cut_short,
        signs=len(every),
        acknowledged_before_a_kill=acknowledged_before,
        lost=lost,
        counted_twice=sum((await tally.by_member()).values()) - len(every),
    )
