"""The bot's own tokens, with which it speaks to Teams: by password, certificate or managed identity.

MSAL fetches and keeps them. It does so synchronously, so it is asked in a thread; never on the event loop.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final, Protocol

import msal
import requests
import structlog

from adapters.teams.config import AppType, TeamsConfig
from adapters.teams.connector import NotReached

log = structlog.get_logger()

RESOURCE: Final = "https://api.botframework.com"
AUTHORITY: Final = "https://login.microsoftonline.com/"
# Multi-tenant bots have their tokens from this tenant.
SHARED_TENANT: Final = "botframework.com"
# A token is fetched anew this long before it expires.
EARLY_SECONDS: Final = 300

FETCHED_WITHIN_SECONDS: Final = 10

Acquire = Callable[[], dict[str, Any]]


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
        except (requests.RequestException, ValueError, OSError, msal.MsalServiceError) as failure:
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
    return AppCredentials(_acquire_by(config, http or _Impatient()))


class _Impatient(requests.Session):
    """A session that waits for no answer longer than FETCHED_WITHIN_SECONDS."""

    def request(self, *args: Any, **options: Any) -> requests.Response:
        """Send a request."""
        return super().request(*args, **{"timeout": FETCHED_WITHIN_SECONDS, **options})


def _acquire_by(config: TeamsConfig, http: Any) -> Acquire:
    """Return the blocking way to a token; Microsoft's client is made at the first call, since that asks too."""
    made: list[Any] = []

    def acquire() -> dict[str, Any]:
        if config.app_type is AppType.MANAGED_IDENTITY:
            if not made:
                identity = msal.UserAssignedManagedIdentity(client_id=config.app_id)
                made.append(msal.ManagedIdentityClient(identity, http_client=http))
            return dict(made[0].acquire_token_for_client(resource=RESOURCE))
        if not made:
            made.append(
                msal.ConfidentialClientApplication(
                    config.app_id,
                    client_credential=_secret(config),
                    authority=AUTHORITY + (config.app_tenant_id or SHARED_TENANT),
                    http_client=http,
                )
            )
        return dict(made[0].acquire_token_for_client(scopes=[f"{RESOURCE}/.default"]))

    return acquire


def _secret(config: TeamsConfig) -> str | dict[str, str]:
    if config.app_certificate_path is None:
        return config.app_password.get_secret_value()
    return {"private_key_pfx_path": str(config.app_certificate_path)} | (
        {"passphrase": config.app_password.get_secret_value()} if config.app_password.get_secret_value() else {}
    )
