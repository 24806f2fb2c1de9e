"""Lets the made-up colleagues go on taking part as days pass, whether the clock was moved or the program was away.

A job, called often. Without it everybody would count as quiet three weeks after the organisation moved in.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from adapters.local.chat import WORKSPACE
from adapters.local.made_up.history import lived_on
from adapters.local.made_up.people import PEOPLE
from adapters.local.made_up.seed import by_row, rooms_by_person
from bot.context import Context, known
from bot.events import WorkspaceKey
from bot.settings import OrganisationSettings
from storage.contacts import days_said
from storage.database import Session
from storage.local_chat import all_channels
from storage.made_up import add_days
from storage.people import present_members
from storage.workspaces import find_workspace

DAY: Final = timedelta(days=1)
# Who is quiet is decided from fewer days than this; what is older would only be summed up and deleted.
LOOKED_AT: Final = timedelta(days=150)


class Colleagues:
    """Everybody at Lindvalla whom nobody plays."""

    def __init__(self) -> None:
        """Begin without knowing which days have been lived: a process that starts goes over all of them."""
        self._lived_until: date | None = None

    async def due(self, ctx: Context) -> None:
        """Live on, where the workspace is the made-up organisation's."""
        if WorkspaceKey(ctx.workspace.platform, ctx.workspace.external_id) == WORKSPACE:
            await self.live_on(ctx.session, ctx.now)

    async def live_on(self, session: Session, now: datetime) -> None:
        """Count what everybody did on the days that have passed.

        A day that has been counted is left as it is, so that going over it again changes nothing.
        """
        today = now.date()
        if self._lived_until == today:
            return
        workspace = await find_workspace(session, WORKSPACE.platform, WORKSPACE.external_id)
        if workspace is None:
            return
        workspace_id = known(workspace.id)
        members = {
            member.external_id: known(member.id)
            for member in await present_members(session, workspace_id)
            if not member.not_counted
        }
        channels = {channel.external_id: known(channel.id) for channel in await all_channels(session, workspace_id)}
        people = [person for person in PEOPLE if person.external_id in members]
        invited = await _invited(session, workspace_id, members)
        quiet_weeks = OrganisationSettings.model_validate(workspace.settings).quiet_weeks
        day = max(workspace.created_at.date(), self._lived_until or date.min, today - LOOKED_AT)
        while day < today:
            already = {name for name, since in invited.items() if since < day}
            lived = lived_on(people, rooms_by_person(), day, quiet_weeks, already)
            await add_days(session, workspace_id, by_row(lived.by_member, members), by_row(lived.by_channel, channels))
            day += DAY
        self._lived_until = today


async def _invited(session: Session, workspace_id: int, members: Mapping[str, int]) -> dict[str, date]:
    """Return the day of the first contact that each person who comes back has had."""
    names = {
        members[person.external_id]: person.external_id
        for person in PEOPLE
        if person.comes_back and person.external_id in members
    }
    said = await days_said(session, workspace_id, list(names), since=date.min)
    return {names[row]: min(days) for row, days in said.items()}
