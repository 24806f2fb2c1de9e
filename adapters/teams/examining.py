"""What `samlas doctor` looks at in Teams: whether Microsoft gives us a token, and its keys can be fetched."""

from collections.abc import Sequence
from typing import Final

import aiohttp

from adapters.teams.config import load_teams_config
from adapters.teams.connector import NotReached
from adapters.teams.credentials import Credentials, credentials_of
from adapters.teams.keys import FETCHED_WITHIN, METADATA
from bot.examining import Examined, Finding, clock_finding, good, wrong
from bot.texts import text

MICROSOFT: Final = "Microsoft"
KEYS: Final = "Teams"


async def examine(
    examined: Examined, *, credentials: Credentials | None = None, metadata: str = METADATA
) -> Sequence[Finding]:
    """Look at everything that is configured for Teams. The rest is for whoever brings other credentials or keys."""
    credentials = credentials or credentials_of(load_teams_config())
    return [*await _token(credentials), *await _keys(metadata, examined)]


async def _token(credentials: Credentials) -> Sequence[Finding]:
    subject = "MICROSOFT_APP_ID"
    try:
        await credentials.token()
    except NotReached:
        return [
            wrong(
                subject,
                text(
                    "Microsoft gives no token for it. Compare MICROSOFT_APP_ID, MICROSOFT_APP_TENANT_ID and the"
                    " secret with the app's registration; secrets expire."
                ),
            )
        ]
    return [good(subject, text("Microsoft gives a token for it."))]


async def _keys(metadata: str, examined: Examined) -> Sequence[Finding]:
    try:
        async with aiohttp.ClientSession(timeout=FETCHED_WITHIN) as session, session.get(metadata) as answer:
            answer.raise_for_status()
            clock = clock_finding(MICROSOFT, answer.headers.get("Date"), examined.clock.now())
    except (aiohttp.ClientError, TimeoutError, OSError):
        return [
            wrong(
                KEYS, text("{whose} cannot be reached from here. Look at the network and the proxy.", whose=MICROSOFT)
            )
        ]
    findings = [good(KEYS, text("The keys by which messages from Teams are checked can be fetched."))]
    return findings if clock is None else [*findings, clock]
