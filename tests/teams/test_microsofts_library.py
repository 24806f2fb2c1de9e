"""What is wrong with botbuilder 4.17.1, shown on the library itself: when a test here fails, a cure of ours can go.

None of the library is used: what it would offer is named below, with the reason and with the module that does it
instead.
"""

import asyncio
import inspect
import time
from typing import Any

import jwt
import pytest
import requests
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from botbuilder.core import CardFactory, InvokeResponse, TurnContext
from botbuilder.core.teams import TeamsInfo
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import Activity, AdaptiveCardInvokeValue, ConversationReference
from botframework.connector.auth import MicrosoftAppCredentials
from botframework.connector.auth.jwt_token_extractor import JwtTokenExtractor, _OpenIdMetadata
from botframework.connector.auth.verify_options import VerifyOptions
from msrest.universal_http.requests import ClientRetryPolicy

from tests.teams.issuer import Issuer
from tests.teams.service import ConnectorService, connector_service, rostered


class _Nobody:
    """The configuration of a bot without an app id."""

    APP_ID = ""
    APP_PASSWORD = ""


def adapter() -> Any:
    """Return the library's adapter, as its samples make it."""
    return CloudAdapter(ConfigurationBotFrameworkAuthentication(_Nobody()))


class _AnsweringBot:
    """A bot that answers an invoke with a body."""

    async def on_turn(self, context: TurnContext) -> None:
        """Answer."""
        body = {"statusCode": 200}
        answer = Activity(type="invokeResponse", value=InvokeResponse(status=200, body=body))
        await context.send_activity(answer)


async def answered_by_the_library(activity: dict[str, Any], header: str | None) -> int:
    """Return the status with which the library's own route answers."""
    its = adapter()

    async def messages(request: web.Request) -> web.StreamResponse:
        answer: web.StreamResponse = await its.process(request, _AnsweringBot())
        return answer

    app = web.Application()
    app.add_routes([web.post("/api/messages", messages)])
    async with TestClient(TestServer(app)) as client:
        headers = {} if header is None else {"Authorization": header}
        response = await client.post("/api/messages", json=activity, headers=headers)
        return response.status


def invoke() -> dict[str, Any]:
    """Return an invoke of Teams."""
    return {
        "type": "invoke",
        "name": "adaptiveCard/action",
        "id": "1",
        "channelId": "msteams",
        "serviceUrl": "http://127.0.0.1:9/",
        "from": {"id": "29:anna"},
        "recipient": {"id": "28:bot"},
        "conversation": {"id": "a:anna"},
        "value": {"action": {"type": "Action.Execute", "data": {}}, "trigger": "manual"},
    }


async def test_an_invoke_with_a_body_is_answered_with_500() -> None:
    """Its route serialises the body twice; ours writes the response itself (door.py)."""
    assert await answered_by_the_library(invoke(), None) == 500


async def test_a_malformed_token_is_answered_with_500() -> None:
    """Its check lets PyJWT's errors out; ours makes each a refusal (tokens.py)."""
    assert await answered_by_the_library(invoke(), "Bearer not.a.token") == 500


async def test_without_an_app_id_everybody_is_let_in() -> None:
    """An empty app id switches its check off; so we serve without one only locally (bot/wiring.py)."""
    found = await adapter().bot_framework_authentication.authenticate_request(Activity().deserialize(invoke()), None)

    assert found.claims_identity.is_authenticated


async def test_a_key_that_it_does_not_know_is_an_error_and_never_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its keys are not fetched anew when Microsoft signs with another one; ours are (keys.py)."""
    metadata = _OpenIdMetadata("http://127.0.0.1:9/")
    metadata.keys = [{"kid": "first"}]
    looked = []

    async def refresh() -> None:
        looked.append(1)

    monkeypatch.setattr(metadata, "_refresh", refresh)
    metadata.last_updated = metadata.last_updated.max

    with pytest.raises(IndexError):
        await metadata.get("second")

    assert looked == []


def test_its_keys_are_fetched_on_the_event_loop() -> None:
    """By a blocking request; ours are fetched by aiohttp (keys.py)."""
    source = inspect.getsource(_OpenIdMetadata._refresh)

    assert "requests.get" in source
    assert "await" not in source


async def test_an_expired_token_is_an_error_of_another_library() -> None:
    """It raises PyJWT's, which nothing around it catches."""
    made = Issuer()
    token = made.token("https://service.example/", exp=int(time.time()) - 4000, nbf=None)
    extractor = JwtTokenExtractor(
        VerifyOptions(["https://api.botframework.com"], None, 300, ignore_expiration=False), "x", ["RS256"]
    )
    key = {**jwt.algorithms.RSAAlgorithm.to_jwk(made.keys["first"].public_key(), as_dict=True), "kid": "first"}
    extractor.open_id_metadata.keys = [key]
    extractor.open_id_metadata.last_updated = extractor.open_id_metadata.last_updated.max

    with pytest.raises(jwt.ExpiredSignatureError):
        await extractor.get_identity("Bearer", token, "msteams")


def test_the_value_of_a_card_action_is_read_by_half() -> None:
    """The action stays a dict, and what triggered it is dropped; we read the activity itself (activities.py)."""
    value = AdaptiveCardInvokeValue().deserialize(invoke()["value"])

    assert isinstance(value.action, dict)
    assert not hasattr(value, "trigger")


async def test_a_roster_cannot_be_read_in_a_conversation_that_is_continued() -> None:
    """Channel data is missing there; we ask for the roster of a conversation ourselves (rest.py)."""
    failures: list[BaseException] = []

    async def read(context: TurnContext) -> None:
        try:
            await TeamsInfo.get_paged_members(context)
        except TypeError as failure:
            failures.append(failure)

    async with connector_service() as service:
        reference = ConversationReference().deserialize(_reference(service))
        await adapter().continue_conversation(reference, read, "app")

    assert [type(failure) for failure in failures] == [TypeError]


def _reference(service: ConnectorService) -> dict[str, Any]:
    service.rosters["a:anna"] = [rostered("anna", tenant="tenant-1")]
    return {
        "channelId": "msteams",
        "serviceUrl": service.url,
        "bot": {"id": "28:bot"},
        "user": {"id": "29:anna"},
        "conversation": {"id": "a:anna"},
    }


def test_the_tenant_of_a_new_conversation_is_left_to_the_caller() -> None:
    """Its create_conversation puts it nowhere; ours into the channel data too (rest.py)."""
    assert "tenant" not in inspect.getsource(CloudAdapter.create_conversation)


async def test_a_token_is_fetched_on_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its credentials ask Microsoft where a request is signed, and block; ours do in a thread (credentials.py)."""
    where: list[bool] = []

    def acquire(*_: object, **__: object) -> str:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            where.append(False)
        else:
            where.append(True)
        return "token"

    credentials = MicrosoftAppCredentials("app", "secret", "tenant")
    monkeypatch.setattr(credentials, "get_access_token", acquire)

    credentials.signed_session(requests.Session())

    assert where == [True]


def test_its_retry_policy_looks_codes_up_in_a_list() -> None:
    """999 of them in a list, at each new client; what we ask (rest.py) makes no client at all."""
    source = inspect.getsource(ClientRetryPolicy)

    assert "safe_codes = [i for i in range(500)" in source
    assert "for i in range(999) if i not in self.safe_codes" in source


def test_it_sends_cards_as_they_are() -> None:
    """The one thing that is right here and has to stay so: what a card holds is not changed on its way."""
    card = {"type": "AdaptiveCard", "body": [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "a"}]}]}
    activity = Activity(type="message", attachments=[CardFactory.adaptive_card(card)])

    assert activity.serialize()["attachments"][0]["content"] == card
