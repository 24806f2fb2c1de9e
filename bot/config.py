"""What the environment (or a `.env` file) says; read once, by the command line."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = ("127.0.0.1", "::1", "localhost")


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

    def admin_emails(self) -> tuple[str, ...]:
        """Return the communications leads' e-mail addresses, in small letters."""
        return tuple(email.strip().lower() for email in self.admins.split(",") if email.strip())
