"""Slack as the program sees it: its doors, its gateway, and what is open while serving."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from aiohttp import web
from slack_bolt.async_app import AsyncApp

from adapters.slack.answering import Answering
from adapters.slack.api import SlackApi
from adapters.slack.config import SlackConfig, SlackMode
from adapters.slack.connections import Connections
from adapters.slack.dispatch import bolt_app, quiet_logger
from adapters.slack.front_door import FrontDoor
from adapters.slack.gateway import SlackGateway
from adapters.slack.inbox import Inbox
from adapters.slack.installing import Installations, Installing, States
from adapters.slack.interactions import Interactions
from adapters.slack.manifest import SCOPES
from adapters.slack.pictures import Pictures
from adapters.slack.places import Places
from adapters.slack.roster import Roster
from adapters.slack.socket import Socket, connected
from bot.config import Config
from bot.errors import ConfigurationError
from bot.secrets import vault_of
from bot.surface import Core, Surface
from bot.texts import text


class Slack:
    """Everything of one serving process that has to do with Slack, put together by how it is configured."""

    def __init__(self, core: Core, config: Config, slack: SlackConfig) -> None:
        """Put it together; nothing is opened before `lifespan`.

        Raises ConfigurationError, naming the variable and the fix, when the variables do not make a whole.
        """
        self.mode = slack.mode()
        self._config = slack
        vault = vault_of(config.secret_key) if self.mode is SlackMode.MANY else None
        self.api = SlackApi(slack.api_url)
        self.connections = Connections(core.database, core.clock, vault, slack.bot_token)
        self.roster = Roster(core.database, core.clock, self.api, self.connections, config.admin_emails())
        self.pictures = Pictures(core.database, core.clock, self.api, slack.api_url)
        self.answering = Answering(core.database, self.api, self.pictures)
        places = Places(core.database, core.clock, self.connections, self.roster)
        self.inbox = Inbox(core, self.connections, self.roster, places, self.answering)
        self.app: AsyncApp = bolt_app(
            self.api, self.connections, self.inbox, Interactions(core, self.roster, self.answering, self.pictures)
        )
        self.gateway = SlackGateway(core.database, core.clock, self.api, self.connections, self.pictures)
        self.door = FrontDoor(self.app, self.inbox, slack.signing_secret) if slack.signing_secret else None
        self._installing = None
        if vault is not None:
            states = States(core.database, core.clock, vault)
            store = Installations(core.database, core.clock, self.api, self.connections, self.roster)
            self._installing = Installing(
                slack, tuple(SCOPES), _base_url(config), self.api, states, store, quiet_logger()
            )

    def mount(self, application: web.Application) -> None:
        """Add the routes that this way of serving has: none at all by Socket Mode."""
        if self.mode is SlackMode.SOCKET:
            return
        if self.door is not None:
            self.door.mount(application)
        if self._installing is not None:
            self._installing.mount(application)

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Hold the session, the roster's round and, by Socket Mode, the connection.

        Raises ConfigurationError when Slack does not take a token.
        """
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.api.opened())
            if self.mode is not SlackMode.MANY:
                await self.connections.adopt(self.api)
            stack.push_async_callback(self.answering.done)
            keeping = asyncio.create_task(self.roster.run())
            stack.push_async_callback(_ended, keeping)
            if self.mode is SlackMode.SOCKET:
                socket = Socket(self.app, self.inbox, self.api, self._config.app_token)
                await stack.enter_async_context(connected(socket))
            yield


def slack_surface(core: Core, config: Config, slack: SlackConfig) -> Surface:
    """Return Slack, as configured.

    Raises ConfigurationError, naming the variable and the fix, when the variables do not make a whole.
    """
    made = Slack(core, config, slack)
    return Surface(made.gateway, made.mount, lifespan=made.lifespan)


def _base_url(config: Config) -> str:
    if not config.base_url:
        raise ConfigurationError(
            text(
                "SAMLAS_BASE_URL is missing: Slack leads back there after installing. Set it to the address at which"
                " Samlas is reached from outside, such as https://samlas.example.com."
            )
        )
    return config.base_url


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
