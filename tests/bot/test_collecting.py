"""A process that serves seldom looks for garbage, and still gets rid of it."""

import gc
import weakref

from bot.collecting import SELDOM, collected_seldom


class _Knot:
    """Something that keeps itself alive."""

    def __init__(self) -> None:
        self.itself = self


def test_what_stands_when_serving_begins_is_not_walked_through() -> None:
    """What is there before is left alone and looked for seldom, and all is as before when serving has ended."""
    before = gc.get_threshold()

    with collected_seldom():
        left_alone, how_often = gc.get_freeze_count(), gc.get_threshold()

    assert left_alone > 0
    assert how_often == SELDOM
    assert gc.get_freeze_count() == 0
    assert gc.get_threshold() == before


def test_garbage_that_is_made_while_serving_is_collected() -> None:
    """What keeps itself alive, made while serving, goes with the next look."""
    with collected_seldom():
        knot = _Knot()
        gone = weakref.ref(knot)
        del knot

        gc.collect()

        assert gone() is None
