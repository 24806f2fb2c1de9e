"""The HTTP door takes what Slack signed, refuses everything else unchanged, and counts what happened once."""

import json
from collections.abc import AsyncIterator
from io import BytesIO
from time import time
from urllib.parse import urlencode

import pytest

from storage.database import Database
from tests.conftest import StillClock
from tests.slack.counts import channel_sums, reads_of, rows_of
from tests.slack.signing import signed
from tests.slack.stage import Stage, message, one_workspace, reaction, slack_stage, team_of
from tests.slack.standin import SlackStandIn

FORM = "application/x-www-form-urlencoded"
SECRET_WORDS = "words that are nobody's business"


async def test_a_message_in_a_channel_is_counted_when_it_is_acknowledged(stage: Stage) -> None:
    """A signed event is answered 200, and then its channel's sum is there."""
    status = await stage.event(message("1.1"))

    assert status == 200
    assert await channel_sums(stage.database) == {"T1/C1": 1}


async def test_what_is_only_counted_is_not_read_about(stage: Stage) -> None:
    """Once the place and the writer are known, a message or a reaction asks the database for nothing."""
    await stage.event(message("1.0"))
    asked: list[str] = []

    with reads_of(stage.database, asked):
        for number in range(1, 6):
            await stage.event(message(f"1.{number}"))
            await stage.event(reaction(f"2.{number}"))

    assert asked == []
    assert await channel_sums(stage.database) == {"T1/C1": 11}


async def test_slack_learns_that_the_address_is_ours(stage: Stage) -> None:
    """The challenge that Slack sends to a new request URL comes back."""
    response = await stage.post(json.dumps({"type": "url_verification", "challenge": "abc"}).encode())

    assert response.status == 200
    assert await response.json() == {"challenge": "abc"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Request-Timestamp": str(int(time()))},
        {"X-Slack-Signature": "v0=abc"},
        {"X-Slack-Request-Timestamp": "no number", "X-Slack-Signature": "v0=abc"},
        {"X-Slack-Request-Timestamp": "9" * 400, "X-Slack-Signature": "v0=abc"},
        {"X-Slack-Request-Timestamp": str(int(time())), "X-Slack-Signature": "v0=" + "0" * 64},
    ],
)
async def test_what_is_not_signed_is_refused(stage: Stage, headers: dict[str, str]) -> None:
    """A missing or wrong signature is answered 401, and nothing is counted."""
    body = json.dumps(stage.envelope(message("1.1"))).encode()

    response = await stage.post(body, headers=headers)

    assert response.status == 401
    assert await channel_sums(stage.database) == {}


async def test_another_apps_signature_is_refused(stage: Stage) -> None:
    """Signed with another secret is not signed."""
    body = json.dumps(stage.envelope(message("1.1"))).encode()

    response = await stage.post(body, headers=signed(body, secret="another secret"))

    assert response.status == 401
    assert await channel_sums(stage.database) == {}


@pytest.mark.parametrize("age", [301, -301, 86_400])
async def test_an_old_timestamp_is_refused(stage: Stage, age: int) -> None:
    """What was signed more than five minutes ago, or ahead, may be a recording."""
    body = json.dumps(stage.envelope(message("1.1"))).encode()

    response = await stage.post(body, headers=signed(body, at=time() - age))

    assert response.status == 401
    assert await channel_sums(stage.database) == {}


async def test_a_replayed_command_is_refused(stage: Stage) -> None:
    """The same signed command again is answered 401 and opens nothing a second time."""
    fields = {"command": "/announce", "user_id": "UANNA", "team_id": "T1", "trigger_id": "t.1", "channel_id": "DUANNA"}
    body = urlencode(fields).encode()
    headers = signed(body)

    first = await stage.post(body, kind=FORM, headers=headers)
    again = await stage.post(body, kind=FORM, headers=headers)

    assert (first.status, again.status) == (200, 401)
    assert len(stage.standin.opened) == 1


@pytest.mark.parametrize("says_its_length", [True, False])
async def test_a_body_over_a_megabyte_is_refused(stage: Stage, says_its_length: bool) -> None:  # noqa: FBT001 - a parameter
    """It is answered 413 without being read to its end, whether or not it says how long it is."""
    body = b"x" * (1024 * 1024 + 1)

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    sent = BytesIO(body) if says_its_length else in_pieces()
    response = await stage.client.post("/slack/events", data=sent, headers=signed(body))

    assert response.status == 413


async def test_a_body_that_is_no_text_is_refused(stage: Stage) -> None:
    """Slack signs text only."""
    response = await stage.post(b"\xff\xfe", headers=signed(b""))

    assert response.status == 401


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[1]"),
        ("application/json", b'{"type": "event_callback"}'),
        ("application/json", b'{"type": "event_callback", "event": []}'),
        ("application/json", b""),
        ("text/plain", b"hello"),
        (FORM, b"payload=%7B"),
        (FORM, b"payload=%5B1%5D"),
        (FORM, b"nothing=known"),
        (FORM, b"command=%2Fannounce"),
        (FORM, urlencode({"payload": json.dumps({"type": "block_actions", "user": {"id": "U1"}})}).encode()),
        (FORM, urlencode({"payload": json.dumps({"type": "view_submission", "user": {"id": "U1"}})}).encode()),
        (FORM, urlencode({"payload": json.dumps({"type": "block_actions", "user": "U1"})}).encode()),
    ],
)
async def test_what_cannot_be_read_is_refused(stage: Stage, kind: str, body: bytes) -> None:
    """Signed but malformed is answered 400, and nothing changes."""
    before = await rows_of(stage.database, "member")

    response = await stage.post(body, kind=kind)

    assert response.status == 400
    assert await rows_of(stage.database, "member") == before


async def test_nothing_that_was_refused_or_handled_is_in_the_log(
    stage: Stage, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither what people wrote, nor the token, nor the signing secret is ever logged."""
    body = json.dumps(stage.envelope(message("1.1", text=SECRET_WORDS))).encode()

    await stage.post(body, headers={})
    await stage.post(body[:-5])
    await stage.event(message("1.2", text=SECRET_WORDS))
    await stage.event(message("1.3", text=SECRET_WORDS, channel="DUANNA", channel_type="im"))
    await stage.command("UANNA", "announce", SECRET_WORDS)
    logged = "".join(capfd.readouterr())

    assert "slack.refused" in logged
    assert SECRET_WORDS not in logged
    assert "xoxb-" not in logged
    assert "signing secret" not in logged


async def test_the_same_event_counts_once_however_often_and_late_it_is_told(
    database: Database, clock: StillClock, standin: SlackStandIn
) -> None:
    """Five times, under other ids, out of order, and after a restart: two messages and a reaction are three."""
    standin.add(team_of())
    told = [message("2.2"), message("1.1"), reaction("3.3"), message("1.1"), message("2.2"), reaction("3.3")]

    async with slack_stage(database, clock, standin, one_workspace(standin)) as stage:
        for event in told:
            assert await stage.event(event) == 200
    async with slack_stage(database, clock, standin, one_workspace(standin)) as stage:
        for event in reversed(told):
            assert await stage.event(event) == 200

    assert await channel_sums(database) == {"T1/C1": 3}


@pytest.mark.parametrize(
    "event",
    [
        message("1.1", subtype="message_changed"),
        message("1.1", subtype="message_deleted"),
        message("1.1", subtype="channel_join"),
        message("1.1", subtype="bot_message"),
        message("1.1", bot_id="B9"),
        message("1.1", user="UBOT"),
        message("1.1", channel="DUANNA", channel_type="im"),
        message("1.1", channel="G1", channel_type="mpim"),
        reaction("1.1", user="UBOT"),
        reaction("1.1", channel="DUANNA"),
        {**reaction("1.1"), "type": "reaction_removed"},
        {**reaction("1.1"), "item": {"type": "file", "file": "F1"}},
    ],
)
async def test_edits_bots_joins_and_direct_conversations_are_not_counted(stage: Stage, event: dict[str, str]) -> None:
    """They are acknowledged and leave no trace in the counts."""
    status = await stage.event(event)

    assert status == 200
    assert await channel_sums(stage.database) == {}


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "user": "UANNA"},
        {"type": "message", "user": "UANNA", "channel": "C1", "ts": "soon"},
        {"type": "reaction_added", "user": "UANNA", "item": {"type": "message"}},
        {"type": "something_new"},
    ],
)
async def test_an_event_that_says_too_little_changes_nothing(stage: Stage, event: dict[str, str]) -> None:
    """It is acknowledged, so that it does not come again and again, and counted as nothing."""
    status = await stage.event(event)

    assert status == 200
    assert await channel_sums(stage.database) == {}


async def test_too_many_events_is_noted_and_acknowledged(stage: Stage, capfd: pytest.CaptureFixture[str]) -> None:
    """Slack says when it has left events out; that minute's counts will be short, and the log says so."""
    response = await stage.post(
        json.dumps({"type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": 1518467820}).encode()
    )

    assert response.status == 200
    assert "slack.too_many_events" in "".join(capfd.readouterr())


async def test_an_event_of_nobody_is_acknowledged_and_changes_nothing(stage: Stage) -> None:
    """A workspace in which Samlas is not installed (any more) is told nothing and kept nothing of."""
    assert await stage.event(message("1.1"), team="T9") == 200
    assert await stage.event({"type": "team_join", "user": {"id": "U9", "team_id": "T9"}}, team="T9") == 200

    assert await channel_sums(stage.database) == {}
    assert {row["external_id"] for row in await rows_of(stage.database, "workspace")} == {"T1"}
