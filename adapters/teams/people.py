"""Whom the bot meets in Teams: people of the organisation are stored, with the way to them; everybody else is not.

What an activity tells of its sender is stored when it is new; a bounded memory keeps that from being asked for each
message. Of guests and people of other organisations only a hash is kept (bot/directory.py).
"""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.teams.activities import Origin, Scope, Told
from adapters.teams.connector import STANDARD, Connector, NoAnswer, NotReached, Refused, Rostered, Spot
from adapters.teams.voices import voice_for
from adapters.teams.ways import Way, way_from
from bot.clock import Clock
from bot.context import known
from bot.directory import begin_directory, is_from_elsewhere, see_everybody
from bot.texts import Voice
from storage.closed_ways import open_way
from storage.database import Database, Session
from storage.directory import ChannelSeen, is_known_person, name_leads, see_channel
from storage.people_seen import PersonSeen
from storage.references import EVERYBODY, channel, find_reference, keep_reference, person
from storage.tables import Platform, Workspace
from storage.workspaces import add_workspace, find_workspace

MOST_REMEMBERED: Final = 20_000
MOST_PLACES: Final = 50
# How a roster marks people who are not of the organisation; a guest's principal name has EXT in it.
FROM_OUTSIDE: Final = ("guest", "anonymous", "federated", "skypeid")
GUEST_MARK: Final = "#EXT#"


class NobodyKnows(Exception):
    """Teams did not say who somebody is; what they did is to be sent again."""


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody of the organisation, in whose language they are answered."""

    workspace_id: int
    external_id: str
    say: Voice


class Remembered(NamedTuple):
    """Whom somebody was met as (None: from outside), and what was told of them then."""

    told: Told
    met: Met | None


def is_from_outside(found: Rostered, tenant: str) -> bool:
    """Whether a roster tells of somebody who does not belong to the organisation."""
    if (found.role or "").lower() in FROM_OUTSIDE or GUEST_MARK in (found.principal or "").upper():
        return True
    return found.tenant is not None and found.tenant != tenant


def seen_as(found: Rostered) -> PersonSeen:
    """Return what a roster tells of somebody, for the directory. It knows neither their zone nor their language."""
    return PersonSeen(
        found.directory_id or found.id, found.name or None, (found.email or found.principal or "").lower() or None
    )


class People:
    """Meets whoever sends an activity."""

    def __init__(self, database: Database, clock: Clock, connector: Connector, admins: Collection[str]) -> None:
        """Look people up by `connect`; those with e-mail addresses in `admins` are communications leads."""
        self._database = database
        self._clock = clock
        self._connector = connector
        self._admins = admins
        # Of a person for each place that they were met in: whoever writes in two channels is not met anew each time.
        self._remembered: OrderedDict[tuple[str, str], dict[str | None, Remembered]] = OrderedDict()

    async def meet(self, origin: Origin) -> Met | None:
        """Return who did something, stored with the way to them; None for somebody from outside.

        Raises NobodyKnows when Teams does not say who a person not met before is.
        """
        told = origin.told
        remembered = self.remembered(origin.tenant, origin.person.person, told)
        if remembered is not None:
            return remembered.met
        met = await self._meet(origin)
        places = self._remembered.setdefault((origin.tenant, origin.person.person), {})
        if len(places) >= MOST_PLACES:
            places.clear()
        places[told.place] = Remembered(told, met)
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popitem(last=False)
        return met

    def remembered(self, tenant: str, person: str, told: Told) -> "Remembered | None":
        """Return whom somebody was met as when the same was told of them, None where it was not."""
        places = self._remembered.get((tenant, person))
        found = places.get(told.place) if places is not None else None
        if found is None or found.told != told:
            return None
        self._remembered.move_to_end((tenant, person))
        return found

    def forget(self, origin: Origin) -> None:
        """Look at somebody anew the next time."""
        self._remembered.pop((origin.tenant, origin.person.person), None)

    async def _meet(self, origin: Origin) -> Met | None:
        external_id = origin.person.person
        async with self._database.read() as session:
            workspace = await find_workspace(session, Platform.TEAMS, origin.tenant)
            is_known = workspace is not None and await is_known_person(session, known(workspace.id), external_id)
            if (
                not is_known
                and workspace is not None
                and await is_from_elsewhere(session, known(workspace.id), external_id)
            ):
                return None
        found = None
        if not is_known:
            if origin.person.tenant_id not in (None, origin.tenant):
                return None
            found = await self._look_up(origin)
            if is_from_outside(found, origin.tenant):
                if workspace is not None:
                    async with self._database.begin() as session:
                        await see_everybody(session, known(workspace.id), (), [external_id], self._clock.now())
                return None
        async with self._database.begin() as session:
            workspace = await workspace_of(session, origin, self._clock)
            await self._store(session, known(workspace.id), origin, found)
            return Met(known(workspace.id), external_id, await voice_for(session, workspace, external_id))

    async def _look_up(self, origin: Origin) -> Rostered:
        # A channel's roster is its team's; a thread has none.
        conversation = origin.conversation.partition(";")[0]
        try:
            return await self._connector.member(Spot(origin.service_url, conversation), origin.person.id)
        except Refused as refused:
            if refused.status == HTTPStatus.NOT_FOUND:
                # In no roster of the organisation: they write from elsewhere.
                return Rostered(origin.person.id, None, "", None, None, None, "anonymous")
            raise NobodyKnows from refused
        except (NotReached, NoAnswer) as failure:
            raise NobodyKnows from failure

    async def _store(self, session: Session, workspace_id: int, origin: Origin, found: Rostered | None) -> None:
        external_id, now = origin.person.person, self._clock.now()
        seen = PersonSeen(external_id) if found is None else replace(seen_as(found), external_id=external_id)
        seen = replace(seen, locale=origin.locale, zone=_known_zone(origin.zone))
        await see_everybody(session, workspace_id, [seen], (), now)
        if self._admins:
            await name_leads(session, workspace_id, self._admins)
        before = await find_reference(session, workspace_id, person(external_id))
        way = Way(origin.service_url, origin.bot.id, origin.person.id)
        if origin.scope is Scope.PERSONAL:
            way = replace(way, conversation=origin.conversation)
            await open_way(session, workspace_id, external_id)
        elif before is not None:
            old = way_from(before)
            way = replace(way, conversation=old.conversation, removed=old.removed)
        if before != way.as_json():
            await keep_reference(session, workspace_id, person(external_id), way.as_json(), now)
        if origin.channel is not None:
            await _store_place(session, workspace_id, origin, self._clock)


async def workspace_of(session: Session, origin: Origin, clock: Clock) -> Workspace:
    """Return the tenant's workspace, stored with the way to its people when it is met for the first time."""
    now = clock.now()
    workspace = await find_workspace(session, Platform.TEAMS, origin.tenant)
    if workspace is None:
        # Teams tells of whoever shares a team with Samlas, and of no team whether it is open to everybody.
        workspace = await add_workspace(
            session,
            Platform.TEAMS,
            origin.tenant,
            "Microsoft Teams",
            now,
            {},
            app_for_each=True,
            tells_what_is_open=False,
        )
        await begin_directory(session, known(workspace.id), now)
    common = Way(origin.service_url, origin.bot.id).as_json()
    before = await find_reference(session, known(workspace.id), EVERYBODY)
    if before is None or {**before, **common} != before:
        await keep_reference(session, known(workspace.id), EVERYBODY, {**(before or {}), **common}, now)
    return workspace


async def _store_place(session: Session, workspace_id: int, origin: Origin, clock: Clock) -> None:
    """Store the channel in which somebody was met, and the way to it. Group chats are not counted, so not stored."""
    external_id = str(origin.channel)
    before = await find_reference(session, workspace_id, channel(external_id)) or {}
    # Until the team's list of channels says what it is, one that nobody calls open is taken for private.
    is_open = origin.channel_type == STANDARD
    way = Way(
        origin.service_url,
        origin.bot.id,
        conversation=external_id,
        team=origin.team,
        group=origin.team_group,
        own_people=not (before or is_open),
    )
    fresh = {**before, **way.as_json()}
    if fresh != before:
        await keep_reference(session, workspace_id, channel(external_id), fresh, clock.now())
        if origin.scope is Scope.CHANNEL:
            name = origin.channel_name or origin.team_name
            is_private = None if before else not is_open
            await see_channel(
                session, workspace_id, ChannelSeen(external_id, name, is_private=is_private, bot_is_in=True)
            )


def _known_zone(name: str | None) -> str | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
