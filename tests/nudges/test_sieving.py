"""What rules most members out, in an import that does not reach far back."""

from datetime import date, timedelta

import pytest

from nudges.sieving import sieve_of
from nudges.watching import Watching
from tests.nudges.people import SETTINGS, calendar

BEGUN = date(2027, 1, 11)


@pytest.mark.parametrize(("weeks", "has_bars"), [(1, None), (3, None), (5, False), (9, False), (14, True)])
def test_the_first_weeks_of_an_import(weeks: int, has_bars: bool | None) -> None:  # noqa: FBT001 - a parameter
    """Before there are usual weeks to fall from nobody has fallen; before four weeks nobody is ruled out."""
    day = BEGUN + timedelta(weeks=weeks)
    watched = Watching(is_import=True, arrived=day, first=BEGUN)

    fallen = sieve_of([calendar()], watched, SETTINGS, earliest=day, latest=day, until=day).fallen

    assert (None if fallen is None else bool(fallen.bars)) is has_bars
