"""Bolt's part: it tells commands, buttons, forms, shortcuts and events apart, and finds the installation.

Few listeners, because Bolt asks each in turn for each request. Every one has committed before the request is
acknowledged (`process_before_response`), so that what Slack was told is here is not lost by a crash.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from adapters.slack.api import SlackApi
from adapters.slack.connections import Connection, Connections
from adapters.slack.inbox import Inbox
from adapters.slack.interactions import Interactions

log = structlog.get_logger()

ANYTHING = re.compile(".*", re.DOTALL)


def bolt_app(api: SlackApi, connections: Connections, inbox: Inbox, interactions: Interactions) -> AsyncApp:
    """Return the Bolt app. Whether a request comes from Slack has been checked by the door it came in by."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        connection = await connections.at(team_id, enterprise_id)
        if connection is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=connection.bot_user_id,
            bot_id=connection.bot_id,
            bot_token=connection.token,
        )

    app = AsyncApp(
        client=api.sending,
        authorize=authorize,  # type: ignore[arg-type]  # Bolt's type leaves out that None is for an unknown place
        request_verification_enabled=False,
        process_before_response=True,
        # Else it would describe what it does not know in the log, and fall over what is malformed.
        raise_error_for_unhandled_request=True,
        attaching_conversation_kwargs_enabled=False,
        attaching_function_token_enabled=False,
        logger=quiet_logger(),
    )

    async def here(context: AsyncBoltContext) -> Connection | None:
        return await connections.at(context.team_id, context.enterprise_id)

    def take(method: Callable[[Connection, Mapping[str, Any]], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def listener(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
            connection = await here(context)
            if connection is not None:
                await method(connection, body)
            await ack()

        return listener

    async def form(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        connection = await here(context)
        answer = await interactions.form(connection, body) if connection is not None else None
        await ack(**(answer or {}))

    async def event(body: dict[str, Any]) -> None:
        await inbox.take(body)

    app.event(ANYTHING)(event)
    app.action(ANYTHING)(take(interactions.press))
    app.view_submission(ANYTHING)(form)
    app.command(ANYTHING)(take(interactions.command))
    app.shortcut(ANYTHING)(take(interactions.shortcut))
    app.error(_not_handled)
    return app


async def _not_handled(error: Exception, body: Mapping[str, Any]) -> BoltResponse:
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=404, body="")
    log.error("slack.not_handled", kind=str(body.get("type") or body.get("command")), exc_info=error)
    return BoltResponse(status=500, body="")


def quiet_logger() -> logging.Logger:
    """Return the logger for Slack's libraries: their warnings may hold what people wrote, or a code to sign in with."""
    logger = logging.getLogger("samlas.slack")
    logger.setLevel(logging.ERROR)
    return logger
