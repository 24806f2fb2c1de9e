"""Who belongs to an organisation and who does not, for every platform that tells of people (storage/people_seen.py).

People from other organisations (guests, shared channels, external access) are neither stored nor counted. So that one
who comes again need not be asked for again, a hash under a random key of the workspace's own is kept of them.
"""

import hmac
import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from bot.announcements.picture import PICTURE
from storage.database import Session
from storage.directory import (
    ChannelSeen,
    ensure_directory,
    is_outsider,
    outsider_key,
    remember_outsiders,
    take_in,
)
from storage.outbox import refresh_posted
from storage.outsiders import states_of
from storage.people_seen import PersonSeen, see_people
from storage.recipients import waiting_for
from storage.tables import MemberState

__all__ = ["ChannelSeen", "PersonSeen", "begin_directory", "count_outsiders", "is_from_elsewhere", "see_everybody"]

# As long as people are reminded of an announcement, its author follows how it reaches them. What is older shows who
# has left when something else changes: people's leaving alone is not to edit the cards of years.
LOOKED_AT_FOR = timedelta(days=30)


async def begin_directory(session: Session, workspace_id: int, due_at: datetime) -> None:
    """Have a workspace's people and places asked for by `due_at`."""
    await ensure_directory(session, workspace_id, secrets.token_hex(32), due_at)


async def see_everybody(
    session: Session, workspace_id: int, people: Sequence[PersonSeen], outsiders: Iterable[str], now: datetime
) -> None:
    """Store the organisation's people, and remember the outsiders (external ids) as what they are."""
    key = await _key(session, workspace_id, now)
    if people:
        await take_in(session, workspace_id, [digest(key, person.external_id) for person in people])
        turned = await see_people(session, workspace_id, people, now)
        if turned:
            await _show_in_pictures(session, workspace_id, turned, now)
    strangers = list(outsiders)
    if strangers:
        hashes = [digest(key, stranger) for stranger in strangers]
        await remember_outsiders(session, workspace_id, hashes, strangers, now.date())


async def _show_in_pictures(session: Session, workspace_id: int, member_ids: Sequence[int], now: datetime) -> None:
    """Have authors' cards count who has left, or has come back, as that; the cards that somebody still looks at."""
    for announcement_id in await waiting_for(session, workspace_id, member_ids, since=now - LOOKED_AT_FOR):
        await refresh_posted(session, workspace_id, PICTURE, announcement_id, now=now)


async def is_from_elsewhere(session: Session, workspace_id: int, external_id: str) -> bool:
    """Whether somebody is remembered as an outsider."""
    key = await outsider_key(session, workspace_id)
    return key is not None and await is_outsider(session, workspace_id, digest(key, external_id))


async def count_outsiders(session: Session, workspace_id: int, external_ids: Collection[str]) -> int:
    """Return how many of these people are from elsewhere: nobody here has heard of them, or they are remembered so."""
    states = await states_of(session, workspace_id, external_ids)
    unheard_of = [external_id for external_id in external_ids if external_id not in states]
    left = [external_id for external_id, state in states.items() if state == MemberState.LEFT]
    became_guests = [external_id for external_id in left if await is_from_elsewhere(session, workspace_id, external_id)]
    return len(unheard_of) + len(became_guests)


def digest(key: str, external_id: str) -> str:
    """Return the hash under which an outsider is remembered: 128 bits of HMAC-SHA256."""
    return hmac.new(bytes.fromhex(key), external_id.encode(), "sha256").hexdigest()[:32]


async def _key(session: Session, workspace_id: int, now: datetime) -> str:
    found = await outsider_key(session, workspace_id)
    if found is None:
        await begin_directory(session, workspace_id, now)
        found = await outsider_key(session, workspace_id)
    return found or ""
