"""What the environment (or a `.env` file) says; read once, by the command line."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = ("127.0.0.1", "::1", "localhost")
# Where the local chat keeps its made-up organisation: in a file of its own, where SAMLAS_DATABASE_URL names no other.
LOCAL_DATABASE_URL = "sqlite+aiosqlite:///local.db"


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

    def admin_emails(self) -> tuple[str, ...]:
        """Return the communications leads' e-mail addresses, in small letters."""
        return tuple(email.strip().lower() for email in self.admins.split(",") if email.strip())
