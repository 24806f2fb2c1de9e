"""The checklist asks, and reads back what was answered."""

from datetime import date

import pytest

from bot.decisions.checklist import (
    Answer,
    Declared,
    Item,
    ItemKind,
    answers_of,
    fields_for,
    items_of,
    kept,
    read_answers,
    review_day,
)
from bot.decisions.templates import Template, checklist_from
from bot.errors import BadInput
from bot.forms import Form
from bot.messages import Target
from bot.texts import Voice

ITEMS = items_of(checklist_from(Template.DEFAULT))
FORM = Form("decision.checklist", Target(1, 1), "About it", fields_for(ITEMS, {}, Voice("en")), "Preview", "Cancel")
ANCHORING, REVIEW = "anchoring", "review"


def test_every_item_can_be_left_open() -> None:
    """An empty form is a valid answer, and nothing of it is kept."""
    assert kept(read_answers(ITEMS, FORM, {})) == {}


def test_answers_survive_being_kept() -> None:
    """What was answered comes back from its JSON, and into the form's fields."""
    values = {"decision": "We move", ANCHORING: "yes", f"{ANCHORING}.words": "1 March", REVIEW: "2027-09-01"}

    answers = answers_of(kept(read_answers(ITEMS, FORM, values)))

    assert answers["decision"] == Answer("We move")
    assert answers[ANCHORING] == Answer("1 March", Declared.YES)
    assert review_day(ITEMS, answers) is not None
    assert "We move" in repr(fields_for(ITEMS, answers, Voice("en")))


def test_the_default_checklist_speaks_both_languages() -> None:
    """Each item has its question in Swedish and in English, and they differ."""
    assert all(item.labels["sv"] != item.labels["en"] for item in ITEMS)


def test_who_hears_it_first_is_for_the_record() -> None:
    """What the organisation wants to remember need not stand on the post."""
    assert [item.key for item in ITEMS if not item.on_post] == ["hears_first"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({REVIEW: "tomorrow"}, REVIEW),
        ({REVIEW: "2027-02-30"}, REVIEW),
        ({ANCHORING: "perhaps"}, ANCHORING),
        ({ANCHORING: "yes"}, f"{ANCHORING}.words"),
        ({ANCHORING: "not_needed"}, f"{ANCHORING}.words"),
        ({"affected": "x" * 1001}, "affected"),
    ],
)
def test_what_cannot_be_used_is_told_at_its_field(values: dict[str, str], field: str) -> None:
    """A sentence stands at the field it is about."""
    with pytest.raises(BadInput) as refused:
        read_answers(ITEMS, FORM, values)

    assert list(refused.value.by_field) == [field]
    assert refused.value.form.values() == {**FORM.values(), **values}


def test_a_question_in_one_language_is_asked_in_it() -> None:
    """An organisation that has written its item in Swedish only asks everybody in Swedish."""
    only_swedish = Item("cost", {"sv": "Vad det kostar"}, ItemKind.LINE, on_post=True)

    assert only_swedish.label(Voice("en")) == "Vad det kostar"
    assert [field.label for field in fields_for((only_swedish,), {}, Voice("en"))] == ["Vad det kostar"]


def test_roles_and_not_keys_say_what_an_item_means() -> None:
    """A template's own names for its items change nothing in what is done with their answers."""
    items = items_of(
        {
            "items": [
                {"key": "look_again", "labels": {"en": "Look again"}, "kind": "day", "on_post": True, "role": "review"}
            ]
        }
    )

    assert review_day(items, {"look_again": Answer("2027-09-01")}) == date(2027, 9, 1)
