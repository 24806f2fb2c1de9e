"""The tenant that the contract suite meets in Teams: what Teams calls the organisation's people and channels."""

from bot.events import WorkspaceKey

TENANT = "tenant-1"
BOT = "28:samlas"
TEAM = "19:team@thread.tacv2"
KEY = WorkspaceKey("teams", TENANT)
CHANNELS = {"allmant": "19:allmant@thread.tacv2"}


def id_of(name: str) -> str:
    """Return the id of a person in the organisation's directory, or of a channel."""
    return CHANNELS.get(name, f"aad-{name}")
