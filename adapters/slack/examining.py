"""What `samlas doctor` looks at in Slack: whether Slack takes each token, and lets us do what we ask for."""

from collections.abc import Sequence
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.api import SlackApi
from adapters.slack.config import SlackConfig, SlackMode
from adapters.slack.connections import Connections
from adapters.slack.manifest import SCOPES
from bot.context import known
from bot.errors import ConfigurationError
from bot.examining import Examined, Finding, clock_finding, good, look, wrong
from bot.secrets import vault_of
from bot.texts import text
from storage.tables import Platform
from storage.workspaces import all_workspaces

SLACK: Final = "Slack"


async def examine(examined: Examined) -> Sequence[Finding]:
    """Look at everything that is configured for Slack."""
    config = SlackConfig()
    try:
        mode = config.mode()
        vault = vault_of(examined.config.secret_key) if mode is SlackMode.MANY else None
    except ConfigurationError as refused:
        return [wrong(SLACK, refused.sentence)]
    api = SlackApi(config.api_url)
    findings: list[Finding] = []
    async with api.opened():
        if mode is SlackMode.SOCKET:
            findings += await _app_token(api, config.app_token)
        if mode is not SlackMode.MANY:
            findings += await _bot_token(api, "SLACK_BOT_TOKEN", config.bot_token, examined)
        elif examined.database is not None:
            connections = Connections(examined.database, examined.clock, vault, "")
            async with examined.database.read() as session:
                organisations = [one for one in await all_workspaces(session) if one.platform == Platform.SLACK]
            if not organisations:
                findings.append(look(SLACK, text("Nobody has installed it yet: open {path}.", path="/slack/install")))
            for organisation in organisations:
                for connection in await connections.all_of(known(organisation.id)):
                    findings += await _bot_token(api, connection.place, connection.token, examined)
    # One machine has one clock, however many answers were compared with it.
    return [finding for at, finding in enumerate(findings) if finding not in findings[:at]]


async def _app_token(api: SlackApi, token: str) -> Sequence[Finding]:
    subject = "SLACK_APP_TOKEN"
    try:
        await api.asking.apps_connections_open(app_token=token)
    except SlackApiError as refused:
        return [
            wrong(
                subject,
                text(
                    "Slack does not take it ({error}). Make an app-level token with connections:write on the app's"
                    " page, under Basic Information.",
                    error=_error(refused),
                ),
            )
        ]
    except (aiohttp.ClientError, TimeoutError, OSError):
        return [_unreached(subject)]
    return [good(subject, text("Slack takes it."))]


async def _bot_token(api: SlackApi, subject: str, token: str, examined: Examined) -> Sequence[Finding]:
    try:
        answer = await api.asking.auth_test(token=token)
    except SlackApiError as refused:
        return [
            wrong(
                subject,
                text(
                    "Slack does not take it ({error}). Copy the Bot User OAuth Token again, from OAuth & Permissions"
                    " of the app, or install Samlas again.",
                    error=_error(refused),
                ),
            )
        ]
    except (aiohttp.ClientError, TimeoutError, OSError):
        return [_unreached(subject)]
    headers = {name.lower(): value for name, value in answer.headers.items()}
    given = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
    missing = [scope for scope in SCOPES if scope not in given]
    clock = clock_finding(SLACK, headers.get("date"), examined.clock.now())
    findings = [] if clock is None else [clock]
    if missing:
        findings.append(
            wrong(
                subject,
                text(
                    "Slack takes it, without these scopes: {scopes}. Update the app from `samlas slack-manifest` and"
                    " install it again.",
                    scopes=", ".join(missing),
                ),
            )
        )
    else:
        findings.append(good(subject, text("Slack takes it, with all the scopes that Samlas asks for.")))
    return findings


def _unreached(subject: str) -> Finding:
    return wrong(subject, text("{whose} cannot be reached from here. Look at the network and the proxy.", whose=SLACK))


def _error(refused: SlackApiError) -> str:
    answer = refused.response
    return str(answer.get("error") or answer.status_code)
