"""Whatever reaches Teams' door, with a token or without, is refused or taken: no crash, no change by nonsense."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.faults.firing import NOT_KNOWN, Connection, Request, dumped, is_flat
from tests.faults.malforming import Malforming, written
from tests.faults.quiet import Broken
from tests.soak import report, times
from tests.teams.conftest import BOT, LUNCH, TEAM, Tenant

pytestmark = pytest.mark.soak

SEED = 20270303
REFUSED = times(1_000, 100_000)
# What is taken, and then meets the database and the Bot Connector, takes longer by far.
TAKEN = times(250, 100_000)


def sound(tenant: Tenant) -> list[Any]:
    """Return one of each kind of activity that Teams sends, as it sends it."""
    pressed = {"action": "announcement.read", "row": 1, "version": 1}
    mention = {"type": "mention", "text": "<at>Samlas</at>", "mentioned": {"id": BOT}}
    return [
        tenant.activity(text="help"),
        tenant.activity(text="announce We move in June"),
        tenant.activity(value=pressed, replyToId="1"),
        tenant.in_team(text="hello"),
        tenant.in_team(text="<at>Samlas</at> help", entities=[mention]),
        tenant.in_team(kind="messageReaction", replyToId="1", reactionsAdded=[{"type": "like"}]),
        tenant.in_team(kind="conversationUpdate", membersAdded=[{"id": "29:bo", "aadObjectId": "bo"}]),
        tenant.in_team(kind="conversationUpdate", membersRemoved=[{"id": "29:bo", "aadObjectId": "bo"}]),
        tenant.in_team(
            kind="conversationUpdate", channelData={"eventType": "channelCreated", "channel": {"id": LUNCH}}
        ),
        tenant.activity(kind="installationUpdate", action="add"),
        tenant.in_team(kind="invoke", name="adaptiveCard/action", value={"action": {"data": pressed}}),
        tenant.activity(kind="invoke", name="task/fetch", value={"data": pressed}),
        tenant.activity(kind="invoke", name="task/submit", value={"data": {**pressed, "text": "Hello"}}),
        tenant.activity(
            kind="invoke",
            name="composeExtension/fetchTask",
            value={"commandId": "share", "messagePayload": {"id": "1", "body": {"content": "<p>Hello</p>"}}},
        ),
        tenant.activity(kind="invoke", name="fileConsent/invoke", value={"action": "accept", "context": pressed}),
        tenant.activity(kind="typing", channelData={"tenant": {"id": "tenant-1"}, "team": {"id": TEAM}}),
    ]


def without_token(make: Malforming, tenant: Tenant) -> Iterator[Request]:
    """Yield requests that do not come from Teams: no token, half of one, one with other bytes in it."""
    good = f"Bearer {tenant.issuer.token(tenant.service.url)}"
    activity = written(tenant.activity(text="help"))
    for _ in range(REFUSED):
        said: str = make.one_of(
            str,
            lambda: good[: make.chosen(range(8, len(good) - 1))],
            lambda: "Bearer " + make.header(),
            make.header,
            lambda: make.broken(good.encode()[:-20]).decode("latin-1").translate({10: 32, 13: 32, 0: 32}),
        )
        body = make.one_of(lambda: activity, make.noise, make.json)
        yield Request("/api/messages", body, {"Content-Type": "application/json", "Authorization": said.strip()})


def nonsense(make: Malforming, tenant: Tenant) -> Iterator[Request]:
    """Yield what is no activity of Teams, with a good token."""
    headers = {"Authorization": f"Bearer {tenant.issuer.token(tenant.service.url)}"}
    activities = sound(tenant)
    for _ in range(REFUSED):
        body = make.one_of(make.noise, make.json, lambda: written(make.chosen(activities))[: make.chosen(range(60))])
        kind = make.chosen(("application/json", "application/json; charset=utf-8", "text/plain", make.header()))
        yield Request("/api/messages", body, {"Content-Type": kind, **headers})


def bent(make: Malforming, tenant: Tenant) -> Iterator[Request]:
    """Yield what Teams sends, bent in places, with a good token."""
    headers = {"Authorization": f"Bearer {tenant.issuer.token(tenant.service.url)}"}
    activities = sound(tenant)
    for _ in range(TAKEN):
        body = written(make.bent(make.chosen(activities)))
        yield Request("/api/messages", body, {"Content-Type": "application/json", **headers})


@pytest.mark.parametrize("make_requests", [without_token, nonsense])
async def test_nonsense_changes_nothing(
    tenant: Tenant, broken: Broken, make_requests: Callable[[Malforming, Tenant], Iterator[Request]]
) -> None:
    """What comes without a good token, and what is no activity, is refused and leaves no trace."""
    before = dumped(tenant.database.path)
    connection = Connection(tenant.client)

    answers = await connection.fire(make_requests(Malforming(SEED), tenant))
    connection.close()

    assert broken() == ""
    assert answers.failures == []
    assert is_flat(answers)
    assert dumped(tenant.database.path) == before
    report(f"malformed requests to Teams, {make_requests.__name__}", seed=SEED, **answers.figures())


async def test_what_is_bent_does_no_harm(tenant: Tenant, broken: Broken) -> None:
    """Of what has a good token, but Teams never sends so, none makes us fail; after it, a sound activity is taken."""
    connection = Connection(tenant.client)

    answers = await connection.fire(bent(Malforming(SEED), tenant))
    connection.close()

    assert broken() == ""
    assert [failure for failure in answers.failures if failure[0] != NOT_KNOWN] == []
    assert is_flat(answers)
    assert (await tenant.post(tenant.activity(text="help"))).status == 200
    report("malformed requests to Teams, bent", seed=SEED, **answers.figures())
