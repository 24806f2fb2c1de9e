"""What one would write with Microsoft's library: its CloudAdapter, as its samples make it, and a bot that answers.

Given the stand-in's address. Tokens are checked as the library checks them; the bot's own token is there already.
"""

import asyncio
import sys
from typing import Any

from aiohttp import web
from botbuilder.core import ActivityHandler, CardFactory, MessageFactory, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botframework.connector.auth import MicrosoftAppCredentials, PasswordServiceClientCredentialFactory

from adapters.teams.tokens import ISSUER
from benchmarks.floors.serving import serve
from benchmarks.requests import APP_ID, TENANT

CARD = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "body": [
        {"type": "TextBlock", "text": f"Something that the bot can do, line {line}", "wrap": True} for line in range(9)
    ],
}


class Answering(ActivityHandler):  # type: ignore[misc]  # Microsoft ships no types
    """Answers each message with a card."""

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """Answer."""
        await turn_context.send_activity(MessageFactory.attachment(CardFactory.adaptive_card(CARD)))


class Held(MicrosoftAppCredentials):  # type: ignore[misc]  # as above
    """Credentials whose token has been fetched."""

    def get_access_token(self, _force_refresh: bool = False) -> str:  # noqa: FBT001, FBT002 - the library's form
        """Return it."""
        return "ours"


class Factory(PasswordServiceClientCredentialFactory):  # type: ignore[misc]  # as above
    """Gives them out."""

    async def create_credentials(self, *_: Any, **__: Any) -> Held:
        """Return credentials."""
        return Held(APP_ID, "secret", TENANT)


class Settings:
    """What the library reads its addresses from: those of the public cloud, but for where the keys are."""

    APP_ID = APP_ID
    APP_PASSWORD = "secret"
    APP_TENANTID = TENANT
    VALIDATE_AUTHORITY = True
    TO_CHANNEL_FROM_BOT_LOGIN_URL = "https://login.microsoftonline.com/botframework.com"
    TO_CHANNEL_FROM_BOT_OAUTH_SCOPE = "https://api.botframework.com"
    TO_BOT_FROM_CHANNEL_TOKEN_ISSUER = ISSUER
    OAUTH_URL = "https://api.botframework.com"
    TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    CALLER_ID = ""

    def __init__(self, url: str) -> None:
        """Find the keys there."""
        self.TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL = f"{url}metadata"


def adapter(url: str) -> Any:
    """Return the library's adapter."""
    return CloudAdapter(
        ConfigurationBotFrameworkAuthentication(
            Settings(url), credentials_factory=Factory(app_id=APP_ID, password="secret", tenant_id=TENANT)
        )
    )


async def main(url: str) -> None:
    """Serve."""
    its, bot = adapter(url), Answering()

    async def messages(request: web.Request) -> web.StreamResponse:
        answer: web.StreamResponse = await its.process(request, bot)
        return answer

    app = web.Application()
    app.add_routes([web.post("/api/messages", messages)])
    await serve(app)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
