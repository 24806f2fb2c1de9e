"""The lane of a workspace is in one process's hands at a time, and changes hands without loss or doubling."""

import asyncio
from collections import Counter
from itertools import combinations_with_replacement, cycle

import pytest
from structlog.testing import capture_logs

from bot.hands import MOST_UNDER_WAY
from bot.pacing import MOST_TRIES
from storage.database import Database
from storage.lanes import LEASE_SECONDS, give_lane_back, keep_lane, take_lane
from tests.bot.office import NUDGE, Office, open_office
from tests.conftest import StillClock
from tests.databases import is_fleeting
from tests.soak import drawn_from, report, times
from tests.support import troubles
from tests.transport import Crash, Killed, PassingTime, StandingStill

__all__ = ["is_fleeting"]

SEED = 20270303
KILLS = times(5, 100)
PEOPLE = times(60, 1_200)


async def crash(office: Office, owner: str = "first") -> None:
    """Let a sender be killed on its way."""
    with pytest.raises(Killed), capture_logs():
        await office.sender(owner).drain()


@pytest.mark.parametrize("resend", [True, False])
async def test_crash_between_yes_and_commit(office: Office, *, resend: bool) -> None:
    """What the platform took before we were killed is found by its delivery id, and is not said twice."""
    await office.say("bo", resend=resend)
    office.platform.script["bo"].append(Crash())
    await crash(office)
    left = await office.states()

    await office.sender().drain()

    [row] = await office.rows()
    assert left == ["sending"]
    assert (row.state, row.attempts) == ("sent", 1)
    assert office.platform.found == [row.delivery_id]
    assert [it.delivery_id for it in office.platform.standing] == [row.delivery_id]
    assert [posted.reference for posted in await office.posted()] == [{"number": 0}]
    assert office.settled == [("note 1", "sent")]


@pytest.mark.parametrize("resend", [True, False])
async def test_crash_before_the_platform_had_it(office: Office, *, resend: bool) -> None:
    """What the platform says it does not have is sent, a nudge too: that is certain not to be twice."""
    await office.say("bo", resend=resend)
    office.platform.script["bo"].append(Killed())
    await crash(office)

    await office.sender().drain()

    assert await office.states() == ["sent"]
    assert len(office.platform.texts_to("bo")) == 1


async def test_crash_where_the_platform_cannot_tell(office: Office) -> None:
    """Where nobody can tell, after a crash an announcement goes out again and a nudge does not."""
    office.platform.can_tell = False
    await office.say("bo", 1, resend=True)
    await office.say("eva", 2, message=NUDGE, resend=False)
    office.platform.script["bo"].append(Crash())
    office.platform.script["eva"].append(Crash())
    await crash(office)

    await office.sender().drain()

    assert await office.states() == ["sent", "unknown"]
    assert len(office.platform.texts_to("bo")) == 2
    assert len(office.platform.texts_to("eva")) == 1
    assert ("nudge 2", "unknown") in office.settled


async def test_a_crash_where_nobody_can_tell_leaves_little_in_doubt(database: Database, clock: StillClock) -> None:
    """Whoever waits behind those who were being written to is not in doubt, and is told after the crash."""
    office = await open_office(database, clock, tuple(f"person{number:02}" for number in range(32)))
    office.platform.can_tell = False
    office.platform.script["person01"].append(Crash())
    await office.fan_out(1, message=NUDGE, resend=False)
    await crash(office)

    await office.sender().drain()

    states = Counter(await office.states())
    assert set(states) == {"sent", "unknown"}
    assert 1 <= states["unknown"] <= MOST_UNDER_WAY


async def test_one_that_kills(office: Office) -> None:
    """A message that kills the process time and again has *failed* in the end, and the others go out."""
    await office.say("bo", 1)
    office.platform.script["bo"].extend([Killed()] * 100)
    for _ in range(MOST_TRIES):
        await crash(office)
    await office.say("eva", 2)

    await office.sender().drain()

    assert await office.states() == ["failed", "sent"]


async def test_successor_waits_for_the_lease(office: Office) -> None:
    """Another process takes a killed one's lane when its lease has run out, and not before."""
    await office.say("bo")
    office.platform.script["bo"].append(Killed())
    await crash(office, "first")

    await office.seconds_pass(14)
    await office.sender("second").drain()
    early = await office.states()
    await office.seconds_pass(1)
    await office.sender("third").drain()

    assert early == ["sending"]
    assert await office.states() == ["sent"]


async def test_lane_is_given_back(office: Office) -> None:
    """Who has sent everything gives the lane back, so that nobody waits for a lease that serves no purpose."""
    await office.say("bo")
    await office.sender("first").drain()
    await office.say("eva")

    await office.sender("second").drain()

    assert await office.states() == ["sent", "sent"]
    lane = await office.lane()
    assert (lane.owner, lane.lease_until, lane.term) == (None, 0.0, 2)


async def test_two_senders(database: Database, clock: StillClock) -> None:
    """Two senders on one database, each with its own connections, send every message once."""
    office = await open_office(database, clock, tuple(f"person{number}" for number in range(32)))
    await office.fan_out()
    other = Database(database.url)
    senders = [office.sender("first"), office.sender("second", time=PassingTime(), database=other)]

    for _ in range(20):
        await asyncio.gather(*(sender.drain() for sender in senders))
        if set(await office.states()) == {"sent"}:
            break
        await office.seconds_pass(5)
    await other.close()

    assert set(await office.states()) == {"sent"}
    assert Counter(it.to.member for it in office.platform.standing) == dict.fromkeys(office.organisation.members, 1)


@pytest.mark.soak
async def test_limits_hold_over_all_hands(database: Database, clock: StillClock) -> None:
    """In no stretch of time do two processes together try more than is allowed, however often one is killed."""
    office = await open_office(database, clock, tuple(f"person{number}" for number in range(PEOPLE - 8)))
    office.platform.rate, office.platform.burst = 2.0, 3
    chance, other = drawn_from(SEED), Database(database.url)
    killed = [f"person{number}" for number in sorted(chance.sample(range(PEOPLE - 8), KILLS))]
    for name in killed:
        office.platform.script[name].append(Crash())
    await office.fan_out()
    hands = cycle((("first", office.database), ("second", other)))

    for _ in range(KILLS):
        owner, its_database = next(hands)
        with pytest.raises(Killed), capture_logs():
            await office.sender(owner, database=its_database).drain()
        await office.seconds_pass(LEASE_SECONDS)
    await office.sender("at last", database=other).drain()
    await other.close()

    moments = [at for at, _ in office.platform.tries]
    most = max(
        last - first + 1 - 2.0 * (later - earlier)
        for (first, earlier), (last, later) in combinations_with_replacement(enumerate(moments), 2)
    )
    assert set(await office.states()) == {"sent"}
    assert len(office.platform.standing) == len(moments) == PEOPLE
    assert most <= 3 + 1e-6
    report(f"limits over two senders, {database.kind}", seed=SEED, kills=KILLS, messages=PEOPLE, above_the_limit=0)


async def test_lane_lost(office: Office) -> None:
    """A process that lost its lane writes nothing of what it hears afterwards: its successor has settled it."""
    office.platform.can_tell = False
    await office.say("bo", message=NUDGE, resend=False)
    office.platform.held = asyncio.Event()
    first = asyncio.create_task(office.sender("first", time=StandingStill()).drain())
    await office.platform.arrived.wait()
    await office.seconds_pass(15)
    await office.sender("second").drain()
    settled = await office.rows()

    office.platform.held.set()
    with capture_logs() as logs:
        await first

    assert [row.state for row in settled] == ["unknown"]
    assert await office.rows() == settled
    assert await office.posted() == []
    assert troubles(logs) == ["lane.lost"]


async def test_only_slow(office: Office) -> None:
    """A process that was stuck for longer than its lease starts nothing afterwards that its successor has sent."""

    async def be_stuck() -> None:
        await office.seconds_pass(15)
        await office.sender("second").drain()

    await office.say("bo", resend=True)
    office.meanwhile.append(be_stuck)

    with capture_logs():
        await office.sender("first").drain()

    assert await office.states() == ["sent"]
    assert len(office.platform.tries) == 1


async def test_slow_and_nobody_took_over(office: Office) -> None:
    """A process that was stuck, and whose lane nobody took, goes on under a new lease; the try did not count."""

    async def be_stuck() -> None:
        await office.seconds_pass(15)

    await office.say("bo")
    office.meanwhile.append(be_stuck)

    await office.sender("first").drain()

    [row] = await office.rows()
    assert (row.state, row.attempts) == ("sent", 1)
    assert len(office.platform.tries) == 1


async def test_too_little_lease_left(office: Office) -> None:
    """A send starts only while it would still end within the lease: 15 s, and a send may take 5."""

    async def be_slow() -> None:
        office.time.now += 10.5

    await office.say("bo")
    office.meanwhile.extend([be_slow, be_slow])
    began_at = office.time.now

    await office.sender().drain()

    [row] = await office.rows()
    [(tried_at, _)] = office.platform.tries
    assert tried_at >= began_at + 21.0
    assert (row.state, row.attempts) == ("sent", 1)


async def test_terms(office: Office) -> None:
    """An older term can neither keep the lane nor give it away."""
    async with office.database.begin() as session:
        first = await take_lane(session, office.workspace_id, "first")
        again = await take_lane(session, office.workspace_id, "first")
        assert first is not None
        assert again is not None
        kept = await keep_lane(session, office.workspace_id, first.term, level=1.0, wait=0.0)
        await give_lane_back(session, office.workspace_id, first.term)
        second = await take_lane(session, office.workspace_id, "second")

    assert again.term == first.term + 1
    assert kept is False
    assert second is None


async def test_database_clock_set_back(office: Office) -> None:
    """A lease that seems to last longer than any does is not waited for: somebody has set the clock back."""
    async with office.database.begin() as session:
        await take_lane(session, office.workspace_id, "first")
    await office.seconds_pass(-3600)

    async with office.database.begin() as session:
        taken = await take_lane(session, office.workspace_id, "second")

    assert taken is not None
