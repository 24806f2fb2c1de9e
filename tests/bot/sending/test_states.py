"""What becomes of one row of the outbox: every state it can be in, and the ways there."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text as sql
from structlog.testing import capture_logs

from bot.pacing import MOST_TRIES
from bot.platform import MaybeSent, NotSent, RateLimited, TryAgain
from bot.reasons import kept_reason
from bot.texts import text
from storage.database import Session
from storage.people import get_member
from storage.tables import Outbox, OutboxState
from tests.bot.office import NUDGE, Office
from tests.support import troubles
from tests.transport import AnswerLost

# The pauses between tries where chance always gives the longest.
PAUSES = [timedelta(seconds=seconds) for seconds in (4, 16, 64, 256, 1024, 4096, 7200)]


async def try_until_the_end(office: Office) -> list[str]:
    """Let every pause between tries pass; returns the first row's state after each try."""
    sender = office.sender()
    states = []
    for pause in [timedelta(), *PAUSES]:
        office.clock.move(pause)
        await sender.drain()
        states.append((await office.states())[0])
    return states


async def test_sent(office: Office) -> None:
    """What the platform took is *sent*; where it stands is kept, and whoever asked is told."""
    await office.say("bo")

    await office.sender().drain()

    [row] = await office.rows()
    [posted] = await office.posted()
    assert (row.state, row.reason, row.attempts, row.settled_at) == ("sent", "", 1, office.clock.now())
    assert office.platform.texts_to("bo") == ["note 1 in en at 12:00"]
    assert (posted.message, posted.subject_id, posted.member_id) == ("note", 1, row.member_id)
    assert (posted.place, posted.reference_key, posted.reference) == ("bo", "0", {"number": 0})
    assert (posted.link, posted.posted_at) == ("https://chat.example/0", office.clock.now())
    assert office.settled == [("note 1", "sent")]


async def test_whose_way_is_closed_is_known_until_something_arrives(office: Office) -> None:
    """By what became of the last message to each; an edit and a failure of another kind tell nothing."""
    blocked = NotSent(OutboxState.BLOCKED, text("They have blocked Samlas."))
    office.platform.script["bo"].extend([blocked, NotSent(OutboxState.FAILED, text("It is too long."))])

    ways = []
    for _ in range(3):
        await office.say("bo")
        await office.sender().drain()
        ways.append(await office.closed_ways())

    assert ways == [["blocked"], ["blocked"], []]


async def test_queued_until_its_time(office: Office) -> None:
    """A message that is not due yet stays *queued*, and is composed only when its time has come."""
    await office.say("bo", after=timedelta(hours=1))
    sender = office.sender()

    await sender.drain()
    early = await office.states()
    office.clock.move(timedelta(hours=1))
    await sender.drain()

    assert early == ["queued"]
    assert office.platform.texts_to("bo") == ["note 1 in en at 13:00"]


async def test_sending_while_under_way(office: Office) -> None:
    """A message is *sending* in the database before the platform hears of it."""
    await office.say("bo")
    office.platform.held = asyncio.Event()

    draining = asyncio.create_task(office.sender().drain())
    await office.platform.arrived.wait()
    under_way = await office.rows()
    office.platform.held.set()
    await draining

    assert [(row.state, row.attempts) for row in under_way] == [("sending", 1)]
    assert await office.states() == ["sent"]


@pytest.mark.parametrize("outcome", [OutboxState.FAILED, OutboxState.BLOCKED, OutboxState.UNREACHABLE])
async def test_refused_for_good(office: Office, outcome: OutboxState) -> None:
    """What the platform refuses for good is tried once; its reason is kept for the author to see."""
    await office.say("bo")
    office.platform.script["bo"].append(NotSent(outcome, text("They have blocked the app.")))

    await office.sender().drain()

    [row] = await office.rows()
    assert (row.state, row.reason, row.settled_at) == (
        outcome,
        kept_reason(text("They have blocked the app.")),
        office.clock.now(),
    )
    assert len(office.platform.tries) == 1
    assert office.settled == [("note 1", outcome)]


async def test_back_off(office: Office) -> None:
    """A trouble that passes is waited for, longer each time, and the message arrives once."""
    await office.say("bo")
    office.platform.script["bo"].extend([TryAgain(), TryAgain()])
    sender = office.sender()
    waits = []

    for _ in range(2):
        await sender.drain()
        [row] = await office.rows()
        waits.append(row.not_before - office.clock.now())
        office.clock.move(waits[-1])
    await sender.drain()

    assert waits == PAUSES[:2]
    assert await office.states() == ["sent"]
    assert len(office.platform.texts_to("bo")) == 1


async def test_giving_up(office: Office) -> None:
    """After eight tries over hours the message has *failed*, with a reason that the author can read."""
    await office.say("bo")
    office.platform.script["bo"].extend([TryAgain()] * 20)

    states = await try_until_the_end(office)

    [row] = await office.rows()
    assert states == ["queued"] * (MOST_TRIES - 1) + ["failed"]
    assert row.reason == kept_reason(text("The chat platform did not take it after many tries."))
    assert len(office.platform.tries) == MOST_TRIES


async def test_one_that_waits_holds_nobody_up(office: Office) -> None:
    """While a message waits for its next try, a later one in the same conversation goes out."""
    await office.say("bo", 1)
    await office.say("bo", 2)
    office.platform.script["bo"].append(TryAgain())

    await office.sender().drain()

    assert await office.states() == ["queued", "sent"]


async def test_not_wanted_any_more(office: Office) -> None:
    """A message that is no longer true when its turn comes is *dropped*: not sent, and not held against the limits."""
    await office.say("bo", 1)
    office.silent.add(1)
    full = office.platform.burst

    await office.sender().drain()

    assert await office.states() == ["dropped"]
    assert office.platform.tries == []
    assert office.settled == [("note 1", "dropped")]
    assert (await office.lane()).tokens == full


async def test_who_has_left(office: Office) -> None:
    """Somebody who has left by the message's turn is *unreachable*, and the platform is not asked."""
    await office.say("bo")
    await office.has_left("bo")

    await office.sender().drain()

    [row] = await office.rows()
    assert (row.state, row.reason) == ("unreachable", kept_reason(text("They have left the organisation.")))
    assert office.platform.tries == []


async def test_composer_fails_once(office: Office) -> None:
    """A message that could not be composed is tried again, and the others of its batch are sent meanwhile."""
    await office.say("bo", 1)
    await office.say("eva", 2)
    office.composing.append(RuntimeError("a passing trouble"))
    sender = office.sender()

    with capture_logs() as logs:
        await sender.drain()
    before = await office.states()
    office.clock.move(PAUSES[0])
    await sender.drain()

    assert before == ["queued", "sent"]
    assert await office.states() == ["sent", "sent"]
    assert troubles(logs) == ["sending.not_composed"]


async def test_composer_is_broken(office: Office) -> None:
    """A message that can never be composed has *failed* in the end, with a reason of its own."""
    await office.say("bo")
    office.composing.extend([RuntimeError("broken")] * MOST_TRIES)

    with capture_logs():
        await try_until_the_end(office)

    [row] = await office.rows()
    assert (row.state, row.reason) == ("failed", kept_reason(text("Samlas could not put this message together.")))
    assert office.platform.tries == []


async def test_unusable_member(office: Office) -> None:
    """A member whose time zone nobody knows keeps no other message of the batch from going out."""
    async with office.database.begin() as session:
        (await get_member(session, office.workspace_id, office.organisation.members["bo"])).zone = "Atlantis/Centre"
    await office.say("bo")
    await office.say("eva")

    with capture_logs():
        await office.sender().drain()

    assert await office.states() == ["queued", "sent"]


@pytest.mark.parametrize("failure", [AnswerLost(), MaybeSent(), ValueError("a defect of the adapter's")])
@pytest.mark.parametrize("resend", [True, False])
async def test_answer_lost(office: Office, failure: Exception, *, resend: bool) -> None:
    """When an answer is lost, the platform is asked by delivery id; the message stands once in the end."""
    await office.say("bo", resend=resend)
    office.platform.script["bo"].append(failure)
    sender = office.sender()

    with capture_logs():
        await sender.drain()
    office.clock.move(PAUSES[0])
    await sender.drain()

    [row] = await office.rows()
    assert row.state == "sent"
    assert [it.delivery_id for it in office.platform.standing] == [row.delivery_id]
    assert office.platform.found == [row.delivery_id]
    assert len(await office.posted()) == 1


async def test_platform_cannot_tell_about_an_announcement(office: Office) -> None:
    """Where the platform cannot tell, an announcement is sent again: rather twice than not at all."""
    office.platform.can_tell = False
    await office.say("bo", resend=True)
    office.platform.script["bo"].append(AnswerLost())
    sender = office.sender()

    await sender.drain()
    office.clock.move(PAUSES[0])
    await sender.drain()

    [row] = await office.rows()
    assert row.state == "sent"
    assert row.reason == kept_reason(
        text("The connection was lost while sending, so it was sent again and may have come twice.")
    )
    assert len(office.platform.texts_to("bo")) == 2


async def test_an_answer_that_is_lost_every_time(office: Office) -> None:
    """Where the platform cannot tell, and is busy between, what may have come is *unknown* in the end, not failed."""
    office.platform.can_tell = False
    await office.say("bo", resend=True)
    office.platform.script["bo"].extend([AnswerLost(), *[TryAgain()] * MOST_TRIES])

    states = await try_until_the_end(office)

    [row] = await office.rows()
    assert states == ["queued"] * (MOST_TRIES - 1) + ["unknown"]
    assert row.reason == kept_reason(text("The connection was lost while sending, so nobody knows whether it arrived."))
    assert len(office.platform.texts_to("bo")) == 1


async def test_platform_cannot_tell_about_a_nudge(office: Office) -> None:
    """Where the platform cannot tell, a nudge is *unknown* and not sent again: rather not at all than twice."""
    office.platform.can_tell = False
    await office.say("bo", message=NUDGE, resend=False)
    office.platform.script["bo"].append(AnswerLost())

    await try_until_the_end(office)

    [row] = await office.rows()
    assert row.state == "unknown"
    assert row.reason == kept_reason(text("The connection was lost while sending, so nobody knows whether it arrived."))
    assert len(office.platform.texts_to("bo")) == 1
    assert office.settled == [("nudge 1", "unknown")]


@pytest.mark.parametrize("failure", [TryAgain(), ConnectionResetError()])
async def test_looked_up_again(office: Office, failure: Exception) -> None:
    """A look-up that fails is done again after a pause; meanwhile the message stays *sending* and is not sent."""
    await office.say("bo")
    office.platform.script["bo"].append(AnswerLost())
    office.platform.find_script.append(failure)
    sender = office.sender()

    with capture_logs():
        await sender.drain()
    between = await office.states()
    office.clock.move(PAUSES[0])
    await sender.drain()

    assert between == ["sending"]
    assert await office.states() == ["sent"]
    assert len(office.platform.texts_to("bo")) == 1


async def test_look_up_is_limited(office: Office) -> None:
    """A look-up that the platform wants to have later waits as long as it says, and then settles the message."""
    await office.say("bo")
    office.platform.script["bo"].append(AnswerLost())
    office.platform.find_script.append(RateLimited(timedelta(seconds=30)))
    sender = office.sender()

    await sender.drain()
    between = await office.states()
    await office.seconds_pass(30)
    await sender.drain()

    assert between == ["sending"]
    assert await office.states() == ["sent"]
    assert len(office.platform.texts_to("bo")) == 1


async def test_settled_hook_fails(office: Office) -> None:
    """Whatever goes wrong for those who are told, what the platform took stays taken, and their half is undone."""

    async def half_done(session: Session, row: Outbox) -> None:
        await session.execute(sql(f"UPDATE member SET name = 'half' WHERE id = {row.member_id}"))
        raise RuntimeError("whoever asked")

    await office.say("bo")
    await office.say("eva")
    office.settling.append(half_done)

    with capture_logs() as logs:
        await office.sender().drain()

    async with office.database.read() as session:
        bo = await get_member(session, office.workspace_id, office.organisation.members["bo"])
    assert await office.states() == ["sent", "sent"]
    assert len(await office.posted()) == 2
    assert office.settled == [("note 1", "sent")]
    assert troubles(logs) == ["lane.settled_failed"]
    assert bo.name == "Bo"
