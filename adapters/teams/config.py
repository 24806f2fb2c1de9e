"""What the environment says about the registration in Teams; read when the surfaces are made."""

import re
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from adapters.teams.limits import PER_CONVERSATION, PER_TENANT, Window
from bot.errors import ConfigurationError
from bot.texts import text

_WINDOW: Final = re.compile(r"(\d{1,6})/(\d{1,6})")


class AppType(StrEnum):
    """How the bot is registered. New ones cannot be multi-tenant since 2025-07-31."""

    SINGLE_TENANT = "SingleTenant"
    MANAGED_IDENTITY = "UserAssignedMSI"
    MULTI_TENANT = "MultiTenant"


class TeamsConfig(BaseSettings):
    """The variables of Teams. An empty `app_id` is for Microsoft's local test client alone."""

    model_config = SettingsConfigDict(env_prefix="MICROSOFT_", env_file=".env", extra="ignore", frozen=True)

    app_id: str = ""
    app_password: SecretStr = SecretStr("")
    app_type: AppType = AppType.SINGLE_TENANT
    app_tenant_id: str | None = None
    # A PFX file with the certificate and its key; the password then is the file's.
    app_certificate_path: Path | None = None
    # "7/1, 8/2": at most 7 messages in 1 s and 8 in 2 s to one conversation.
    app_limits_per_conversation: Annotated[tuple[Window, ...], NoDecode] = tuple(PER_CONVERSATION)
    app_limit_per_tenant: int = Field(default=PER_TENANT, ge=1, le=10_000)

    @field_validator("app_type", mode="before")
    @classmethod
    def _any_case(cls, given: Any) -> Any:
        known = {kind.value.lower(): kind for kind in AppType}
        return known.get(str(given).lower(), given)

    @field_validator("app_limits_per_conversation", mode="before")
    @classmethod
    def _windows(cls, given: Any) -> Any:
        if not isinstance(given, str):
            return given
        found = [_WINDOW.fullmatch(part.strip()) for part in given.split(",")]
        windows = [Window(int(it[1]), timedelta(seconds=int(it[2]))) for it in found if it is not None]
        if len(windows) != len(found) or any(it.most < 1 or not it.within for it in windows):
            raise ValueError('write it like "7/1, 60/30"')
        return tuple(windows)


def load_teams_config() -> TeamsConfig:
    """Read the environment.

    Raises ConfigurationError naming the first variable that cannot be used or is missing.
    """
    try:
        config = TeamsConfig()
    except ValidationError as invalid:
        first = invalid.errors()[0]
        raise ConfigurationError(
            text(
                "MICROSOFT_{variable} cannot be used: {reason}.",
                variable=str(first["loc"][0]).upper(),
                reason=first["msg"],
            )
        ) from invalid
    if config.app_id:
        _refuse_half_configured(config)
    return config


def _refuse_half_configured(config: TeamsConfig) -> None:
    if config.app_tenant_id is None and config.app_type is not AppType.MULTI_TENANT:
        raise ConfigurationError(
            text(
                "MICROSOFT_APP_TENANT_ID is missing: a {kind} bot belongs to one organisation. It is the directory"
                " (tenant) id on the bot's page in the Azure portal.",
                kind=config.app_type.value,
            )
        )
    if config.app_type is AppType.MANAGED_IDENTITY:
        return
    if not config.app_password.get_secret_value() and config.app_certificate_path is None:
        raise ConfigurationError(
            text(
                "MICROSOFT_APP_PASSWORD is missing. Set it to a client secret of the app's registration, or name a"
                " certificate in MICROSOFT_APP_CERTIFICATE_PATH, or use MICROSOFT_APP_TYPE=UserAssignedMSI."
            )
        )
    if config.app_certificate_path is not None and not config.app_certificate_path.is_file():
        raise ConfigurationError(
            text("MICROSOFT_APP_CERTIFICATE_PATH: there is no file {path}.", path=str(config.app_certificate_path))
        )
