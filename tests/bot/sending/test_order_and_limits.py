"""In which order messages go out, and how fast the platform wants them."""

import asyncio
from datetime import timedelta
from itertools import combinations, pairwise

import pytest

from bot.hands import MOST_UNDER_WAY
from bot.lane import SETTLED_WITHIN
from bot.platform import MaybeSent, RateLimited, TryAgain
from storage.database import Database, Session
from storage.fan_out import expand_fan_out, waiting_fan_out
from storage.outbox import Urgency
from storage.tables import Outbox
from tests.bot.office import NUDGE, Office, open_office
from tests.conftest import StillClock
from tests.transport import Killed, PassingTime

PEOPLE = ("anna", "bo", "carl", "cecilia", "david", "eva", "farid", "greta")


class ShortNaps(PassingTime):
    """Time in which nobody who sleeps for seconds wakes up."""

    async def sleep(self, seconds: float) -> None:
        """Let a moment pass at once."""
        if seconds > 1.0:
            await asyncio.Event().wait()
        await super().sleep(seconds)


async def test_most_urgent_first(office: Office) -> None:
    """Answers go before work cards, those before copies, and nudges last, whenever they were queued."""
    office.platform.rate, office.platform.burst = 1.0, 1
    await office.say("anna", message=NUDGE, urgency=Urgency.NUDGE)
    await office.say("bo", urgency=Urgency.COPY)
    await office.say("carl", urgency=Urgency.WORK_CARD)
    await office.say("eva", urgency=Urgency.ANSWER)
    await office.say("david", urgency=Urgency.ANSWER)

    await office.sender().drain()

    assert [receiver for _, receiver in office.platform.tries] == ["eva", "david", "carl", "bo", "anna"]


async def test_edits_before_copies(office: Office) -> None:
    """What stands and is no longer true is mended before more copies go out, however many wait."""
    office.platform.rate, office.platform.burst = 1.0, 1
    await office.say("anna", 1)
    sender = office.sender()
    await sender.drain()
    await office.fan_out(2)
    async with office.database.begin() as session:
        fan_out = await waiting_fan_out(session, office.workspace_id, office.clock.now())
        assert fan_out is not None
        await expand_fan_out(session, office.workspace_id, fan_out, office.clock.now())

    await office.change(1)
    await sender.drain()

    assert [receiver for _, receiver in office.platform.tries][:2] == ["anna", "edit"]


async def test_order_in_a_conversation(office: Office) -> None:
    """In one conversation messages arrive in the order they were said, one at a time."""
    for subject in range(1, 6):
        await office.say("bo", subject)

    await office.sender().drain()

    assert [text.split()[1] for text in office.platform.texts_to("bo")] == ["1", "2", "3", "4", "5"]
    assert office.platform.most_under_way == 1


async def test_copies_are_made_when_their_home_post_stands(office: Office) -> None:
    """A copy leads to its home post, so that none is made while that is still on its way."""
    standing: list[int] = []

    async def look() -> None:
        standing.append(len(await office.posted()))

    office.meanwhile = [look] * 9
    office.platform.held = asyncio.Event()
    await office.post()
    await office.fan_out()

    draining = asyncio.create_task(office.sender().drain())
    # Each look at the database lets the sender go on; only a few of its turns are needed to expand the fan-out.
    while len(await office.rows()) < 1 + len(PEOPLE):
        pass
    for _ in range(20):
        await office.rows()
    on_the_way = len(office.platform.tries)
    office.platform.held.set()
    await draining

    assert on_the_way == 1
    assert standing[0] == 0
    assert min(standing[1:]) == 1


async def test_copies_that_were_queued_before_wait_for_the_home_post_too(office: Office) -> None:
    """Also those that are there already when the home post's turn comes, as after a crash; an answer does not wait."""
    standing: list[int] = []

    async def look() -> None:
        standing.append(len(await office.posted()))

    office.meanwhile = [look] * 3
    await office.say("bo", urgency=Urgency.COPY)
    await office.post()
    await office.say("anna", urgency=Urgency.ANSWER)

    await office.sender().drain()

    assert standing == [0, 0, 2]


async def test_side_by_side(office: Office) -> None:
    """Different conversations do not wait for each other, and only so many are under way at once."""
    for person in PEOPLE:
        await office.say(person)
    await office.post()
    office.platform.held = asyncio.Event()

    draining = asyncio.create_task(office.sender().drain())
    await office.platform.arrived.wait()
    await asyncio.sleep(0)
    office.platform.held.set()
    await draining

    assert office.platform.most_under_way == MOST_UNDER_WAY
    assert set(await office.states()) == {"sent"}


async def test_busy_conversations_are_looked_past(office: Office) -> None:
    """Many messages that wait in one conversation do not keep another's from being found."""
    for subject in range(70):
        await office.say("bo", subject)
    await office.say("eva")
    office.platform.held = asyncio.Event()

    draining = asyncio.create_task(office.sender().drain())
    while office.platform.under_way < 2:
        office.platform.arrived.clear()
        await office.platform.arrived.wait()
    tried = [receiver for _, receiver in office.platform.tries]
    office.platform.held.set()
    await draining

    assert tried == ["bo", "eva"]


async def test_order_after_a_crash(office: Office) -> None:
    """A message that a crash left half-done arrives before what was said after it in the same conversation."""
    await office.say("bo", 1)
    office.platform.script["bo"].append(Killed())
    with pytest.raises(Killed):
        await office.sender().drain()
    await office.say("bo", 2)

    await office.sender().drain()

    assert [text.split()[1] for text in office.platform.texts_to("bo")] == ["1", "2"]


async def test_bucket(database: Database, clock: StillClock) -> None:
    """In no stretch of time are more messages tried than the platform's burst and rate allow."""
    office = await open_office(database, clock, tuple(f"person{number}" for number in range(12)))
    office.platform.rate, office.platform.burst = 2.0, 3
    await office.fan_out()

    await office.sender().drain()

    times = [at for at, _ in office.platform.tries]
    assert len(times) == 20
    for (first, earlier), (last, later) in combinations(enumerate(times), 2):
        assert last - first + 1 <= 3 + 2.0 * (later - earlier) + 1e-6
    # It does not dawdle either.
    assert times[-1] - times[0] <= (20 - 3) / 2.0 + 1.0


async def test_bucket_in_other_hands(office: Office) -> None:
    """Whoever sends next goes on with the bucket as it was left, not with a full one."""
    office.platform.rate, office.platform.burst = 0.1, 2
    await office.say("anna")
    await office.say("bo")
    await office.sender("first").drain()
    await office.say("eva")

    await office.sender("second").drain()

    [_, last, next_one] = [at for at, _ in office.platform.tries]
    assert next_one - last == pytest.approx(10.0, abs=0.5)


async def test_bucket_refills_while_nobody_sends(office: Office) -> None:
    """A rest between two senders fills the bucket as the platform does."""
    office.platform.rate, office.platform.burst = 0.1, 2
    await office.say("anna")
    await office.say("bo")
    await office.sender("first").drain()
    await office.seconds_pass(20)
    await office.say("eva")
    await office.say("farid")
    before = office.time.now

    await office.sender("second").drain()

    assert [at for at, _ in office.platform.tries[2:]] == [before, before]


async def test_rate_limited(office: Office) -> None:
    """When the platform asks for a pause, the whole workspace pauses for so long, and the try does not count."""
    await office.say("anna")
    await office.say("bo")
    office.platform.rate, office.platform.burst = 1.0, 1
    office.platform.script["anna"].append(RateLimited(timedelta(seconds=30)))
    sender = office.sender()

    await sender.drain()
    await office.say("eva")
    await office.seconds_pass(29)
    await sender.drain()
    tried_early = [receiver for _, receiver in office.platform.tries]
    await office.seconds_pass(1)
    await sender.drain()

    assert tried_early == ["anna"]
    assert [(row.state, row.attempts) for row in await office.rows()] == [("sent", 1)] * 3


async def test_rate_limited_in_other_hands(office: Office) -> None:
    """A successor keeps the pause that the platform asked for, although it never heard of it."""
    await office.say("anna")
    office.platform.script["anna"].append(RateLimited(timedelta(seconds=30)))
    await office.sender("first").drain()

    await office.seconds_pass(29)
    await office.sender("second").drain()
    early = await office.states()
    await office.seconds_pass(1)
    await office.sender("third").drain()

    assert early == ["queued"]
    assert await office.states() == ["sent"]


async def test_rate_limited_many_times(office: Office) -> None:
    """When several tries at once are answered with a pause, the longest is kept, and none of them counts."""
    for person in PEOPLE:
        await office.say(person)
        wait = 30 if person == "bo" else 10
        office.platform.script[person].append(RateLimited(timedelta(seconds=wait)))
    sender = office.sender()

    await sender.drain()
    limited = {(row.state, row.attempts) for row in await office.rows()}
    await office.seconds_pass(29)
    await sender.drain()
    tried_early = len(office.platform.tries)
    await office.seconds_pass(1)
    await sender.drain()

    assert limited == {("queued", 0)}
    assert tried_early == MOST_UNDER_WAY
    assert {(row.state, row.attempts) for row in await office.rows()} == {("sent", 1)}


async def test_limits_hold_for_tries(office: Office) -> None:
    """A try that fails counts against the platform's limits like one that succeeds."""
    office.platform.rate, office.platform.burst = 1.0, 1
    for person in ("anna", "bo", "carl"):
        await office.say(person)
    office.platform.script["anna"].append(TryAgain())
    office.platform.script["bo"].append(MaybeSent())

    await office.sender().drain()

    times = [at for at, _ in office.platform.tries]
    assert [later - earlier >= 1.0 - 1e-6 for earlier, later in pairwise(times)] == [True, True]


async def test_spacing_in_a_conversation(office: Office) -> None:
    """Where the platform limits each conversation, one gets its messages so far apart, and the others go on."""
    office.platform.spacing = timedelta(minutes=1)
    for subject in range(1, 4):
        await office.post(subject, urgency=Urgency.ANSWER)
    await office.say("bo")

    await office.sender().drain()

    times = [at for at, receiver in office.platform.tries if receiver == "allmant"]
    to_bo = next(at for at, receiver in office.platform.tries if receiver == "bo")
    assert len(times) == 3
    assert min(later - earlier for earlier, later in pairwise(times)) >= 60.0 - 1e-6
    assert to_bo == times[0]


async def test_edits_are_spaced_too(office: Office) -> None:
    """An edit is made in the conversation in which its message stands, and keeps its distance like a message."""
    office.platform.spacing = timedelta(minutes=1)
    await office.post(1)
    sender = office.sender()
    await sender.drain()
    await office.change(1)
    await office.post(2)

    await sender.drain()

    tried = office.platform.tries
    assert [receiver for _, receiver in tried] == ["allmant", "edit", "allmant"]
    assert min(later - earlier for (earlier, _), (later, _) in pairwise(tried)) >= 60.0 - 1e-6


async def test_one_conversation_is_rate_limited(office: Office) -> None:
    """When the platform wants a pause in one conversation, the others go on, its order is kept, and no try counts."""
    await office.say("anna", 1)
    await office.say("anna", 2)
    await office.say("bo", 3)
    office.platform.script["anna"].append(RateLimited(timedelta(seconds=30), conversation_only=True))
    begin = office.time.now

    await office.sender().drain()

    tried = [(receiver, at - begin >= 30.0 - 1e-6) for at, receiver in office.platform.tries]
    assert tried == [("anna", False), ("bo", False), ("anna", True), ("anna", True)]
    assert [text.split()[1] for text in office.platform.texts_to("anna")] == ["1", "2"]
    assert {(row.state, row.attempts) for row in await office.rows()} == {("sent", 1)}


async def test_what_is_claimed_and_not_begun_waits_out_a_pause(database: Database, clock: StillClock) -> None:
    """When the platform asks for a pause, what was made ready for its turn goes back to the queue; that was no try."""
    office = await open_office(database, clock, tuple(f"person{number}" for number in range(32)))
    await office.fan_out()
    office.platform.rate = 0.1
    for script in (office.platform.script[name] for name in office.organisation.members):
        script.append(RateLimited(timedelta(seconds=30)))

    await office.sender().drain()

    rows = await office.rows()
    assert len(office.platform.tries) == MOST_UNDER_WAY
    assert {(row.state, row.attempts) for row in rows} == {("queued", 0)}
    assert (await office.lane()).tokens == pytest.approx(office.platform.burst - MOST_UNDER_WAY, abs=1.0)


async def test_what_came_back_is_written_while_others_are_under_way(office: Office) -> None:
    """However long one takes: a crash then leaves no more to be looked up than what went out a moment before."""
    written_at: list[float] = []

    async def note(_session: Session, _row: Outbox) -> None:
        written_at.append(time.now)

    time = ShortNaps()
    await office.say("bo", 1)
    await office.say("eva", 2)
    office.settling = [note]
    office.platform.slow["eva"] = asyncio.Event()
    began_at = time.now

    draining = asyncio.create_task(office.sender(time=time).drain())
    while (await office.states())[0] != "sent":
        pass
    meanwhile = await office.states()
    office.platform.slow["eva"].set()
    await draining

    assert meanwhile == ["sent", "sending"]
    assert written_at == [pytest.approx(began_at + SETTLED_WITHIN, abs=0.01)]
