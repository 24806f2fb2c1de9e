"""Signs requests as Slack does."""

from time import time

from slack_sdk.signature import SignatureVerifier

SECRET = "a signing secret"
# Of a workspace of its own in the contracts, and of one that is installed.
TOKEN, TOKEN_OF_ONE = "xoxb-test", "xoxb-one"


def signed(body: bytes, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """Return the headers of a request that Slack sends now, or that it sent at some time."""
    timestamp = str(int(time() if at is None else at))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    assert signature is not None
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}
