"""Counting in batches: acknowledged when committed, once each, and only what may be counted."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from bot.counter import Counter, CounterClosed
from storage.counting import NOT_YET, Known, Sign, forget_identities, remember, tally
from storage.database import Database
from storage.errors import CannotCommit
from storage.flushing import flusher_for
from storage.people import find_member
from storage.tables import Channel, Happened, Kind, LastSign, MemberState
from tests.bot.counting.conftest import Tally


async def count_all(counter: Counter, signs: list[Sign]) -> list[bool | BaseException]:
    """Count signs at the same time; returns for each the acknowledgement, or what came instead."""
    return await asyncio.gather(*(counter.count(sign) for sign in signs), return_exceptions=True)


async def test_acknowledged_when_committed(tally: Tally) -> None:
    """A sign is acknowledged after its commit, and not while the commit still waits for another writer."""
    other = Database(tally.database.url)
    async with other.begin() as session:
        await remember(session, tally.organisation.workspace_id, "2", tally.clock.now().date())
        counting = asyncio.create_task(tally.counter.count(tally.sign("2")))
        acknowledged_early, _ = await asyncio.wait([counting], timeout=0.1)
        await session.rollback()
    await counting
    await other.close()

    assert acknowledged_early == set()
    assert await tally.by_member() == {("anna", "MESSAGE"): 1}


async def test_many_at_once(tally: Tally) -> None:
    """Whatever comes while a batch commits is counted with the next: nothing waits for a timer, nothing is lost."""
    people = list(tally.organisation.members)
    signs = [tally.sign(str(number), member=people[number % 7]) for number in range(2_500)]

    answers = await count_all(tally.counter, signs)

    assert set(answers) == {False}
    assert sum((await tally.by_member()).values()) == 2_500
    assert await tally.by_channel() == {("allmant", "MESSAGE"): 2_500}


async def test_told_five_times(tally: Tally) -> None:
    """The same event under five deliveries, side by side and later and after a restart, counts once."""
    await count_all(tally.counter, [tally.sign("same")] * 3)
    await tally.counter.count(tally.sign("same"))
    restarted = Counter(flusher_for(tally.database), tally.clock)
    await restarted.count(tally.sign("same"))
    await restarted.close()

    assert await tally.by_member() == {("anna", "MESSAGE"): 1}
    assert await tally.by_channel() == {("allmant", "MESSAGE"): 1}


async def test_identities_are_kept_two_days(tally: Tally) -> None:
    """An identity that is swept is gone; one that was heard of later is still known."""
    await tally.counter.count(tally.sign("old"))
    tally.clock.move(timedelta(days=2))
    await tally.counter.count(tally.sign("new"))

    async with tally.database.begin() as session:
        await forget_identities(session, tally.organisation.workspace_id, tally.clock.now().date())
    await count_all(tally.counter, [tally.sign("old"), tally.sign("new")])

    assert await tally.by_member() == {("anna", "MESSAGE"): 3}


async def test_identities_go_some_at_a_time(tally: Tally, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many are to be swept, one transaction takes only some, so that nobody waits long for it."""
    monkeypatch.setattr("storage.counting.FORGOTTEN_AT_ONCE", 2)
    await count_all(tally.counter, [tally.sign(str(number)) for number in range(5)])
    left = []

    for _ in range(3):
        async with tally.database.begin() as session:
            tomorrow = (tally.clock.now() + timedelta(days=1)).date()
            await forget_identities(session, tally.organisation.workspace_id, tomorrow)
        async with tally.database.read() as session:
            left.append(len((await session.execute(select(Happened))).all()))

    assert left == [3, 1, 0]


async def test_kinds_and_days(tally: Tally) -> None:
    """Each way of taking part has its own sum for its own UTC day, and the first and last day are kept."""
    yesterday = (tally.clock.now() - timedelta(days=1)).timestamp()
    await count_all(
        tally.counter,
        [
            tally.sign("1"),
            tally.sign("2", kind=Kind.THREAD_REPLY),
            tally.sign("3", kind=Kind.REACTION, at=yesterday),
            tally.sign("4", kind=Kind.HOME, channel=None),
        ],
    )

    async with tally.database.read() as session:
        last = (await session.execute(select(LastSign))).scalar_one()
    today = tally.clock.now().date()
    assert (last.first_day, last.last_day) == (today - timedelta(days=1), today)
    assert await tally.by_member() == {("anna", kind): 1 for kind in ("MESSAGE", "THREAD_REPLY", "REACTION", "HOME")}
    assert await tally.by_channel() == {("allmant", kind): 1 for kind in ("MESSAGE", "THREAD_REPLY", "REACTION")}


async def test_not_heard_of_before(tally: Tally) -> None:
    """A person and a channel not heard of before get a row each, of this moment in product time."""
    await tally.counter.count(tally.sign("1", member="U999", channel="C999"))

    async with tally.database.read() as session:
        stub = await find_member(session, tally.organisation.workspace_id, "U999")
        channel = (await session.execute(select(Channel).where(Channel.external_id == "C999"))).scalar_one()
    assert stub is not None
    assert (stub.state, stub.created_at) == (MemberState.STUB, tally.clock.now())
    assert channel.bot_is_in
    assert await tally.by_channel() == {("C999", "MESSAGE"): 1}


async def test_before_the_notice(tally: Tally) -> None:
    """Before everybody has been told what is counted, only channels' sums are kept."""
    await tally.execute("UPDATE workspace SET notice_given_at = NULL")

    await tally.counter.count(tally.sign("1"))

    async with tally.database.read() as session:
        signs = (await session.execute(select(LastSign))).all()
    assert (await tally.by_member(), await tally.by_channel(), signs) == ({}, {("allmant", "MESSAGE"): 1}, [])


@pytest.mark.parametrize("whose", ["not_counted", "is_bot"])
async def test_who_is_not_counted(tally: Tally, whose: str) -> None:
    """Whoever asked not to be counted, and every bot, leaves no trace in any sum."""
    await tally.execute(f"UPDATE member SET {whose} = true WHERE external_id = 'anna'")

    await count_all(tally.counter, [tally.sign("1"), tally.sign("2", member="bo")])

    assert await tally.by_member() == {("bo", "MESSAGE"): 1}
    assert await tally.by_channel() == {("allmant", "MESSAGE"): 1}


async def test_where_the_bot_is_not(tally: Tally) -> None:
    """What happens in a channel that the bot has left is not counted."""
    await tally.execute("UPDATE channel SET bot_is_in = false")

    await tally.counter.count(tally.sign("1"))

    assert (await tally.by_member(), await tally.by_channel()) == ({}, {})


async def test_imported_before(tally: Tally) -> None:
    """A late redelivery of what an imported file held counts no second time; what came after the file counts."""
    now = tally.clock.now()
    await tally.execute(
        "INSERT INTO counted_day (workspace_id, channel_id, day, imported_until)"
        f" VALUES ({tally.organisation.workspace_id}, {tally.organisation.channel_id},"
        f" {now.date().toordinal()}, {now.timestamp()})"
    )

    await count_all(tally.counter, [tally.sign("1"), tally.sign("2", at=now.timestamp() + 1)])

    assert await tally.by_member() == {("anna", "MESSAGE"): 1}


async def test_commit_fails(tally: Tally) -> None:
    """When a batch cannot be committed every front door hears of it; the same signs, sent again, count once."""
    signs = [tally.sign(str(number)) for number in range(10)]
    await tally.counter.count(tally.sign("before"))
    await tally.execute("ALTER TABLE happened RENAME TO gone")

    refused = await count_all(tally.counter, signs)
    await tally.execute("ALTER TABLE gone RENAME TO happened")
    answers = await count_all(tally.counter, signs)

    assert all(isinstance(answer, CannotCommit) for answer in refused)
    assert set(answers) == {False}
    assert await tally.by_member() == {("anna", "MESSAGE"): 11}


async def test_a_sign_that_cannot_be_stored(tally: Tally) -> None:
    """One sign that the database cannot take is refused alone; the others of its batch are counted."""
    signs = [tally.sign("1"), tally.sign("2", workspace_id=99), tally.sign("\ud800"), tally.sign("3")]

    answers = await count_all(tally.counter, signs)

    assert [isinstance(answer, Exception) for answer in answers] == [False, True, True, False]
    assert not any(isinstance(answer, CannotCommit) for answer in answers)
    assert await tally.by_member() == {("anna", "MESSAGE"): 2}


async def test_given_up_waiting(tally: Tally) -> None:
    """A front door that gives up waiting harms no other sign, nor the counter."""
    impatient = asyncio.create_task(tally.counter.count(tally.sign("1")))
    await asyncio.sleep(0)
    impatient.cancel()

    await tally.counter.count(tally.sign("2"))
    await tally.counter.count(tally.sign("3"))

    assert impatient.cancelled()
    assert await tally.by_member() == {("anna", "MESSAGE"): 3}


async def test_closing(tally: Tally) -> None:
    """Closing commits what waits; what comes later is refused, so that it is sent again."""
    waiting = [asyncio.create_task(tally.counter.count(tally.sign(str(number)))) for number in range(50)]
    await asyncio.sleep(0)

    await tally.counter.close()
    with pytest.raises(CounterClosed):
        await tally.counter.count(tally.sign("late"))

    assert [task.exception() for task in waiting] == [None] * 50
    assert await tally.by_member() == {("anna", "MESSAGE"): 50}


async def test_closing_unused(tally: Tally) -> None:
    """A counter that never counted anything closes too, and may be closed again."""
    await tally.counter.close()
    await tally.counter.close()

    with pytest.raises(CounterClosed):
        await tally.counter.count(tally.sign("late"))


async def test_before_their_own_notice(tally: Tally) -> None:
    """Of somebody whom the notice has not reached, only the channel's sums are kept."""
    await tally.execute("UPDATE member SET told_at = NULL WHERE external_id = 'anna'")

    await tally.counter.count(tally.sign("1"))
    await tally.counter.count(tally.sign("2", member="bo"))

    assert await tally.by_member() == {("bo", "MESSAGE"): 1}
    assert await tally.by_channel() == {("allmant", "MESSAGE"): 2}


async def test_heard_of_late(tally: Tally) -> None:
    """What somebody did before their notice arrived does not count by their name, however late it is heard of."""
    told = tally.clock.now() - timedelta(hours=1)
    await tally.execute(f"UPDATE member SET told_at = '{told:%Y-%m-%d %H:%M:%S.%f}' WHERE external_id = 'anna'")

    await tally.counter.count(tally.sign("before", at=(told - timedelta(milliseconds=1)).timestamp()))
    before = await tally.by_member()
    await tally.counter.count(tally.sign("from then on", at=told.timestamp()))

    assert before == {}
    assert await tally.by_member() == {("anna", "MESSAGE"): 1}


@given(
    told_at=st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds it
    apart=st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400)),
)
def test_the_moment_of_the_notice(told_at: datetime, apart: timedelta) -> None:
    """By name counts what somebody did from the moment on at which their notice had arrived, and nothing before."""
    at = (told_at + apart).timestamp() if told_at.year < 9990 else told_at.timestamp()

    assert is_by_name(at, told_at.timestamp()) is (at >= told_at.timestamp())
    assert is_by_name(told_at.timestamp(), told_at.timestamp())
    assert not is_by_name(at, NOT_YET)


def is_by_name(at: float, told_at: float) -> bool:
    """Return whether a sign of that moment is added up by its member's name."""
    home = Sign(1, "opened", "anna", None, at, Kind.HOME)
    return bool(tally([home], {(1, "anna"): Known(7, is_counted=True, told_at=told_at)}, {}, {}).by_member)
