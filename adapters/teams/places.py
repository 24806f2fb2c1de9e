"""Where the bot is in Teams: what installing, people coming and going, and changes of teams mean for what is stored."""

from dataclasses import replace

import structlog

from adapters.teams.activities import Origin, PeopleCame, PeopleLeft, Scope, TeamChange, TeamChanged
from adapters.teams.connector import Connector, NoAnswer, NotReached, Refused, Rostered, Spot
from adapters.teams.people import NobodyKnows, is_from_outside, seen_as, workspace_of
from adapters.teams.roster import Rosters, channels_of_team
from adapters.teams.ways import Way, way_from
from bot.clock import Clock
from bot.context import known
from bot.directory import is_from_elsewhere, see_everybody
from storage.closed_ways import close_way
from storage.counting import forget
from storage.database import Database
from storage.directory import ChannelSeen, join_channel, leave_channel, see_channel
from storage.people_seen import PersonSeen
from storage.references import channel, find_reference, keep_reference, person
from storage.tables import ClosedTo

log = structlog.get_logger()

GONE = (TeamChange.TEAM_DELETED, TeamChange.TEAM_HARD_DELETED, TeamChange.TEAM_ARCHIVED)


def coming(origin: Origin) -> str:
    """Return the identity of the app's coming to somebody: there is one until it is taken away."""
    return f"came:{origin.conversation}"


class Places:
    """Keeps teams, channels and who is in them as Teams tells of them."""

    def __init__(self, database: Database, clock: Clock, connector: Connector, rosters: Rosters) -> None:
        """Read whole teams by `rosters`, single people by `connect`."""
        self._database = database
        self._clock = clock
        self._connector = connector
        self._rosters = rosters

    async def bot_came(self, origin: Origin) -> None:
        """Store the team that the app was added to, with its people; of a group chat, the way to it."""
        async with self._database.begin() as session:
            workspace = await workspace_of(session, origin, self._clock)
            if origin.scope is Scope.GROUP:
                way = Way(origin.service_url, origin.bot.id, conversation=str(origin.channel))
                name = channel(str(origin.channel))
                await keep_reference(session, known(workspace.id), name, way.as_json(), self._clock.now())
        if origin.scope is Scope.CHANNEL:
            await self._bring(origin)

    async def bot_left(self, origin: Origin) -> None:
        """Note that the app was taken away: by one person for themselves, or from a team or a group chat."""
        now = self._clock.now()
        async with self._database.begin() as session:
            workspace_id = known((await workspace_of(session, origin, self._clock)).id)
            if origin.scope is Scope.PERSONAL:
                await forget(session, workspace_id, coming(origin))
                who = person(origin.person.person)
                before = await find_reference(session, workspace_id, who)
                if before is not None:
                    gone = replace(way_from(before), removed=True)
                    await keep_reference(session, workspace_id, who, gone.as_json(), now)
                await close_way(session, workspace_id, origin.person.person, ClosedTo.BLOCKED, now)
                return
            channels = (
                [str(origin.channel)]
                if origin.team is None
                else await channels_of_team(session, workspace_id, origin.team)
            )
            for external_id in channels:
                if origin.scope is Scope.CHANNEL:
                    await see_channel(session, workspace_id, ChannelSeen(external_id, bot_is_in=False))
                before = await find_reference(session, workspace_id, channel(external_id))
                if before is not None:
                    gone = replace(way_from(before), removed=True)
                    await keep_reference(session, workspace_id, channel(external_id), gone.as_json(), now)

    async def people_came(self, came: PeopleCame) -> None:
        """Store people who came into a team, and where they are now; people from outside are left out."""
        origin = came.origin
        if origin.team is None:
            return
        found = [await self._look_up(origin, account.id) for account in came.people]
        seen = [seen_as(one) for one in found if not is_from_outside(one, origin.tenant)]
        outsiders = [seen_as(one).external_id for one in found if is_from_outside(one, origin.tenant)]
        async with self._database.begin() as session:
            workspace_id = known((await workspace_of(session, origin, self._clock)).id)
            await see_everybody(session, workspace_id, seen, outsiders, self._clock.now())
            for external_id in await channels_of_team(session, workspace_id, origin.team, that_everybody_is_in=True):
                for one in seen:
                    await join_channel(session, workspace_id, external_id, one.external_id)
        if outsiders:
            # How many they are in each channel, only the rosters tell.
            await self._bring(origin)

    async def people_left(self, left: PeopleLeft) -> None:
        """Note who is not in a team any more. They may well be in the organisation."""
        origin = left.origin
        if origin.team is None:
            return
        async with self._database.begin() as session:
            workspace_id = known((await workspace_of(session, origin, self._clock)).id)
            for external_id in await channels_of_team(session, workspace_id, origin.team):
                for account in left.people:
                    await leave_channel(session, workspace_id, external_id, PersonSeen(account.person).external_id)
            strangers = [await is_from_elsewhere(session, workspace_id, account.person) for account in left.people]
        if any(strangers):
            await self._bring(origin)

    async def changed(self, changed: TeamChanged) -> None:
        """Store what a team or channel is called now, or that it is gone."""
        origin = changed.origin
        if changed.change in GONE:
            async with self._database.begin() as session:
                workspace_id = known((await workspace_of(session, origin, self._clock)).id)
                for external_id in await channels_of_team(session, workspace_id, str(origin.team)):
                    await see_channel(
                        session, workspace_id, ChannelSeen(external_id, is_archived=True, bot_is_in=False)
                    )
            return
        # A renamed team renames its channels with us; and what came, went or came back, the list of channels says.
        await self._bring(origin)

    async def _bring(self, origin: Origin) -> None:
        if origin.team is None:
            return
        try:
            await self._rosters.bring_team(origin.tenant, origin.service_url, origin.bot.id, origin.team)
        except (Refused, NotReached, NoAnswer) as failure:
            # The next night asks again.
            log.warning("teams.roster_not_read", reason=str(failure))

    async def _look_up(self, origin: Origin, user: str) -> Rostered:
        try:
            return await self._connector.member(Spot(origin.service_url, str(origin.team)), user)
        except (Refused, NotReached, NoAnswer) as failure:
            raise NobodyKnows from failure
