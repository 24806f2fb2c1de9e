"""The Bot Connector through Microsoft's botframework-connector; the only module that imports it.

Of the archived Bot Framework SDK only its connector clients are used. They are kept, one a service URL: each new one
costs a connection, and by default a token.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar

import requests
from botbuilder.schema import Activity, ChannelAccount, ConversationParameters
from botframework.connector.aio import ConnectorClient
from botframework.connector.models import ErrorResponseException
from botframework.connector.teams import TeamsConnectorClient
from msrest.authentication import Authentication
from msrest.exceptions import ClientException, ClientRequestError, HttpOperationError
from msrest.universal_http import requests as msrest_requests

from adapters.teams.connector import STANDARD, Json, Listed, NoAnswer, NotReached, Page, Refused, Rostered, Spot
from adapters.teams.credentials import Credentials

PAGE_SIZE: Final = 200
ANSWERED_WITHIN_SECONDS: Final = 5
# A tenant has one service URL, or two while it moves; more than this many are somebody's mistake.
MOST_CLIENTS: Final = 64

Answer = TypeVar("Answer")


def quicken() -> None:
    """Let msrest look its status codes up in a set; in its list, each new client takes 4 ms on the event loop."""
    policy: Any = msrest_requests.ClientRetryPolicy
    policy.safe_codes = frozenset(policy.safe_codes)


class _Bearer(Authentication):
    """Signs requests with a token that is there already: msrest asks on the event loop, where none may be fetched."""

    def __init__(self) -> None:
        self.held: str | None = None

    def signed_session(self, session: requests.Session | None = None) -> requests.Session:
        """Put the token on a session."""
        signed = session or requests.Session()
        if self.held is None:
            signed.headers.pop("Authorization", None)
        else:
            signed.headers["Authorization"] = f"Bearer {self.held}"
        return signed


class BotConnector:
    """Implements connector.Connector."""

    def __init__(self, credentials: Credentials) -> None:
        """Speak with the token of `credentials`."""
        quicken()
        self._credentials = credentials
        self._bearer = _Bearer()
        self._clients: dict[str, ConnectorClient] = {}
        self._teams_clients: dict[str, TeamsConnectorClient] = {}

    async def create_direct(self, service_url: str, tenant: str, bot: str, person: str) -> str:
        """Return the id of the conversation between the bot and one person, which is made where there is none."""
        wanted = ConversationParameters(
            is_group=False,
            bot=ChannelAccount(id=bot),
            members=[ChannelAccount(id=person)],
            tenant_id=tenant,
            # Teams reads the tenant here; the SDK alone puts it nowhere else.
            channel_data={"tenant": {"id": tenant}},
        )
        made = await self._ask(lambda: self._client(service_url).conversations.create_conversation(wanted))
        return str(made.id)

    async def send(self, spot: Spot, activity: Json) -> str:
        """Send an activity; returns its id."""
        body = Activity().deserialize(dict(activity))
        sent = await self._ask(
            lambda: self._client(spot.service_url).conversations.send_to_conversation(spot.conversation, body)
        )
        return str(sent.id)

    async def update(self, spot: Spot, activity_id: str, activity: Json) -> None:
        """Put an activity in the place of one sent before."""
        body = Activity().deserialize({**activity, "id": activity_id})
        await self._ask(
            lambda: self._client(spot.service_url).conversations.update_activity(spot.conversation, activity_id, body)
        )

    async def members(self, spot: Spot, page: str | None) -> Page:
        """Return a page of a conversation's roster."""
        found = await self._ask(
            lambda: self._client(spot.service_url).conversations.get_teams_conversation_paged_members(
                spot.conversation, PAGE_SIZE, page
            )
        )
        return Page([_rostered(member) for member in found.members or ()], found.continuation_token or None)

    async def member(self, spot: Spot, person: str) -> Rostered:
        """Return one person of a conversation."""
        return _rostered(
            await self._ask(
                lambda: self._client(spot.service_url).conversations.get_conversation_member(spot.conversation, person)
            )
        )

    async def team(self, service_url: str, team: str) -> tuple[str, str | None]:
        """Return a team's name and the id of its group in the directory."""
        # The SDK's client for teams is synchronous.
        teams = self._teams_client(service_url).teams
        found = await self._ask(lambda: asyncio.to_thread(teams.get_team_details, team))
        return str(found.name or ""), found.aad_group_id

    async def channels(self, service_url: str, team: str) -> Sequence[Listed]:
        """Return a team's channels."""
        teams = self._teams_client(service_url).teams
        found = await self._ask(lambda: asyncio.to_thread(teams.get_teams_channels, team))
        return [
            Listed(str(channel.id), channel.name, channel.type not in (None, STANDARD))
            for channel in found.conversations or ()
        ]

    async def _ask(self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        self._bearer.held = await self._credentials.token()
        try:
            return await call()
        except HttpOperationError as refusal:
            raise _refused(refusal) from refusal
        except ClientRequestError as failure:
            raise _failed(failure) from failure
        except requests.RequestException as failure:
            raise _failed(failure) from failure
        except ClientException as unread:
            # An answer that cannot be read is one all the same: what was asked may have been done.
            raise NoAnswer(type(unread).__name__) from unread

    def _client(self, service_url: str) -> ConnectorClient:
        if service_url not in self._clients:
            if len(self._clients) >= MOST_CLIENTS:
                self._clients.clear()
            self._clients[service_url] = _impatient(ConnectorClient(self._bearer, base_url=service_url))
        return self._clients[service_url]

    def _teams_client(self, service_url: str) -> TeamsConnectorClient:
        if service_url not in self._teams_clients:
            if len(self._teams_clients) >= MOST_CLIENTS:
                self._teams_clients.clear()
            self._teams_clients[service_url] = _impatient(TeamsConnectorClient(self._bearer, base_url=service_url))
        return self._teams_clients[service_url]


def _impatient(client: Any) -> Any:
    """Let a client try once and wait a bearable time: trying again is the sender's, which keeps Teams' limits."""
    client.config.retry_policy.retries = 0
    # urllib3 would otherwise make an error of its own of some answers, which then could not be read.
    client.config.retry_policy.policy.status_forcelist = frozenset()
    client.config.retry_policy.policy.respect_retry_after_header = False
    client.config.connection.timeout = ANSWERED_WITHIN_SECONDS
    return client


def _rostered(member: Any) -> Rostered:
    more = getattr(member, "additional_properties", None) or {}
    return Rostered(
        id=str(member.id),
        directory_id=getattr(member, "aad_object_id", None) or more.get("objectId"),
        name=str(member.name or ""),
        email=getattr(member, "email", None) or more.get("email"),
        principal=getattr(member, "user_principal_name", None) or more.get("userPrincipalName"),
        tenant=getattr(member, "tenant_id", None) or more.get("tenantId"),
        role=getattr(member, "user_role", None) or more.get("userRole"),
    )


def _refused(refusal: Any) -> Refused:
    error = getattr(refusal.error, "error", None) if isinstance(refusal, ErrorResponseException) else None
    waited = refusal.response.headers.get("Retry-After", "")
    return Refused(
        int(refusal.response.status_code),
        str(getattr(error, "code", None) or ""),
        float(waited) if waited.isdigit() else None,
    )


def _failed(failure: Exception) -> NotReached | NoAnswer:
    """Tell a connection that was never made from an answer that never came."""
    causes: list[BaseException] = [failure]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None and cause not in causes:
        causes.append(cause)
    if any(isinstance(cause, requests.ConnectTimeout) for cause in causes):
        return NotReached("connect timeout")
    refused = any("NewConnectionError" in repr(cause) or isinstance(cause, ConnectionRefusedError) for cause in causes)
    return NotReached("not connected") if refused else NoAnswer(type(failure).__name__)
