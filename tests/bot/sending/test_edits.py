"""What stands is changed to what is true now, and not more often than anybody wants to see it move."""

from datetime import timedelta

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from bot.platform import MaybeSent, NotSent, TryAgain
from bot.reasons import kept_reason
from bot.texts import text
from storage.tables import Operation, Outbox, OutboxState
from tests.bot.office import Office
from tests.transport import Killed


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
