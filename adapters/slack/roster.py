"""Keeps an organisation's people and channels as Slack has them: all of them when installed and nightly, by pages.

In between, events tell (adapters/slack/places.py). Guests and strangers are recognised here.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from adapters.slack.api import SlackApi
from adapters.slack.connections import Connection, Connections
from adapters.slack.people import channel_seen, is_from_elsewhere, person_seen
from adapters.slack.reach import error_of
from bot.clock import Clock
from bot.context import known
from bot.directory import count_outsiders, see_everybody
from bot.directory import is_from_elsewhere as is_remembered_outsider
from storage.database import Database
from storage.directory import (
    claim_directories,
    directory_done,
    fill_channel,
    is_known_person,
    name_leads,
    see_channel,
    stubs,
)
from storage.directory_parts import claim_parts, part_done
from storage.groups import keep_groups, see_group
from storage.outsiders import keep_outsiders
from storage.tables import DirectoryPart, Platform

log = structlog.get_logger()

# A workspace that could not be asked is asked again after this; a list that takes longer is not begun twice.
AGAIN_AFTER: Final = timedelta(minutes=30)
# The night's round, UTC, and over how many minutes the workspaces are spread.
NIGHT_HOUR: Final = 2
SPREAD_MINUTES: Final = 120
LOOK_EVERY_SECONDS: Final = 60.0
PAGE: Final = 200
CHANNEL_TYPES: Final = "public_channel,private_channel"
# People who have been recognised, by (workspace, id): so many are remembered without asking the database.
REMEMBERED: Final = 20_000
STUBS_AT_ONCE: Final = 50
# The part of the directory that is no channel.
GROUPS: Final = "groups"
# What Slack says of people whom this workspace may know nothing about, or who are nobody.
NOT_TOLD_OF: Final = frozenset({"user_not_found", "user_not_visible"})
# A channel of which nothing is to be known (any more).
GONE: Final = frozenset({"channel_not_found", "not_in_channel"})
# What Slack says where there are no user groups: the plan has none, or the app was installed before they were wanted.
WITHOUT_GROUPS: Final = frozenset(
    {"paid_teams_only", "plan_upgrade_required", "team_not_eligible", "missing_scope", "not_allowed_token_type"}
)


class Roster:
    """Asks Slack about people and places. `admins` are the e-mail addresses of communications leads."""

    def __init__(
        self, database: Database, clock: Clock, api: SlackApi, connections: Connections, admins: Collection[str]
    ) -> None:
        """Ask through the installations, and keep what is found in the database."""
        self._database = database
        self._clock = clock
        self._api = api
        self._connections = connections
        self._admins = admins
        self._ours: OrderedDict[tuple[int, str], bool] = OrderedDict()
        self._woken = asyncio.Event()
        # Whoever asks for what is due returns when it has been done, by themselves or by who was before them.
        self._asking = asyncio.Lock()

    def wake(self) -> None:
        """Look at once: a workspace has just been installed, or a part of one has changed."""
        self._woken.set()

    async def run(self) -> None:
        """Keep every installed workspace's directory, until cancelled."""
        while True:
            self._woken.clear()
            try:
                await self.do_due()
            except Exception:
                # The database is in trouble; what is due stays due.
                log.exception("slack.roster_failed")
            try:
                async with asyncio.timeout(LOOK_EVERY_SECONDS):
                    await self._woken.wait()
            except TimeoutError:
                pass

    async def do_due(self) -> None:
        """Ask for what events have told of, and for the people and places of every workspace whose time it is."""
        async with self._asking:
            await self._ask_parts()
            await self._ask_all()

    async def _ask_parts(self) -> None:
        async with self._database.begin() as session:
            claimed = await claim_parts(session, Platform.SLACK, self._clock.now(), AGAIN_AFTER)
        for part in claimed:
            try:
                await self._see_part(part)
            except (SlackApiError, aiohttp.ClientError, TimeoutError) as failure:
                error = error_of(failure) if isinstance(failure, SlackApiError) else type(failure).__name__
                log.warning("slack.part_not_read", workspace=part.workspace_id, error=error)
                if error not in GONE:
                    continue
            except Exception:
                log.exception("slack.roster_failed", workspace=part.workspace_id)
                continue
            async with self._database.begin() as session:
                await part_done(session, part.workspace_id, part)

    async def _see_part(self, part: DirectoryPart) -> None:
        connection = await self._connections.at(part.place, None)
        if connection is None:
            # Taken out of there since.
            return
        if part.part == GROUPS:
            await self.see_groups(connection)
        else:
            await self.see_place(connection, part.part)

    async def _ask_all(self) -> None:
        async with self._database.begin() as session:
            claimed = await claim_directories(session, Platform.SLACK, self._clock.now(), AGAIN_AFTER)
        for workspace in claimed:
            workspace_id = known(workspace.id)
            try:
                await self._see_workspace(workspace_id)
            except (SlackApiError, aiohttp.ClientError, TimeoutError) as failure:
                error = error_of(failure) if isinstance(failure, SlackApiError) else type(failure).__name__
                log.warning("slack.roster_not_read", workspace=workspace_id, error=error)
            except Exception:
                # Whatever is the matter with one organisation, the others are kept.
                log.exception("slack.roster_failed", workspace=workspace_id)

    async def _see_workspace(self, workspace_id: int) -> None:
        for connection in await self._connections.all_of(workspace_id):
            await self._see_all(connection)
        now = self._clock.now()
        async with self._database.begin() as session:
            await name_leads(session, workspace_id, self._admins)
            await directory_done(session, workspace_id, now, next_night(now, workspace_id))

    async def is_remembered_outsider(self, connection: Connection, person: str, belongs_to: str | None = None) -> bool:
        """Whether somebody is known to be from elsewhere; `belongs_to` is the workspace that Slack says is theirs."""
        if belongs_to and connection.enterprise_id is None and connection.team_id not in (None, belongs_to):
            return True
        if (connection.workspace_id, person) in self._ours:
            return False
        async with self._database.read() as session:
            return await is_remembered_outsider(session, connection.workspace_id, person)

    async def is_unsure_of(self, connection: Connection, person: str, belongs_to: str | None) -> bool:
        """Whether it cannot be told yet if somebody belongs here: only on a Grid, whose workspaces are many.

        There a foreign workspace looks like one of the Grid's own, until Slack has been asked about the person.
        """
        if connection.enterprise_id is None or belongs_to in (connection.team_id, connection.enterprise_id):
            return False
        if (connection.workspace_id, person) in self._ours:
            return False
        async with self._database.read() as session:
            return not await is_known_person(session, connection.workspace_id, person)

    async def is_outsider(self, connection: Connection, person: str, belongs_to: str | None = None) -> bool:
        """Whether somebody is a guest or from another organisation; `belongs_to` is the workspace said to be theirs.

        Slack is asked about somebody who has never been heard of, once. Raises what the Web API raises.
        """
        if await self.is_remembered_outsider(connection, person, belongs_to):
            return True
        remembered = (connection.workspace_id, person)
        if remembered in self._ours:
            self._ours.move_to_end(remembered)
            return False
        async with self._database.read() as session:
            is_ours = await is_known_person(session, connection.workspace_id, person)
        if not is_ours and await self.ask_about(connection, person):
            return True
        self._ours[remembered] = True
        if len(self._ours) > REMEMBERED:
            self._ours.popitem(last=False)
        return False

    async def ask_about(self, connection: Connection, person: str) -> bool:
        """Ask Slack who somebody is, and keep it; True for an outsider, and for one of whom Slack tells us nothing.

        Raises what else the Web API raises.
        """
        try:
            answer = await self._api.asking.users_info(token=connection.token, user=person, include_locale=True)
        except SlackApiError as refused:
            if error_of(refused) not in NOT_TOLD_OF:
                raise
            return True
        return person in await self.see_users(connection, [answer["user"]])

    async def see_users(self, connection: Connection, users: Collection[dict[str, Any]]) -> set[str]:
        """Keep what Slack says about some people; returns the ids of those who are from elsewhere."""
        outsiders = {
            str(user["id"]) for user in users if is_from_elsewhere(user, connection.team_id, connection.enterprise_id)
        }
        ours = [person_seen(user) for user in users if user["id"] not in outsiders]
        async with self._database.begin() as session:
            await see_everybody(session, connection.workspace_id, ours, outsiders, self._clock.now())
        for outsider in outsiders:
            self._ours.pop((connection.workspace_id, outsider), None)
        return outsiders

    async def learn_stubs(self, connection: Connection) -> None:
        """Ask about people who did something before anything was known of them. Raises what the Web API raises."""
        async with self._database.read() as session:
            waiting = await stubs(session, connection.workspace_id, STUBS_AT_ONCE)
        for person in waiting:
            await self.ask_about(connection, person)

    async def see_place(self, connection: Connection, channel: str) -> None:
        """Ask for one channel and who is in it. Raises what the Web API raises."""
        answer = await self._api.asking.conversations_info(token=connection.token, channel=channel)
        await self._see_channel(connection, answer["channel"])

    async def _see_all(self, connection: Connection) -> None:
        token, slack = connection.token, self._api.asking
        for team in await self._teams(connection):
            async for page in await slack.users_list(token=token, team_id=team, include_locale=True, limit=PAGE):
                await self.see_users(connection, page["members"])
        for team in await self._teams(connection):
            found = await slack.conversations_list(token=token, team_id=team, types=CHANNEL_TYPES, limit=PAGE)
            async for page in found:
                for channel in page["channels"]:
                    await self._see_channel(connection, channel)
        await self.see_groups(connection)

    async def see_groups(self, connection: Connection) -> None:
        """Ask for the user groups, where the plan has them. Raises what the Web API raises."""
        seen: set[str] = set()
        for team in await self._teams(connection):
            try:
                answer = await self._api.asking.usergroups_list(
                    token=connection.token, team_id=team, include_users=True
                )
            except SlackApiError as refused:
                if error_of(refused) not in WITHOUT_GROUPS:
                    raise
                continue
            async with self._database.begin() as session:
                for group in answer["usergroups"]:
                    seen.add(str(group["id"]))
                    name = str(group.get("name") or group.get("handle") or "")
                    await see_group(session, connection.workspace_id, str(group["id"]), name, group.get("users") or [])
        alone = len(await self._connections.all_of(connection.workspace_id)) == 1
        if alone:
            # With several installations, none of them knows all groups of the organisation.
            async with self._database.begin() as session:
                await keep_groups(session, connection.workspace_id, seen)

    async def _teams(self, connection: Connection) -> list[str | None]:
        """Return the workspaces to ask about by name: those of a Grid that Samlas is installed in as a whole.

        A workspace by itself needs no naming: it is the one the token is for.
        """
        if connection.place != connection.enterprise_id:
            return [None]
        teams: list[str | None] = []
        async for page in await self._api.asking.auth_teams_list(token=connection.token, limit=PAGE):
            teams.extend(str(team["id"]) for team in page["teams"])
        return teams

    async def _see_channel(self, connection: Connection, channel: dict[str, Any]) -> None:
        async with self._database.begin() as session:
            seen = channel_seen(channel, connection.installation_id)
            channel_id = await see_channel(session, connection.workspace_id, seen)
        if not channel.get("is_member") or channel.get("is_archived"):
            return
        inside: list[str] = []
        answer = await self._api.asking.conversations_members(
            token=connection.token, channel=str(channel["id"]), limit=PAGE
        )
        async for page in answer:
            inside.extend(page["members"])
        async with self._database.begin() as session:
            await fill_channel(session, connection.workspace_id, channel_id, inside)
            outsiders = await count_outsiders(
                session, connection.workspace_id, {one for one in inside if one != connection.bot_user_id}
            )
            await keep_outsiders(session, connection.workspace_id, channel_id, outsiders)


def next_night(now: datetime, workspace_id: int) -> datetime:
    """Return the next night's round after `now`; each workspace has its own minute, so that not all ask at once."""
    at = now.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    at += timedelta(minutes=workspace_id % SPREAD_MINUTES)
    return at if at > now else at + timedelta(days=1)
