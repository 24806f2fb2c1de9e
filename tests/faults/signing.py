"""Signs any bytes as Slack signs its requests; what signs for the other tests wants text."""

import hashlib
import hmac
from time import time

from tests.slack.signing import SECRET


def signed(body: bytes, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """Return the headers of a request that Slack sends now, or that it sent at some time."""
    timestamp = str(int(time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}
