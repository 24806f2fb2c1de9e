"""The Slack app's manifest: what it may do, what it is told of, and what people find it under.

One table of scopes with the reason for each, and one of events: docs/slack.md tells them, `samlas slack-manifest`
prints them, and manifest.yml at the root is what it prints.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from adapters.slack.front_door import EVENTS
from adapters.slack.installing import REDIRECT

PLACEHOLDER: Final = "https://samlas.example.com"


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command as Slack lists it, in English, since Slack knows one text for all."""

    description: str
    hint: str = ""
    # Whether Slack says who a mention in the command means; elsewhere words stay as they were typed.
    tells_mentions: bool = False


COMMANDS: Final[Mapping[str, Command]] = {
    "/announce": Command("Tell something once, in one place", "[title]"),
    "/news": Command("Everything that has been announced, the unread first", "[words]"),
    "/decisions": Command("The decision log: what was decided, and how it is anchored", "[words]"),
    "/decision-path": Command("How decisions are made here, and how they are told"),
    "/nudges": Command("For communications leads: who may like an invitation, and why", "[preview]"),
    "/coach": Command("Help a colleague find their way in, as a volunteer"),
    "/invite-in": Command(
        "Invite a colleague into a conversation", "@person [link to the message]", tells_mentions=True
    ),
    "/insights": Command("Charts of how things reach people and how evenly they take part"),
    "/samlas": Command("What Samlas does, and what it keeps about you", "[me]"),
}

# callback id (an action of ours): how the message's menu names it, in at most 24 characters.
SHORTCUTS: Final[Mapping[str, Command]] = {
    "announce_this": Command("Begin an announcement with this message's words", "Make it an announcement"),
    "invite-in": Command("Invite a colleague into this conversation", "Invite someone in"),
}

# scope: why Samlas asks for it.
SCOPES: Final[Mapping[str, str]] = {
    "commands": "the slash commands, and the two shortcuts in a message's menu",
    "chat:write": "posts, threads, whispers and direct messages, and changing them later",
    "channels:read": "which public channels there are, whether Samlas is in them, and who else is",
    "channels:history": "that something was written in a public channel Samlas was let into (counted, never kept), and"
    " finding a post again whose answer was lost",
    "files:read": "the picture that somebody chose for their announcement in the form, and whether Slack is ready to"
    " show it",
    "files:write": "handing people a file in their conversation with Samlas (their own data, the numbers of what they"
    " announced, the calendar file of a time that two have agreed on), and giving Slack the picture of an announcement"
    " to show",
    "groups:read": "the same for private channels that somebody has invited Samlas to, names included",
    "groups:history": "the same counting in private channels that somebody has invited Samlas to",
    "im:history": "what is written to Samlas itself, so that it can answer, and finding a direct message again whose"
    " answer was lost",
    "im:write": "opening the conversation with a person in which such a message is looked for",
    "mpim:write": "opening the conversation between a member and the coach who was found for them, with Samlas in it",
    "reactions:read": "that somebody reacted, which counts as taking part and as having read",
    "usergroups:read": "the user groups, which can be an announcement's audience, and who is in them",
    "users:read": "names, language, time zone, who has left, and who is a guest and therefore left alone",
    "users:read.email": "matching people with the people CSV and with SAMLAS_ADMINS",
}

EVENTS_SUBSCRIBED: Final = (
    "app_home_opened",
    "app_uninstalled",
    "channel_archive",
    "channel_created",
    "channel_deleted",
    "channel_left",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
    "reaction_removed",
    "subteam_created",
    "subteam_members_changed",
    "subteam_updated",
    "team_join",
    "tokens_revoked",
    "user_change",
)


def manifest(base_url: str, *, socket_mode: bool) -> dict[str, Any]:
    """Return the manifest for an app served over HTTP at `base_url`, or by Socket Mode, where nothing is called."""
    url = base_url.rstrip("/") + EVENTS
    called: dict[str, Any] = {} if socket_mode else {"url": url}
    requests: dict[str, Any] = {} if socket_mode else {"request_url": url}
    oauth: dict[str, Any] = {"scopes": {"bot": list(SCOPES)}}
    if not socket_mode:
        oauth = {"redirect_urls": [base_url.rstrip("/") + REDIRECT], **oauth}
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": "Samlas",
            "description": "Announcements people read, decisions people trust, and nobody left outside.",
            "background_color": "#1f5c4d",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Samlas", "always_online": True},
            "shortcuts": [
                {"name": shortcut.hint, "type": "message", "callback_id": name, "description": shortcut.description}
                for name, shortcut in SHORTCUTS.items()
            ],
            "slash_commands": [
                {
                    "command": name,
                    "description": command.description,
                    **({"usage_hint": command.hint} if command.hint else {}),
                    "should_escape": command.tells_mentions,
                    **called,
                }
                for name, command in COMMANDS.items()
            ],
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": {**requests, "bot_events": list(EVENTS_SUBSCRIBED)},
            "interactivity": {"is_enabled": True, **requests},
            "org_deploy_enabled": not socket_mode,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }


def as_yaml(base_url: str, *, socket_mode: bool) -> str:
    """Return the manifest as Slack's form for a new app takes it."""
    return str(yaml.safe_dump(manifest(base_url, socket_mode=socket_mode), sort_keys=False, width=120))
