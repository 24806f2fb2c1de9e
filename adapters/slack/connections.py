"""Where Samlas is installed in Slack, and with which token it speaks there.

An organisation is one `Workspace` of ours: a Slack workspace, or a whole Enterprise Grid, in which one person is one
person with one id, however many of its workspaces Samlas is installed in (each is an `Installation`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.api import SlackApi
from bot.clock import Clock
from bot.context import known
from bot.directory import begin_directory
from bot.errors import ConfigurationError
from bot.secrets import SecretLost, Vault
from bot.texts import text
from storage.database import Database, Session
from storage.installations import find_installation, installations_of, remove_installation, store_installation
from storage.people import find_channel
from storage.tables import Installation, Platform, Workspace
from storage.workspaces import add_workspace, find_workspace, get_workspace

# How long another process may go on with a token after it was taken back; Slack itself refuses it at once.
REMEMBERED_SECONDS: Final = 60.0
# What is sent by the bot itself is sent many at a time: what is claimed together is spoken with the same token.
SPOKEN_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Connection:
    """One installation, ready to speak. `key` is the organisation's id as events of ours name the workspace."""

    workspace_id: int
    key: str
    installation_id: int
    place: str
    token: str
    team_id: str | None
    enterprise_id: str | None
    bot_user_id: str
    bot_id: str
    url: str


@dataclass(frozen=True, slots=True)
class Installed:
    """What Slack tells when Samlas is installed somewhere; `token` None where it comes from the environment."""

    team_id: str | None
    enterprise_id: str | None
    is_enterprise_install: bool
    name: str
    bot_user_id: str
    bot_id: str
    url: str
    token: str | None
    scopes: str = ""

    @property
    def key(self) -> str:
        """The organisation's id: a Grid's, or that of a workspace by itself."""
        return self.enterprise_id or self.team_id or ""

    @property
    def place(self) -> str:
        """Where it is installed: in the whole Grid, or in one workspace."""
        return self.key if self.is_enterprise_install else (self.team_id or self.key)


class Connections:
    """Finds and keeps installations. `own_token` is the one from the environment, where there is one."""

    def __init__(self, database: Database, clock: Clock, vault: Vault | None, own_token: str = "") -> None:
        """Keep them in the database; without a vault no token is ever stored."""
        self._database = database
        self._clock = clock
        self._vault = vault
        self._own_token = own_token
        # Where the environment's token belongs; a row left by another token never speaks with this one.
        self._own_place: str | None = None
        self._remembered: dict[tuple[str, ...], tuple[float, Connection]] = {}
        # Of organisations with one installation, by their keys.
        self._only: dict[str, tuple[float, Connection]] = {}

    async def at(self, team_id: str | None, enterprise_id: str | None) -> Connection | None:
        """Return the installation in a Slack workspace, or the one for the whole Grid it belongs to."""
        places = tuple(place for place in (team_id, enterprise_id) if place)
        until, connection = self._remembered.get(places, (0.0, None))
        if connection is not None and until > monotonic():
            return connection
        async with self._database.read() as session:
            found = await find_installation(session, Platform.SLACK, places)
            connection = self._connection(*found) if found is not None else None
        if connection is not None:
            self._remembered[places] = (monotonic() + REMEMBERED_SECONDS, connection)
        return connection

    async def of_workspace(self, key: str, channel: str | None = None) -> Connection | None:
        """Return an installation that can speak in an organisation, in that channel if it is one of several."""
        until, only = self._only.get(key, (0.0, None))
        if only is not None and until > monotonic():
            return only
        async with self._database.read() as session:
            workspace = await find_workspace(session, Platform.SLACK, key)
            if workspace is None:
                return None
            all_of_it = await installations_of(session, known(workspace.id))
            through = None
            if channel is not None and len(all_of_it) > 1:
                row = await find_channel(session, known(workspace.id), channel)
                through = row.installation_id if row is not None else None
        ordered = sorted(all_of_it, key=lambda one: (one.id != through, one.external_id != key))
        connection = next((found for one in ordered if (found := self._connection(one, workspace)) is not None), None)
        if connection is not None and len(all_of_it) == 1:
            self._only[key] = (monotonic() + SPOKEN_SECONDS, connection)
        return connection

    async def all_of(self, workspace_id: int) -> list[Connection]:
        """Return every installation of an organisation that can speak."""
        async with self._database.read() as session:
            workspace = await get_workspace(session, workspace_id)
            found = await installations_of(session, workspace_id)
        connections = [self._connection(installation, workspace) for installation in found]
        return [connection for connection in connections if connection is not None]

    async def store(self, session: Session, installed: Installed) -> Workspace:
        """Store an installation, and its workspace where it is the first; its people are asked for at once."""
        now = self._clock.now()
        workspace = await find_workspace(session, Platform.SLACK, installed.key)
        if workspace is None:
            workspace = await add_workspace(session, Platform.SLACK, installed.key, installed.name, now, {})
        secret = None
        if installed.token is not None and self._vault is not None:
            secret = self._vault.lock(installed.token)
        await store_installation(
            session,
            known(workspace.id),
            installed.place,
            details={
                "team_id": installed.team_id,
                "enterprise_id": installed.enterprise_id,
                "bot_user_id": installed.bot_user_id,
                "bot_id": installed.bot_id,
                "url": installed.url,
                "scopes": installed.scopes,
            },
            secret=secret,
            now=now,
        )
        await begin_directory(session, known(workspace.id), now)
        self._forget()
        return workspace

    async def adopt(self, api: SlackApi) -> None:
        """Store where the environment's token belongs.

        Raises ConfigurationError when Slack does not take the token.
        """
        installed = await who_am_i(api, self._own_token)
        async with self._database.begin() as session:
            await self.store(session, installed)
        self._own_place = installed.place

    async def remove(self, place: str, told_at: datetime, of_bots: Collection[str] | None = None) -> int | None:
        """Remove the installation in exactly this place, with its token, if it was there at `told_at`.

        `of_bots`: only if its bot is one of these. Returns the organisation's row id, None when nothing was removed.
        """
        async with self._database.begin() as session:
            found = await find_installation(session, Platform.SLACK, [place])
            if found is None:
                return None
            installation, workspace = found
            # Slack tells the time in whole seconds.
            is_newer = installation.installed_at.replace(microsecond=0) > told_at
            if is_newer or (of_bots is not None and installation.details.get("bot_user_id") not in of_bots):
                return None
            await remove_installation(session, known(workspace.id), place)
        self._forget()
        return workspace.id

    def _forget(self) -> None:
        self._remembered.clear()
        self._only.clear()

    def _connection(self, installation: Installation, workspace: Workspace) -> Connection | None:
        token = self._own_token if installation.external_id == self._own_place else ""
        if installation.secret is not None:
            if self._vault is None:
                return None
            try:
                token = self._vault.unlock(installation.secret)
            except SecretLost:
                return None
        if not token:
            return None
        details = installation.details
        return Connection(
            workspace_id=known(workspace.id),
            key=workspace.external_id,
            installation_id=known(installation.id),
            place=installation.external_id,
            token=token,
            team_id=details.get("team_id"),
            enterprise_id=details.get("enterprise_id"),
            bot_user_id=details.get("bot_user_id", ""),
            bot_id=details.get("bot_id", ""),
            url=details.get("url", ""),
        )


async def who_am_i(api: SlackApi, token: str) -> Installed:
    """Ask Slack whose bot token this is.

    Raises ConfigurationError when Slack does not take it, or cannot be reached.
    """
    try:
        answer = await api.asking.auth_test(token=token)
    except SlackApiError as refused:
        raise ConfigurationError(
            text(
                "SLACK_BOT_TOKEN: Slack does not take it ({error}). Copy the Bot User OAuth Token again, from"
                " OAuth & Permissions of the app.",
                error=str(refused.response.get("error", refused.response.status_code)),
            )
        ) from refused
    except (aiohttp.ClientError, TimeoutError, OSError) as unreached:
        raise ConfigurationError(
            text(
                "Slack cannot be reached at {address}. Look at the network and the proxy, and at SLACK_API_URL where it"
                " is set.",
                address=api.asking.base_url,
            )
        ) from unreached
    return installed_from(answer.data if isinstance(answer.data, dict) else {})


def installed_from(answer: Mapping[str, Any]) -> Installed:
    """Return what `auth.test` says about a bot token that comes from the environment."""
    return Installed(
        team_id=answer.get("team_id"),
        enterprise_id=answer.get("enterprise_id"),
        is_enterprise_install=bool(answer.get("is_enterprise_install")),
        name=str(answer.get("team") or ""),
        bot_user_id=str(answer.get("user_id") or ""),
        bot_id=str(answer.get("bot_id") or ""),
        url=str(answer.get("url") or ""),
        token=None,
    )
