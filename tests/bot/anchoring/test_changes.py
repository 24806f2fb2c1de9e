"""What has changed since somebody was asked is told in plain words."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.anchoring.changes import Version, change_in_words, changed_pieces, changes
from bot.decisions.checklist import Answer, Declared, items_of
from bot.decisions.templates import Template, checklist_from
from bot.texts import Voice

ITEMS = items_of(checklist_from(Template.DEFAULT))
SAY = Voice("en")
BEFORE = Version(
    "We move", "To Kungsgatan. In June.\n\nEverybody packs.", "everyone", {"decision": Answer("We move on 1 June")}
)


def told(after: Version) -> list[str]:
    """Return what somebody who was asked about BEFORE is told."""
    return [change_in_words(change, SAY) for change in changes(BEFORE, after, ITEMS, SAY)]


def test_the_same_says_nothing() -> None:
    """Where nothing is different, nothing is told; how lines are broken is no difference."""
    assert told(BEFORE) == []
    assert told(replace(BEFORE, text="To Kungsgatan.\nIn June. Everybody  packs.")) == []


def test_only_the_changed_sentence_is_told() -> None:
    """What stayed is left out, so that the change is seen."""
    assert told(replace(BEFORE, text="To Storgatan. In June.\n\nEverybody packs.")) == [
        "Text: “To Kungsgatan.” is now “To Storgatan.”"
    ]


def test_new_and_gone() -> None:
    """What has come and what has gone are said as that."""
    added = replace(BEFORE, text=f"{BEFORE.text} The lease ends.")
    shortened = replace(BEFORE, text="To Kungsgatan. In June.")

    assert told(added) == ["Text: new is “The lease ends.”"]
    assert told(shortened) == ["Text: “Everybody packs.” is gone"]


def test_title_audience_and_answers() -> None:
    """Each is told by its own name, days and declarations in words."""
    after = Version(
        "We move twice",
        BEFORE.text,
        "#allmant",
        {
            "decision": Answer("We move on 1 June"),
            "anchoring": Answer("1 March", Declared.YES),
            "review": Answer("2027-09-01"),
        },
    )

    assert told(after) == [
        "Title: “We move” is now “We move twice”",
        "Who is it for?: “everyone” is now “#allmant”",
        "Anchored with the management group: new is “Yes, 1 March”",
        "When to look at it again: new is “1 September 2027”",
    ]


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_of_a_new_text_is_hidden(before: str, after: str) -> None:
    """Every word of the new text was there before, or is told as new."""
    new = " ".join(piece for _, piece in changed_pieces(before, after)).split()

    assert set(after.split()) <= set(before.split()) | set(new)
