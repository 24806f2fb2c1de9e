"""How decisions are made here: brought, written, read by each manager once, and shown before a first decision."""

from datetime import timedelta

from sqlmodel import col, update

from bot.context import context_for
from bot.events import OPENED_HOME
from bot.messages import buttons_of
from bot.room import jobs
from storage.tables import HomeTeam, Member
from storage.workspaces import get_workspace
from tests.bot.announcements.conftest import Scene, scene
from tests.bot.announcements.test_announcing import DECISION, form_of, preview
from tests.support import button, words_of

__all__ = ["scene"]

WRITTEN = {"sv": "Vi frågar **först**.", "en": "We ask **first**."}


async def write(scene: Scene, **values: str) -> str:
    """Write the path as greta, who is a communications lead; returns what she is told."""
    shown = (await scene.people.command("greta", "decision-path")).whisper
    assert shown is not None
    form = form_of(await scene.people.press("greta", button(shown, "Write it")))
    reply = await scene.people.send("greta", form, **values)
    await scene.settle()
    return "" if reply.whisper is None else reply.whisper.summary


async def managers_are_told(scene: Scene) -> None:
    """Do what is due."""
    async with scene.database.begin() as session:
        workspace = await get_workspace(session, scene.organisation.workspace_id)
        await jobs()["decisions.path"](context_for(session, scene.clock.now(), workspace))
    await scene.settle()


def got(scene: Scene) -> list[str]:
    """Return who has been sent the path, once for each time."""
    return [
        name
        for name in scene.organisation.members
        for message in scene.gateway.said_to(name)
        if "How decisions are made here" in message.summary
    ]


async def test_samlas_brings_one(scene: Scene) -> None:
    """Before anybody has written it there is one to read, in the reader's language, and nobody is sent it."""
    async with scene.database.begin() as session:
        await session.execute(
            update(Member).where(col(Member.id) == scene.organisation.members["bo"]).values(locale="sv")
        )

    in_swedish = (await scene.people.command("bo", "decision-path")).whisper
    in_english = (await scene.people.command("eva", "decision-path")).whisper
    await managers_are_told(scene)

    assert in_swedish is not None
    assert in_english is not None
    assert "Tänk igenom det" in words_of(in_swedish)
    assert "Think it through" in words_of(in_english)
    assert got(scene) == []


async def test_each_manager_gets_it_once(scene: Scene) -> None:
    """Team leads and the management group, and nobody else; who becomes a manager later gets it then."""
    async with scene.database.begin() as session:
        await session.execute(update(HomeTeam).values(lead_id=scene.organisation.members["eva"]))

    told = await write(scene, **WRITTEN)
    await managers_are_told(scene)
    before = got(scene)
    async with scene.database.begin() as session:
        await session.execute(update(HomeTeam).values(lead_id=scene.organisation.members["bo"]))
    await managers_are_told(scene)

    assert "each manager gets it once" in told
    assert before == ["carl", "cecilia", "david", "eva"]
    assert got(scene) == ["bo", *before]
    assert "We ask **first**." in words_of(scene.gateway.said_to("carl")[0])


async def test_reading_it_is_noted(scene: Scene) -> None:
    """*I have read this* stays on the message, and the communications lead sees how many have."""
    await write(scene, **WRITTEN)
    message = scene.gateway.said_to("carl")[0]

    pressed = await scene.people.press("carl", button(message, "I have read this"))
    refused = await scene.people.press("bo", button(message, "I have read this"))

    seen = (await scene.people.command("greta", "decision-path")).whisper
    assert pressed.refreshed is not None
    assert "You have read this" in words_of(pressed.refreshed)
    assert refused.whisper is not None
    assert "somebody else" in refused.whisper.summary
    assert seen is not None
    assert "3 managers have got it; 1 of them say" in words_of(seen)


async def test_other_words_are_sent_again(scene: Scene) -> None:
    """Changed, each manager gets it anew; the same words, or another rule, go to nobody."""
    await write(scene, **WRITTEN)

    same = await write(scene, rule="all")
    await write(scene, en="We ask everybody.")

    assert "nobody gets it again" in same
    assert got(scene) == ["carl", "carl", "cecilia", "cecilia", "david", "david"]
    assert "We ask everybody." in words_of(scene.gateway.said_to("carl")[-1])


async def test_nothing_written_changes_nothing(scene: Scene) -> None:
    """Emptied in both languages, it is told at the field."""
    shown = (await scene.people.command("greta", "decision-path")).whisper
    assert shown is not None
    form = form_of(await scene.people.press("greta", button(shown, "Write it")))

    empty = await scene.people.send("greta", form, sv=" ", en="")
    by_another = await scene.people.send("anna", form, **WRITTEN)

    assert list(empty.errors) == ["sv"]
    assert by_another.whisper is not None
    assert "communications leads" in by_another.whisper.summary
    assert got(scene) == []


async def test_a_first_decision_begins_with_it(scene: Scene) -> None:
    """Its author sees it above the checklist, and after their first decision no more."""
    step = form_of(await scene.people.command("anna", "announce"))
    first = form_of(await scene.people.send("anna", step, **DECISION))
    form = form_of(await scene.people.send("anna", first))
    await scene.people.press("anna", button(form, "Publish as a proposal"))
    scene.clock.move(timedelta(days=1))

    step = form_of(await scene.people.command("anna", "announce"))
    second = form_of(await scene.people.send("anna", step, **DECISION))

    assert "Think it through" in words_of(first)
    assert "Think it through" not in words_of(second)


async def test_a_communications_lead_finds_it_on_home(scene: Scene) -> None:
    """And nobody else has that button there."""
    hers = (await scene.people.act("greta", OPENED_HOME)).home
    his = (await scene.people.act("bo", OPENED_HOME)).home
    assert hers is not None
    assert his is not None

    shown = (await scene.people.press("greta", button(hers, "Decision path and checklist"))).whisper

    assert shown is not None
    assert [found.label for found in buttons_of(shown.parts)] == ["Use it as it is", "Write it", "The checklist"]
    assert buttons_of(his.parts) == ()


async def test_the_rule_holds_for_the_next_question(scene: Scene) -> None:
    """When a decision is anchored is the organisation's to say."""
    await write(scene, rule="any")
    form = await preview(scene, "anna", DECISION, decision="We move", decider="Anna")
    await scene.people.press("anna", button(form, "Ask the management group first"))
    await scene.settle()

    await scene.people.press("carl", button(scene.gateway.said_to("carl")[-1], "Anchored"))
    await scene.settle()

    assert "is anchored with the management group" in scene.gateway.said_to("anna")[-1].summary
