"""The front door lets in what Teams has signed for this bot, and refuses everything else with nothing changed."""

import json
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from adapters.teams.keys import LOOKED_AT_MOST_EVERY, Keys
from adapters.teams.limits import LARGEST_ACTIVITY_BYTES
from adapters.teams.tokens import NotLetIn, TokenCheck
from storage.database import Database
from tests.conftest import StillClock
from tests.teams.conftest import Tenant, app_config, open_tenant
from tests.teams.issuer import APP_ID, TENANT, Issuer, issuer, new_key

Token = Callable[[Issuer, str], str | None]


def forged(_made: Issuer, url: str) -> str:
    """Return a token that is signed by somebody else under a known key's name."""
    return Issuer(keys={"first": new_key()}).token(url)


def tampered(made: Issuer, url: str) -> str:
    """Return a token whose claims were changed after signing."""
    head, _, signature = made.token(url).split(".")
    _, claims, _ = made.token(url, aud="somebody-else").split(".")
    return f"{head}.{claims}.{signature}"


REFUSED: dict[str, tuple[int, Callable[[Issuer, str], str]]] = {
    "malformed": (401, lambda _made, _url: "not.a.token"),
    "nonsense": (401, lambda _made, _url: "\u00e5\u00e4\u00f6".encode().hex()),
    "half a character": (401, lambda _made, _url: b"\xed\xa0\x80".decode("utf-8", "surrogateescape")),
    "too long": (401, lambda _made, _url: "x" * 8_050),
    "expired": (401, lambda made, url: made.token(url, exp=int(time.time()) - 400, nbf=None)),
    "not valid yet": (401, lambda made, url: made.token(url, nbf=int(time.time()) + 400)),
    "no expiry": (401, lambda made, url: made.token(url, exp=None)),
    "wrong issuer": (403, lambda made, url: made.token(url, iss="https://sts.windows.net/evil/")),
    "wrong audience": (403, lambda made, url: made.token(url, aud="another-app")),
    "no audience": (401, lambda made, url: made.token(url, aud=None)),
    "wrong key": (401, forged),
    "unknown key": (401, lambda made, url: _with_key(made, "unheard-of").token(url, key="unheard-of")),
    "changed afterwards": (401, tampered),
    "algorithm none": (401, lambda made, url: made.token(url, algorithm="none")),
    "algorithm HS256": (401, lambda made, url: made.token(url, algorithm="HS256")),
    "wrong service URL": (403, lambda made, _url: made.token("https://smba.trafficmanager.net/evil/")),
    "no service URL": (403, lambda made, url: made.token(url, serviceurl=None)),
}


def _with_key(made: Issuer, name: str) -> Issuer:
    """Return an issuer that has a key more, of which it does not tell."""
    return Issuer(keys={**made.keys, name: new_key()}, served=made.served, url=made.url)


@pytest.mark.parametrize("name", REFUSED)
async def test_a_token_that_is_not_good_changes_nothing(tenant: Tenant, name: str) -> None:
    """It is answered with 401, or with 403 where it is genuine and not for us."""
    status, made = REFUSED[name]
    before = await tenant.kept()

    response = await tenant.post(tenant.activity(text="help"), token=made(tenant.issuer, tenant.service.url))

    assert response.status == status
    assert await tenant.kept() == before
    assert tenant.service.requests == []


async def test_no_token_changes_nothing(tenant: Tenant) -> None:
    """Neither does another scheme."""
    before = await tenant.kept()

    without = await tenant.client.post("/api/messages", json=tenant.activity(text="help"))
    basic = await tenant.post(tenant.activity(text="help"), headers={"Authorization": "Basic YTpi"})

    assert (without.status, basic.status) == (401, 401)
    assert await tenant.kept() == before


async def test_another_tenant_is_refused(tenant: Tenant) -> None:
    """A single-tenant bot talks to its own organisation, whichever of the two places names the other."""
    before = await tenant.kept()
    by_conversation = tenant.activity(text="help")
    by_conversation["conversation"]["tenantId"] = "another"
    by_data = tenant.activity(text="help", channelData={"tenant": {"id": "another"}})
    by_none = tenant.activity(text="help", channelData={})
    del by_none["conversation"]["tenantId"]

    statuses = [(await tenant.post(activity)).status for activity in (by_conversation, by_data, by_none)]

    assert statuses == [403, 403, 403]
    assert await tenant.kept() == before


async def test_a_key_that_may_not_speak_for_teams_is_refused(tenant: Tenant) -> None:
    """Microsoft endorses each key for some channels."""
    tenant.issuer.served["first"] = ["skype"]

    assert (await tenant.post(tenant.activity(text="help"))).status == 403


async def test_a_good_token_passes(tenant: Tenant) -> None:
    """The bot answers."""
    response = await tenant.post(tenant.activity(text="help"))

    assert response.status == 200
    assert len(tenant.said_to("anna")) == 1
    assert tenant.service.authorizations[-1] == "Bearer ours"


async def test_a_token_is_remembered_no_longer_than_it_holds() -> None:
    """Verified once it is taken until it expires, and not after; of verified tokens a bounded number is remembered."""
    async with issuer() as made, aiohttp.ClientSession() as session:

        async def fetch(address: str) -> Any:
            async with session.get(address) as response:
                return await response.json()

        now = time.time()
        check = TokenCheck(APP_ID, TENANT, Keys(fetch, lambda: 0.0, made.metadata), lambda: now)
        header = f"Bearer {made.token('https://service.example/')}"
        await check.verify(header)
        await check.verify(header)
        now += 3600 + 301

        with pytest.raises(NotLetIn) as refused:
            await check.verify(header)

        assert refused.value.status == 401
        assert made.looked == 1


async def test_a_new_key_is_found_and_made_up_ones_do_not_make_us_look(tenant: Tenant) -> None:
    """Keys are kept; one that is not known is looked for, but not again and again."""
    await tenant.post(tenant.activity(text="help"))
    assert tenant.issuer.looked == 1
    tenant.issuer.keys["second"] = new_key()
    unknown = tenant.issuer.token(tenant.service.url, key="second")
    early = [(await tenant.post(tenant.activity(), token=unknown)).status for _ in range(3)]
    tenant.machine.now += LOOKED_AT_MOST_EVERY.total_seconds() + 1
    tenant.issuer.served["second"] = ["msteams"]

    late = await tenant.post(tenant.activity(text="help"), token=unknown)

    assert early == [401, 401, 401]
    assert late.status == 200
    assert tenant.issuer.looked == 2


async def test_keys_that_cannot_be_fetched_are_no_refusal(tenant: Tenant) -> None:
    """Teams is to try again; once they were fetched, old keys are used while their place does not answer."""
    tenant.issuer.is_down = True
    at_first = await tenant.post(tenant.activity(text="help"))
    tenant.issuer.is_down = False
    fetched = await tenant.post(tenant.activity(text="help"))
    tenant.issuer.is_down = True
    tenant.machine.now += 25 * 3600

    later = await tenant.post(tenant.activity(text="help"))

    assert (at_first.status, fetched.status, later.status) == (503, 200, 200)


def broken(tenant: Tenant) -> dict[str, tuple[int, Any]]:
    """Return activities that are none, with the status that answers each."""
    good = tenant.activity(text="help")
    without = {f"no {name}": (400, _without(good, name)) for name in ("type", "from", "recipient", "conversation")}
    of_another_kind = {
        f"{name} of another kind": (400, {**good, name: value})
        for name, value in {
            "type": 7,
            "from": "anna",
            "conversation": {"id": []},
            "serviceUrl": "ftp://example.org",
            "timestamp": "yesterday",
            "text": {"a": 1},
            "entities": "none",
            "channelId": "webchat",
            "reactionsAdded": [1],
        }.items()
    }
    invoke = tenant.activity("invoke", name="adaptiveCard/action")
    return {
        **without,
        **of_another_kind,
        "a list": (400, [good]),
        "a number": (400, 7),
        "no id": (400, _without(good, "id")),
        "a type unheard of": (501, {**good, "type": "brandNew"}),
        "an invoke unheard of": (501, {**invoke, "name": "brand/new"}),
        "an invoke of nothing": (400, invoke),
        "a button of nobody's": (400, {**invoke, "value": {"action": {"data": {"action": "x; DROP TABLE"}}}}),
        "a button of a command": (400, {**invoke, "value": {"action": {"data": _data("announce")}}}),
        "a row that is none": (400, {**invoke, "value": {"action": {"data": {**_data("a.b"), "row": "1"}}}}),
        "an enormous row": (400, {**invoke, "value": {"action": {"data": {**_data("a.b"), "row": 10**30}}}}),
    }


def _without(activity: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in activity.items() if key != name}


def _data(action: str) -> dict[str, Any]:
    return {"action": action, "row": 1, "version": 1}


async def test_what_is_no_activity_changes_nothing(tenant: Tenant) -> None:
    """It gets a status that says so."""
    before = await tenant.kept()

    answered = {name: (await tenant.post(sent)).status for name, (_, sent) in broken(tenant).items()}

    assert answered == {name: status for name, (status, _) in broken(tenant).items()}
    assert await tenant.kept() == before
    assert tenant.service.requests == []


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"", "application/json", 400),
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
    ],
    ids=["broken", "not UTF-8", "deep", "empty", "a form", "text"],
)
async def test_what_is_no_json_changes_nothing(tenant: Tenant, body: bytes, kind: str, status: int) -> None:
    """It gets a status that says so."""
    before = await tenant.kept()

    response = await tenant.post(None, data=body, headers={"Content-Type": kind})

    assert response.status == status
    assert await tenant.kept() == before


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "streamed"])
async def test_what_is_too_large_is_not_read(tenant: Tenant, announced: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Whether its size is announced or only turns out."""
    body = json.dumps(tenant.activity(text="x" * LARGEST_ACTIVITY_BYTES)).encode()

    async def streamed() -> Any:
        yield body[: len(body) // 2]
        yield body[len(body) // 2 :]

    data = body if announced else streamed()
    response = await tenant.post(None, data=data, headers={"Content-Type": "application/json"})

    assert response.status == 413
    assert tenant.said_to("anna") == []


async def test_without_an_app_id_pages_in_a_browser_are_refused(database: Database, clock: StillClock) -> None:
    """The local test client is let in; what a page sends says so by a header, and is not."""
    async with open_tenant(database, clock, config=app_config().model_copy(update={"app_id": ""})) as tenant:
        local = await tenant.client.post("/api/messages", json=tenant.activity(text="help"))
        page = await tenant.client.post(
            "/api/messages", json=tenant.activity(text="help"), headers={"Origin": "https://evil.example"}
        )

    assert (local.status, page.status) == (200, 403)
