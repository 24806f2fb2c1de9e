"""What is only counted is read in a few looks, and comes to the same as by the whole reading."""

import copy
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from adapters.teams.activities import Scope, Wrote
from adapters.teams.counted import only_counted
from adapters.teams.reading import activity_of, identity_of
from adapters.teams.wire import Malformed, read
from bot.events import WROTE, Event
from tests.faults.malforming import Malforming, written
from tests.slack.counts import channel_sums, reads_of
from tests.teams.conftest import BOT, LUNCH, TEAM, Tenant
from tests.teams.issuer import TENANT

SEED = 20261124
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BENT = 3_000
CLIENT = {"type": "clientInfo", "locale": "sv-SE", "country": "SE", "platform": "Web", "timezone": "Europe/Stockholm"}

MESSAGE: dict[str, Any] = {
    "type": "message",
    "id": "1700000000001",
    "timestamp": "2026-11-24T11:59:58.1234567Z",
    "localTimestamp": "2026-11-24T12:59:58.1234567+01:00",
    "channelId": "msteams",
    "locale": "sv-SE",
    "serviceUrl": "https://smba.example/emea/",
    "from": {"id": "29:anna", "name": "Anna Ek", "aadObjectId": "anna"},
    "recipient": {"id": BOT, "name": "Samlas"},
    "conversation": {
        "id": f"{LUNCH};messageid=1600000000000",
        "conversationType": "channel",
        "tenantId": "tenant-1",
        "isGroup": True,
    },
    "channelData": {"tenant": {"id": "tenant-1"}, "team": {"id": TEAM}, "channel": {"id": LUNCH, "name": "Lunch"}},
    "text": "The soup is good today",
    "textFormat": "plain",
    "attachments": [{"contentType": "text/html", "content": "<p>The soup is good today</p>"}],
    "entities": [CLIENT],
}


def as_read_whole(body: Any) -> tuple[object, ...] | None:
    """Return what the whole reading takes of a message that is only counted, None for anything else."""
    wire = read(body)
    activity = activity_of(wire, NOW)
    if not isinstance(activity, Wrote) or activity.mentions_bot or activity.to_everybody or activity.files:
        return None
    origin = activity.origin
    if origin.scope is not Scope.CHANNEL:
        return None
    person = origin.person.person
    identity = identity_of(origin.conversation, origin.activity, WROTE, person)
    event = Event(WROTE, origin.workspace, person, identity, origin.at, origin.place(origin.activity))
    return wire.service_url, wire.tenants, origin.tenant, origin.told, event


def in_few_looks(body: Any) -> tuple[object, ...] | None:
    """Return the same of the short way, None for what it leaves to the whole reading."""
    counted = only_counted(body)
    if counted is None:
        return None
    return counted.service_url, counted.tenants, counted.tenant, counted.told, counted.seen.event


def changed(**more: Any) -> dict[str, Any]:
    """Return the message, changed at its top."""
    return {**copy.deepcopy(MESSAGE), **more}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(MESSAGE, id="in a thread"),
        pytest.param(changed(replyToId="1600000000000", value=None, membersAdded=[]), id="with nothing said by null"),
        pytest.param(changed(entities=None, attachments=None, locale=None), id="with little"),
        pytest.param(changed(**{"from": {"id": "29:anna"}}), id="from somebody without a directory"),
        pytest.param(changed(id="1600000000000"), id="the first of its thread"),
    ],
)
def test_what_people_write_in_channels_takes_the_short_way(body: Any) -> None:
    """A plain message is read in a few looks, to the same end as by the whole reading."""
    found = in_few_looks(body)

    assert found is not None
    assert found == as_read_whole(body)


MENTION = {"type": "mention", "text": "<at>Samlas</at>", "mentioned": {"id": BOT}}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(changed(entities=[CLIENT, MENTION]), id="a mention"),
        pytest.param(changed(value={"action": "announcement.read"}), id="a button"),
        pytest.param(changed(type="messageReaction"), id="a reaction"),
        pytest.param(changed(attachments=[{"contentType": "image/png", "contentUrl": "https://x"}]), id="a picture"),
        pytest.param(changed(**{"from": {"id": "28:other"}}), id="a bot"),
        pytest.param(changed(conversation={"id": "a:1", "conversationType": "personal"}), id="in private"),
        pytest.param(changed(conversation={"id": "19:1", "conversationType": "groupChat"}), id="a group chat"),
        pytest.param(changed(timestamp="0001-01-01T00:00:00.000+14:00"), id="before all time"),
        pytest.param(changed(timestamp="2026-11-24T12:00:00.000"), id="a time that may be anywhere"),
        pytest.param([MESSAGE], id="a list"),
    ],
)
def test_all_else_is_read_whole(body: Any) -> None:
    """Whatever is more than words in a channel, or is not sound, is left to the whole reading."""
    assert only_counted(body) is None


def test_the_short_way_takes_nothing_that_would_be_refused() -> None:
    """However a message is bent: what the short way takes, the whole reading takes too, and as the same."""
    make = Malforming(SEED)
    taken = 0

    for _ in range(BENT):
        try:
            # As the door reads it: half a character is no text.
            body = orjson.loads(written(make.bent(MESSAGE)))
        except ValueError:
            continue
        found = in_few_looks(body)
        if found is not None:
            taken += 1
            assert found == as_read_whole(body), body

    assert taken > BENT / 20


def test_a_moment_of_which_there_is_no_day_is_refused() -> None:
    """A time that lies before the first or after the last day in UTC is none."""
    for told in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.5-12:00"):
        with pytest.raises(Malformed):
            read(changed(timestamp=told))


async def test_whoever_writes_here_and_there_is_met_once_in_each_place(tenant: Tenant) -> None:
    """Once met in two channels, somebody's messages ask the database for nothing, however they go to and fro."""
    general = {"conversation": {"id": f"{TEAM};messageid=1", "conversationType": "channel", "tenantId": TENANT}}
    await tenant.take(tenant.in_team(text="hello"))
    await tenant.take({**tenant.in_team(text="hello"), **general})
    asked: list[str] = []

    with reads_of(tenant.database, asked):
        for _ in range(3):
            await tenant.take(tenant.in_team(text="here"))
            await tenant.take({**tenant.in_team(text="there"), **general})

    assert asked == []
    assert sorted((await channel_sums(tenant.database)).values()) == [4, 4]
