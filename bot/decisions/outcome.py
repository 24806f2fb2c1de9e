"""How a decision stands, computed openly from its answers and the management group's.

Only the decision itself, who decided it and its anchoring count; the other items left open are open questions. What
a checklist does not ask is not held against a decision, but for its anchoring: the group can be asked in any case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.decisions.checklist import COUNTED, Answer, Declared, Item, Role, answer_to
from bot.texts import Text, text, texts
from storage.tables import Anchoring, AnchoringAnswer, AnchoringAnswerKind


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a decision stands: the line on the post, the reasons for it, and what is open.

    `open_roles` are those that count; `open_questions` the keys of the other items.
    """

    anchoring: Anchoring
    line: Text
    reasons: tuple[Text, ...]
    open_roles: tuple[Role, ...]
    open_questions: tuple[str, ...]

    @property
    def is_anchored(self) -> bool:
        """Whether nothing that counts is open."""
        return self.anchoring in (Anchoring.BY_GROUP, Anchoring.SELF_DECLARED)


def count_anchored(answers: Sequence[AnchoringAnswer]) -> int:
    """Return how many of the asked answered *Anchored*."""
    return sum(answer.answer == AnchoringAnswerKind.ANCHORED for answer in answers)


def rule_is_met(rule: str, answers: Sequence[AnchoringAnswer]) -> bool:
    """Whether enough of the asked answered *Anchored*: "any" one, a "majority" (more than half), or "all"."""
    anchored = count_anchored(answers)
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
    declared = answer_to(Role.ANCHORING, items, answers)
    by_group = rule is not None and rule_is_met(rule, asked)
    by_author = declared.declared in (Declared.YES, Declared.NOT_NEEDED)
    asked_for = {item.role for item in items}
    open_roles: list[Role] = [
        role for role in (Role.DECISION, Role.DECIDER) if role in asked_for and answer_to(role, items, answers).is_open
    ]
    if not by_group and not by_author:
        open_roles.append(Role.ANCHORING)

    reasons = [text("It does not say what was decided, in one sentence.")] if Role.DECISION in open_roles else []
    if Role.DECIDER in open_roles:
        reasons.append(text("It does not say who decided, where and when."))
    reasons.append(_anchoring_reason(declared, author, asked))

    anchoring = _anchoring(open_roles, by_group=by_group, begun=by_author or count_anchored(asked) > 0)
    return Outcome(
        anchoring=anchoring,
        line=line_of(anchoring, items, answers, author, asked),
        reasons=tuple(reasons),
        open_roles=tuple(open_roles),
        open_questions=open_questions(items, answers),
    )


def line_of(
    anchoring: Anchoring,
    items: Sequence[Item],
    answers: Mapping[str, Answer],
    author: str,
    asked: Sequence[AnchoringAnswer] = (),
) -> Text:
    """Return the line that stands on a decision's post; `asked` as in outcome_of.

    How many of the group said so is part of it: where any one is enough, its readers see that it was one.
    """
    declared = answer_to(Role.ANCHORING, items, answers)
    match anchoring:
        case Anchoring.BY_GROUP if count_anchored(asked):
            return texts(
                "Anchored by the management group: {count} of {asked} says so",
                "Anchored by the management group: {count} of {asked} say so",
                count_anchored(asked),
                asked=len(asked),
            )
        case Anchoring.BY_GROUP:
            return text("Anchored by the management group")
        case Anchoring.SELF_DECLARED if declared.declared is Declared.NOT_NEEDED:
            return text("Needed no anchoring, says {author}: {why}", author=author, why=declared.words)
        case Anchoring.SELF_DECLARED:
            return text("Anchored, says {author}", author=author)
        case Anchoring.PARTLY:
            return text("Partly anchored")
        case Anchoring.NOT_YET:
            return text("Not yet anchored")


def open_questions(items: Sequence[Item], answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """Return the keys of the items that were left open and do not count for the outcome."""
    return tuple(item.key for item in items if item.role not in COUNTED and answers.get(item.key, Answer()).is_open)


def _anchoring(open_roles: Sequence[Role], *, by_group: bool, begun: bool) -> Anchoring:
    if not open_roles:
        return Anchoring.BY_GROUP if by_group else Anchoring.SELF_DECLARED
    return Anchoring.PARTLY if by_group or begun else Anchoring.NOT_YET


def _anchoring_reason(declared: Answer, author: str, asked: Sequence[AnchoringAnswer]) -> Text:
    if asked:
        return texts(
            "{anchored} of {count} person asked in the management group has answered Anchored.",
            "{anchored} of {count} people asked in the management group have answered Anchored.",
            len(asked),
            anchored=count_anchored(asked),
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
