"""What a communications lead and a member read of *Does it work?*, as examples for docs/texts.md."""

from collections.abc import Callable, Iterator
from datetime import date

from bot.messages import Message, Target, Words
from bot.texts import Voice
from nudges.comparing.words import Comparison, in_short, told_to_member, whole
from storage.comparing import Group, Groups

Said = Callable[[Voice], Message]

TODAY = date(2027, 9, 7)
SINCE = date(2027, 3, 16)
LONG_AGO = date(2026, 9, 1)


def examples() -> Iterator[tuple[str, Said]]:
    """Yield them in the order of the journey."""
    yield "Where it could find nothing", _whole(Comparison(is_on=False, groups=Groups(), expected=120))
    yield "Where it could", _whole(Comparison(is_on=False, groups=Groups(), expected=2400))
    few = Groups(Group(840, 260), Group(90, 21))
    yield "While there are too few", _short(Comparison(is_on=True, groups=few, expected=2400, since=SINCE))
    yield "When its year has passed", _short(Comparison(is_on=True, groups=few, expected=2400, since=LONG_AGO))
    for title, tipped, without in (
        ("When tips help", 595, 48),
        ("When nobody can tell", 510, 55),
        ("When they do harm", 400, 66),
    ):
        groups = Groups(Group(1700, tipped), Group(190, without))
        yield title, _short(Comparison(is_on=True, groups=groups, expected=2400, since=SINCE))
    yield "Before the notice", _short(Comparison(is_on=False, groups=Groups(), expected=None))
    yield "What somebody who was compared reads by /samlas me", _told


def _whole(comparison: Comparison) -> Said:
    return lambda say: whole(comparison, Target(1, 1), TODAY, say)


def _short(comparison: Comparison) -> Said:
    return lambda say: Message(say("Does it work?"), tuple(in_short(comparison, Target(1, 1), TODAY, say)))


def _told(say: Voice) -> Message:
    without, tipped = (told_to_member(SINCE, say, is_without=is_without) for is_without in (True, False))
    return Message(without, (Words(without), Words(tipped)))
