"""What the environment (or a `.env` file) says; read once, by the command line."""

import os
import re
from urllib.parse import urlsplit

from pydantic import Field
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

from bot.errors import ConfigurationError
from bot.texts import text

LOOPBACK = ("127.0.0.1", "::1", "localhost")
# Where the local chat keeps its made-up organisation: in a file of its own, where SAMLAS_DATABASE_URL names no other.
LOCAL_DATABASE_URL = "sqlite+aiosqlite:///local.db"


# Enough to tell an address from a name: whether somebody has it, the platform says.
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class Config(BaseSettings):
    """Samlas' own variables. Each adapter reads its platform's own."""

    model_config = SettingsConfigDict(env_prefix="SAMLAS_", env_file=".env", extra="ignore", frozen=True)

    database_url: str = "sqlite+aiosqlite:///samlas.db"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    base_url: str | None = None
    # Keys for the secrets at rest, separated by commas; the first encrypts (bot/secrets.py).
    secret_key: str | None = Field(default=None, repr=False)
    # E-mail addresses of communications leads, separated by commas.
    admins: str = ""

    def for_local_chat(self) -> "Config":
        """Return what the local chat is served with: the same, but for a database that nobody has named."""
        if "database_url" in self.model_fields_set:
            return self
        return self.model_copy(update={"database_url": LOCAL_DATABASE_URL})

    def public_url(self) -> str:
        """Return the address at which platforms and people reach Samlas, without a slash at its end.

        Raises ConfigurationError where it is none that Slack and Teams would call.
        """
        address = (self.base_url or "").rstrip("/")
        parts = urlsplit(address)
        if parts.scheme != "https" or not parts.hostname:
            raise ConfigurationError(
                text(
                    "SAMLAS_BASE_URL has to be the address at which Samlas is served, with https://, such as"
                    " https://samlas.example.org."
                )
            )
        return address

    def admin_emails(self) -> tuple[str, ...]:
        """Return the communications leads' e-mail addresses, in small letters.

        Raises ConfigurationError for one that is none: nobody would become a communications lead by it.
        """
        emails = tuple(email.strip().lower() for email in self.admins.split(",") if email.strip())
        for email in emails:
            if _EMAIL.fullmatch(email) is None:
                raise ConfigurationError(
                    text(
                        "SAMLAS_ADMINS: {given} is no e-mail address. It holds those of the communications leads,"
                        " separated by commas.",
                        given=email,
                    )
                )
        return emails


def given_variables() -> frozenset[str]:
    """Return the names of all variables that the environment and the `.env` file set, in capital letters."""
    in_file = DotEnvSettingsSource(Config, env_file=".env").env_vars
    return frozenset(name.upper() for name in (*os.environ, *in_file))
