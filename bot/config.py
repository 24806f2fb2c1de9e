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
