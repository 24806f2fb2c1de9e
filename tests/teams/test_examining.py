"""`samlas doctor` and Teams: whether Microsoft gives a token, and the keys of its messages can be fetched."""

from datetime import UTC, datetime

import pytest

from adapters.teams.credentials import credentials_of
from adapters.teams.examining import examine
from bot.config import Config
from bot.examining import Examined, Level
from storage.database import Database
from tests.conftest import StillClock
from tests.teams.conftest import app_config
from tests.teams.issuer import issuer
from tests.teams.login import Login


@pytest.fixture
def examined(database: Database) -> Examined:
    """Return what is examined, on a machine whose clock is right."""
    return Examined(Config(), StillClock(datetime.now(UTC)), database)


async def test_all_is_well(examined: Examined) -> None:
    """A token is given, the keys can be fetched, and the clocks agree."""
    async with issuer() as made:
        findings = await examine(examined, credentials=credentials_of(app_config(), Login()), metadata=made.metadata)

    assert [(one.level, one.subject) for one in findings] == [
        (Level.GOOD, "MICROSOFT_APP_ID"),
        (Level.GOOD, "Teams"),
        (Level.GOOD, "clock"),
    ]


async def test_a_secret_that_has_expired(examined: Examined) -> None:
    """The variables to compare are named, and the secret is not told."""
    login = Login(refusal={"error": "invalid_client", "error_codes": [7000222]})
    async with issuer() as made:
        findings = await examine(examined, credentials=credentials_of(app_config(), login), metadata=made.metadata)

    assert (findings[0].level, findings[0].subject) == (Level.WRONG, "MICROSOFT_APP_ID")
    assert "MICROSOFT_APP_TENANT_ID" in findings[0].said.msgid


async def test_keys_that_cannot_be_fetched(examined: Examined) -> None:
    """Without them nobody who writes can be let in, so it is wrong and not only worth a look."""
    async with issuer() as made:
        made.is_down = True
        findings = await examine(examined, credentials=credentials_of(app_config(), Login()), metadata=made.metadata)

    assert [(one.level, one.subject) for one in findings][1:] == [(Level.WRONG, "Teams")]
