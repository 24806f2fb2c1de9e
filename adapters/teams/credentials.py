"""The bot's own tokens, with which it speaks to Teams: by password, certificate or managed identity.

They are fetched by adapters/teams/login.py, synchronously: it is asked in a thread, never on the event loop.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final, Protocol

import structlog

from adapters.teams.config import TeamsConfig
from adapters.teams.connector import NotReached

log = structlog.get_logger()

# A token is fetched anew this long before it expires.
EARLY_SECONDS: Final = 300

Acquire = Callable[[], dict[str, Any]]
"""Asks Microsoft for a token, and blocks; raises OSError, ValueError or NoLogin."""


class NoLogin(Exception):
    """Microsoft's login does not do what was asked."""


class Credentials(Protocol):
    """Whoever has the bot's token."""

    async def token(self) -> str | None:
        """Return the token to speak with; None where none is needed.

        Raises NotReached when there is none to be had.
        """
        ...


class NoCredentials:
    """Microsoft's local test client asks for no token."""

    async def token(self) -> str | None:
        """Return none."""
        return None


class AppCredentials:
    """Keeps the app's token, fetched in a thread when it is needed or about to expire."""

    def __init__(self, acquire: Acquire, machine: Callable[[], float] = time.monotonic) -> None:
        """`acquire` asks Microsoft, and blocks; `machine` is monotonic time, in seconds."""
        self._acquire = acquire
        self._machine = machine
        self._token: str | None = None
        self._good_until = 0.0
        self._fetching = asyncio.Lock()

    async def token(self) -> str | None:
        """Return the app's token."""
        if self._machine() < self._good_until:
            return self._token
        async with self._fetching:
            if self._machine() >= self._good_until:
                await self._fetch()
        return self._token

    async def _fetch(self) -> None:
        asked_at = self._machine()
        try:
            answer = await asyncio.to_thread(self._acquire)
        except (OSError, ValueError, NoLogin) as failure:
            log.warning("teams.token_not_fetched", reason=type(failure).__name__)
            raise NotReached("no token") from failure
        token = answer.get("access_token")
        if not isinstance(token, str):
            # Microsoft's code says what is wrong with the registration; its description may hold names.
            log.error("teams.token_refused", error=str(answer.get("error", "")), codes=answer.get("error_codes"))
            raise NotReached("no token")
        self._token = token
        self._good_until = asked_at + max(0.0, float(answer.get("expires_in", 0)) - EARLY_SECONDS)


def credentials_of(config: TeamsConfig, http: Any = None) -> Credentials:
    """Return the credentials that are configured. `http` is MSAL's blocking HTTP client, if not one of its own."""
    if not config.app_id:
        return NoCredentials()
    # It brings MSAL, which nothing needs where there is no app.
    from adapters.teams.login import acquire_by

    return AppCredentials(acquire_by(config, http))
