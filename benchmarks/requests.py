"""What Slack and Teams send, as whole HTTP requests: new signs of 400 people in 20 channels, each with its number."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any, Final

SECRET: Final = "a signing secret"
TEAM: Final = "T1"
PEOPLE: Final = 400
CHANNELS: Final = 20
APP_ID: Final = "11111111-2222-3333-4444-555555555555"
TENANT: Final = "tenant-1"


def make(kind: str, first: int, count: int, **more: Any) -> list[bytes]:
    """Return so many requests of a kind, numbered from `first`."""
    makes: dict[str, Callable[..., bytes]] = {"slack": slack, "teams": teams, "teams_turn": teams_turn}
    return [makes[kind](number, **more) for number in range(first, first + count)]


def slack(number: int) -> bytes:
    """Return a signed event: of ten, seven messages, two replies in threads and one reaction."""
    now = time.time()
    ts = f"{int(now) - 60}.{number:06d}"
    person, channel = f"U{number % PEOPLE}", f"C{number % CHANNELS}"
    if number % 10 == 9:  # noqa: PLR2004 - one of ten
        item = {"type": "message", "channel": channel, "ts": "1700000000.000100"}
        event: dict[str, Any] = {
            "type": "reaction_added",
            "user": person,
            "reaction": "tada",
            "item": item,
            "event_ts": ts,
        }
    else:
        thread = {"thread_ts": "1700000000.000100"} if number % 10 > 6 else {}  # noqa: PLR2004 - two of ten
        event = {
            "type": "message",
            "channel": channel,
            "channel_type": "channel",
            "user": person,
            "ts": ts,
            "team": TEAM,
            "client_msg_id": f"00000000-0000-0000-0000-{number:012d}",
            "text": "Does anybody know whether the workshop on Thursday takes place in the large room after all?",
            "blocks": [
                {
                    "type": "rich_text",
                    "block_id": "b1",
                    "elements": [
                        {
                            "type": "rich_text_section",
                            "elements": [
                                {"type": "text", "text": "Does anybody know whether the workshop takes place?"}
                            ],
                        }
                    ],
                }
            ],
            **thread,
        }
    envelope = {
        "token": "none",
        "team_id": TEAM,
        "api_app_id": "A1",
        "type": "event_callback",
        "event_id": f"Ev{number}",
        "event_time": int(now),
        "authorizations": [{"team_id": TEAM, "enterprise_id": None, "user_id": "UBOT", "is_bot": True}],
        "event": event,
    }
    body = json.dumps(envelope).encode()
    timestamp = str(int(now))
    signature = hmac.new(SECRET.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return _request(
        "/slack/events", body, {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={signature}"}
    )


def teams(number: int, token: str, service_url: str) -> bytes:
    """Return an activity of a channel that is only counted."""
    channel = f"19:channel{number % CHANNELS}@thread.tacv2"
    activity = {
        **_activity(number, service_url),
        "conversation": {
            "id": f"{channel};messageid={1_600_000_000_000 + number}",
            "conversationType": "channel",
            "tenantId": TENANT,
            "isGroup": True,
        },
        "channelData": {
            "tenant": {"id": TENANT},
            "team": {"id": "19:team@thread.tacv2", "name": "Everybody"},
            "channel": {"id": channel},
        },
    }
    return _request("/api/messages", json.dumps(activity).encode(), {"Authorization": f"Bearer {token}"})


def teams_turn(number: int, token: str, service_url: str) -> bytes:
    """Return a message to the bot that is answered."""
    person = f"person{number % PEOPLE}"
    activity = {
        **_activity(number, service_url),
        "text": "samlas",
        "conversation": {"id": f"a:{person}", "conversationType": "personal", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}},
    }
    return _request("/api/messages", json.dumps(activity).encode(), {"Authorization": f"Bearer {token}"})


def _activity(number: int, service_url: str) -> dict[str, Any]:
    person = f"person{number % PEOPLE}"
    return {
        "type": "message",
        "id": str(1_600_000_000_000 + number),
        "timestamp": "2026-11-24T12:00:00.000Z",
        "localTimestamp": "2026-11-24T13:00:00.000+01:00",
        "channelId": "msteams",
        "locale": "en-GB",
        "serviceUrl": service_url,
        "from": {"id": f"29:{person}", "name": "A person", "aadObjectId": person},
        "recipient": {"id": f"28:{APP_ID}", "name": "Samlas"},
        "text": "Does anybody know whether the workshop on Thursday takes place in the large room after all?",
        "entities": [
            {"locale": "en-GB", "country": "GB", "platform": "Web", "timezone": "Europe/London", "type": "clientInfo"}
        ],
    }


def _request(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
