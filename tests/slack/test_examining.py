"""`samlas doctor` and Slack: whether Slack takes each token, with every scope, and agrees about the time."""

from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime

import pytest
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler

from adapters.slack.examining import examine
from bot.config import Config
from bot.examining import Examined, Finding, Level
from storage.database import Database
from tests.conftest import StillClock
from tests.slack.signing import TOKEN_OF_ONE
from tests.slack.stage import team_of
from tests.slack.standin import SlackStandIn

Configure = Callable[..., None]


@pytest.fixture
def configure(standin: SlackStandIn, monkeypatch: pytest.MonkeyPatch) -> Configure:
    """Return what sets Slack's variables."""

    def configured(**variables: str) -> None:
        monkeypatch.setenv("SLACK_API_URL", standin.api_url)
        for name, value in variables.items():
            monkeypatch.setenv(f"SLACK_{name.upper()}", value)

    return configured


@pytest.fixture
def examined(database: Database, clock: StillClock, standin: SlackStandIn) -> Examined:
    """Return what is examined, on a machine whose clock agrees with Slack's."""
    standin.date = format_datetime(clock.now(), usegmt=True)
    return Examined(Config(), clock, database)


async def _found(examined: Examined) -> list[tuple[Level, str]]:
    return [(finding.level, finding.subject) for finding in await examine(examined)]


async def test_all_is_well(examined: Examined, configure: Configure, standin: SlackStandIn) -> None:
    """A token that Slack takes, with every scope, and a clock that agrees."""
    standin.add(team_of())
    configure(bot_token=TOKEN_OF_ONE, signing_secret="secret")

    assert await _found(examined) == [(Level.GOOD, "clock"), (Level.GOOD, "SLACK_BOT_TOKEN")]


async def test_a_token_that_is_not_taken(examined: Examined, configure: Configure) -> None:
    """The variable is named, with Slack's own word for what is wrong, and never the token."""
    configure(bot_token="xoxb-revoked", signing_secret="secret")

    [finding] = await examine(examined)

    assert (finding.level, finding.subject) == (Level.WRONG, "SLACK_BOT_TOKEN")
    assert finding.said.values["error"] == "invalid_auth"
    assert "xoxb-revoked" not in repr(finding)


async def test_missing_scopes(examined: Examined, configure: Configure, standin: SlackStandIn) -> None:
    """An app that was made before a scope was needed is told which to add."""
    team = standin.add(team_of())
    team.scopes.remove("im:write")
    configure(bot_token=TOKEN_OF_ONE, signing_secret="secret")

    finding = (await examine(examined))[-1]

    assert (finding.level, finding.said.values["scopes"]) == (Level.WRONG, "im:write")


@pytest.mark.parametrize("off", [timedelta(minutes=4), timedelta(minutes=-4)])
async def test_a_clock_that_is_off(
    examined: Examined, configure: Configure, standin: SlackStandIn, clock: StillClock, off: timedelta
) -> None:
    """Ahead or behind: Slack refuses what is signed five minutes off, so it is said before that."""
    standin.add(team_of())
    configure(bot_token=TOKEN_OF_ONE, signing_secret="secret")
    clock.move(off)

    finding = (await examine(examined))[0]

    assert (finding.level, finding.subject, finding.said.values["seconds"]) == (Level.WRONG, "clock", "240")
    assert ("ahead" in finding.said.msgid) is (off > timedelta())


async def test_socket_mode(examined: Examined, configure: Configure) -> None:
    """The app's own token is looked at too: here it is fine, and the bot's is not there."""
    configure(bot_token=TOKEN_OF_ONE, app_token="xapp-one")

    assert await _found(examined) == [(Level.GOOD, "SLACK_APP_TOKEN"), (Level.WRONG, "SLACK_BOT_TOKEN")]


async def test_half_configured(examined: Examined, configure: Configure) -> None:
    """What is missing is named, and Slack is not asked."""
    configure(bot_token=TOKEN_OF_ONE)

    [finding] = await examine(examined)

    assert (finding.level, finding.said.values["variable"]) == (Level.WRONG, "SLACK_SIGNING_SECRET")


async def test_not_reached(
    examined: Examined, configure: Configure, standin: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network that leads nowhere is told as that."""
    configure(bot_token=TOKEN_OF_ONE, signing_secret="secret")
    await standin.stop()
    monkeypatch.setattr(AsyncConnectionErrorRetryHandler, "can_retry_async", _never)

    findings: list[Finding] = list(await examine(examined))

    assert [(one.level, "cannot be reached" in one.said.msgid) for one in findings] == [(Level.WRONG, True)]


async def _never(*_given: object, **_named: object) -> bool:
    return False
