"""A Bot Connector for tests: serves its REST interface over HTTP, remembers what was sent, and fails by script."""

import itertools
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

Json = dict[str, Any]


@dataclass
class Stands:
    """One activity as it stands in a conversation."""

    conversation: str
    key: str
    activity: Json


@dataclass
class Failure:
    """What the service answers instead, once. `done`: it does what was asked all the same."""

    status: int
    code: str = ""
    retry_after: int | None = None
    done: bool = False


@dataclass
class ConnectorService:
    """Teams' side of the Bot Connector. Rosters and teams are a test's to fill, by conversation and team id.

    `script` holds what happens to the next requests whose path has this in it.
    """

    url: str = ""
    standing: list[Stands] = field(default_factory=list)
    rosters: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    teams: dict[str, Json] = field(default_factory=dict)
    channels: dict[str, list[Json]] = field(default_factory=dict)
    script: dict[str, deque[Failure]] = field(default_factory=lambda: defaultdict(deque))
    requests: list[tuple[str, str]] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)
    created: list[Json] = field(default_factory=list)
    # Files that were put into somebody's OneDrive.
    uploads: list[bytes] = field(default_factory=list)
    # Files that people have sent, by name: Teams keeps them in their own places.
    files: dict[str, bytes] = field(default_factory=dict)
    page_size: int = 200
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1_700_000_000_001))

    def app(self) -> web.Application:
        """Return the service as an application."""
        app = web.Application(middlewares=[self._watch])
        conversations = "/v3/conversations"
        app.add_routes(
            [
                web.post(conversations, self._create),
                web.post(conversations + "/{id}/activities", self._send),
                web.put(conversations + "/{id}/activities/{key}", self._update),
                web.get(conversations + "/{id}/pagedmembers", self._members),
                web.get(conversations + "/{id}/members/{member}", self._member),
                web.put("/upload/{key}", self._upload),
                web.get("/v3/teams/{id}", self._team),
                web.get("/files/{name}", self._file),
                web.get("/v3/teams/{id}/conversations", self._channels),
            ]
        )
        return app

    def in_conversation(self, conversation: str) -> Sequence[Stands]:
        """Return what stands in a conversation, in order."""
        return [it for it in self.standing if it.conversation == conversation]

    async def _upload(self, request: web.Request) -> web.Response:
        content = await request.read()
        assert request.headers["Content-Range"] == f"bytes 0-{len(content) - 1}/{len(content)}"
        self.uploads.append(content)
        return web.Response(status=201)

    @web.middleware
    async def _watch(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.requests.append((request.method, request.path))
        self.authorizations.append(request.headers.get("Authorization"))
        for part, failures in self.script.items():
            if part in request.path and failures:
                failure = failures.popleft()
                if failure.done:
                    await handler(request)
                headers = {} if failure.retry_after is None else {"Retry-After": str(failure.retry_after)}
                body = {"error": {"code": failure.code, "message": "by script"}}
                return web.json_response(body, status=failure.status, headers=headers)
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _create(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.created.append(asked)
        return web.json_response({"id": f"a:{asked['members'][0]['id']}"}, status=201)

    async def _send(self, request: web.Request) -> web.Response:
        conversation = request.match_info["id"]
        key = str(next(self.numbers))
        stands = Stands(conversation, key, await request.json())
        self.standing.append(stands)
        return web.json_response({"id": key}, status=201)

    async def _update(self, request: web.Request) -> web.Response:
        conversation, key = request.match_info["id"], request.match_info["key"]
        for stands in self.standing:
            if stands.key == key and stands.conversation.partition(";")[0] == conversation.partition(";")[0]:
                stands.activity = await request.json()
                return web.json_response({"id": key})
        return web.json_response({"error": {"code": "ActivityNotFoundInConversation"}}, status=404)

    async def _members(self, request: web.Request) -> web.Response:
        people = self.rosters[request.match_info["id"]]
        first = int(request.query.get("continuationToken") or 0)
        page: Json = {"members": people[first : first + self.page_size]}
        if first + self.page_size < len(people):
            page["continuationToken"] = str(first + self.page_size)
        return web.json_response(page)

    async def _member(self, request: web.Request) -> web.Response:
        for person in self.rosters[request.match_info["id"]]:
            if person["id"] == request.match_info["member"]:
                return web.json_response(person)
        return web.json_response({"error": {"code": "MemberNotFoundInConversation"}}, status=404)

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["name"]])

    async def _team(self, request: web.Request) -> web.Response:
        return web.json_response(self.teams[request.match_info["id"]])

    async def _channels(self, request: web.Request) -> web.Response:
        return web.json_response({"conversations": self.channels[request.match_info["id"]]})


def rostered(name: str, *, tenant: str, role: str = "user", principal: str | None = None) -> Json:
    """Return a person as a roster tells of them."""
    return {
        "id": f"29:{name}",
        "name": name.capitalize(),
        "objectId": name,
        "aadObjectId": name,
        "email": f"{name}@company.example",
        "userPrincipalName": principal or f"{name}@company.example",
        "tenantId": tenant,
        "userRole": role,
    }


@asynccontextmanager
async def connector_service() -> AsyncIterator[ConnectorService]:
    """Serve a Bot Connector for the length of a block."""
    service = ConnectorService()
    server = TestServer(service.app())
    await server.start_server()
    service.url = str(server.make_url("/"))
    try:
        yield service
    finally:
        await server.close()
