"""The Bot Connector's REST interface, by aiohttp.

Microsoft's own client (botframework-connector) is archived, and runs on threads that block; it takes several times as
long for a message (docs/performance.md). Source: "Bot Framework REST API reference", learn.microsoft.com.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import orjson
from yarl import URL

from adapters.teams.connector import STANDARD, Json, Listed, NoAnswer, NotReached, Page, Refused, Rostered, Spot
from adapters.teams.credentials import Credentials

PAGE_SIZE: Final = 200
# Making the connection and being answered, each.
ANSWERED_WITHIN: Final = aiohttp.ClientTimeout(sock_connect=5, sock_read=5)
# A tenant has one service URL, or two while it moves; more than this many are somebody's mistake.
MOST_SERVICES: Final = 64
JSON: Final = "application/json; charset=utf-8"
OK: Final = range(200, 300)


class BotConnector:
    """Implements connector.Connector."""

    def __init__(self, credentials: Credentials, session: Callable[[], aiohttp.ClientSession]) -> None:
        """Speak with the token of `credentials`, over the session that is open by then."""
        self._credentials = credentials
        self._session = session
        self._proxies: dict[str, str | None] = {}

    async def create_direct(self, service_url: str, tenant: str, bot: str, person: str) -> str:
        """Return the id of the conversation between the bot and one person, which is made where there is none."""
        wanted = {
            "isGroup": False,
            "bot": {"id": bot},
            "members": [{"id": person}],
            "tenantID": tenant,
            # Teams reads the tenant here; Microsoft's client alone puts it nowhere else.
            "channelData": {"tenant": {"id": tenant}},
        }
        made = await self._ask("POST", service_url, "conversations", body=wanted)
        return str(made.get("id"))

    async def send(self, spot: Spot, activity: Json) -> str:
        """Send an activity; returns its id."""
        sent = await self._ask(
            "POST", spot.service_url, "conversations", spot.conversation, "activities", body=activity
        )
        return str(sent.get("id"))

    async def update(self, spot: Spot, activity_id: str, activity: Json) -> None:
        """Put an activity in the place of one sent before."""
        path = ("conversations", spot.conversation, "activities", activity_id)
        await self._ask("PUT", spot.service_url, *path, body={**activity, "id": activity_id})

    async def members(self, spot: Spot, page: str | None) -> Page:
        """Return a page of a conversation's roster."""
        asked = {"pageSize": str(PAGE_SIZE), **({} if page is None else {"continuationToken": page})}
        path = ("conversations", spot.conversation, "pagedmembers")
        found = await self._ask("GET", spot.service_url, *path, query=asked)
        return Page([_rostered(member) for member in _each(found, "members")], found.get("continuationToken") or None)

    async def member(self, spot: Spot, person: str) -> Rostered:
        """Return one person of a conversation."""
        return _rostered(
            await self._ask("GET", spot.service_url, "conversations", spot.conversation, "members", person)
        )

    async def team(self, service_url: str, team: str) -> tuple[str, str | None]:
        """Return a team's name and the id of its group in the directory."""
        found = await self._ask("GET", service_url, "teams", team)
        return str(found.get("name") or ""), found.get("aadGroupId")

    async def channels(self, service_url: str, team: str) -> Sequence[Listed]:
        """Return a team's channels."""
        found = await self._ask("GET", service_url, "teams", team, "conversations")
        return [
            Listed(str(channel.get("id")), channel.get("name"), channel.get("type") not in (None, STANDARD))
            for channel in _each(found, "conversations")
        ]

    async def _ask(
        self,
        method: str,
        service_url: str,
        *path: str,
        query: Mapping[str, str] | None = None,
        body: Json | None = None,
    ) -> dict[str, Any]:
        token = await self._credentials.token()
        try:
            session = self._session()
        except TimeoutError as closed:
            raise NotReached("not serving") from closed
        headers = {} if body is None else {"Content-Type": JSON}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        try:
            async with session.request(
                method,
                _address(service_url, path, query),
                data=None if body is None else orjson.dumps(body),
                headers=headers,
                timeout=ANSWERED_WITHIN,
                # The token is this service's alone.
                allow_redirects=False,
                proxy=self._proxy(service_url),
            ) as answered:
                content = await answered.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as failure:
            raise NotReached(type(failure).__name__) from failure
        except (aiohttp.ClientError, TimeoutError, OSError) as failure:
            raise NoAnswer(type(failure).__name__) from failure
        answer = _read(content)
        if answered.status not in OK:
            raise _refused(answered, answer or {})
        if answer is None:
            # It cannot be read, and is an answer all the same: what was asked for may have been done.
            raise NoAnswer("unreadable")
        return answer

    def _proxy(self, service_url: str) -> str | None:
        """Return the proxy that the environment names for a service; looking takes longer than a message."""
        if service_url not in self._proxies:
            if len(self._proxies) >= MOST_SERVICES:
                self._proxies.clear()
            parts = urlsplit(service_url)
            goes_past = proxy_bypass(parts.hostname or "")
            self._proxies[service_url] = None if goes_past else getproxies().get(parts.scheme)
        return self._proxies[service_url]


def _address(service_url: str, path: Sequence[str], query: Mapping[str, str] | None) -> URL:
    address = "/".join([service_url.rstrip("/"), "v3", *(quote(part, safe="") for part in path)])
    return URL(f"{address}?{urlencode(query)}" if query else address, encoded=True)


def _read(content: bytes) -> dict[str, Any] | None:
    """Return an answer; None for what cannot be read, and nothing where nothing is said."""
    if not content.strip():
        return {}
    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    return answer if isinstance(answer, dict) else None


def _each(found: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    listed = found.get(name)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _rostered(member: Mapping[str, Any]) -> Rostered:
    return Rostered(
        id=str(member.get("id")),
        directory_id=member.get("aadObjectId") or member.get("objectId"),
        name=str(member.get("name") or ""),
        email=member.get("email"),
        principal=member.get("userPrincipalName"),
        tenant=member.get("tenantId"),
        role=member.get("userRole"),
    )


def _refused(answered: aiohttp.ClientResponse, answer: Mapping[str, Any]) -> Refused:
    error = answer.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    waited = answered.headers.get("Retry-After", "")
    return Refused(answered.status, str(code or ""), float(waited) if waited.isdigit() else None)
