"""The checklist asks, and reads back what was answered."""

import pytest

from bot.decisions.checklist import (
    ANCHORING,
    REVIEW,
    Answer,
    Declared,
    answers_of,
    default_checklist,
    fields_for,
    items_of,
    kept,
    read_answers,
    review_day,
)
from bot.errors import BadInput
from bot.texts import Voice

ITEMS = items_of(default_checklist())


def test_every_item_can_be_left_open() -> None:
    """An empty form is a valid answer, and nothing of it is kept."""
    assert kept(read_answers(ITEMS, {})) == {}


def test_answers_survive_being_kept() -> None:
    """What was answered comes back from its JSON, and into the form's fields."""
    values = {"decision": "We move", ANCHORING: "yes", f"{ANCHORING}.words": "1 March", REVIEW: "2027-09-01"}

    answers = answers_of(kept(read_answers(ITEMS, values)))

    assert answers["decision"] == Answer("We move")
    assert answers[ANCHORING] == Answer("1 March", Declared.YES)
    assert review_day(answers) is not None
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
        read_answers(ITEMS, values)

    assert list(refused.value.by_field) == [field]
