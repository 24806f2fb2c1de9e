"""A group can be an announcement's audience, and what it is told stands nowhere else."""

from bot.wiring import rooms
from storage.audience import Audience, reach
from storage.database import Database
from storage.groups import keep_groups, see_group, standing_groups
from storage.tables import AudienceKind, Copies
from tests.conftest import StillClock
from tests.contracts.announcing import NEWS, preview
from tests.contracts.slack_surface import SlackSurface, opened
from tests.contracts.slack_team import id_of


async def test_only_its_members_get_what_a_group_is_told(database: Database, clock: StillClock) -> None:
    """Directly, with no home post: who is in it may be nobody else's business. Others do not find it in the news."""
    async with opened(database, clock, rooms()) as surface:
        assert isinstance(surface, SlackSurface)
        async with database.begin() as session:
            workspace_id = surface.organisation.workspace_id
            await see_group(session, workspace_id, "S1", "Parents", [id_of("bo"), id_of("eva")])

        shown = await preview(surface, "anna", {**NEWS, "audience": "Group Parents"})
        await surface.press("anna", shown, "Publish")
        await surface.settle()

        told = [name for name in surface.organisation.members if name != "anna" and await surface.direct(name)]
        assert told == ["bo", "eva"]
        assert "Anna to the group Parents" in (await surface.direct("eva"))[0].text
        assert await surface.in_channel("allmant") == []
        assert "New canteen" in (await surface.command("bo", "news")).told
        assert "New canteen" not in (await surface.command("carl", "news")).told


async def test_a_group_that_is_gone_is_offered_no_more(database: Database, clock: StillClock) -> None:
    """What was announced to it stays, and counts whom it reached."""
    async with opened(database, clock, rooms()) as surface:
        workspace_id = surface.organisation.workspace_id
        async with database.begin() as session:
            await see_group(session, workspace_id, "S1", "Parents", [id_of("bo")])
            await see_group(session, workspace_id, "S2", "Union", [id_of("eva"), id_of("carl")])
            await keep_groups(session, workspace_id, {"S2"})

        opened_form = (await surface.command("anna", "announce")).opened

        assert [name for name in opened_form.fields["audience"].options if name.startswith("Group")] == ["Group Union"]
        async with database.read() as session:
            [union] = await standing_groups(session, workspace_id)
            found = await reach(session, workspace_id, Audience(AudienceKind.GROUP, union.id), Copies.ABSENT, None)
        assert found.people == 2
