"""An organisation whose third step is on, and eva, who is quiet still after a tip and an invitation."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlmodel import col, select, update

from bot.messages import Button, Message
from storage.tables import HomeTeam, LeadCard, LeadName
from storage.workspaces import change_settings
from tests.nudges.conftest import TUESDAY_AT_TEN, Scene, quiet_eva, scene
from tests.support import button

__all__ = ["quiet_eva", "scene"]

# Four weeks after the tip, two after the invitation.
THIRD_TUESDAY = TUESDAY_AT_TEN + timedelta(days=28) - timedelta(hours=1)
TEAM = ("anna", "bo", "carl", "david", "eva")
# Everybody but eva goes on giving signs.
WEDNESDAYS = tuple(date(2027, 3, 10) + timedelta(weeks=week) for week in range(20))


@dataclass
class Led:
    """The scene; `anna` leads the team of five."""

    scene: Scene

    async def to_the_third_step(self) -> None:
        """Live until the Tuesday on which eva has come to it."""
        await self.scene.until(THIRD_TUESDAY)

    def cards(self, lead: str = "anna") -> list[Message]:
        """Return the cards that a lead was sent, as they stand."""
        return [message for message in self.scene.gateway.said_to(lead) if "Colleagues who may" in message.summary]

    def press(self, label: str, card: Message | None = None) -> Button:
        """Return a button of the last card."""
        return button(card or self.cards()[-1], label)

    async def names(self) -> list[LeadName]:
        """Return who is on any card."""
        async with self.scene.database.read() as session:
            return list((await session.execute(select(LeadName).order_by(col(LeadName.id)))).scalars())

    async def card_rows(self) -> list[LeadCard]:
        """Return all cards' rows."""
        async with self.scene.database.read() as session:
            return list((await session.execute(select(LeadCard).order_by(col(LeadCard.id)))).scalars())

    async def turn(self, **changed: object) -> None:
        """Change the organisation's settings."""
        workspace = await self.scene.workspace()
        async with self.scene.database.begin() as session:
            await change_settings(
                session,
                self.scene.organisation.workspace_id,
                {**workspace.settings, **changed},
                self.scene.clock.now(),
                self.scene.organisation.members["greta"],
            )

    async def lead_by(self, person: str | None) -> None:
        """Have the team led by somebody, or nobody."""
        async with self.scene.database.begin() as session:
            await session.execute(
                update(HomeTeam)
                .where(col(HomeTeam.id) == self.scene.organisation.team_id)
                .values(lead_id=None if person is None else self.scene.organisation.members[person])
            )


@pytest.fixture
async def led(quiet_eva: Scene) -> Led:
    """Return the organisation on the Sunday before eva's tip; farid, who is in no team, is the coach."""
    made = Led(quiet_eva)
    for person in ("anna", "bo", "carl", "david", "eva"):
        await quiet_eva.change(person, home_team_id=quiet_eva.organisation.team_id)
    await made.lead_by("anna")
    await quiet_eva.change("farid", is_coach=True)
    await quiet_eva.everybody_was_here(*WEDNESDAYS)
    await made.turn(suggest_to_leads=True, suggest_to_leads_from="2027-03-01")
    return made
