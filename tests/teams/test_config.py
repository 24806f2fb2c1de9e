"""How Teams is configured: what is missing stops the start, by its name and with what to do."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.teams.config import AppType, load_teams_config
from adapters.teams.limits import PER_CONVERSATION, Window
from bot.clock import MovableClock
from bot.config import Config
from bot.errors import ConfigurationError
from bot.texts import Voice
from bot.wiring import configured_surfaces

GOOD = {"APP_ID": "app", "APP_PASSWORD": "secret", "APP_TENANT_ID": "tenant"}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Begin with no variables, and where no `.env` is."""
    monkeypatch.chdir(tmp_path)
    for name in ("ID", "PASSWORD", "TYPE", "TENANT_ID", "CERTIFICATE_PATH"):
        monkeypatch.delenv(f"MICROSOFT_APP_{name}", raising=False)


def configured(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    """Set the variables of Teams."""
    for name, value in variables.items():
        monkeypatch.setenv(f"MICROSOFT_{name}", value)


@pytest.mark.parametrize("missing", ["APP_PASSWORD", "APP_TENANT_ID"])
def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """With the fix."""
    configured(monkeypatch, **{name: value for name, value in GOOD.items() if name != missing})

    with pytest.raises(ConfigurationError) as refused:
        load_teams_config()

    assert f"MICROSOFT_{missing}" in Voice("en").say(refused.value.sentence)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APP_TYPE", "Something"),
        ("APP_LIMITS_PER_CONVERSATION", "seven"),
        ("APP_LIMITS_PER_CONVERSATION", "0/1"),
        ("APP_LIMIT_PER_TENANT", "0"),
        ("APP_CERTIFICATE_PATH", "/not/there.pfx"),
    ],
)
def test_what_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """By its variable."""
    configured(monkeypatch, **GOOD, **{name: value})

    with pytest.raises(ConfigurationError) as refused:
        load_teams_config()

    assert f"MICROSOFT_{name}" in Voice("en").say(refused.value.sentence)


def test_limits_can_be_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    """For when Microsoft changes its own."""
    assert load_teams_config().app_limits_per_conversation == PER_CONVERSATION

    configured(monkeypatch, APP_LIMITS_PER_CONVERSATION="5/1, 100/60")

    assert load_teams_config().app_limits_per_conversation == (
        Window(5, timedelta(seconds=1)),
        Window(100, timedelta(seconds=60)),
    )


def test_a_managed_identity_needs_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Azure knows who it is; the type may be written in any case."""
    configured(monkeypatch, APP_ID="app", APP_TENANT_ID="tenant", APP_TYPE="userassignedmsi")

    assert load_teams_config().app_type is AppType.MANAGED_IDENTITY


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever prints the configuration prints no secret."""
    configured(monkeypatch, **GOOD)

    assert "secret" not in repr(load_teams_config())


def test_without_an_app_id_teams_is_served_only_locally(monkeypatch: pytest.MonkeyPatch) -> None:
    """For Microsoft's local test client; `--local` itself is refused anywhere but on loopback."""
    assert configured_surfaces(Config(), local=None) == []
    assert len(configured_surfaces(Config(), local=MovableClock())) == 2

    configured(monkeypatch, **GOOD)

    assert len(configured_surfaces(Config(), local=None)) == 1
