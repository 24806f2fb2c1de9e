"""How a decision stands is computed from its answers, openly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decisions.checklist import Answer, Declared, Role, items_of
from bot.decisions.outcome import outcome_of, rule_is_met
from bot.decisions.templates import Template, checklist_from
from bot.texts import Voice
from storage.tables import Anchoring, AnchoringAnswer, AnchoringAnswerKind

ITEMS = items_of(checklist_from(Template.DEFAULT))
# The default checklist calls these items by their roles.
DECISION, DECIDER, ANCHORING = "decision", "decider", "anchoring"
SAID = {DECISION: Answer("We move on 1 June"), DECIDER: Answer("The board, 2 March")}
VOICE = Voice("en")


def asked(*answers: AnchoringAnswerKind | None) -> list[AnchoringAnswer]:
    """Return the management group's answers to one request."""
    return [
        AnchoringAnswer(workspace_id=1, request_id=1, member_id=number, answer=answer)
        for number, answer in enumerate(answers)
    ]


YES, CONCERN = AnchoringAnswerKind.ANCHORED, AnchoringAnswerKind.CONCERN


def test_a_decision_that_says_nothing_is_not_yet_anchored() -> None:
    """Nothing answered: not yet anchored, with a reason for each of the three things that count."""
    outcome = outcome_of(ITEMS, {}, "Anna")

    assert outcome.anchoring is Anchoring.NOT_YET
    assert outcome.open_roles == (DECISION, DECIDER, ANCHORING)
    assert len(outcome.reasons) == 3
    assert VOICE.say(outcome.line) == "Not yet anchored"


def test_an_author_who_says_when_it_was_anchored_is_believed_by_name() -> None:
    """Self-declared anchoring stands on the post with the name of who says so."""
    outcome = outcome_of(ITEMS, {**SAID, ANCHORING: Answer("1 March", Declared.YES)}, "Anna")

    assert outcome.anchoring is Anchoring.SELF_DECLARED
    assert VOICE.say(outcome.line) == "Anchored, says Anna"


def test_an_author_who_says_no_is_taken_at_their_word() -> None:
    """Declared *no* leaves the anchoring open and the decision not yet anchored."""
    outcome = outcome_of(ITEMS, {**SAID, ANCHORING: Answer("", Declared.NO)}, "Anna")

    assert outcome.anchoring is Anchoring.NOT_YET
    assert outcome.open_roles == (ANCHORING,)


def test_not_needed_says_so_and_why() -> None:
    """A decision that needed no anchoring is never said to be anchored."""
    outcome = outcome_of(ITEMS, {**SAID, ANCHORING: Answer("only concerns my team", Declared.NOT_NEEDED)}, "Anna")

    assert outcome.is_anchored
    assert VOICE.say(outcome.line) == "Needed no anchoring, says Anna: only concerns my team"


def test_answers_given_here_win_over_what_is_declared() -> None:
    """When the management group has answered here, it is anchored by them and not by say-so."""
    answers = {**SAID, ANCHORING: Answer("1 March", Declared.YES)}

    outcome = outcome_of(ITEMS, answers, "Anna", "majority", asked(YES, YES, None))

    assert outcome.anchoring is Anchoring.BY_GROUP


def test_an_anchored_decision_without_a_decider_is_partly_anchored() -> None:
    """The group's yes does not answer who decided."""
    outcome = outcome_of(ITEMS, {DECISION: Answer("We move")}, "Anna", "any", asked(YES))

    assert outcome.anchoring is Anchoring.PARTLY
    assert outcome.open_roles == (DECIDER,)


def test_one_of_three_under_the_majority_rule_is_partly_anchored() -> None:
    """Somebody has said yes, but not enough of them."""
    outcome = outcome_of(ITEMS, SAID, "Anna", "majority", asked(YES, None, CONCERN))

    assert outcome.anchoring is Anchoring.PARTLY
    assert VOICE.say(outcome.reasons[-1]) == "1 of 3 people asked in the management group have answered Anchored."


@pytest.mark.parametrize(
    ("rule", "answers", "met"),
    [
        ("any", asked(None, YES, CONCERN), True),
        ("any", asked(None, CONCERN), False),
        ("majority", asked(YES, YES, CONCERN, None), False),
        ("majority", asked(YES, YES, YES, None), True),
        ("all", asked(YES, YES), True),
        ("all", asked(YES, None), False),
        ("all", [], False),
        ("majority", [], False),
    ],
)
def test_each_rule_counts_as_it_says(rule: str, answers: list[AnchoringAnswer], met: bool) -> None:  # noqa: FBT001 - a parameter of the table
    """Any one, more than half, or all of those asked."""
    assert rule_is_met(rule, answers) is met


@given(
    st.dictionaries(
        st.sampled_from([item.key for item in ITEMS if item.key != ANCHORING]), st.builds(Answer, st.text()), max_size=9
    ),
    st.builds(Answer, st.text(min_size=1), st.sampled_from(Declared)) | st.just(Answer()),
)
def test_only_three_items_decide_the_outcome(answers: dict[str, Answer], anchoring: Answer) -> None:
    """Whatever else is answered or left open changes the open questions and nothing else."""
    everything = {**answers, ANCHORING: anchoring}
    only_counting = {key: everything[key] for key in (DECISION, DECIDER, ANCHORING) if key in everything}

    with_all, with_three = outcome_of(ITEMS, everything, "Anna"), outcome_of(ITEMS, only_counting, "Anna")

    assert (with_all.anchoring, with_all.line, with_all.reasons, with_all.open_roles) == (
        with_three.anchoring,
        with_three.line,
        with_three.reasons,
        with_three.open_roles,
    )
    assert with_all.is_anchored == (not with_all.open_roles)


def test_what_a_checklist_does_not_ask_is_not_held_against_a_decision() -> None:
    """An organisation that does not ask who decided can have anchored decisions all the same."""
    items = [item for item in ITEMS if item.role is not Role.DECIDER]

    outcome = outcome_of(items, {DECISION: Answer("We move"), ANCHORING: Answer("1 March", Declared.YES)}, "Anna")

    assert outcome.is_anchored


def test_nobody_is_said_to_have_declared_what_was_not_asked() -> None:
    """Without a question about anchoring only the management group itself can anchor a decision."""
    items = [item for item in ITEMS if item.role is not Role.ANCHORING]

    alone, with_group = outcome_of(items, SAID, "Anna"), outcome_of(items, SAID, "Anna", "any", asked(YES))

    assert alone.anchoring is Anchoring.NOT_YET
    assert with_group.anchoring is Anchoring.BY_GROUP
