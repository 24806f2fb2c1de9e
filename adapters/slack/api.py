"""Slack's Web API, as everybody here calls it: slack_sdk's client over one shared session, in two tempers.

*asking* waits and tries again, as reading lists needs it. *sending* never does: the sender has its own limits and its
own idea of what may be said twice, so that everything has to reach it as it came.

The two calls that are made for every message go past slack_sdk's client, which takes as long for one as everything else
together (docs/performance.md).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp
import orjson
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

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

    async def call(self, method: str, token: str, **arguments: Any) -> dict[str, Any]:
        """Call a method that posts or changes a message; returns its answer.

        Raises SlackApiError for a refusal, and what aiohttp raises where there was no answer.
        """
        url = f"{self.sending.base_url}{method}"
        async with self.session.post(
            url,
            data=orjson.dumps({name: value for name, value in arguments.items() if value is not None}),
            headers={
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json; charset=utf-8",
                "User-Agent": self.sending.headers["User-Agent"],
            },
            # From the environment, by slack_sdk.
            proxy=self.sending.proxy,
        ) as answered:
            body = await answered.read()
        answer = _read(body)
        if answered.ok and answer.get("ok") is True:
            return answer
        raise SlackApiError(  # type: ignore[no-untyped-call]
            f"Slack refuses {method}",
            AsyncSlackResponse(
                client=self.sending,
                http_verb="POST",
                api_url=url,
                # Neither the token nor what was said is anybody's who looks at an error.
                req_args={},
                data=answer,
                headers=dict(answered.headers),
                status_code=answered.status,
            ),
        )


def _read(body: bytes) -> dict[str, Any]:
    """Return an answer; an empty one for what is none, as from a proxy on the way."""
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}
