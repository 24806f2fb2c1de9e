"""The workspace that the contract suite meets in Slack: what Slack calls the organisation's people and channel."""

from collections.abc import Iterable

from tests.slack.signing import TOKEN
from tests.slack.team import Team

TEAM = "T1"


def id_of(name: str) -> str:
    """Return Slack's id of a person or channel of the test's organisation."""
    return f"{'C' if name == 'allmant' else 'U'}{name.upper()}"


def team_of(names: Iterable[str]) -> Team:
    """Return the workspace as Slack's Web API tells of it."""
    team = Team(TEAM, TOKEN)
    team.users = [
        {"id": id_of(name), "team_id": TEAM, "name": name, "real_name": name.capitalize(), "locale": "en-GB"}
        | {"tz": "Europe/Stockholm", "profile": {"real_name": name.capitalize()}}
        for name in names
    ]
    team.channels = [{"id": id_of("allmant"), "name": "allmant", "is_member": True, "is_private": False}]
    team.members = {id_of("allmant"): [id_of(name) for name in ("anna", "carl", "bo")]}
    return team
