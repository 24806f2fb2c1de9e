"""A journey through Teams in Microsoft's own local client: from installing to a nudge's buttons, in a real browser."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select, update

from adapters.teams.config import TeamsConfig
from adapters.teams.surface import teams_surface
from bot.surface import Core
from bot.wiring import rooms, wire
from storage.announcements import find_announcement
from storage.database import Database
from storage.tables import Posted, Workspace
from tests.conftest import StillClock
from tests.contracts.serving import Client, served
from tests.teams.playground import Playground, playground
from tools.tree import ROOT

TENANT = "00000000-0000-0000-0000-0000000000001"
BOT = "00000000-0000-0000-0000-00000000000011"
TEAM, ANNOUNCEMENTS = "team-id", "channel-announcements-id"
# Set to renew the pictures in docs/pictures.
PICTURES = "SAMLAS_PICTURES"

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@dataclass
class Scene:
    """The client, and the bot that it talks to."""

    client: Playground
    bot: Client
    core: Core
    clock: StillClock
    place: Path

    async def post(self, person: int, kind: str, conversation: dict[str, Any], **more: Any) -> Any:
        """Post an activity of one of the organisation's other people to the bot, as the client would."""
        activity = {
            "type": kind,
            "id": f"posted-{person}-{kind}-{len(str(more))}",
            "channelId": "msteams",
            "serviceUrl": self.client.service_url,
            "from": {"id": f"user-id-{person}", "aadObjectId": f"00000000-0000-0000-0000-000000000002{person}"},
            "recipient": {"id": BOT, "name": "Samlas"},
            "conversation": {**conversation, "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}, "team": {"id": TEAM, "name": "Samlas AB"}},
            **more,
        }
        async with self.bot.post("/api/messages", json=activity) as response:
            assert response.status == 200, await response.text()
            return await response.json() if response.content_type == "application/json" else None

    async def picture(self, name: str) -> None:
        """Keep a picture, in the documentation where it is asked for."""
        folder = ROOT / "docs" / "pictures" if os.environ.get(PICTURES) else self.place
        await self.client.picture(folder / f"teams-{name}.png")


@pytest.fixture
async def scene(database: Database, clock: StillClock, tmp_path: Path) -> AsyncIterator[Scene]:
    """Serve the bot, and open the client; it installs the bot for Anna by itself."""
    serving = wire(database, clock, [lambda core: teams_surface(core, TeamsConfig(), ())], rooms())
    async with served(serving) as bot:
        address = f"http://127.0.0.1:{bot.server.port}"
        async with playground(address, tmp_path) as client:
            yield Scene(client, bot, serving.core, clock, tmp_path)


async def in_the_team(scene: Scene) -> None:
    """Add the app to the team, where announcements go to *Announcements*."""
    conversation = {"id": TEAM, "conversationType": "channel", "isGroup": True}
    await scene.post(0, "conversationUpdate", conversation, membersAdded=[{"id": BOT}])
    async with scene.core.database.begin() as session:
        await session.execute(
            update(Workspace).values(
                settings={"announcement_channel": ANNOUNCEMENTS, "language": "en"},
                notice_given_at=scene.clock.now() - timedelta(days=30),
                rounds_on_at=scene.clock.now(),
            )
        )


async def test_a_decision_in_teams(scene: Scene) -> None:
    """Installed, announced in the personal chat with its checklist, published, read by somebody else, summed up."""
    client = scene.client
    await client.sees("Hello, I am Samlas")
    await scene.picture("hello")
    await in_the_team(scene)

    await client.write("announce We move in June")
    await client.sees("New announcement")
    form = client.last_card("New announcement")
    await form.get_by_label("Text", exact=True).fill("To **Kungsgatan**, all of us.")
    await form.get_by_label("A decision").click()
    await scene.picture("announce")
    await client.press("New announcement", "Next")
    await client.sees("About the decision")
    await client.last_card("About the decision").get_by_role("textbox").first.fill("We move on 1 June")
    await scene.picture("checklist")
    await client.press("About the decision", "Preview")
    await client.sees("How it stands: Not yet anchored")
    await client.press("How it stands", "Publish anyway")
    await client.sees("Please say in one line why it is published now.")
    await client.last_card("How it stands").get_by_label("Why publish it now?").fill("The lease ends in May.")
    await scene.picture("preview")
    await client.press("How it stands", "Publish anyway")
    await client.sees("is published")
    await scene.core.do_due()

    await client.go_to("Announcements")
    await client.sees("The lease ends in May.")
    await scene.picture("post")
    await read_by(scene, 1)
    scene.clock.move(timedelta(minutes=2))
    await scene.core.do_due()
    await client.go_to("Personal Chat")
    await client.sees("How “We move in June” is reaching people")
    await scene.picture("reach")
    await client.sees("1 Read")


async def read_by(scene: Scene, person: int) -> None:
    """Let somebody else press *I have read this* on the post, and see that it stands so for them."""
    post = await posted(scene)
    conversation = {"id": f"{ANNOUNCEMENTS};messageid={post}", "conversationType": "channel", "isGroup": True}
    data = {"action": "announcement.read", "row": 1, "version": 2}
    async with scene.core.database.read() as session:
        announcement = await find_announcement(session, 1, 1)
        assert announcement is not None
        data["version"] = announcement.revision
    value = {"action": {"type": "Action.Execute", "verb": "announcement.read", "data": data}, "trigger": "manual"}
    answer = await scene.post(person, "invoke", conversation, name="adaptiveCard/action", value=value, replyToId=post)
    shown = str(answer["value"])
    assert "Noted: you have read this." in shown
    assert "The lease ends in May." in shown


async def posted(scene: Scene) -> str:
    """Return the id of the home post."""
    async with scene.core.database.read() as session:
        found = await session.execute(select(Posted.reference_key).where(Posted.message == "announcement.post"))
        return str(found.scalar_one())


async def test_a_nudge_in_teams(scene: Scene) -> None:
    """Anna, who has given no sign for weeks, gets a tip in her chat, and says *not now*."""
    client = scene.client
    await client.sees("Hello, I am Samlas")
    await in_the_team(scene)

    for _ in range(45):
        scene.clock.move(timedelta(days=1) - timedelta(hours=2 if _ == 0 else 0))
        await scene.core.do_due()
    await client.sees("Thanks, that helped")
    await scene.picture("nudge")
    await client.press("Thanks, that helped", "Not now")

    await client.sees("Nothing like this before")
    await scene.picture("nudge-not-now")
