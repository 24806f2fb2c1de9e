"""Announcing through Slack's bad days: whatever its API answers, everybody is told, once, and the picture is true."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.slack.gateway import SlackGateway
from bot.wiring import rooms
from storage.database import Database
from tests.conftest import StillClock
from tests.contracts.announcing import NEWS, picture_of, preview
from tests.contracts.slack_surface import SlackSurface, opened
from tests.contracts.slack_team import id_of
from tests.contracts.surface import says_count
from tests.slack.standin import Failure


@pytest.fixture
async def surface(database: Database, clock: StillClock) -> AsyncIterator[SlackSurface]:
    """Return Slack over HTTP, before a stand-in that fails by script."""
    async with opened(database, clock, rooms()) as made:
        assert isinstance(made, SlackSurface)
        yield made


async def publish(surface: SlackSurface, *, until_told: tuple[str, ...]) -> None:
    """Publish news, and let the sender go on until these people have their copies."""
    shown = await preview(surface, "anna", NEWS)
    await surface.press("anna", shown, "Publish")
    async with asyncio.timeout(30):
        await surface.settle()
        while not all([await surface.direct(name) for name in until_told]):
            await surface.settle()


async def test_slack_asks_to_wait(surface: SlackSurface) -> None:
    """429 with Retry-After, for the post and for copies: it waits as long as asked, and nobody is told twice."""
    limited = Failure(status=429, error="ratelimited", retry_after=1)
    surface.standin.fail("chat.postMessage", limited, limited)

    await publish(surface, until_told=("cecilia", "david", "eva", "farid", "greta"))

    assert len(await surface.in_channel("allmant")) == 1
    assert [len(await surface.direct(name)) for name in ("cecilia", "david", "eva", "farid", "greta")] == [1] * 5


async def test_an_answer_gets_lost(surface: SlackSurface) -> None:
    """The post stands and Slack's answer was an error: it is found by its delivery id, and not posted again."""
    surface.standin.fail("chat.postMessage", Failure(status=502, does_it=True))

    await publish(surface, until_told=("eva",))

    assert len(await surface.in_channel("allmant")) == 1
    assert surface.standin.calls_of("conversations.history")


@pytest.mark.parametrize("does_it", [True, False], ids=["posted", "not posted"])
async def test_slack_does_not_answer(surface: SlackSurface, monkeypatch: pytest.MonkeyPatch, *, does_it: bool) -> None:
    """A call that hangs is let go and looked up: what stands is not posted again, what does not stand is."""
    monkeypatch.setattr(SlackGateway, "timeout", timedelta(seconds=1.5))
    surface.standin.fail("chat.postMessage", Failure(hang=True, does_it=does_it))
    shown = await preview(surface, "anna", NEWS)

    await surface.press("anna", shown, "Publish")
    await surface.settle()
    async with asyncio.timeout(60):
        while not await surface.direct("eva"):
            # Something is wrong with Slack, so the next try waits a little.
            surface.clock.move(timedelta(minutes=1))
            await surface.settle()

    assert len(await surface.in_channel("allmant")) == 1
    assert len(await surface.direct("eva")) == 1


async def test_some_cannot_be_reached(surface: SlackSurface) -> None:
    """A copy that Slack refuses for good is in the author's picture, with its reason; the others arrive."""
    surface.standin.teams["xoxb-test"].users = [
        person for person in surface.standin.teams["xoxb-test"].users if person["id"] != id_of("eva")
    ]

    await publish(surface, until_told=("cecilia", "david", "farid", "greta"))
    surface.clock.move(timedelta(minutes=2))
    await surface.settle()

    picture = await picture_of(surface, "anna", "New canteen")
    assert says_count(picture.text, "Unreachable", 1)
    assert "Samlas does not find them in Slack." in picture.text


async def test_the_channel_is_archived(surface: SlackSurface) -> None:
    """The post cannot stand there: its author is told why, and everybody gets a copy instead."""
    surface.standin.fail("chat.postMessage", Failure(error="is_archived", channel=id_of("allmant")))

    await publish(surface, until_told=("bo", "carl", "eva"))

    assert await surface.in_channel("allmant") == []
    told = " ".join(message.text for message in await surface.direct("anna"))
    assert "The channel is archived" in told


async def test_the_token_is_revoked_on_the_way(surface: SlackSurface) -> None:
    """Nothing more is sent, nothing is tried for ever, and after installing again news go out as before."""
    everything = [Failure(error="token_revoked")] * 20
    surface.standin.fail("chat.postMessage", *everything)
    shown = await preview(surface, "anna", NEWS)
    await surface.press("anna", shown, "Publish")
    await surface.settle()
    tried = len(surface.standin.calls_of("chat.postMessage"))

    await surface.settle()
    again = len(surface.standin.calls_of("chat.postMessage"))
    surface.standin.failures.clear()
    shown = await preview(surface, "anna", {**NEWS, "title": "Back again"})
    await surface.press("anna", shown, "Publish")
    await surface.settle()

    assert (0 < tried <= 20, again) == (True, tried)
    assert "Back again" in (await surface.in_channel("allmant"))[-1].text
