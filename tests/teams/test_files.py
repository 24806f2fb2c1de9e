"""A file that cannot be put into somebody's OneDrive is not lost without a word; one that is declined is nowhere."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.teams.activities import FileAnswered, Origin, Scope, Upload
from adapters.teams.files import upload
from adapters.teams.wire import Account
from bot.events import File
from bot.messages import Message, Words
from bot.wiring import rooms
from storage.database import Database
from tests.conftest import StillClock
from tests.contracts.teams_surface import opened
from tests.teams.service import Failure

FILE = File("data.json", b"{}", Message("Here it is.", (Words("Here it is."),)))
ORIGIN = Origin(
    tenant="tenant-1",
    service_url="https://smba.trafficmanager.net/emea/",
    conversation="a:1",
    scope=Scope.PERSONAL,
    channel=None,
    thread=None,
    person=Account(id="29:bo"),
    bot=Account(id="28:samlas"),
    at=datetime(2027, 3, 3, tzinfo=UTC),
    activity="1",
)
PLACE = Upload(
    "https://company.sharepoint.com/up", "https://company.sharepoint.com/data.json", "data.json", "u1", "json"
)


async def test_a_file_that_is_not_taken(database: Database, clock: StillClock) -> None:
    """The person is told, and what to do."""
    async with opened(database, clock, rooms()) as surface:
        surface.service.script["/upload"].append(Failure(507))  # type: ignore[attr-defined]  # this is Teams' driver
        [page] = (await surface.command("bo", "samlas", "me")).whispers
        await surface.press("bo", page, "Export my data")

        taken = await surface.files("bo")

        [*_, told] = surface._messages("a:29:bo")  # type: ignore[attr-defined]  # as above
        assert taken == []
        assert "The file could not be put into your OneDrive." in told.text


@pytest.mark.parametrize(
    ("place", "is_put"),
    [
        (PLACE, True),
        (replace(PLACE, url="http://company.sharepoint.com/up"), False),
        (replace(PLACE, url="file:///etc/passwd"), False),
        (None, False),
    ],
    ids=["over https", "in the clear", "no address of the web", "declined"],
)
async def test_where_a_file_may_go(place: Upload | None, *, is_put: bool) -> None:
    """Over https, to the address that Teams has given for it."""
    went: list[tuple[str, bytes]] = []

    async def put(address: str, content: bytes) -> None:
        went.append((address, content))

    done = await upload(put, FileAnswered(ORIGIN, "1", place), FILE)

    assert done is is_put
    assert went == ([(PLACE.url, b"{}")] if is_put else [])
