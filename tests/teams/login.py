"""Microsoft's login for tests: MSAL's HTTP client, which answers by itself, takes its time, and blocks."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

TOKEN = "https://login.microsoftonline.com/tenant-1/token"
METADATA = {
    "authorization_endpoint": "https://login.microsoftonline.com/tenant-1/authorize",
    "token_endpoint": TOKEN,
    "issuer": "https://login.microsoftonline.com/tenant-1/v2.0",
    "tenant_discovery_endpoint": "https://login.microsoftonline.com/tenant-1/metadata",
    "metadata": [],
}


@dataclass
class Answer:
    """An HTTP answer, as far as MSAL looks at it."""

    text: str
    status_code: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def raise_for_status(self) -> None:
        """Raise nothing."""


class Login:
    """Gives a token to whoever asks, or `refusal`; `sent` is what came with each request for one."""

    def __init__(self, takes: float = 0.0, refusal: dict[str, Any] | None = None) -> None:
        """Answer after so many seconds."""
        self.takes = takes
        self.refusal = refusal
        self.asked: list[str] = []
        self.sent: list[Any] = []

    def get(self, url: str, **options: Any) -> Answer:
        """Return the metadata of the tenant's issuer, or a managed identity's token."""
        if "identity" in url:
            self.sent.append(options.get("params"))
            return self._answer(url, {"access_token": "ours", "expires_in": "3600", "resource": "x"})
        return self._answer(url, METADATA)

    def post(self, url: str, **options: Any) -> Answer:
        """Return a token."""
        self.sent.append(options.get("data"))
        if self.refusal is not None:
            return self._answer(url, self.refusal)
        return self._answer(url, {"access_token": "ours", "token_type": "Bearer", "expires_in": 3600})

    def _answer(self, url: str, said: dict[str, Any]) -> Answer:
        self.asked.append(url)
        if self.takes:
            # Blocking is what is tested with it; nothing waits for a moment to come.
            time.sleep(self.takes)
        return Answer(json.dumps(said))
