"""Told first: by name somebody counts, is looked at and nudged only after their own notice has arrived."""

from datetime import date, datetime, timedelta

import pytest

from bot.platform import NotSent, To
from bot.texts import text
from nudges.notice import NOTICE
from storage.counting import count_one, note_sign
from storage.nudging import sign_spans, signs_by_day
from storage.people import find_member
from storage.tables import Kind, OutboxState
from tests.nudges.conftest import SUNDAY, Scene
from tests.support import button, have_told, words_of

TODAY = SUNDAY.date()


class Refusing:
    """A platform that does not take what goes to eva."""

    def __init__(self, outcome: OutboxState) -> None:
        """Begin with what becomes of it; None: it arrives."""
        self.outcome: OutboxState | None = outcome

    async def __call__(self, to: To) -> None:
        """Let a message go on its way, or not."""
        if to.member == "eva" and self.outcome is not None:
            raise NotSent(self.outcome, text("She cannot be reached."))


async def go(scene: Scene) -> None:
    """Give the notice for the first time, on Sunday, and send what can be sent."""
    await scene.change_workspace(notice_given_at=None, rounds_on_at=None)
    await have_told(scene.database, scene.organisation.workspace_id, None)
    scene.clock.moment = SUNDAY
    overview = (await scene.people.command("greta", "nudges")).whisper
    assert overview is not None
    await scene.people.press("greta", button(overview, "Go: give the notice"))
    await scene.sender.drain()


async def counted(scene: Scene, person: str) -> bool:
    """Whether anything is kept of a person by name, after they have given a sign."""
    workspace_id, member_id = scene.organisation.workspace_id, scene.organisation.members[person]
    async with scene.database.begin() as session:
        await count_one(session, workspace_id, member_id, None, scene.clock.now().date(), Kind.COMMAND)
        await note_sign(session, workspace_id, member_id, scene.clock.now().date())
    async with scene.database.read() as session:
        spans = await sign_spans(session, workspace_id, [member_id])
        days = await signs_by_day(session, workspace_id, [member_id], first=date.min, last=date.max)
    assert (member_id in spans) is (member_id in days)
    return member_id in spans


async def test_counted_by_name_from_the_notice_on(scene: Scene) -> None:
    """Whom the notice has reached counts by name from that moment; the day is theirs, not the workspace's."""
    await go(scene)

    assert (await scene.member("bo")).told_at == SUNDAY
    assert await counted(scene, "bo")


@pytest.mark.parametrize("outcome", [OutboxState.FAILED, OutboxState.BLOCKED, OutboxState.UNREACHABLE])
async def test_whom_the_notice_did_not_reach_is_not_counted(scene: Scene, outcome: OutboxState) -> None:
    """As long as the notice has not reached somebody, nothing is kept by their name, and nobody sees them as quiet."""
    scene.gateway.on_the_way = Refusing(outcome)
    await go(scene)
    await scene.everybody_was_here(TODAY)

    assert (await scene.member("eva")).told_at is None
    assert not await counted(scene, "eva")
    await scene.until(SUNDAY + timedelta(days=60))
    assert scene.gateway.said_to("eva") == []
    assert await scene.contacts("eva") == []
    overview = (await scene.people.command("greta", "nudges")).whisper
    assert overview is not None
    assert "Eva" not in words_of(overview)


@pytest.mark.parametrize(
    ("outcome", "pause"),
    [(OutboxState.FAILED, timedelta(days=1)), (OutboxState.BLOCKED, timedelta(days=7))],
)
async def test_the_notice_is_tried_again(scene: Scene, outcome: OutboxState, pause: timedelta) -> None:
    """What failed is tried the next day, and who could not be reached a week later; then they count, and have theirs
    once.
    """
    scene.gateway.on_the_way = refusing = Refusing(outcome)
    await go(scene)
    refusing.outcome = None

    scene.clock.moment = SUNDAY + pause
    await scene.tick()
    too_soon = scene.gateway.said_to("eva")
    scene.clock.move(timedelta(minutes=1))
    await scene.tick()
    await scene.tick()

    assert too_soon == []
    assert len(scene.gateway.said_to("eva")) == 1
    assert (await scene.member("eva")).told_at == SUNDAY + pause + timedelta(minutes=1)
    assert await counted(scene, "eva")
    assert len([row for row in await scene.outbox() if row.message == NOTICE and row.member_id is not None]) == 8


async def test_who_is_reached_late_has_their_own_fortnight(scene: Scene) -> None:
    """The notice reached eva ten days after the others: her first tip cannot come before her own fourteen days."""
    scene.gateway.on_the_way = refusing = Refusing(OutboxState.FAILED)
    await go(scene)
    await scene.until(SUNDAY + timedelta(days=10))
    refusing.outcome = None
    await scene.until(SUNDAY + timedelta(days=12))

    await scene.until(datetime(2027, 5, 1, 12, tzinfo=SUNDAY.tzinfo))

    told = (await scene.member("eva")).told_at
    assert told is not None
    assert told >= SUNDAY + timedelta(days=10)
    tips = [contact.local_date for contact in await scene.contacts("eva")]
    assert len(tips) == 1
    assert tips[0] >= told.date() + timedelta(days=14)


async def test_who_comes_back_is_told(scene: Scene) -> None:
    """Somebody who had left when the notice went out, and comes back, has it then, and counts from then on."""
    await scene.change("eva", state="left")
    await go(scene)
    await scene.change("eva", state="active")
    scene.clock.move(timedelta(days=40))

    before = await counted(scene, "eva")
    await scene.tick()

    assert not before
    assert len(scene.gateway.said_to("eva")) == 1
    assert (await scene.member("eva")).told_at == scene.clock.now()
    async with scene.database.read() as session:
        assert await find_member(session, scene.organisation.workspace_id, "eva") is not None
