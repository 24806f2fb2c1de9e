"""How a decision stands, computed openly from its answers and the management group's. Never stored.

Only the decision itself, who decided it and its anchoring count; the other items left open are open questions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.decisions.checklist import ANCHORING, DECIDER, DECISION, Answer, Declared, Item
from bot.texts import Text, text, texts
from storage.tables import AnchoringAnswer, AnchoringAnswerKind


class Anchoring(StrEnum):
    """The four outcomes of PRODUCT chapter 2."""

    BY_GROUP = "by_group"
    SELF_DECLARED = "self_declared"
    PARTLY = "partly"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a decision stands: the line on the post, the reasons for it, and the keys of what is open.

    `open_items` are those that count; `open_questions` the others.
    """

    anchoring: Anchoring
    line: Text
    reasons: tuple[Text, ...]
    open_items: tuple[str, ...]
    open_questions: tuple[str, ...]

    @property
    def is_anchored(self) -> bool:
        """Whether nothing that counts is open."""
        return self.anchoring in (Anchoring.BY_GROUP, Anchoring.SELF_DECLARED)


def rule_is_met(rule: str, answers: Sequence[AnchoringAnswer]) -> bool:
    """Whether enough of the asked answered *Anchored*: "any" one, a "majority" (more than half), or "all"."""
    anchored = sum(answer.answer == AnchoringAnswerKind.ANCHORED for answer in answers)
    match rule:
        case "any":
            return anchored >= 1
        case "majority":
            return anchored * 2 > len(answers)
        case "all":
            return bool(answers) and anchored == len(answers)
        case _:
            raise ValueError(f"unknown anchoring rule {rule!r}")


def outcome_of(
    items: Sequence[Item],
    answers: Mapping[str, Answer],
    author: str,
    rule: str | None = None,
    asked: Sequence[AnchoringAnswer] = (),
) -> Outcome:
    """Compute how a decision stands.

    `author` is the name behind what is self-declared; `asked` holds the management group's answers to the current
    request, under its `rule`; both empty when nobody has been asked.
    """
    declared = answers.get(ANCHORING, Answer())
    anchored_here = sum(answer.answer == AnchoringAnswerKind.ANCHORED for answer in asked)
    by_group = rule is not None and rule_is_met(rule, asked)
    by_author = declared.declared in (Declared.YES, Declared.NOT_NEEDED)
    open_items = [key for key in (DECISION, DECIDER) if answers.get(key, Answer()).is_open]
    if not by_group and not by_author:
        open_items.append(ANCHORING)

    reasons = [text("It does not say what was decided, in one sentence.")] if DECISION in open_items else []
    if DECIDER in open_items:
        reasons.append(text("It does not say who decided, where and when."))
    reasons.append(_anchoring_reason(declared, author, asked, anchored_here))

    return Outcome(
        anchoring=_anchoring(open_items, by_group=by_group, begun=by_author or anchored_here > 0),
        line=_line(open_items, declared, author, by_group=by_group, begun=by_author or anchored_here > 0),
        reasons=tuple(reasons),
        open_items=tuple(open_items),
        open_questions=tuple(
            item.key
            for item in items
            if item.key not in (DECISION, DECIDER, ANCHORING) and answers.get(item.key, Answer()).is_open
        ),
    )


def _anchoring(open_items: Sequence[str], *, by_group: bool, begun: bool) -> Anchoring:
    if not open_items:
        return Anchoring.BY_GROUP if by_group else Anchoring.SELF_DECLARED
    return Anchoring.PARTLY if by_group or begun else Anchoring.NOT_YET


def _line(open_items: Sequence[str], declared: Answer, author: str, *, by_group: bool, begun: bool) -> Text:
    if not open_items and by_group:
        return text("Anchored by the management group")
    if not open_items and declared.declared is Declared.NOT_NEEDED:
        return text("Needed no anchoring, says {author}: {why}", author=author, why=declared.words)
    if not open_items:
        return text("Anchored, says {author}", author=author)
    return text("Partly anchored") if by_group or begun else text("Not yet anchored")


def _anchoring_reason(declared: Answer, author: str, asked: Sequence[AnchoringAnswer], anchored_here: int) -> Text:
    if asked:
        return texts(
            "{anchored} of {count} person asked in the management group has answered Anchored.",
            "{anchored} of {count} people asked in the management group have answered Anchored.",
            len(asked),
            anchored=anchored_here,
        )
    match declared.declared:
        case Declared.YES:
            return text("{author} says when it was anchored: {when}", author=author, when=declared.words)
        case Declared.NOT_NEEDED:
            return text("{author} says why it needs no anchoring: {why}", author=author, why=declared.words)
        case Declared.NO:
            return text("{author} says that it is not anchored with the management group.", author=author)
        case None:
            return text("It does not say whether it is anchored with the management group.")
