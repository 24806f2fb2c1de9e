"""Socket Mode: Slack is called by us and calls nobody, for one workspace without a public address.

slack_sdk's client keeps the connection and renews it; an envelope is acknowledged when what it says has been committed,
and one that is not comes again.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from adapters.slack.api import SlackApi
from adapters.slack.inbox import COUNTED, Inbox
from adapters.slack.reach import error_of
from bot.errors import ConfigurationError
from bot.texts import text

log = structlog.get_logger()


class Socket(AsyncSocketModeHandler):
    """Bolt's handler, with the shorter way for what is only counted."""

    def __init__(self, app: AsyncApp, inbox: Inbox, api: SlackApi, app_token: str) -> None:
        """Prepare the connection; `connect_async` opens it."""
        super().__init__(app, app_token, logger=app.logger, web_client=api.asking)
        self._inbox = inbox

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """Take one envelope."""
        try:
            if req.type == "events_api" and _is_counted(req.payload):
                await self._inbox.take(req.payload)
                await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
                return
            await super().handle(client, req)  # type: ignore[arg-type]
        except Exception:
            # Not acknowledged, so that Slack sends it again.
            log.exception("slack.envelope_not_handled", kind=req.type)


def _is_counted(payload: Any) -> bool:
    event = payload.get("event") if isinstance(payload, dict) else None
    return isinstance(event, dict) and event.get("type") in COUNTED and event.get("channel_type") != "im"


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
