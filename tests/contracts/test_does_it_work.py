"""*Does it work?* on every surface: how many people it takes, turning it on and off, and what came of it.

The clock stands at noon, UTC, of Wednesday 3 March 2027; the notice has been given, and rounds have run for 20 weeks.
"""

from datetime import date, timedelta

import pytest
from sqlmodel import col, insert, select

from bot.settings import OrganisationSettings
from storage.tables import Compared, ComparedSum, Contact, ContactItem, ContactState, Member, MemberState, Workspace
from tests.contracts.surface import SeenMessage, SurfaceUnderTest

FIRST_TIP = date(2026, 10, 13)
# Of 20 weeks: in 52, about two and a half times as many.
MANY, FEW = 800, 100


async def tipped_so_far(surface: SurfaceUnderTest, people: int) -> None:
    """Let so many have had a tip since the rounds began."""
    of = {"workspace_id": surface.organisation.workspace_id}
    begun = surface.clock.now() - timedelta(days=200)
    async with surface.database.begin() as session:
        await session.execute(
            insert(Member),
            [
                {**of, "external_id": f"U9{number}", "state": MemberState.ACTIVE, "created_at": begun}
                for number in range(2_500)
            ],
        )
        rows = (
            await session.execute(
                select(Member.id).where(col(Member.external_id).startswith("U9")).order_by(col(Member.id)).limit(people)
            )
        ).scalars()
        await session.execute(
            insert(Contact),
            [
                {**of, "member_id": row, "local_date": FIRST_TIP, "state": ContactState.SENT, "planned_at": begun}
                for row in rows
            ],
        )
        contacts = (await session.execute(select(Contact.id))).scalars()
        await session.execute(
            insert(ContactItem),
            [{**of, "contact_id": row, "kind": "tip", "reason": "no_sign", "rank": 50} for row in contacts],
        )


async def summed(surface: SurfaceUnderTest, tipped: tuple[int, int], without: tuple[int, int]) -> None:
    """Let so many have been compared, and so many of them have come back."""
    async with surface.database.begin() as session:
        session.add_all(
            ComparedSum(
                workspace_id=surface.organisation.workspace_id, is_without=is_without, people=people, returned=returned
            )
            for is_without, (people, returned) in ((False, tipped), (True, without))
        )


async def asked(surface: SurfaceUnderTest) -> SeenMessage:
    """Let greta ask for it on her Home, where the settings are."""
    surface.clock.move(timedelta(minutes=1))
    home = await surface.open_home("greta")
    [whole] = (await surface.press("greta", home, "Does it work?")).whispers
    return whole


async def as_it_is(surface: SurfaceUnderTest) -> OrganisationSettings:
    """Return the settings as they are."""
    async with surface.database.read() as session:
        row = (await session.execute(select(Workspace))).scalar_one()
    return OrganisationSettings.model_validate(row.settings)


async def test_not_offered_where_it_could_find_nothing(surface: SurfaceUnderTest) -> None:
    """How many it takes and how many there would be is said behind its button, and there is nothing to turn on."""
    await tipped_so_far(surface, FEW)

    [overview] = (await surface.command("greta", "nudges")).whispers
    [whole] = (await surface.press("greta", overview, "How it is found out")).whispers

    assert "1,870" not in overview.text
    assert "it takes 1,870 people due a tip within a year, and here that would be about 260" in whole.text
    assert "If 25 of 100 come back by themselves and 35 of 100 with a tip, it takes 1,870 people" in whole.text
    assert "1,683 with a tip and 187 without" in whole.text
    assert whole.buttons == ()


async def test_turned_on_and_off(surface: SurfaceUnderTest) -> None:
    """Offered where it could be found out; one press with a question turns it on, one turns it off; each holds once."""
    await tipped_so_far(surface, MANY)
    whole = await asked(surface)

    await surface.press("greta", whole, "Turn it on")
    on = await as_it_is(surface)
    late = await surface.press("greta", whole, "Turn it on")
    shown = await asked(surface)
    await surface.press("greta", shown, "Turn it off")
    off = await as_it_is(surface)

    assert "here that would be about 2,000" in whole.text
    assert whole.questions == {"Turn it on": "Leave one in ten without a tip for a quarter, by lot?"}
    assert (on.does_it_work, on.does_it_work_from) == (True, surface.clock.now().date())
    assert "Please open it again." in late.told
    assert "It is on. Too few to say yet: about 0 of 1,870 people have been compared." in shown.text
    assert shown.buttons == ("Turn it off",)
    assert (off.does_it_work, off.does_it_work_from) == (False, None)


@pytest.mark.parametrize(
    ("tipped", "without", "said"),
    [
        ((1700, 595), (190, 48), "Tips bring people back here."),
        ((1700, 510), (190, 55), "It cannot be said that tips bring people back here, nor that they do not."),
        ((1600, 1600), (190, 10), "Too few to say yet: about 1,800 of 1,870 people have been compared."),
    ],
    ids=["it works", "nobody can tell", "too few"],
)
async def test_what_came_of_it(
    surface: SurfaceUnderTest, tipped: tuple[int, int], without: tuple[int, int], said: str
) -> None:
    """The difference with its uncertainty, once there are as many as was said beforehand; before that, nothing."""
    await summed(surface, tipped, without)
    async with surface.database.begin() as session:
        row = (await session.execute(select(Workspace))).scalar_one()
        row.settings = {**row.settings, "does_it_work": True, "does_it_work_from": "2026-10-01"}

    [overview] = (await surface.command("greta", "nudges")).whispers

    assert said in overview.text
    assert ("95 % confidence" in overview.text) is not said.startswith("Too few")


async def test_nobody_else_sees_or_turns_it(surface: SurfaceUnderTest) -> None:
    """It is on no other member's Home; and what a member reads of it is their own."""
    async with surface.database.begin() as session:
        session.add(
            Compared(
                workspace_id=surface.organisation.workspace_id,
                member_id=surface.organisation.members["bo"],
                due_on=date(2027, 3, 2),
                is_without=True,
            )
        )

    home = await surface.open_home("bo")
    [own] = (await surface.command("bo", "samlas", "me")).whispers
    [others] = (await surface.command("carl", "samlas", "me")).whispers

    assert "Does it work?" not in home.buttons
    assert "gets none for a quarter, by lot. From 2 March 2027 that was you" in own.text
    assert "by lot" not in others.text
