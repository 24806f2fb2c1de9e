"""Slack's Web API, as everybody here calls it: slack_sdk's client over one shared session, in two tempers.

*asking* waits and tries again, as reading lists needs it. *sending* never does: the sender has its own limits and its
own idea of what may be said twice, so that everything has to reach it as it came.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

SEND_TIMEOUT_SECONDS: Final = 5
ASK_TIMEOUT_SECONDS: Final = 20
# Lists of a large workspace are asked for page by page, and Slack may say "wait" at any of them.
WAITS_FOR_ONE_PAGE: Final = 10


class SlackApi:
    """The two clients. Each call names its token: one process speaks for many workspaces."""

    def __init__(self, base_url: str) -> None:
        """Prepare the clients; they work within `opened`."""
        self.sending = AsyncWebClient(base_url=base_url, timeout=SEND_TIMEOUT_SECONDS, retry_handlers=[])
        self.asking = AsyncWebClient(
            base_url=base_url,
            timeout=ASK_TIMEOUT_SECONDS,
            retry_handlers=[
                AsyncConnectionErrorRetryHandler(),
                AsyncRateLimitErrorRetryHandler(max_retry_count=WAITS_FOR_ONE_PAGE),
                AsyncServerErrorRetryHandler(),
            ],
        )

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Hold the one session for the length of a block."""
        # slack_sdk leaves a session that it is given its own timeout.
        timeout = aiohttp.ClientTimeout(total=ASK_TIMEOUT_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            for client in (self.sending, self.asking):
                client.session = session
            try:
                yield
            finally:
                for client in (self.sending, self.asking):
                    client.session = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The shared session.

        Raises RuntimeError outside `opened`.
        """
        if self.sending.session is None:
            raise RuntimeError("Slack's session is not open")
        return self.sending.session
