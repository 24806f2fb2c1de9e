"""A request that waits: the group is reminded after two working days, and it lapses after ten; both sides are told."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from bot.anchoring.waiting import Due, due_for
from bot.calendars import calendar_of_organisation
from bot.context import Context, context_for
from bot.forms import Form
from bot.room import jobs
from bot.settings import OrganisationSettings
from storage.tables import AnchoringRequest
from storage.workspaces import get_workspace
from tests.bot.anchoring.test_anchoring import asked
from tests.bot.announcements.conftest import Scene, scene
from tests.bot.announcements.test_announcing import DECISION, form_of, preview
from tests.support import button, words_of

__all__ = ["scene"]

# Wednesday, 13:00 in Stockholm.
ASKED = datetime(2027, 3, 3, 12, 0, tzinfo=UTC)


async def days_later(scene: Scene, days: int) -> None:
    """Let days go by, with what is due on them."""
    for _ in range(days * 24):
        scene.clock.move(timedelta(hours=1))
        async with scene.database.begin() as session:
            workspace = await get_workspace(session, scene.organisation.workspace_id)
            ctx: Context = context_for(session, scene.clock.now(), workspace)
            await jobs()["anchoring.waiting"](ctx)
        await scene.settle()


def summaries(scene: Scene, name: str) -> list[str]:
    """Return what somebody has been told, each message in one sentence."""
    return [message.summary for message in scene.gateway.said_to(name)]


async def preview_asked(scene: Scene) -> Form:
    """Put a decision to the group; returns the preview from which it was asked."""
    form = await preview(scene, "anna", DECISION, decision="We move", decider="Anna")
    await scene.people.press("anna", button(form, "Ask the management group first"))
    await scene.settle()
    return form


@pytest.mark.parametrize(
    ("now", "reminded_at", "due"),
    [
        ("2027-03-05 11:59", None, None),
        ("2027-03-05 12:00", None, Due.REMINDER),
        ("2027-03-05 12:00", "2027-03-05 12:00", None),
        # Not in the night, and not on Saturday.
        ("2027-03-05 23:00", None, None),
        ("2027-03-06 12:00", None, None),
        ("2027-03-17 11:59", "2027-03-05 12:00", None),
        ("2027-03-17 12:00", "2027-03-05 12:00", Due.LAPSE),
        # Down for three weeks: it lapses, and is not reminded of as well.
        ("2027-03-24 12:00", None, Due.LAPSE),
    ],
)
def test_two_and_ten_working_days(now: str, reminded_at: str | None, due: Due | None) -> None:
    """Counted from the hour on which it was asked, within the organisation's hours."""
    moment, reminded = (
        None if told is None else datetime.fromisoformat(told).replace(tzinfo=UTC) for told in (now, reminded_at)
    )
    assert moment is not None

    assert due_for(calendar_of_organisation(OrganisationSettings()), ASKED, reminded, moment) is due


async def test_only_who_has_not_answered_is_reminded(scene: Scene) -> None:
    """One reminder, to those who are waited for, with the way to the question."""
    await scene.people.press("carl", button(await asked(scene), "I have a concern"))
    await scene.people.press("david", button(scene.gateway.said_to("david")[0], "Anchored"))

    await days_later(scene, 5)

    reminder = "Anna still hopes for your answer: is “We move in June” anchored with you?"
    assert {name: summaries(scene, name).count(reminder) for name in ("carl", "cecilia", "david")} == {
        "carl": 1,
        "cecilia": 1,
        "david": 0,
    }
    shown = (await scene.people.press("carl", button(scene.gateway.said_to("carl")[-1], "Read and answer"))).whisper
    assert shown is not None
    assert button(shown, "Anchored").label == "Anchored"


async def test_it_lapses_and_both_sides_are_told(scene: Scene) -> None:
    """After ten working days nobody is waited for: cards ask no more, and the author can ask again."""
    card = await asked(scene)

    await days_later(scene, 15)

    assert "has lapsed after ten working days" in summaries(scene, "anna")[-1]
    assert "so that question has lapsed" in summaries(scene, "carl")[-1]
    assert "this question has lapsed" in words_of(scene.gateway.said_to("carl")[0])
    late = await scene.people.press("carl", button(card, "Anchored"))
    assert late.whisper is not None
    assert "This question has lapsed." in late.whisper.summary

    told = scene.gateway.said_to("anna")[-1]
    again = await scene.people.press("anna", button(told, "Ask again"))
    await scene.settle()
    assert again.close
    assert again.whisper is not None
    assert "3 people in the management group have been asked" in again.whisper.summary
    assert button(scene.gateway.said_to("carl")[-1], "Anchored").label == "Anchored"


async def test_what_is_being_changed_waits_for_nobody(scene: Scene) -> None:
    """While its author is at the text, nobody is reminded of the question as it was."""
    form = await preview_asked(scene)
    step = form_of(await scene.people.press("anna", button(form, "Edit")))
    await scene.people.send("anna", step, text="To Storgatan instead.")

    await days_later(scene, 15)

    assert [text for text in summaries(scene, "carl") if "still hopes" in text or "lapsed" in text] == []
    async with scene.database.read() as session:
        assert (await session.execute(select(AnchoringRequest.reminded_at))).scalars().all() == [None]
