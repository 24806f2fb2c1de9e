"""Socket Mode: Slack is called by us and calls nobody, for one workspace without a public address.

slack_sdk's client keeps the connection and renews it; an envelope is acknowledged when what it says has been committed,
and one that is not comes again.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from adapters.slack.api import SlackApi
from adapters.slack.envelopes import Kind, Limited, Other, read
from adapters.slack.inbox import Inbox, note_limit
from adapters.slack.reach import error_of
from bot.errors import ConfigurationError
from bot.texts import text

log = structlog.get_logger()

# What is in an envelope, by Slack's word for it; all others are the connection's own.
KINDS: Final = {"events_api": Kind.EVENT, "slash_commands": Kind.COMMAND, "interactive": Kind.INTERACTION}


class Socket(AsyncSocketModeHandler):
    """Bolt's handler, with the shorter way for what is only counted."""

    def __init__(self, app: AsyncApp, inbox: Inbox, api: SlackApi, app_token: str) -> None:
        """Prepare the connection; `connect_async` opens it."""
        super().__init__(app, app_token, logger=app.logger, web_client=api.asking)
        self._inbox = inbox

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """Take one envelope."""
        try:
            kind = KINDS.get(req.type)
            found = read(kind, req.payload) if kind is not None else Other(is_event=False)
            if isinstance(found, Other):
                await super().handle(client, req)  # type: ignore[arg-type]
                return
            if found is None:
                # Slack sends none such; to have it sent again would not mend it.
                log.warning("slack.refused", why="malformed")
            elif isinstance(found, Limited):
                note_limit(found)
            else:
                await self._inbox.take(found.envelope)
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
        except Exception:
            # Not acknowledged, so that Slack sends it again.
            log.exception("slack.envelope_not_handled", kind=req.type)


@asynccontextmanager
async def connected(socket: Socket) -> AsyncIterator[None]:
    """Hold the connection for the length of a block.

    Raises ConfigurationError when Slack does not take the app-level token.
    """
    try:
        await socket.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
    except SlackApiError as refused:
        raise ConfigurationError(
            text(
                "SLACK_APP_TOKEN: Slack does not take it ({error}). Make an app-level token with the scope"
                " connections:write, in Basic Information of the app.",
                error=error_of(refused),
            )
        ) from refused
    try:
        yield
    finally:
        await socket.close_async()  # type: ignore[no-untyped-call]  # as above
