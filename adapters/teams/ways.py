"""The ways to people and channels in Teams, as they are kept: plain JSON by which a message arrives months later."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from storage.database import Session
from storage.references import EVERYBODY, channel, find_reference, find_references, person


@dataclass(frozen=True, slots=True)
class Way:
    """How the bot reaches somebody.

    `bot` is the bot's own id and `user` the person's, both as Teams has them for this bot. `conversation` is None
    for a person to whom the bot has not spoken yet. `group` is a team's in the directory, for links. `own_people`:
    not everybody in the team is in this channel. `removed`: the person has taken the app away.
    """

    service_url: str
    bot: str
    user: str | None = None
    conversation: str | None = None
    team: str | None = None
    group: str | None = None
    own_people: bool = False
    removed: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {name: value for name, value in asdict(self).items() if value not in (None, False)}


def way_from(reference: Mapping[str, Any]) -> Way:
    """Return a way as it was kept, by this version or an older one."""
    known = {name: reference[name] for name in Way.__slots__ if name in reference}
    return Way(**known)


async def way_to_person(session: Session, workspace_id: int, external_id: str) -> Way | None:
    """Return the way to a person; without one of their own, the one by which anybody in the organisation is met."""
    return (await ways_to_people(session, workspace_id, [external_id])).get(external_id)


async def ways_to_people(session: Session, workspace_id: int, external_ids: Collection[str]) -> dict[str, Way]:
    """Return the ways to people, by who they are, as `way_to_person` does."""
    kept = await find_references(session, workspace_id, [EVERYBODY, *(person(one) for one in external_ids)])
    common = None if (found := kept.get(EVERYBODY)) is None else way_from(found)
    ways = {}
    for one in external_ids:
        own = kept.get(person(one))
        if own is not None:
            ways[one] = way_from(own)
        elif common is not None:
            # Teams takes the directory's id for a person whom the bot has not met.
            ways[one] = Way(common.service_url, common.bot, user=one)
    return ways


async def way_to_channel(session: Session, workspace_id: int, external_id: str) -> Way | None:
    """Return the way to a channel or group chat."""
    own = await find_reference(session, workspace_id, channel(external_id))
    if own is not None:
        return way_from(own)
    common = await find_reference(session, workspace_id, EVERYBODY)
    return None if common is None else way_from(common)
