"""Teams' channels and people as rosters tell of them: read page by page, on install, on changes and each night."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from adapters.teams.connector import Connector, Listed, NoAnswer, NotReached, Refused, Rostered, Spot
from adapters.teams.people import is_from_outside, seen_as
from adapters.teams.ways import Way, way_from
from bot.clock import Clock
from bot.context import context_for, known
from bot.directory import see_everybody
from storage.database import Database, Session
from storage.directory import ChannelSeen, claim_directories, directory_done, fill_channel, name_leads, see_channel
from storage.outsiders import keep_outsiders
from storage.references import channel, find_reference, keep_reference, person, references_to
from storage.tables import Platform, Workspace
from storage.workspaces import find_workspace

log = structlog.get_logger()

CHANNELS: Final = "channel:"
# People of one transaction: others want to write too.
AT_ONCE: Final = 200
NIGHT_HOUR: Final = 2
# A tenant of which not all could be read is read again after this.
AGAIN_AFTER: Final = timedelta(minutes=30)
# What Teams answers for a team that is gone, or that the bot is not in any more.
CLOSED: Final = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)


@dataclass(frozen=True, slots=True)
class Inside:
    """Who of the organisation is in a channel, and how many from outside it."""

    members: Sequence[str]
    outsiders: int


class Rosters:
    """Brings what is stored of teams up to date."""

    def __init__(self, database: Database, clock: Clock, connector: Connector, admins: Collection[str]) -> None:
        """Ask Teams by `connect`; people with e-mail addresses in `admins` are communications leads."""
        self._database = database
        self._clock = clock
        self._connector = connector
        self._admins = admins

    async def bring_team(self, tenant: str, service_url: str, bot: str, team: str) -> None:
        """Store a team's channels and the people in them.

        Raises connector.Refused, NotReached or NoAnswer.
        """
        name, group = await self._connector.team(service_url, team)
        channels = await self._connector.channels(service_url, team)
        found = await self._people(Spot(service_url, team))
        people = [one for one in found if not is_from_outside(one, tenant)]
        outsiders = [seen_as(one).external_id for one in found if is_from_outside(one, tenant)]
        async with self._database.read() as session:
            workspace = await find_workspace(session, Platform.TEAMS, tenant)
        if workspace is None:
            return
        async with self._database.begin() as session:
            await see_everybody(session, known(workspace.id), (), outsiders, self._clock.now())
        await self._store_people(known(workspace.id), service_url, bot, people)
        await self._store_channels(known(workspace.id), Way(service_url, bot, team=team, group=group), name, channels)
        members = [seen_as(found).external_id for found in people]
        everybody = Inside(members, len(outsiders))
        inside = {listed.id: everybody for listed in channels if not listed.has_own_people}
        for listed in channels:
            if listed.has_own_people:
                inside[listed.id] = await self._inside(Spot(service_url, listed.id), tenant)
        async with self._database.begin() as session:
            for external_id, who in inside.items():
                channel_id = await see_channel(session, known(workspace.id), ChannelSeen(external_id))
                await fill_channel(session, known(workspace.id), channel_id, who.members)
                await keep_outsiders(session, known(workspace.id), channel_id, who.outsiders)

    async def bring_all(self) -> None:
        """Bring every tenant up to date whose night it is; one of which a team does not answer is soon asked again.

        Whoever else looks at the same time leaves those tenants alone.
        """
        async with self._database.begin() as session:
            claimed = await claim_directories(session, Platform.TEAMS, self._clock.now(), AGAIN_AFTER)
        for workspace in claimed:
            try:
                is_read = await self._bring_tenant(workspace)
            except Exception:
                # The other tenants are not to wait for what is wrong with this one.
                log.exception("teams.rosters_failed", workspace=workspace.id)
                continue
            if is_read:
                await self._done(workspace)

    async def _bring_tenant(self, workspace: Workspace) -> bool:
        """Bring a tenant's teams up to date; False when one of them is to be asked again."""
        async with self._database.read() as session:
            teams = await teams_of(session, known(workspace.id))
        is_read = True
        for team, way in teams.items():
            try:
                await self.bring_team(workspace.external_id, way.service_url, way.bot, team)
            except (Refused, NotReached, NoAnswer) as failure:
                log.warning("teams.roster_not_read", workspace=workspace.id, reason=str(failure))
                # A team that is closed to us stays closed; all else passes.
                is_read = is_read and isinstance(failure, Refused) and failure.status in CLOSED
        return is_read

    async def _done(self, workspace: Workspace) -> None:
        now = self._clock.now()
        async with self._database.begin() as session:
            zone = context_for(session, now, workspace).settings.zone
            await directory_done(session, known(workspace.id), now, next_night(now, zone))

    async def _inside(self, channel: Spot, tenant: str) -> Inside:
        """Return who is in a private or shared channel; where Teams does not say, nobody is known to be."""
        try:
            found = await self._people(channel)
        except Refused as refused:
            log.warning("teams.channel_not_read", reason=str(refused))
            return Inside((), 0)
        members = [seen_as(one).external_id for one in found if not is_from_outside(one, tenant)]
        return Inside(members, len(found) - len(members))

    async def _people(self, spot: Spot) -> Sequence[Rostered]:
        found: list[Rostered] = []
        page = await self._connector.members(spot, None)
        found.extend(page.people)
        while page.next is not None:
            page = await self._connector.members(spot, page.next)
            found.extend(page.people)
        return found

    async def _store_people(self, workspace_id: int, service_url: str, bot: str, people: Sequence[Rostered]) -> None:
        now = self._clock.now()
        for first in range(0, len(people), AT_ONCE):
            some = people[first : first + AT_ONCE]
            async with self._database.begin() as session:
                await see_everybody(session, workspace_id, [seen_as(found) for found in some], (), now)
                for found in some:
                    external_id = seen_as(found).external_id
                    if await find_reference(session, workspace_id, person(external_id)) is None:
                        way = Way(service_url, bot, user=found.id)
                        await keep_reference(session, workspace_id, person(external_id), way.as_json(), now)
        if self._admins:
            async with self._database.begin() as session:
                await name_leads(session, workspace_id, self._admins)

    async def _store_channels(self, workspace_id: int, way: Way, team_name: str, channels: Sequence[Listed]) -> None:
        now = self._clock.now()
        async with self._database.begin() as session:
            for listed in channels:
                shown = f"{team_name} / {listed.name}" if listed.name else team_name
                seen = ChannelSeen(
                    listed.id, shown, is_private=listed.has_own_people, is_archived=False, bot_is_in=True
                )
                await see_channel(session, workspace_id, seen)
                own = replace(way, conversation=listed.id, own_people=listed.has_own_people)
                await keep_reference(session, workspace_id, channel(listed.id), own.as_json(), now)
            gone = set(await channels_of_team(session, workspace_id, str(way.team))) - {it.id for it in channels}
            for external_id in gone:
                await see_channel(session, workspace_id, ChannelSeen(external_id, is_archived=True, bot_is_in=False))


async def teams_of(session: Session, workspace_id: int) -> dict[str, Way]:
    """Return the teams that the bot is in, each with the way to one of its channels."""
    found: dict[str, Way] = {}
    for reference in (await references_to(session, workspace_id, CHANNELS)).values():
        way = way_from(reference)
        if way.team is not None and not way.removed:
            found.setdefault(way.team, way)
    return found


async def channels_of_team(
    session: Session, workspace_id: int, team: str, *, that_everybody_is_in: bool = False
) -> Sequence[str]:
    """Return the external ids of a team's channels that are known: all, or those that have no people of their own."""
    return [
        who.removeprefix(CHANNELS)
        for who, reference in (await references_to(session, workspace_id, CHANNELS)).items()
        if reference.get("team") == team and not (that_everybody_is_in and reference.get("own_people"))
    ]


def next_night(after: datetime, zone: str) -> datetime:
    """Return the next time that it is night in the organisation's zone, at least half a day later."""
    local = (after + timedelta(hours=12)).astimezone(ZoneInfo(zone))
    night = local.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return night if night >= local else night + timedelta(days=1)
