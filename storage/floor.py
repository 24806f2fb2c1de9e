"""The floor of 5 and the rounding, as pure functions: what may be shown of a group, and how exactly.

They stand beside the queries because no figure of a smaller group is to leave the database at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from storage.tables import Bound

# No figure is about fewer people. Microsoft's Viva Insights has the same floor.
FLOOR: Final = 5
# Figures are rounded to a tenth: of the group where it is small, else of the figure itself.
TENTH: Final = 10
# From so many members on, a tenth of the group is as many people as the floor, and so is the least step.
LARGE: Final = FLOOR * TENTH
WHOLE: Final = 1000

WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Rough:
    """A rounded share, in thousandths. The two open ends hold at least two counts each."""

    share: int
    bound: Bound


def about(count: int, whole: int) -> Rough:
    """Return how many of `whole` (at least FLOOR) `count` is, rounded.

    In a small group to tenths of it. In a large one to steps of 1, 2 or 5 times a power of ten, of at least FLOOR
    people and about a tenth of the figure. Nobody, one, all and all but one are never told from what is next to them.

    Raises ValueError for a group under the floor.
    """
    if whole < FLOOR:
        raise ValueError("no figure is about so few")
    count = min(max(count, 1), whole - 1)
    if whole < LARGE:
        lowest, highest = max(_tenths(1, whole), 1), min(_tenths(whole - 1, whole), TENTH - 1)
        tenths = min(max(_tenths(count, whole), lowest), highest)
        return Rough(tenths * WHOLE // TENTH, _bound(tenths, lowest, highest))
    step = max(FLOOR, _round_step(count // TENTH))
    people = min(max((count + step // 2) // step * step, FLOOR), whole - FLOOR)
    return Rough(round(people * WHOLE / whole), _bound(people, FLOOR, whole - FLOOR))


def groups_to_show(members: Mapping[int, int], others: int) -> frozenset[int]:
    """Return which groups may be shown beside the whole that they are part of.

    `members` are each group's, `others` the whole's who are in none of them. A group under the floor is not shown; and
    where all who are in no shown group are fewer than the floor, the smallest shown group is left out too, since they
    would be the difference between the whole and the rest.
    """
    shown = {group: size for group, size in members.items() if size >= FLOOR}
    left_out = others + sum(size for size in members.values() if size < FLOOR)
    if shown and 0 < left_out < FLOOR:
        del shown[min(shown, key=lambda group: (shown[group], group))]
    return frozenset(shown)


def parts_of(members: int) -> int:
    """Return into how many equal parts a group is looked at: tenths, or fewer so that none is under the floor."""
    return min(TENTH, members // FLOOR)


def roughly(figure: int) -> int:
    """Return a figure rounded to about a tenth of itself."""
    step = _round_step(figure // TENTH)
    return (figure + step // 2) // step * step


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def quarter_of(week: date) -> date:
    """Return the first day of the quarter to which a week belongs: that of its Monday."""
    return date(week.year, (week.month - 1) // 3 * 3 + 1, 1)


def after_quarter(quarter: date) -> date:
    """Return the first day of the next quarter."""
    # The 100th day of a quarter lies in the next one.
    return quarter_of(quarter + timedelta(days=100))


def _tenths(count: int, whole: int) -> int:
    """Return the nearest tenth of the whole; a half goes up."""
    return (2 * TENTH * count + whole) // (2 * whole)


def _round_step(most: int) -> int:
    """Return the largest of 1, 2, 5, 10, 20, 50... that is not more; 1 for anything less."""
    step = 1
    while step * TENTH <= most:
        step *= TENTH
    return next((step * factor for factor in (5, 2) if step * factor <= most), step)


def _bound(value: int, lowest: int, highest: int) -> Bound:
    if value <= lowest:
        return Bound.AT_MOST
    return Bound.AT_LEAST if value >= highest else Bound.ABOUT
