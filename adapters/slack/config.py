"""What the environment says about Slack, and which of three ways of serving it that makes."""

from enum import StrEnum

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import ConfigurationError
from bot.texts import Text, text

DEFAULT_API = "https://slack.com/api/"


class SlackMode(StrEnum):
    """How Slack is served.

    *socket*: one workspace, Slack is called and calls nobody. *one*: one workspace over HTTP. *many*: as many as
    install it by OAuth.
    """

    SOCKET = "socket"
    ONE = "one"
    MANY = "many"


class SlackConfig(BaseSettings):
    """Slack's own variables."""

    model_config = SettingsConfigDict(env_prefix="SLACK_", env_file=".env", extra="ignore", frozen=True)

    bot_token: str = Field(default="", repr=False)
    signing_secret: str = Field(default="", repr=False)
    app_token: str = Field(default="", repr=False)
    client_id: str = ""
    client_secret: str = Field(default="", repr=False)
    api_url: str = DEFAULT_API

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said about Slack at all."""
        return not (self.bot_token or self.signing_secret or self.app_token or self.client_id or self.client_secret)

    def mode(self) -> SlackMode:
        """Return the way of serving that the variables ask for.

        Raises ConfigurationError, naming the variable and the fix, when they do not make one.
        """
        self._check_kinds()
        if self.client_id or self.client_secret:
            self._need(self.client_id, "SLACK_CLIENT_ID", text("it belongs to SLACK_CLIENT_SECRET"))
            self._need(self.client_secret, "SLACK_CLIENT_SECRET", text("it belongs to SLACK_CLIENT_ID"))
            self._need(self.signing_secret, "SLACK_SIGNING_SECRET", text("requests from Slack are checked with it"))
            if self.bot_token or self.app_token:
                raise ConfigurationError(
                    text(
                        "{variable} is for one workspace, and SLACK_CLIENT_ID is for many. Take one of the two away.",
                        variable="SLACK_BOT_TOKEN" if self.bot_token else "SLACK_APP_TOKEN",
                    )
                )
            return SlackMode.MANY
        self._need(self.bot_token, "SLACK_BOT_TOKEN", text("without it nothing can be said in Slack"))
        if self.app_token:
            return SlackMode.SOCKET
        self._need(
            self.signing_secret,
            "SLACK_SIGNING_SECRET",
            text("requests from Slack are checked with it; or set SLACK_APP_TOKEN for Socket Mode"),
        )
        return SlackMode.ONE

    def _check_kinds(self) -> None:
        for variable, value, beginning in (
            ("SLACK_BOT_TOKEN", self.bot_token, "xoxb-"),
            ("SLACK_APP_TOKEN", self.app_token, "xapp-"),
            ("SLACK_API_URL", self.api_url, "http"),
        ):
            if value and not value.startswith(beginning):
                raise ConfigurationError(
                    text(
                        "{variable}: it has to begin with {beginning}. docs/slack.md says where to find it.",
                        variable=variable,
                        beginning=beginning,
                    )
                )

    def _need(self, value: str, variable: str, why: Text) -> None:
        if not value:
            raise ConfigurationError(
                text("{variable} is missing: {why}. docs/slack.md says where to find it.", variable=variable, why=why)
            )
