"""The checklists to begin with, and what an organisation makes of them."""

import json

import pytest
from sqlmodel import col, select, update

from bot.decisions.checklist import COUNTED, items_of
from bot.decisions.outcome import outcome_of
from bot.decisions.templates import Template, checklist_from, checklist_of
from bot.forms import ChoiceField, Form
from bot.messages import Words, buttons_of
from bot.settings import OrganisationSettings
from storage.tables import Decision, Member, Workspace
from tests.bot.announcements.conftest import Scene, scene
from tests.bot.announcements.test_announcing import DECISION, form_of, preview
from tests.support import button, words_of

__all__ = ["scene"]


@pytest.mark.parametrize("template", Template)
def test_each_template_speaks_both_languages(template: Template) -> None:
    """Every question is asked in Swedish and in English, by a key of its own, and survives being kept as JSON."""
    checklist = checklist_from(template)

    items = items_of(json.loads(json.dumps(checklist)))

    assert items == items_of(checklist)
    assert all(item.labels["sv"] != item.labels["en"] for item in items)
    assert len({item.key for item in items}) == len(items)
    assert [item.role for item in items[:3]] == list(COUNTED)


def test_consultation_with_the_unions_is_for_the_record() -> None:
    """*Sweden (MBL)* adds both questions to the default, and neither answer stands on a post."""
    default, sweden = (items_of(checklist_from(name)) for name in (Template.DEFAULT, Template.SWEDEN))

    added = [item for item in sweden if item not in default]

    assert [item.labels["en"][:6] for item in added] == ["MBL 11", "MBL 19"]
    assert not any(item.on_post for item in added)


def test_advice_is_asked_for_and_answered() -> None:
    """*Advice process* asks those affected, those who know, and what was not followed."""
    keys = [item.key for item in items_of(checklist_from(Template.ADVICE))]

    assert keys[4:7] == ["asked_affected", "asked_experts", "advice_not_followed"]


def test_default_is_what_an_organisation_begins_with() -> None:
    """Nothing has to be chosen before the first decision."""
    assert checklist_of(OrganisationSettings()) == checklist_from(Template.DEFAULT)


def test_no_question_is_needed() -> None:
    """A checklist without any question still has an outcome: only the anchoring is open."""
    assert outcome_of((), {}, "Anna").open_roles == ("anchoring",)


async def overview(scene: Scene) -> Form:
    """Open the checklist as greta, who is a communications lead."""
    path = (await scene.people.command("greta", "decision-path")).whisper
    assert path is not None
    return form_of(await scene.people.press("greta", button(path, "The checklist")))


def questions(form: Form) -> list[str]:
    """Return the questions of the overview, in order."""
    return [part.text.split(". ", 1)[1] for part in form.parts if isinstance(part, Words) and part.text[0].isdigit()]


async def press(scene: Scene, form: Form, question: str, label: str) -> Form:
    """Press a button of one question."""
    place = questions(form).index(question) + 1
    [found] = [one for one in buttons_of(form.parts) if one.label == label and one.target.row == place]
    return form_of(await scene.people.press("greta", found))


async def test_a_communications_lead_makes_it_their_own(scene: Scene) -> None:
    """Removed, moved, reworded and added: the next decision is asked what stands there, in its order."""
    form = await overview(scene)
    form = await press(scene, form, "Who was consulted", "Remove")
    form = await press(scene, form, "Who answers questions", "Move up")
    item = await press(scene, form, "Who answers questions", "Reword")
    form = form_of(await scene.people.send("greta", item, en="Whom to ask", sv="Vem man frågar"))
    new = form_of(await scene.people.press("greta", button(form, "Add a question")))
    form = form_of(await scene.people.send("greta", new, en="What it costs", kind="line", on_post=""))

    step = form_of(await scene.people.command("anna", "announce"))
    step = form_of(await scene.people.send("anna", step, **DECISION))

    asked = [label for part in step.parts if (label := getattr(part, "label", None))]
    assert "Who was consulted" not in asked
    assert asked.index("Whom to ask") == asked.index("Who should hear it first") - 1
    assert asked[-1] == "What it costs"
    assert questions(form) == [label for label in asked if not label.startswith("When it was anchored")]


async def test_a_template_takes_the_place_of_all_questions(scene: Scene) -> None:
    """Chosen, it is there at once, and shown as what was begun with."""
    form = await overview(scene)

    form = form_of(await scene.people.press("greta", button(form, "Begin with it"), template="sweden_mbl"))

    assert any(question.startswith("MBL 11") for question in questions(form))
    assert [part.value for part in form.parts if isinstance(part, ChoiceField)] == ["sweden_mbl"]


async def test_an_old_decision_keeps_its_checklist(scene: Scene) -> None:
    """What was asked when it was made stands with it, whatever is asked now."""
    await preview(scene, "anna", DECISION, consulted="The union")
    form = await overview(scene)

    await press(scene, form, "Who was consulted", "Remove")

    async with scene.database.read() as session:
        kept = (await session.execute(select(Decision))).scalar_one()
    assert "consulted" in [item.key for item in items_of(kept.checklist)]


async def test_only_communications_leads_change_it(scene: Scene) -> None:
    """Anybody may read how decisions are made; to others there is no button, and a made-up press changes nothing."""
    form = await overview(scene)
    seen = (await scene.people.command("anna", "decision-path")).whisper

    refused = await scene.people.press("anna", button(form, "Remove"))

    assert seen is not None
    assert buttons_of(seen.parts) == ()
    assert refused.whisper is not None
    assert "Greta" in refused.whisper.summary
    assert questions(await overview(scene)) == questions(form)


async def test_two_leads_do_not_undo_each_other(scene: Scene) -> None:
    """Whoever is second gets the checklist as it stands by then, and has changed nothing."""
    async with scene.database.begin() as session:
        await session.execute(
            update(Member)
            .where(col(Member.id) == scene.organisation.members["farid"])
            .values(is_communications_lead=True)
        )
    form = await overview(scene)
    now = await press(scene, form, "Who was consulted", "Remove")

    late = await scene.people.press("farid", button(form, "Remove"))

    assert late.form is not None
    assert "was changed since you opened it" in words_of(late.form)
    assert questions(late.form) == questions(now)


async def test_a_question_is_written_in_one_language_at_least(scene: Scene) -> None:
    """Without a word in either, it is told at the field, and nothing is added."""
    form = await overview(scene)
    new = form_of(await scene.people.press("greta", button(form, "Add a question")))

    empty = await scene.people.send("greta", new, en=" ", sv="")

    assert list(empty.errors) == ["sv"]
    assert questions(await overview(scene)) == questions(form)


async def test_a_full_checklist_says_so(scene: Scene) -> None:
    """A form has room for so many questions and no more."""
    checklist = checklist_from(Template.DEFAULT)
    checklist["items"] = [{**checklist["items"][4], "key": f"own_{n}"} for n in range(25)]
    async with scene.database.begin() as session:
        await session.execute(update(Workspace).values(settings={"language": "en", "checklist": checklist}))
    new = form_of(await scene.people.press("greta", button(await overview(scene), "Add a question")))

    full = await scene.people.send("greta", new, en="One more")

    assert "Remove one first" in full.errors["sv"]
