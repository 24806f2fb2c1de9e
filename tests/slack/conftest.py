"""What Slack's tests share: a stand-in for its Web API, and one workspace served over HTTP."""

from collections.abc import AsyncIterator

import pytest

from adapters.slack.config import SlackConfig
from bot.config import Config
from storage.database import Database
from tests.conftest import StillClock
from tests.faults.quiet import broken
from tests.slack.signing import SECRET
from tests.slack.stage import KEY, Stage, one_workspace, slack_stage, team_of
from tests.slack.standin import SlackStandIn

__all__ = ["broken"]


@pytest.fixture
async def standin() -> AsyncIterator[SlackStandIn]:
    """Return a stand-in for Slack's Web API that knows no workspace yet."""
    made = SlackStandIn()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def stage(database: Database, clock: StillClock, standin: SlackStandIn) -> AsyncIterator[Stage]:
    """Return one workspace, T1, served over HTTP; the clock stands at the present, since signatures do not."""
    standin.add(team_of())
    async with slack_stage(database, clock, standin, one_workspace(standin)) as made:
        yield made


@pytest.fixture
async def many(database: Database, clock: StillClock, standin: SlackStandIn) -> AsyncIterator[Stage]:
    """Return Samlas as many workspaces may install it."""
    slack = SlackConfig(client_id="1.2", client_secret="secret", signing_secret=SECRET, api_url=standin.api_url)
    config = Config(secret_key=KEY, base_url="https://samlas.example.com")
    async with slack_stage(database, clock, standin, slack, config) as stage:
        yield stage
