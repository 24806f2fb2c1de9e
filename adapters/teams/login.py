"""Microsoft's login, by its own library (MSAL): what adapters/teams/credentials.py asks where there is an app."""

from typing import Any, Final

import msal
import requests

from adapters.teams.config import AppType, TeamsConfig
from adapters.teams.credentials import Acquire, NoLogin

RESOURCE: Final = "https://api.botframework.com"
AUTHORITY: Final = "https://login.microsoftonline.com/"
# Multi-tenant bots have their tokens from this tenant.
SHARED_TENANT: Final = "botframework.com"
FETCHED_WITHIN_SECONDS: Final = 10


class _Impatient(requests.Session):
    """A session that waits for no answer longer than FETCHED_WITHIN_SECONDS."""

    def request(self, *args: Any, **options: Any) -> requests.Response:
        """Send a request."""
        return super().request(*args, **{"timeout": FETCHED_WITHIN_SECONDS, **options})


def acquire_by(config: TeamsConfig, http: Any = None) -> Acquire:
    """Return the blocking way to a token; Microsoft's client is made at the first call, since that asks too.

    `http` is MSAL's blocking HTTP client, if not one of its own.
    """
    http = http or _Impatient()
    made: list[Any] = []

    def asked() -> dict[str, Any]:
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

    def acquire() -> dict[str, Any]:
        try:
            return asked()
        except msal.MsalServiceError as refused:
            raise NoLogin(type(refused).__name__) from refused

    return acquire


def _secret(config: TeamsConfig) -> str | dict[str, str]:
    if config.app_certificate_path is None:
        return config.app_password.get_secret_value()
    return {"private_key_pfx_path": str(config.app_certificate_path)} | (
        {"passphrase": config.app_password.get_secret_value()} if config.app_password.get_secret_value() else {}
    )
