"""A file that Slack does not take is not lost without a word."""

from bot.wiring import rooms
from storage.database import Database
from tests.conftest import StillClock
from tests.contracts.slack_surface import opened
from tests.contracts.slack_team import id_of
from tests.slack.standin import Failure


async def test_a_file_that_slack_does_not_take(database: Database, clock: StillClock) -> None:
    """Installed before files were asked for, say: the person is told, and who can help; trying again works."""
    async with opened(database, clock, rooms()) as surface:
        surface.standin.fail("files.getUploadURLExternal", Failure(error="missing_scope"))  # type: ignore[attr-defined]  # this is Slack's driver
        [page] = (await surface.command("bo", "samlas", "me")).whispers

        await surface.press("bo", page, "Export my data")
        said = [str(one.body["text"]) for one in surface.standin.said_to(id_of("bo"))]  # type: ignore[attr-defined]  # as above
        refused = await surface.files("bo")
        await surface.press("bo", page, "Export my data")

        assert "Slack did not take the file." in said[-1]
        assert refused == []
        assert len(await surface.files("bo")) == 1
