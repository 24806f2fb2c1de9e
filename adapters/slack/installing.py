"""Installing by OAuth: Bolt's flow, with its state and what comes of it on tables of ours, tokens encrypted."""

import hashlib
import logging
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from adapters.slack.api import SlackApi
from adapters.slack.config import DEFAULT_API, SlackConfig
from adapters.slack.connections import Connections, Installed
from adapters.slack.roster import Roster
from bot.clock import Clock
from bot.context import known
from bot.secrets import SecretLost, Vault
from storage.database import Database
from storage.directory import name_first_lead
from storage.installations import end_installing

log = structlog.get_logger()

INSTALL: Final = "/slack/install"
REDIRECT: Final = "/slack/oauth_redirect"
# How long somebody may look at Slack's page before they say yes.
STATE_EXPIRES: Final = timedelta(minutes=10)
# Tells a state from whatever else is encrypted under the same key.
STATE_OF: Final = "slack-install "


class States(AsyncOAuthStateStore):
    """What an installation has to bring back: its time under our own key, taken once. Bolt ties it to the browser.

    Whoever only looks at the page leaves nothing behind: what was taken is kept, as a hash, and not what was given.
    """

    def __init__(self, database: Database, clock: Clock, vault: Vault) -> None:
        """Keep in the database what was taken, so that any process may end what another began."""
        self._database = database
        self._clock = clock
        self._vault = vault

    async def async_issue(self, *args: Any, **kwargs: Any) -> str:  # noqa: ARG002 - slack_sdk's form
        """Return a new state."""
        given_at = self._clock.now().isoformat()
        return self._vault.lock(f"{STATE_OF}{given_at} {secrets.token_urlsafe(16)}")

    async def async_consume(self, state: str) -> bool:
        """Take a state back; False for one that was never given, is too old, or was taken before."""
        said = self._said(state)
        now = self._clock.now()
        if said is None:
            return False
        expires_at = datetime.fromisoformat(said.split()[0]) + STATE_EXPIRES
        if expires_at <= now:
            return False
        async with self._database.begin() as session:
            return await end_installing(session, _digest(said), now, expires_at)

    def _said(self, state: str) -> str | None:
        """Return what a state says, however it is spelled, None for one that is not ours."""
        try:
            said = self._vault.unlock(state)
        except SecretLost:
            return None
        return said.removeprefix(STATE_OF) if said.startswith(STATE_OF) else None


class Installations(AsyncInstallationStore):
    """Keeps what an installation brings. Finding is `Connections`' own; Bolt is given an authorize function instead."""

    def __init__(
        self, database: Database, clock: Clock, api: SlackApi, connections: Connections, roster: Roster
    ) -> None:
        """Store through `connections`, and have the people asked for at once."""
        self._database = database
        self._clock = clock
        self._api = api
        self._connections = connections
        self._roster = roster

    async def async_save(self, installation: Installation) -> None:
        """Store an installation; whoever made it is the communications lead where there is none yet.

        Raises BoltError when Slack does not say where it is.
        """
        token = installation.bot_token
        if not token:
            raise BoltError("Slack gave no bot token")
        try:
            here = await self._api.asking.auth_test(token=token)
        except SlackApiError as refused:
            raise BoltError("the new token does not work") from refused
        installed = Installed(
            team_id=installation.team_id,
            enterprise_id=installation.enterprise_id,
            is_enterprise_install=bool(installation.is_enterprise_install),
            name=str(installation.enterprise_name or installation.team_name or here.get("team") or ""),
            bot_user_id=str(installation.bot_user_id or here.get("user_id") or ""),
            bot_id=str(installation.bot_id or here.get("bot_id") or ""),
            url=str(here.get("url") or ""),
            token=token,
            scopes=",".join(installation.bot_scopes or ()),
        )
        async with self._database.begin() as session:
            workspace = await self._connections.store(session, installed)
            if installation.user_id:
                await name_first_lead(session, known(workspace.id), installation.user_id, self._clock.now())
        log.info("slack.installed", workspace=workspace.id)
        self._roster.wake()


class Installing:
    """The two pages of installing: the one that leads to Slack, and the one that Slack leads back to."""

    def __init__(
        self,
        config: SlackConfig,
        scopes: Sequence[str],
        base_url: str,
        api: SlackApi,
        states: States,
        installations: Installations,
        logger: logging.Logger,
    ) -> None:
        """Use Bolt's flow."""
        # Slack's own page for it stands beside its Web API; so does a stand-in's, and GovSlack's.
        site = config.api_url.removesuffix("/").removesuffix("/api")
        self._flow = AsyncOAuthFlow(
            client=api.asking,
            logger=logger,
            settings=AsyncOAuthSettings(
                client_id=config.client_id,
                client_secret=config.client_secret,
                scopes=scopes,
                redirect_uri=base_url.rstrip("/") + REDIRECT,
                install_path=INSTALL,
                redirect_uri_path=REDIRECT,
                authorization_url=None if config.api_url == DEFAULT_API else f"{site}/oauth/v2/authorize",
                installation_store=installations,
                state_store=states,
                state_expiration_seconds=int(STATE_EXPIRES.total_seconds()),
                logger=logger,
            ),
        )

    def mount(self, application: web.Application) -> None:
        """Add the two pages."""
        application.add_routes([web.get(INSTALL, self.begin), web.get(REDIRECT, self.end)])

    async def begin(self, request: web.Request) -> web.StreamResponse:
        """Show the way to Slack."""
        return await to_aiohttp_response(await self._flow.handle_installation(_asked(request)))

    async def end(self, request: web.Request) -> web.StreamResponse:
        """Take what Slack's page sent back, and say how it went."""
        return await to_aiohttp_response(await self._flow.handle_callback(_asked(request)))


def _asked(request: web.Request) -> AsyncBoltRequest:
    """Return a request as Bolt reads it, without its body: neither page has one, and any bytes may come as one."""
    return AsyncBoltRequest(body="", query=request.query_string, headers=dict(request.headers))


def _digest(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()
