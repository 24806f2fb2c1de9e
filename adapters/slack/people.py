"""Slack's people and channels as the directory takes them: pure readings of what the Web API and events say."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.directory import ChannelSeen, PersonSeen

SLACKBOT = "USLACKBOT"


def is_from_elsewhere(user: Mapping[str, Any], team_id: str | None, enterprise_id: str | None) -> bool:
    """Whether a user is a guest, or belongs to another organisation (Slack Connect)."""
    if user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger"):
        return True
    theirs = user.get("team_id")
    if enterprise_id is not None:
        grid = (user.get("enterprise_user") or {}).get("enterprise_id")
        return bool(theirs) and grid != enterprise_id and theirs not in (team_id, enterprise_id)
    return bool(theirs) and team_id is not None and theirs != team_id


def person_seen(user: Mapping[str, Any]) -> PersonSeen:
    """Return what a user object says about somebody of the organisation."""
    profile = user.get("profile") or {}
    name = profile.get("real_name") or user.get("real_name") or profile.get("display_name") or user.get("name")
    email = profile.get("email")
    return PersonSeen(
        external_id=str(user["id"]),
        name=name or None,
        email=email.strip().lower() if isinstance(email, str) and email.strip() else None,
        locale=user.get("locale") or None,
        zone=_zone(user.get("tz")),
        is_bot=bool(user.get("is_bot")) or user.get("id") == SLACKBOT,
        has_left=bool(user.get("deleted")),
    )


def channel_seen(channel: Mapping[str, Any], installation_id: int) -> ChannelSeen:
    """Return what a conversation object says about a channel."""
    is_in = channel.get("is_member")
    return ChannelSeen(
        external_id=str(channel["id"]),
        name=channel.get("name") or None,
        purpose=(channel.get("purpose") or {}).get("value") or (channel.get("topic") or {}).get("value") or None,
        is_private=channel.get("is_private"),
        is_archived=channel.get("is_archived"),
        bot_is_in=bool(is_in) if is_in is not None else None,
        installation_id=installation_id if is_in else None,
    )


def _zone(name: object) -> str | None:
    if not isinstance(name, str) or not name:
        return None
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None
    return name
