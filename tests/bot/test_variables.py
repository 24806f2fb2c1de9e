"""The environment: what is misspelt in it or cannot be meant is said, and is not passed over."""

import json
import os
from pathlib import Path

import pytest

from bot.variables import unread_variables
from bot.wiring import variables
from tests.command_line import CommandLine

MISSPELT = {
    "SAMLAS_PROT": "SAMLAS_PORT",
    "SAMLAS_ADMIN": "SAMLAS_ADMINS",
    "SLACK_BOT_TOKN": "SLACK_BOT_TOKEN",
    "MICROSOFT_APP_PASWORD": "MICROSOFT_APP_PASSWORD",
}


@pytest.mark.parametrize("name", MISSPELT)
def test_a_slip_of_the_pen(name: str) -> None:
    """The variable that was meant is found from the one that was written."""
    assert unread_variables({name, "PATH"}, variables()) == {name: MISSPELT[name]}


def test_a_name_of_ones_own() -> None:
    """What begins as only Samlas' variables do is named also where nothing is like it."""
    assert unread_variables({"SAMLAS_LANGUAGE", "MICROSOFT_APP_ICON"}, variables()) == {
        "SAMLAS_LANGUAGE": None,
        "MICROSOFT_APP_ICON": None,
    }


def test_what_others_read() -> None:
    """What Samlas reads, what another program may read, and what is for the database beside it raise no question."""
    given = {*variables(), "SLACK_WEBHOOK_URL", "MICROSOFT_EDGE", "SAMLAS_DATABASE_PASSWORD"}

    assert unread_variables(given, variables()) == {}


def test_the_doctor_finds_it_in_the_file_too(
    samlas: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip in the environment and one in `.env` are each worth a look, and no value is told."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("SLACK_BOT_TOKN=xoxb-secret\n", "utf-8")
    monkeypatch.setenv("SAMLAS_PROT", "8090")

    ran = samlas("doctor")

    assert "look   SAMLAS_PROT: Nothing reads this variable. Is SAMLAS_PORT meant?" in ran.out
    assert "look   SLACK_BOT_TOKN: Nothing reads this variable. Is SLACK_BOT_TOKEN meant?" in ran.out
    assert "xoxb-secret" not in ran.out


def test_it_is_in_the_log_of_who_serves(samlas: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever starts Samlas finds it in the log's first lines, also where there is nothing to serve."""
    monkeypatch.setenv("SLACK_BOT_TOKN", "xoxb-secret")

    ran = samlas("serve")

    first = json.loads(ran.err.splitlines()[0])
    assert (first["event"], first["variable"], first["meant"]) == (
        "serve.unread_variable",
        "SLACK_BOT_TOKN",
        "SLACK_BOT_TOKEN",
    )


@pytest.mark.parametrize("given", ["anna", "anna@example.com; bo@example.com", "anna@example.com, bo"])
def test_a_lead_without_an_address(samlas: CommandLine, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """Nobody would become a communications lead by it, so that is wrong, and said."""
    monkeypatch.setenv("SAMLAS_ADMINS", given)

    ran = samlas("doctor")

    assert ran.status == 1
    assert "is no e-mail address" in next(line for line in ran.out.splitlines() if line.startswith("WRONG"))


@pytest.mark.parametrize("given", ["foo", "http://samlas.example.com", "https://"])
def test_a_manifest_for_no_address(samlas: CommandLine, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """A manifest with an address that Slack would not call is not printed."""
    monkeypatch.setenv("SAMLAS_BASE_URL", given)

    ran = samlas("slack-manifest")

    assert (ran.status, ran.out) == (2, "")
    assert "SAMLAS_BASE_URL has to be the address" in ran.err
    assert samlas("slack-manifest", "--socket-mode").status == 0


def test_a_manifest_for_an_example(samlas: CommandLine) -> None:
    """Without an address of one's own the manifest is an example, and whoever prints it is told."""
    assert "SAMLAS_BASE_URL" not in os.environ

    ran, by_socket = samlas("slack-manifest"), samlas("slack-manifest", "--socket-mode")

    assert ran.status == 0
    assert "https://samlas.example.com/slack/events" in ran.out
    assert "Set SAMLAS_BASE_URL" in ran.err
    assert by_socket.err == ""
