"""Socket Mode: two tokens and no address, the same Samlas, and nothing lost when the connection is."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from adapters.slack.config import SlackConfig
from bot.errors import ConfigurationError
from storage.database import Database
from tests.conftest import StillClock
from tests.slack.counts import channel_sums
from tests.slack.signing import TOKEN_OF_ONE
from tests.slack.sockets import SocketStandIn
from tests.slack.stage import Stage, message, slack_stage, team_of
from tests.slack.standin import SlackStandIn


@dataclass
class Connected:
    """Samlas, and Slack's end of its connection."""

    stage: Stage
    socket: SocketStandIn


@pytest.fixture
async def connected(database: Database, clock: StillClock, standin: SlackStandIn) -> AsyncIterator[Connected]:
    """Return one workspace by Socket Mode."""
    standin.add(team_of())
    socket = SocketStandIn()
    standin.socket_url = await socket.start()
    slack = SlackConfig(bot_token=TOKEN_OF_ONE, app_token="xapp-one", api_url=standin.api_url)
    try:
        async with slack_stage(database, clock, standin, slack) as stage:
            yield Connected(stage, socket)
    finally:
        await socket.stop()


async def test_what_is_written_is_counted_and_acknowledged(connected: Connected) -> None:
    """An envelope is acknowledged by its id, once what it says has been committed."""
    await connected.socket.deliver("e1", "events_api", connected.stage.envelope(message("1.1")))

    assert await channel_sums(connected.stage.database) == {"T1/C1": 1}


async def test_a_command_opens_its_form_and_a_sent_form_is_answered(connected: Connected) -> None:
    """Commands and forms come the same way; errors by field are in the acknowledgement."""
    command = {"command": "/announce", "text": "Hello", "user_id": "UANNA", "team_id": "T1", "trigger_id": "t.1"}
    await connected.socket.deliver("e1", "slash_commands", {**command, "channel_id": "DUANNA"})
    await connected.stage.slack.answering.done()
    [(trigger, view)] = connected.stage.standin.opened
    who = {"user": {"id": "UANNA", "team_id": "T1"}, "team": {"id": "T1"}, "trigger_id": "t.2"}

    answer = await connected.socket.deliver("e2", "interactive", {**who, "type": "view_submission", "view": view})

    assert trigger == "t.1"
    assert answer["response_action"] == "errors"
    assert {block_id.split("~")[0] for block_id in answer["errors"]} >= {"title", "text"}


async def test_a_dropped_connection_loses_nothing(connected: Connected) -> None:
    """What was not acknowledged comes again over the next connection, and counts once."""
    connected.socket.drops = 2
    told = connected.stage.envelope(message("1.1"))

    async with asyncio.timeout(60):
        await connected.socket.deliver("e1", "events_api", told)
        await connected.socket.again("e1", "events_api", told)
        await connected.socket.deliver("e2", "events_api", connected.stage.envelope(message("1.2")))

    assert connected.socket.connections >= 2
    assert connected.socket.sent.count("e1") >= 3
    assert await channel_sums(connected.stage.database) == {"T1/C1": 2}


async def test_what_cannot_be_committed_is_not_acknowledged(connected: Connected) -> None:
    """Slack's list of people is away: the event stays with Slack until Samlas has it."""
    connected.stage.standin.teams.clear()
    envelope = connected.stage.envelope(message("1.1", user="UNEW"))

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await connected.socket.deliver("e1", "events_api", envelope)

    assert "e1" not in connected.socket.acknowledged


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("events_api", {"type": "event_callback"}),
        ("slash_commands", {"command": "/announce"}),
        ("interactive", {"type": "block_actions", "user": {"id": "UANNA"}}),
        ("interactive", {"type": "view_submission", "user": "UANNA"}),
    ],
)
async def test_what_cannot_be_read_is_let_go(connected: Connected, kind: str, payload: dict[str, object]) -> None:
    """It is acknowledged, so that it does not come again and again, and changes nothing."""
    async with asyncio.timeout(5):
        await connected.socket.deliver("e1", kind, payload)

    assert await channel_sums(connected.stage.database) == {}
    assert connected.stage.standin.opened == []


async def test_too_many_events_is_noted(connected: Connected, capfd: pytest.CaptureFixture[str]) -> None:
    """Slack says when it has left events out, by whichever door: the log says that the minute's counts are short."""
    told = {"type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": 1518467820}

    await connected.socket.deliver("e1", "events_api", told)

    assert "slack.too_many_events" in "".join(capfd.readouterr())


async def test_no_route_is_served(connected: Connected) -> None:
    """Nobody calls a bot that is served by Socket Mode."""
    response = await connected.stage.client.post("/slack/events", data=b"{}")

    assert response.status == 404


async def test_a_wrong_token_stops_the_start(database: Database, clock: StillClock, standin: SlackStandIn) -> None:
    """The sentence names the variable and where to get the right one."""
    slack = SlackConfig(bot_token="xoxb-wrong", app_token="xapp-one", api_url=standin.api_url)

    with pytest.raises(ConfigurationError, match="SLACK_BOT_TOKEN") as refused:
        async with slack_stage(database, clock, standin, slack):
            pass

    assert refused.value.sentence.values["error"] == "invalid_auth"


async def test_slack_cannot_be_reached(database: Database, clock: StillClock) -> None:
    """A network that does not lead to Slack stops the start with its address, and nothing is stored."""
    slack = SlackConfig(bot_token=TOKEN_OF_ONE, app_token="xapp-one", api_url="http://127.0.0.1:1/api/")

    with pytest.raises(ConfigurationError, match="cannot be reached") as refused:
        async with slack_stage(database, clock, SlackStandIn(), slack):
            pass

    assert refused.value.sentence.values["address"] == "http://127.0.0.1:1/api/"
