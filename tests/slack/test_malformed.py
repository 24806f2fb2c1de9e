"""Whatever reaches Slack's doors, signed or not, is refused or taken: no crash, no change by nonsense."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.faults.firing import Connection, Request, dumped, is_flat
from tests.faults.malforming import Malforming, written
from tests.faults.quiet import Broken
from tests.faults.signing import signed
from tests.slack.stage import Stage, message, reaction
from tests.soak import report, times

pytestmark = pytest.mark.soak

SEED = 20270303
REFUSED = times(2_000, 100_000)
# What is taken, and then meets the database, takes longer by far.
TAKEN = times(250, 100_000)
FORM = "application/x-www-form-urlencoded"


def sound_events(stage: Stage) -> list[Any]:
    """Return one of each kind of event that Slack sends, as it sends it."""
    told: list[dict[str, Any]] = [
        message("1.1"),
        message("1.2", thread_ts="1.1"),
        message("1.3", channel_type="im", channel="DANNA", text="help"),
        {**message("1.4", text=""), "blocks": [{"type": "rich_text", "elements": [{"type": "broadcast"}]}]},
        reaction("1.5"),
        {"type": "app_home_opened", "user": "UANNA", "tab": "home", "event_ts": "1.6"},
        {"type": "member_joined_channel", "user": "UBO", "channel": "C1", "team": "T1", "event_ts": "1.7"},
        {"type": "member_left_channel", "user": "UBO", "channel": "C1", "team": "T1", "event_ts": "1.8"},
        {"type": "user_change", "user": {"id": "UBO", "team_id": "T1", "profile": {"real_name": "Bo"}}},
        {"type": "team_join", "user": {"id": "UNEW", "team_id": "T1", "profile": {"real_name": "New"}}},
        {"type": "channel_created", "channel": {"id": "C3", "name": "new"}},
        {"type": "channel_rename", "channel": {"id": "C1", "name": "other"}},
        {"type": "channel_archive", "channel": "C2"},
        {"type": "subteam_updated", "subteam": {"id": "S1"}},
    ]
    limited = {"type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": 1518467820}
    return [*(stage.envelope(event) for event in told), limited, {"type": "url_verification", "challenge": "abc"}]


def sound_interactions() -> list[Any]:
    """Return one of each kind of interaction that Slack sends, as it sends it."""
    who = {"user": {"id": "UANNA", "team_id": "T1"}, "team": {"id": "T1"}, "trigger_id": "1.2.abc"}
    press = {"action_id": "announcement.read", "block_id": "b", "type": "button", "value": "1:1"}
    container = {"type": "message", "message_ts": "1.1", "channel_id": "C1"}
    values = {"text": {"text": {"type": "plain_text_input", "value": "Hello"}}}
    view = {
        "id": "V1",
        "hash": "h",
        "type": "modal",
        "callback_id": "form",
        "private_metadata": written({"action": "announcement.new", "row": 0, "version": 0}).decode(),
        "state": {"values": values},
        "blocks": [{"type": "input", "block_id": "text", "element": {"type": "plain_text_input"}}],
    }
    return [
        {**who, "type": "block_actions", "actions": [press], "container": container, "message": {"ts": "1.1"}},
        {**who, "type": "block_actions", "actions": [press], "view": view},
        {**who, "type": "view_submission", "view": view},
        {**who, "type": "message_action", "callback_id": "share", "message": {"ts": "1.1", "text": "Hello"}},
        {**who, "type": "shortcut", "callback_id": "announce"},
    ]


SOUND_COMMAND = {
    "command": "/announce",
    "text": "We move in June",
    "team_id": "T1",
    "user_id": "UANNA",
    "channel_id": "C1",
    "trigger_id": "1.2.abc",
}


def nonsense(make: Malforming, stage: Stage) -> bytes:
    """Return a body that is nothing Slack sends: noise, JSON of another shape, or an event that was cut off."""
    sound = make.chosen(sound_events(stage))
    return bytes(make.one_of(make.noise, make.json, lambda: written(sound)[: make.chosen(range(1, 60))]))


def unsigned(make: Malforming, stage: Stage) -> Iterator[Request]:
    """Yield requests that Slack has not signed: no signature, half of one, another body's, an old one."""
    sound = written(stage.envelope(message("1.1")))
    for _ in range(REFUSED):
        body: bytes = make.one_of(lambda: sound, make.noise, make.json)
        good = signed(body)
        name = make.chosen(list(good))
        headers: dict[str, str] = make.chosen(
            (
                {},
                signed(body + b" "),
                {**good, name: good[name][: make.chosen(range(9))]},
                {**good, name: make.header()},
                signed(body, at=1_600_000_000),
                signed(body, secret="another"),
            )
        )
        yield Request("/slack/events", body, {"Content-Type": make.chosen(("application/json", FORM)), **headers})


def signed_nonsense(make: Malforming, stage: Stage) -> Iterator[Request]:
    """Yield nonsense under a good signature."""
    for _ in range(REFUSED):
        body = nonsense(make, stage)
        kind = make.chosen(("application/json", FORM, "text/plain"))
        if make.chosen((True, False)):
            body, kind = b"payload=" + urlencode({"": body}).encode()[1:], FORM
        yield Request("/slack/events", body, {"Content-Type": kind, **signed(body)})


def signed_and_bent(make: Malforming, stage: Stage) -> Iterator[Request]:
    """Yield what Slack sends, bent in places, under a good signature."""
    events, interactions = sound_events(stage), sound_interactions()
    for _ in range(TAKEN):
        match make.chosen(("event", "interaction", "command")):
            case "event":
                body, kind = written(make.bent(make.chosen(events))), "application/json"
            case "interaction":
                payload = make.bent(make.chosen(interactions))
                body, kind = urlencode({"payload": json.dumps(payload)}).encode(), FORM
            case _:
                body, kind = make.form(SOUND_COMMAND), FORM
        yield Request("/slack/events", body, {"Content-Type": kind, **signed(body)})


async def forgotten(stage: Stage) -> None:
    """Let what is answered later be answered, and the stand-in forget it: its memory is not the product's."""
    await stage.slack.answering.done()
    for kept in (stage.standin.calls, stage.standin.opened, stage.standin.responses, stage.standin.said):
        kept.clear()
    stage.standin.views.clear()


@pytest.mark.parametrize("make_requests", [unsigned, signed_nonsense])
async def test_nonsense_changes_nothing(
    stage: Stage, broken: Broken, make_requests: Callable[[Malforming, Stage], Iterator[Request]]
) -> None:
    """What Slack has not signed, and what is nothing that Slack sends, is refused and leaves no trace."""
    before = dumped(stage.database.path)
    connection = Connection(stage.client)

    answers = await connection.fire(make_requests(Malforming(SEED), stage), stage.slack.answering.done)
    connection.close()

    assert broken() == ""
    assert answers.failures == []
    assert is_flat(answers)
    assert dumped(stage.database.path) == before
    report(f"malformed requests to Slack, {make_requests.__name__}", seed=SEED, **answers.figures())


@pytest.mark.parametrize(
    ("more", "status"), [({}, 404), ({"view": None}, 404), ({"view": []}, 400), ({"event": 1}, 400)]
)
async def test_a_kind_that_slack_does_not_send(stage: Stage, broken: Broken, more: dict[str, Any], status: int) -> None:
    """An interaction of a kind that nobody knows is said not to be known, and one that is malformed is refused."""
    told = {"type": "something new", "user": {"id": "UANNA", "team_id": "T1"}, "team": {"id": "T1"}, **more}

    answer = await stage.interact("UANNA", told)

    assert answer.status == status
    assert broken() == ""


async def test_what_is_bent_does_no_harm(stage: Stage, broken: Broken) -> None:
    """Of what Slack signed, but never sends so, none makes us fail; after it, a sound event is counted."""
    connection = Connection(stage.client)

    answers = await connection.fire(signed_and_bent(Malforming(SEED), stage), lambda: forgotten(stage))
    connection.close()

    assert broken() == ""
    assert answers.failures == []
    assert is_flat(answers)
    assert await stage.event(message("99.1")) == 200
    report("malformed requests to Slack, signed and bent", seed=SEED, **answers.figures())
