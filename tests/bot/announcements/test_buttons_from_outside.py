"""A forged, foreign or stale button does nothing but explain."""

import aiosqlite
import pytest

from bot.events import WorkspaceKey
from bot.messages import Target
from storage.database import Database
from storage.tables import Platform
from storage.workspaces import add_workspace
from tests.bot.announcements.conftest import Scene
from tests.bot.announcements.test_announcing import DECISION, NEWS, form_of, preview
from tests.support import KEY, button


async def everything(database: Database) -> str:
    """Return the whole database as text, but for who was seen and what was heard."""
    connection = await aiosqlite.connect(database.path)
    try:
        return "\n".join([line async for line in connection.iterdump() if 'INTO "happened"' not in line])
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "action",
    [
        "announcement.publish",
        "announcement.publish_anyway",
        "announcement.propose",
        "announcement.save",
        "announcement.edit",
        "announcement.compose",
        "decision.checklist",
        "anchoring.ask",
        "announcement.read",
        "announcement.not_relevant",
        "announcement.undo",
        "announcement.ask",
        "announcement.question",
        "announcement.amend",
        "announcement.amended",
        "announcement.withdraw",
        "announcement.withdrawn",
        "announcement.duplicate",
        "announcement.publish_scheduled",
        "announcement.unschedule",
        "announcement.cancel",
        "anchoring.anchored",
        "anchoring.concern",
        "anchoring.concern_told",
        "anchoring.meeting",
    ],
)
@pytest.mark.parametrize("row", [1, 999_999])
async def test_somebody_elses_or_made_up_row_only_explains(scene: Scene, action: str, row: int) -> None:
    """Whoever forges a button about another's draft, or about nothing, is told so, and nothing changes."""
    await preview(scene, "anna", DECISION, decision="We move", decider="Anna")
    before = await everything(scene.database)

    reply = await scene.people.act(
        "bo", action, target=Target(row, 1), values={"why": "because", "concern": "x", "question": "y"}
    )

    assert reply.whisper is not None
    assert reply.form is None
    assert await everything(scene.database) == before


async def test_a_button_of_another_workspace_is_refused(scene: Scene) -> None:
    """The same row number means nothing in another workspace."""
    form = await preview(scene, "anna", NEWS)
    await scene.people.press("anna", button(form, "Publish"))
    async with scene.database.begin() as session:
        await add_workspace(session, Platform.LOCAL, "other", "Other", scene.clock.now(), {"language": "en"})

    reply = await scene.people.act(
        "mallory", "announcement.read", target=Target(1, 1), key=WorkspaceKey(KEY.platform, "other")
    )

    assert reply.whisper is not None
    assert "not there any more" in reply.whisper.summary


async def test_an_old_version_of_ones_own_draft_is_not_published(scene: Scene) -> None:
    """A preview that was left open does not publish what has been rewritten since."""
    old = await preview(scene, "anna", NEWS)
    compose = form_of(await scene.people.press("anna", button(old, "Edit")))
    await scene.people.send("anna", compose, text="It opens on Tuesday.")

    stale = await scene.people.press("anna", button(old, "Publish"))
    await scene.settle()

    assert stale.whisper is not None
    assert "changed since" in stale.whisper.summary
    assert scene.gateway.said_in("allmant") == []


async def test_the_same_press_told_twice_acts_once(scene: Scene) -> None:
    """A redelivered press has the same identity and is not acted on again."""
    form = await preview(scene, "anna", NEWS)
    publish = button(form, "Publish")

    first = await scene.people.act("anna", publish.action, target=publish.target, identity="press-1")
    second = await scene.people.act("anna", publish.action, target=publish.target, identity="press-1")

    assert first.close
    assert second.whisper is None
    assert not second.close


async def test_who_was_not_asked_cannot_answer_for_the_group(scene: Scene) -> None:
    """Anchoring is answered by those who were asked, and by nobody else."""
    form = await preview(scene, "anna", DECISION, decision="We move", decider="Anna")
    await scene.people.press("anna", button(form, "Ask the management group first"))
    await scene.settle()
    card = scene.gateway.said_to("carl")[0]

    for intruder in ("anna", "bo"):
        reply = await scene.people.press(intruder, button(card, "Anchored"))
        assert reply.whisper is not None
        assert "not among those asked" in reply.whisper.summary


@pytest.mark.parametrize("action", ["announcement.read", "announcement.not_relevant", "announcement.ask"])
async def test_what_was_not_for_somebody_is_not_shown_to_them(scene: Scene, action: str) -> None:
    """Whoever forges a reader's button of another team's announcement does not get to read it."""
    form = await preview(scene, "anna", {**NEWS, "audience": f"home_team:{scene.organisation.team_id}"})
    publish = button(form, "Publish")
    await scene.people.press("anna", publish)
    await scene.settle()
    before = await everything(scene.database)

    reply = await scene.people.act("farid", action, target=publish.target)

    assert reply.whisper is not None
    assert "not there any more" in reply.whisper.summary
    assert reply.refreshed is None
    assert reply.form is None
    assert await everything(scene.database) == before
