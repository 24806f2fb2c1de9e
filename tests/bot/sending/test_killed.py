"""kill -9 during a fan-out to the 40, then start again: nothing lost, nothing twice."""

import signal
from collections import Counter
from pathlib import Path

import pytest

from bot.hands import MOST_UNDER_WAY
from storage.database import Database
from storage.tables import OutboxState
from tests.bot.office import Office, open_office
from tests.bot.sending.sending_process import lines_of
from tests.conftest import StillClock
from tests.processes import running
from tests.soak import drawn_from, report, times

MODULE = "tests.bot.sending.sending_process"
PEOPLE = 40
SEED = 20270303
FAN_OUTS = times(1, 10)
KILLS = times(3, 10)
# Those of a post, of which each may be the last.
POINTS = ("asked", "taken", "answered")


@pytest.fixture
async def office_of_forty(database: Database, clock: StillClock) -> Office:
    """Return an office for an organisation of forty people."""
    return await open_office(database, clock, tuple(f"person{number:02}" for number in range(PEOPLE - 8)))


async def in_doubt(office: Office, platform: Path) -> set[str]:
    """Return the deliveries that the platform has said yes to, and of which the database does not know it."""
    taken = {line["id"] for line in lines_of(platform)}
    return taken & {row.delivery_id for row in await office.rows() if row.state == OutboxState.SENDING}


@pytest.mark.soak
async def test_killed_during_a_fan_out(office_of_forty: Office, tmp_path: Path) -> None:
    """Killed again and again on its way, and started again, the sender has told everybody once in the end."""
    office = office_of_forty
    chance = drawn_from(SEED)
    taken = tmp_path / "platform"
    taken.touch()
    doubtful = 0

    for subject in range(1, FAN_OUTS + 1):
        await office.fan_out(subject)
        for kill in range(KILLS):
            point, post = POINTS[kill % len(POINTS)], 1 + chance.randrange(PEOPLE // KILLS - 1)
            with running(MODULE, office.database.url, taken, f"{point} {post}") as process:
                assert process.wait() == -signal.SIGKILL
            doubtful += len(await in_doubt(office, taken))
        with running(MODULE, office.database.url, taken, "") as process:
            assert process.wait() == 0

    said = Counter((line["to"], line["said"]) for line in lines_of(taken))
    assert said == {
        (name, f"note {subject}"): 1 for name in office.organisation.members for subject in range(1, FAN_OUTS + 1)
    }
    assert await office.states() == ["sent"] * PEOPLE * FAN_OUTS
    assert doubtful > 0, "no kill came between a yes and its commit"
    assert len(await office.posted()) == PEOPLE * FAN_OUTS
    report(
        f"kill -9 during a fan-out, {office.database.kind}",
        seed=SEED,
        kills=FAN_OUTS * KILLS,
        messages=PEOPLE * FAN_OUTS,
        killed_between_a_yes_and_its_commit=doubtful,
        lost=PEOPLE * FAN_OUTS - len(said),
        sent_twice=said.total() - len(said),
    )


@pytest.mark.soak
@pytest.mark.whole
@pytest.mark.parametrize("resend", [True, False], ids=["announcement", "nudge"])
async def test_killed_where_the_platform_cannot_tell(office_of_forty: Office, tmp_path: Path, *, resend: bool) -> None:
    """Killed between a yes and its commit, an announcement is said once more and the report says so; a nudge is not."""
    office = office_of_forty
    chance = drawn_from(SEED)
    taken = tmp_path / "platform"
    taken.touch()
    doubtful: set[str] = set()
    # A nudge in doubt is not sent again: so many kills leave somebody to write to.
    kills = KILLS if resend else min(KILLS, PEOPLE // MOST_UNDER_WAY - 1)

    for subject in range(1, FAN_OUTS + 1):
        await office.fan_out(subject, resend=resend)
        for kill in range(kills):
            point, post = POINTS[kill % len(POINTS)], 1 + chance.randrange(PEOPLE // KILLS - 1)
            with running(MODULE, office.database.url, taken, f"{point} {post}", "cannot-tell") as process:
                assert process.wait() == -signal.SIGKILL
            doubtful |= await in_doubt(office, taken)
        with running(MODULE, office.database.url, taken, "", "cannot-tell") as process:
            assert process.wait() == 0

    said = Counter(line["id"] for line in lines_of(taken))
    twice = {delivery for delivery, times_said in said.items() if times_said > 1}
    told_of = {row.delivery_id for row in await office.rows() if row.reason}
    assert len(said) <= PEOPLE * FAN_OUTS
    assert doubtful > set(), "no kill came between a yes and its commit"
    # Of what came twice, the author is told that it may have; of a nudge nothing comes twice.
    assert twice <= (told_of if resend else set())
    assert len(said) == PEOPLE * FAN_OUTS or not resend
    # A nudge of which nobody knows whether it was sent may have been lost on its way: better none than two.
    assert PEOPLE * FAN_OUTS - len(said) <= (0 if resend else len(told_of - said.keys()))
    report(
        f"kill -9 where the platform cannot tell, {'announcements' if resend else 'nudges'}, {office.database.kind}",
        seed=SEED,
        kills=FAN_OUTS * kills,
        messages=PEOPLE * FAN_OUTS,
        killed_between_a_yes_and_its_commit=len(doubtful),
        said_twice=len(twice),
        said_twice_and_not_told_of=len(twice - told_of),
        not_said_and_told_of=PEOPLE * FAN_OUTS - len(said),
    )
