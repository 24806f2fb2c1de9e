"""What stands is changed to what is true now, and not more often than anybody wants to see it move."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import col, select, update
from structlog.testing import capture_logs

from bot.platform import MaybeSent, NotSent, TryAgain
from bot.reasons import kept_reason
from bot.texts import text
from storage.database import Database
from storage.fan_out import FAN_OUT_PAGE, expand_fan_out, waiting_fan_out
from storage.outbox import MOST_EDITED_AT_ONCE, Urgency
from storage.owed import make_up_to_those_back
from storage.retention import sweep
from storage.tables import Member, MemberState, Operation, Outbox, OutboxState, Posted
from tests.bot.office import NOTE, Office, open_office
from tests.conftest import StillClock
from tests.transport import Crash, Killed


@pytest.fixture
async def posted(office: Office) -> Office:
    """Return an office that has said one thing to bo, at noon."""
    await office.say("bo")
    await office.sender().drain()
    return office


async def edits(office: Office) -> list[Outbox]:
    """Return the outbox's edits, oldest first."""
    async with office.database.read() as session:
        found = await session.execute(select(Outbox).where(Outbox.operation == Operation.EDIT).order_by(col(Outbox.id)))
        return list(found.scalars())


async def test_edit(posted: Office) -> None:
    """A change shows in the message that stands; no second one is posted."""
    posted.clock.move(timedelta(minutes=5))
    await posted.change()

    await posted.sender().drain()

    [message] = posted.platform.standing
    [row] = await posted.posted()
    assert message.texts == ["note 1 in en at 12:00", "note 1 in en at 12:05"]
    assert row.edited_at == posted.clock.now()


async def test_several_changes_one_edit(posted: Office) -> None:
    """Several changes within a minute become one edit, when the minute is over, with the latest of them."""
    sender = posted.sender()
    await posted.change()
    await sender.drain()
    for _ in range(3):
        posted.clock.move(timedelta(seconds=10))
        await posted.change()
        await sender.drain()
    before = list(posted.platform.standing[0].texts)

    posted.clock.move(timedelta(seconds=30))
    await sender.drain()

    assert before == ["note 1 in en at 12:00", "note 1 in en at 12:00"]
    assert posted.platform.standing[0].texts[2:] == ["note 1 in en at 12:01"]
    assert [edit.state for edit in await edits(posted)] == ["sent", "sent"]


async def test_change_during_an_edit(posted: Office) -> None:
    """A change that comes while an edit is on its way is not lost: it is shown a minute later."""
    await posted.change()
    posted.meanwhile.append(posted.change)

    sender = posted.sender()
    await sender.drain()
    first = [edit.state for edit in await edits(posted)]
    posted.clock.move(timedelta(minutes=1))
    await sender.drain()

    assert first == ["sent", "queued"]
    assert posted.platform.standing[0].texts[-1] == "note 1 in en at 12:01"


@pytest.mark.parametrize("failure", [MaybeSent(), TryAgain()])
async def test_edit_is_tried_again(posted: Office, failure: Exception) -> None:
    """An edit whose answer was lost is simply made again, since it shows what is true by then."""
    await posted.change()
    posted.platform.script["edit"].append(failure)
    sender = posted.sender()

    await sender.drain()
    posted.clock.move(timedelta(minutes=1))
    await sender.drain()

    assert [edit.state for edit in await edits(posted)] == ["sent"]
    assert posted.platform.standing[0].texts[-1] == "note 1 in en at 12:01"
    assert posted.platform.found == []


async def test_message_is_gone(posted: Office) -> None:
    """A message that somebody has deleted on the platform cannot be changed; that is final and does no harm."""
    await posted.change()
    posted.platform.script["edit"].append(NotSent(OutboxState.FAILED, text("The message does not stand there.")))

    await posted.sender().drain()

    [edit] = await edits(posted)
    assert (edit.state, edit.reason) == ("failed", kept_reason(text("The message does not stand there.")))
    assert (await posted.posted())[0].edited_at is None


async def test_reader_has_left(posted: Office) -> None:
    """What stands with somebody who has left is left as it is."""
    await posted.has_left("bo")
    await posted.change()

    await posted.sender().drain()

    assert [edit.state for edit in await edits(posted)] == ["dropped"]
    assert len(posted.platform.standing[0].texts) == 1


async def test_reader_comes_back(posted: Office) -> None:
    """However long they were away: what stands with them shows then what is true then, in one edit."""
    await posted.has_left("bo")
    sender = posted.sender()
    for _ in range(2):
        await posted.change()
        await sender.drain()
    posted.clock.move(timedelta(days=60))
    async with posted.database.begin() as session:
        await sweep(session, posted.workspace_id, posted.clock.now(), at_once=1000)

    for _ in range(2):
        await posted.comes_back("bo")
        await sender.drain()

    [message] = posted.platform.standing
    assert message.texts == ["note 1 in en at 12:00", "note 1 in en at 12:00"]
    assert [edit.state for edit in await edits(posted)] == ["dropped", "dropped", "sent"]
    assert not any(edit.is_record for edit in await edits(posted))


async def test_reader_comes_back_at_that_moment(posted: Office) -> None:
    """Whoever is back by the time that an edit is written down as owed gets it at once; whoever is not, does not."""
    await posted.has_left("bo")
    await posted.change()
    await posted.sender().drain()
    bo = posted.organisation.members["bo"]

    async def look_once_more() -> list[str]:
        async with posted.database.begin() as session:
            await make_up_to_those_back(session, posted.workspace_id, [bo], posted.clock.now())
        return [edit.state for edit in await edits(posted)]

    while_away = await look_once_more()
    async with posted.database.begin() as session:
        await session.execute(update(Member).where(col(Member.id) == bo).values(state=MemberState.ACTIVE))

    assert while_away == ["dropped"]
    assert await look_once_more() == ["dropped", "queued"]


async def test_each_message_of_a_subject(office: Office) -> None:
    """A change shows in the channel and with each person, and what stands about other subjects stays as it is."""
    await office.say("bo", 1)
    await office.post(1)
    await office.say("eva", 2)
    sender = office.sender()
    await sender.drain()
    office.clock.move(timedelta(minutes=5))

    await office.change(1)
    await sender.drain()

    assert office.platform.texts_to("bo") == ["note 1 in en at 12:05"]
    assert office.platform.texts_to("allmant") == ["note 1 in en at 12:05"]
    assert office.platform.texts_to("eva") == ["note 2 in en at 12:00"]


async def test_crash_during_an_edit(posted: Office) -> None:
    """An edit that a crash left half-done is made again."""
    await posted.change()
    posted.platform.script["edit"].append(Killed())
    with pytest.raises(Killed), capture_logs():
        await posted.sender().drain()

    await posted.sender().drain()

    assert [edit.state for edit in await edits(posted)] == ["sent"]
    assert len(posted.platform.standing[0].texts) == 2


async def test_change_while_it_is_being_posted(office: Office) -> None:
    """A change that comes while the message itself is on its way is shown as soon as that stands."""
    await office.say("bo")
    office.platform.held = asyncio.Event()
    draining = asyncio.create_task(office.sender().drain())
    await office.platform.arrived.wait()

    office.clock.move(timedelta(minutes=5))
    await office.change()
    office.platform.held.set()
    await draining

    [message] = office.platform.standing
    assert message.texts == ["note 1 in en at 12:00", "note 1 in en at 12:05"]


async def test_change_while_another_is_being_posted(office: Office) -> None:
    """What is on its way about another subject, or with nothing changed, is not edited."""
    await office.say("bo", 1)
    await office.say("eva", 2)
    office.platform.held = asyncio.Event()
    draining = asyncio.create_task(office.sender().drain())
    while office.platform.under_way < 2:
        office.platform.arrived.clear()
        await office.platform.arrived.wait()

    await office.change(2)
    office.platform.held.set()
    await draining

    assert [len(office.platform.standing[number].texts) for number in (0, 1)] == [1, 2]


async def test_change_after_a_crash(office: Office) -> None:
    """A change that comes when nobody knows yet whether the message stands is shown once it has been found."""
    await office.say("bo")
    office.platform.script["bo"].append(Crash())
    with pytest.raises(Killed):
        await office.sender().drain()

    office.clock.move(timedelta(minutes=5))
    await office.change()
    await office.sender().drain()

    [message] = office.platform.standing
    assert message.texts == ["note 1 in en at 12:00", "note 1 in en at 12:05"]


async def test_change_before_the_next_try(office: Office) -> None:
    """A message that is tried again is made anew, so that it needs no edit for what changed in between."""
    await office.say("bo")
    office.platform.script["bo"].append(TryAgain())
    office.meanwhile.append(office.change)
    sender = office.sender()
    await sender.drain()

    office.clock.move(timedelta(minutes=5))
    await sender.drain()

    [message] = office.platform.standing
    assert message.texts == ["note 1 in en at 12:05"]
    assert await edits(office) == []


@pytest.fixture
async def heard_by_many(database: Database, clock: StillClock) -> Office:
    """Return an office whose message stands in the channel and with more people than two pages hold."""
    office = await open_office(database, clock, tuple(f"person{number:04}" for number in range(2 * FAN_OUT_PAGE)))
    places: list[tuple[int | None, int | None]] = [(None, office.organisation.channel_id)]
    places += [(member_id, None) for member_id in office.organisation.members.values()]
    # Somebody was told twice.
    places.append((max(office.organisation.members.values()) - 1, None))
    standing = [
        Posted(
            workspace_id=office.workspace_id,
            message=NOTE,
            subject_id=1,
            member_id=member_id,
            channel_id=channel_id,
            place=str(member_id),
            reference_key=str(number),
            reference={"number": number},
            posted_at=clock.now(),
        )
        for number, (member_id, channel_id) in enumerate(places)
    ]
    async with database.begin() as session:
        session.add_all(standing)
    return office


async def expand_all(office: Office, pages: int = 100) -> list[int]:
    """Expand what waits, at most so many pages; returns how many edits there are after each."""
    sizes: list[int] = []
    while len(sizes) < pages:
        async with office.database.begin() as session:
            fan_out = await waiting_fan_out(session, office.workspace_id, office.clock.now())
            if fan_out is None:
                break
            await expand_fan_out(session, office.workspace_id, fan_out, office.clock.now())
        sizes.append(len(await edits(office)))
    return sizes


async def test_edit_of_many(heard_by_many: Office) -> None:
    """What many were sent is edited page by page, each message once, the post in the channel before all of them."""
    await heard_by_many.change()

    at_once = await edits(heard_by_many)
    sizes = await expand_all(heard_by_many)

    assert MOST_EDITED_AT_ONCE < 2 * FAN_OUT_PAGE
    assert [(edit.channel_id, edit.priority) for edit in at_once] == [
        (heard_by_many.organisation.channel_id, Urgency.EDIT)
    ]
    assert sizes == [1 + FAN_OUT_PAGE, 1 + 2 * FAN_OUT_PAGE, 1 + 2 * FAN_OUT_PAGE + 8 + 1]
    edited = Counter(edit.posted_id for edit in await edits(heard_by_many))
    assert edited == {posted.id: 1 for posted in await heard_by_many.posted()}


async def test_edit_of_many_begins_anew(heard_by_many: Office) -> None:
    """A change that comes in the midst of it is shown by all: those who were edited before are edited again."""
    await heard_by_many.change()
    await expand_all(heard_by_many, pages=2)
    async with heard_by_many.database.begin() as session:
        await session.execute(
            update(Outbox).values(state=OutboxState.SENT).where(col(Outbox.operation) == Operation.EDIT)
        )

    await heard_by_many.change()
    await expand_all(heard_by_many)

    waiting = Counter(edit.posted_id for edit in await edits(heard_by_many) if edit.state == OutboxState.QUEUED)
    assert waiting == {posted.id: 1 for posted in await heard_by_many.posted()}
    assert await expand_all(heard_by_many) == []
