"""A file that cannot be put into somebody's OneDrive is not lost without a word; one that is declined is nowhere."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.teams.activities import FileAnswered, Nothing, Origin, Scope, Upload
from adapters.teams.files import upload
from adapters.teams.pressing import Pressed
from adapters.teams.reading import activity_of
from adapters.teams.wire import Account, Malformed, read
from bot.events import File
from bot.messages import Message, Target, Words
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
    ],
    ids=["over https", "in the clear", "no address of the web"],
)
async def test_where_a_file_may_go(place: Upload, *, is_put: bool) -> None:
    """Over https, to the address that Teams has given for it."""
    went: list[tuple[str, bytes]] = []

    async def put(address: str, content: bytes) -> None:
        went.append((address, content))

    done = await upload(put, FileAnswered(ORIGIN, "1", Pressed("own.export", Target(1, 1)), place), FILE)

    assert done is is_put
    assert went == ([(PLACE.url, b"{}")] if is_put else [])


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"action": "decline", "context": {"file": "data.json"}}, Nothing),
        ({"action": "accept", "context": {"file": "data.json"}}, None),
        ({"action": "accept", "context": {"action": "own.export", "row": 1, "version": 1}}, FileAnswered),
    ],
    ids=["declined", "made up", "accepted"],
)
def test_what_comes_back_with_an_answer_is_read_like_a_button(said: dict[str, Any], kind: type | None) -> None:
    """Declined, it is nowhere; accepted, it says by which button it was asked for, or is no answer to us."""
    info = {"uploadUrl": "u", "contentUrl": "c", "name": "n", "uniqueId": "i", "fileType": "csv"}
    wire = read(
        {
            "type": "invoke",
            "name": "fileConsent/invoke",
            "id": "1",
            "channelId": "msteams",
            "serviceUrl": "https://smba.trafficmanager.net/emea/",
            "from": {"id": "29:bo"},
            "recipient": {"id": "28:samlas"},
            "conversation": {"id": "a:1", "conversationType": "personal", "tenantId": "tenant-1"},
            "value": {**said, "uploadInfo": info},
        }
    )

    if kind is None:
        with pytest.raises(Malformed):
            activity_of(wire, datetime(2027, 3, 3, tzinfo=UTC))
    else:
        assert isinstance(activity_of(wire, datetime(2027, 3, 3, tzinfo=UTC)), kind)
