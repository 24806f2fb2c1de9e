"""The manifest asks for what Samlas does and for nothing else, and manifest.yml is what the command prints."""

import ast
from pathlib import Path

import pytest
import yaml

from adapters.slack.manifest import COMMANDS, EVENTS_SUBSCRIBED, PLACEHOLDER, SCOPES, SHORTCUTS, as_yaml, manifest
from tests.slack.stage import Stage, message

ROOT = Path(__file__).parents[2]
ADAPTER = ROOT / "adapters" / "slack"
# Each Web API method that the code calls, and the scopes that Slack wants for it (docs.slack.dev/reference/methods).
# A method of conversations.* wants the scope of each kind of conversation that it is used for.
NEEDED: dict[str, set[str]] = {
    "auth_test": set(),
    "auth_teams_list": set(),
    "oauth_v2_access": set(),
    "apps_connections_open": set(),
    "views_open": set(),
    "views_push": set(),
    "views_update": set(),
    "views_publish": set(),
    "chat_postMessage": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_update": {"chat:write"},
    "users_list": {"users:read", "users:read.email"},
    "users_info": {"users:read", "users:read.email"},
    "usergroups_list": {"usergroups:read"},
    "conversations_list": {"channels:read", "groups:read"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "conversations_open": {"im:write", "mpim:write"},
    "files_info": {"files:read"},
    "files_getUploadURLExternal": {"files:write"},
    "files_completeUploadExternal": {"files:write"},
}
# The scope that an event is told under (docs.slack.dev/reference/events); those not named need none.
TOLD_UNDER = {
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    **{f"subteam_{what}": "usergroups:read" for what in ("created", "members_changed", "updated")},
    "team_join": "users:read",
    "user_change": "users:read",
    **{f"channel_{what}": "channels:read" for what in ("archive", "created", "deleted", "left", "rename", "unarchive")},
    **{f"group_{what}": "groups:read" for what in ("archive", "deleted", "left", "rename", "unarchive")},
}
CLIENTS = ("sending", "asking", "slack", "client")


def methods_called() -> set[str]:
    """Return the Web API methods that the adapter calls on its clients."""
    found = set()
    for path in ADAPTER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
                if name in CLIENTS and "_" in node.func.attr and not node.func.attr.startswith("send_"):
                    found.add(node.func.attr)
                # Messages are posted and changed by a method's name.
                if node.func.attr == "call" and isinstance(named := node.args[0], ast.Constant):
                    found.add(str(named.value).replace(".", "_"))
    return found


def test_the_file_is_what_the_command_prints() -> None:
    """manifest.yml at the root is complete and up to date."""
    assert (ROOT / "manifest.yml").read_text(encoding="utf-8") == as_yaml(PLACEHOLDER, socket_mode=False)


def test_every_method_called_is_covered_by_a_scope_and_every_scope_is_used() -> None:
    """Least privilege: no call without its scope, and no scope without a call or an event."""
    called = methods_called()
    needed = set().union(*(NEEDED[method] for method in called)) | set(TOLD_UNDER.values())

    assert called >= {"chat_postMessage", "chat_update", "users_list", "conversations_history", "views_open"}
    assert needed | {"commands"} == set(SCOPES)


def test_the_guide_gives_the_reason_of_each_scope() -> None:
    """docs/slack.md says of each scope what the program says."""
    guide = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8").replace("`", "")

    assert [scope for scope, why in SCOPES.items() if f"| {scope} | {why} |" not in guide] == []
    assert guide.count("| channels:") + guide.count("| groups:") + guide.count("| im:") == 6


async def test_every_event_has_a_handler_and_a_scope(stage: Stage) -> None:
    """What Slack is asked to tell is handled; else it is answered 404, and in the end no more told."""
    handled = stage.slack.inbox.known_events
    told = {name.split(".")[0] for name in EVENTS_SUBSCRIBED}

    assert told <= handled
    assert handled - told == set()
    unscoped = set(EVENTS_SUBSCRIBED) - set(TOLD_UNDER)
    assert unscoped == {"app_home_opened", "app_uninstalled", "tokens_revoked"}


@pytest.mark.parametrize("name", [name.removeprefix("/") for name in COMMANDS])
async def test_every_command_is_answered(stage: Stage, name: str) -> None:
    """By its feature."""
    assert await stage.command("UANNA", name) == 200

    answers = [body["text"] for _, body in stage.standin.responses]
    assert stage.standin.opened or answers
    assert name in stage.core.commands


@pytest.mark.parametrize("name", SHORTCUTS)
async def test_every_shortcut_is_answered(stage: Stage, name: str) -> None:
    """*Make this an announcement* opens the form with the message's words; *Invite someone in* asks whom."""
    said = {"ts": "1.1", "text": "*News* for <@UBO> &amp; all", "user": "UBO"}
    payload = {"type": "message_action", "callback_id": name, "message": said, "channel": {"id": "C1", "name": "all"}}

    response = await stage.interact("UANNA", payload)

    assert response.status == 200
    [(_, view)] = stage.standin.opened
    if name == "announce_this":
        values = [block["element"].get("initial_value") for block in view["blocks"] if block["type"] == "input"]
        assert "**News** for @Bo & all" in values
    else:
        assert [block["element"]["type"] for block in view["blocks"] if block["type"] == "input"] == ["users_select"]


def test_limits_of_the_manifest() -> None:
    """Names and descriptions within what Slack's form takes."""
    made = manifest(PLACEHOLDER, socket_mode=False)

    assert len(made["display_information"]["description"]) <= 140
    assert all(len(command["description"]) <= 2000 for command in made["features"]["slash_commands"])
    assert all(len(shortcut["name"]) <= 24 for shortcut in made["features"]["shortcuts"])
    assert len(made["features"]["shortcuts"]) <= 10


def test_by_socket_mode_nothing_is_called() -> None:
    """Without a public address there is no address in it; everything else is the same."""
    printed = yaml.safe_load(as_yaml(PLACEHOLDER, socket_mode=True))

    assert "example.com" not in as_yaml(PLACEHOLDER, socket_mode=True)
    assert printed["settings"]["socket_mode_enabled"] is True
    assert printed["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert [command["command"] for command in printed["features"]["slash_commands"]] == list(COMMANDS)


async def test_a_message_event_needs_no_scan_through_listeners(stage: Stage) -> None:
    """Bolt is asked only about what is not merely counted."""
    before = len(stage.standin.calls)

    await stage.event(message("1.1"))

    assert len(stage.standin.calls) == before
