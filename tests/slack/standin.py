"""A stand-in for Slack's Web API, over real HTTP: it keeps what was said, and fails by script.

It refuses what Slack refuses as far as Samlas can bring it about: tokens, channels, blocks over their limits.
"""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.slack.judging import wrong_with_message, wrong_with_view
from tests.slack.team import Answer, File, Said, Shared, Team, conversation, direct
from tests.slack.wire import asked_in, cut_off


@dataclass
class Failure:
    """One failure by script. `hang`: nobody answers; `does_it`: what was asked happens, and the answer is lost.

    `said` is answered in the place of what Slack would say; with `cut` the connection ends in the middle of an answer.
    With `channel` the next call about it fails, and nothing that is on its way elsewhere at the same time.
    """

    status: int = 200
    error: str | None = None
    retry_after: int | None = None
    hang: bool = False
    cut: bool = False
    said: bytes | None = None
    does_it: bool = False
    channel: str | None = None


class SlackStandIn:
    """Slack's Web API, for some workspaces. `calls` holds (method, arguments) in the order they came."""

    def __init__(self) -> None:
        """Begin with no workspace."""
        self.teams: dict[str, Team] = {}
        self.codes: dict[str, Team] = {}
        self.calls: list[tuple[str, Answer]] = []
        self.said: list[Said] = []
        self.views: dict[str, Answer] = {}
        self.opened: list[tuple[str, Answer]] = []
        self.homes: dict[str, Answer] = {}
        self.responses: list[tuple[str, Answer]] = []
        # What was uploaded and not shared yet, by id: its name and what is in it.
        self.uploads: dict[str, tuple[str, bytes]] = {}
        self.shared: list[Shared] = []
        self.failures: dict[str, deque[Failure]] = defaultdict(deque)
        # Pictures by their files' ids; what is uploaded is not ready while `slow_files` says so.
        self.pictures: dict[str, File] = {}
        self.slow_files = False
        self.page_size = 100
        # What its clock says, in the form of HTTP; this machine's time when nothing is set.
        self.date: str | None = None
        self.socket_url = ""
        self._number = 0
        self._server: TestServer | None = None

    def add(self, team: Team) -> Team:
        """Let a workspace exist."""
        self.teams[team.token] = team
        return team

    async def start(self) -> None:
        """Listen on a port of this machine."""
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.add_routes(
            [
                web.route("*", "/api/{method}", self._call),
                web.post("/respond/{name}", self._respond),
                web.get("/files/{file}", self._download),
                web.post("/upload/{file}", self._upload),
            ]
        )
        self._server = TestServer(app)
        await self._server.start_server()

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            await self._server.close()

    @property
    def api_url(self) -> str:
        """The address that SLACK_API_URL names."""
        return f"{self._root}/api/"

    def response_url(self, name: str) -> str:
        """Return an address that something done may be answered at."""
        return f"{self._root}/respond/{name}"

    @property
    def _root(self) -> str:
        assert self._server is not None
        return str(self._server.make_url("")).rstrip("/")

    def fail(self, method: str, *failures: Failure) -> None:
        """Let the next calls of a method fail."""
        self.failures[method].extend(failures)

    def calls_of(self, method: str) -> list[Answer]:
        """Return the arguments of every call of a method."""
        return [arguments for name, arguments in self.calls if name == method]

    def said_in(self, channel: str) -> list[Said]:
        """Return what stands in a channel or a direct conversation, whispers left out."""
        return [said for said in self.said if said.channel == channel and said.only_for is None]

    def said_to(self, user: str) -> list[Said]:
        """Return what stands in somebody's conversation with the bot."""
        return self.said_in(direct(user))

    async def _respond(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.responses.append((request.match_info["name"], body))
        return web.Response(text="ok")

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await asked_in(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(arguments.pop("token", ""))
        self.calls.append((method, arguments))
        failure = self._failure(method, arguments)
        if failure is not None:
            if failure.does_it:
                self._do(method, arguments, token)
            if failure.hang:
                await asyncio.sleep(30)
            if failure.cut:
                return await cut_off(request)
            if failure.said is not None:
                return web.Response(body=failure.said, status=failure.status, content_type="application/json")
            if failure.status != 200:
                headers = {"Retry-After": str(failure.retry_after)} if failure.retry_after is not None else {}
                error = {"ok": False, "error": failure.error} if failure.error else {}
                return web.json_response(error, status=failure.status, headers=headers)
            return web.json_response({"ok": False, "error": failure.error})
        known = self.teams.get(token)
        headers = {"X-OAuth-Scopes": ",".join(known.scopes)} if known is not None else {}
        if self.date is not None:
            headers["Date"] = self.date
        return web.json_response(self._do(method, arguments, token), headers=headers)

    def _failure(self, method: str, arguments: Answer) -> Failure | None:
        scripted = self.failures[method]
        if scripted and scripted[0].channel in (None, arguments.get("channel")):
            return scripted.popleft()
        return None

    def _do(self, method: str, arguments: Answer, token: str) -> Answer:
        if method == "oauth.v2.access":
            return self._oauth(arguments)
        if method == "apps.connections.open":
            return {"ok": True, "url": self.socket_url} if token.startswith("xapp-") else _no("invalid_auth")
        team = self.teams.get(token)
        if team is None:
            return _no("invalid_auth")
        methods: Mapping[str, Callable[[Team, Answer], Answer]] = {
            "auth.test": self._auth_test,
            "auth.teams.list": lambda team, asked: self._page([{"id": one} for one in team.teams], "teams", asked),
            "users.list": self._users,
            "users.info": self._user,
            "usergroups.list": lambda team, _: {"ok": True, "usergroups": team.groups},
            "conversations.list": self._channels,
            "conversations.info": self._channel,
            "conversations.members": lambda team, asked: self._page(
                team.members.get(asked["channel"], []), "members", asked
            ),
            "conversations.open": lambda _, asked: {"ok": True, "channel": {"id": conversation(asked["users"])}},
            "files.getUploadURLExternal": self._place_for_upload,
            "files.completeUploadExternal": self._share,
            "conversations.history": self._history,
            "conversations.replies": self._history,
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "files.info": self._file,
            "views.open": self._open,
            "views.push": self._open,
            "views.update": self._update_view,
            "views.publish": self._publish,
        }
        return methods[method](team, arguments) if method in methods else _no("unknown_method")

    def _oauth(self, asked: Answer) -> Answer:
        team = self.codes.pop(asked.get("code", ""), None)
        if team is None:
            return _no("invalid_code")
        self.add(team)
        return {
            "ok": True,
            "app_id": "A1",
            "access_token": team.token,
            "token_type": "bot",
            "scope": "chat:write,commands",
            "bot_user_id": team.bot_user_id,
            "authed_user": {"id": "UINSTALLER"},
            "is_enterprise_install": team.is_enterprise_install,
            "team": None if team.is_enterprise_install else {"id": team.team_id, "name": team.name},
            "enterprise": {"id": team.enterprise_id, "name": "Grid"} if team.enterprise_id else None,
        }

    def _auth_test(self, team: Team, _: Answer) -> Answer:
        return {
            "ok": True,
            "url": f"https://{team.team_id.lower()}.slack.com/",
            "team": team.name,
            "team_id": team.team_id,
            "user_id": team.bot_user_id,
            "bot_id": team.bot_id,
            "enterprise_id": team.enterprise_id,
            "is_enterprise_install": team.is_enterprise_install,
        }

    def _page(self, rows: list[Any], under: str, asked: Answer) -> Answer:
        start = int(asked.get("cursor") or 0)
        end = start + min(self.page_size, int(asked.get("limit", 100)))
        cursor = str(end) if end < len(rows) else ""
        return {"ok": True, under: rows[start:end], "response_metadata": {"next_cursor": cursor}}

    def _users(self, team: Team, asked: Answer) -> Answer:
        if team.is_enterprise_install and not asked.get("team_id"):
            return _no("missing_argument")
        return self._page(team.users, "members", asked)

    def _channels(self, team: Team, asked: Answer) -> Answer:
        if team.is_enterprise_install and not asked.get("team_id"):
            return _no("missing_argument")
        return self._page(team.channels, "channels", asked)

    def _user(self, team: Team, asked: Answer) -> Answer:
        found = next((user for user in team.users if user["id"] == asked["user"]), None)
        return {"ok": True, "user": found} if found else _no("user_not_found")

    def _channel(self, team: Team, asked: Answer) -> Answer:
        found = next((channel for channel in team.channels if channel["id"] == asked["channel"]), None)
        return {"ok": True, "channel": found} if found else _no("channel_not_found")

    def _file(self, _: Team, asked: Answer) -> Answer:
        file = self.pictures.get(asked["file"])
        if file is None:
            return _no("file_not_found")
        size = file.size or len(file.content)
        told = {"id": asked["file"], "size": size, "mimetype": "image/jpeg" if file.is_ready else ""}
        url = file.url or f"{self._root}/files/{asked['file']}"
        return {"ok": True, "file": {**told, "url_private_download": url}}

    async def _download(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.teams:
            return web.Response(status=302, headers={"Location": "/login"})
        return web.Response(body=self.pictures[request.match_info["file"]].content)

    async def _upload(self, request: web.Request) -> web.Response:
        name, _ = self.uploads[request.match_info["file"]]
        self.uploads[request.match_info["file"]] = name, await request.read()
        return web.Response(text="OK")

    def _shows_unready(self, blocks: list[Answer]) -> bool:
        """Whether blocks show a file that Slack does not have, or is not done with."""
        shown = [block["slack_file"]["id"] for block in blocks if block["type"] == "image"]
        return any(file not in self.pictures or not self.pictures[file].is_ready for file in shown)

    def _place(self, team: Team, channel: str) -> str | None:
        """Return where a message to `channel` stands: people's ids lead to their conversation with the bot."""
        if channel[:1] in ("U", "W"):
            return direct(channel) if any(user["id"] == channel for user in team.users) else None
        if channel[:1] in ("D", "G"):
            return channel
        return channel if any(found["id"] == channel for found in team.channels) else None

    def _place_for_upload(self, team: Team, asked: Answer) -> Answer:  # noqa: ARG002 - the form of a method
        self._number += 1
        self.uploads[f"F{self._number}"] = asked["filename"], b""
        return {"ok": True, "file_id": f"F{self._number}", "upload_url": f"{self._root}/upload/F{self._number}"}

    def _share(self, team: Team, asked: Answer) -> Answer:
        if "channel_id" not in asked:
            return self._keep_picture(asked)
        if not asked["channel_id"].startswith(("C", "D", "G")):
            # A person's id is refused (slackapi/bolt-js#2115).
            return _no("invalid_arguments")
        place = self._place(team, asked["channel_id"])
        if place is None:
            return _no("channel_not_found")
        files = asked["files"] if isinstance(asked["files"], list) else json.loads(asked["files"])
        if any(file["id"] not in self.uploads for file in files):
            return _no("file_not_found")
        for file in files:
            name, content = self.uploads.pop(file["id"])
            self.shared.append(Shared(place, name, asked.get("initial_comment", ""), content))
        return {"ok": True, "files": files}

    def _keep_picture(self, asked: Answer) -> Answer:
        files = asked["files"] if isinstance(asked["files"], list) else json.loads(asked["files"])
        if any(not self.uploads.get(file["id"], ("", b""))[1] for file in files):
            return _no("file_not_found")
        for file in files:
            _, content = self.uploads.pop(file["id"])
            self.pictures[file["id"]] = File(content, is_ready=not self.slow_files)
        return {"ok": True, "files": files}

    def _post(self, team: Team, asked: Answer) -> Answer:
        place = self._place(team, asked["channel"])
        if place is None:
            return _no("channel_not_found")
        wrong = wrong_with_message(asked)
        if wrong or self._shows_unready(asked.get("blocks") or []):
            return _no(wrong or "invalid_blocks")
        said = Said(place, self._ts(), team.token, asked, asked.get("thread_ts"))
        self.said.append(said)
        return {"ok": True, "channel": place, "ts": said.ts, "message": asked}

    def _post_ephemeral(self, team: Team, asked: Answer) -> Answer:
        found = next((channel for channel in team.channels if channel["id"] == asked["channel"]), None)
        if found is None:
            return _no("channel_not_found")
        if not found.get("is_member"):
            return _no("not_in_channel")
        said = Said(asked["channel"], self._ts(), team.token, asked, asked.get("thread_ts"), asked["user"])
        self.said.append(said)
        return {"ok": True, "message_ts": said.ts}

    def _update(self, team: Team, asked: Answer) -> Answer:
        for said in self.said:
            if (said.channel, said.ts, said.user_token) == (asked["channel"], asked["ts"], team.token):
                wrong = wrong_with_message(asked)
                if wrong or self._shows_unready(asked.get("blocks") or []):
                    return _no(wrong or "invalid_blocks")
                said.body = {**said.body, **asked}
                said.edits += 1
                return {"ok": True, "channel": said.channel, "ts": said.ts}
        return _no("message_not_found")

    def _history(self, team: Team, asked: Answer) -> Answer:
        stands = [
            {"ts": said.ts, "metadata": said.body.get("metadata")}
            for said in reversed(self.said)
            if said.channel == asked["channel"] and said.user_token == team.token and said.only_for is None
        ]
        return self._page(stands, "messages", asked)

    def _open(self, team: Team, asked: Answer) -> Answer:  # noqa: ARG002 - the form of a method
        wrong = wrong_with_view(asked["view"])
        if wrong or self._shows_unready(asked["view"]["blocks"]):
            return _no(wrong or "invalid_arguments")
        self._number += 1
        view = {**asked["view"], "id": f"V{self._number}", "hash": f"h{self._number}"}
        view["root_view_id"] = view["id"]
        self.views[view["id"]] = view
        self.opened.append((asked["trigger_id"], view))
        return {"ok": True, "view": view}

    def _update_view(self, team: Team, asked: Answer) -> Answer:  # noqa: ARG002 - as above
        wrong = wrong_with_view(asked["view"])
        if wrong or self._shows_unready(asked["view"]["blocks"]):
            return _no(wrong or "invalid_arguments")
        view = {**self.views[asked["view_id"]], **asked["view"]}
        self.views[asked["view_id"]] = view
        self.opened.append(("update", view))
        return {"ok": True, "view": view}

    def _publish(self, team: Team, asked: Answer) -> Answer:  # noqa: ARG002 - as above
        wrong = wrong_with_view(asked["view"])
        if wrong or self._shows_unready(asked["view"]["blocks"]):
            return _no(wrong or "invalid_arguments")
        self.homes[asked["user_id"]] = asked["view"]
        return {"ok": True}

    def _ts(self) -> str:
        self._number += 1
        return f"1804075200.{self._number:06}"


def _no(error: str) -> Answer:
    return {"ok": False, "error": error}
