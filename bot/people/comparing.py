"""What a list of people changes: one line held against what is known, and all of it as a difference. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any, Final

from bot.names import shown_name
from bot.people.columns import Line
from bot.people.own_parts import as_kept, own_parts, parts_of, parts_that_stay
from storage.away import days_gone_by
from storage.people_list import ListedChange
from storage.tables import HomeTeam, Member, MemberState

# More names than this in one sentence are no use.
MOST_NAMES: Final = 12
# Of the letters of two names so many have to agree (difflib's ratio) to be taken for one: a slip in a short name.
ALIKE: Final = 0.8


@dataclass(slots=True)
class Names:
    """Some people, of whom the first are named."""

    first: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, name: str) -> None:
        """Take one more."""
        self.count += 1
        if len(self.first) < MOST_NAMES:
            self.first.append(name)


@dataclass(slots=True)
class Difference:
    """What a list of people changes, to be told before or after it does."""

    people: int = 0
    unchanged: int = 0
    new: int = 0
    calendars: int = 0
    # Whose own setting the list would have changed; it stays.
    kept_own: int = 0
    # By the team they come to.
    moves: defaultdict[str, Names] = field(default_factory=lambda: defaultdict(Names))
    without_team: Names = field(default_factory=Names)
    begins: list[str] = field(default_factory=list)
    # By a team that begins: another whose name is nearly the same.
    alike: dict[str, str] = field(default_factory=dict)
    ends: list[str] = field(default_factory=list)
    # By team: who led it, and who leads it now.
    leads: dict[str, tuple[str, str]] = field(default_factory=dict)
    coaches: Names = field(default_factory=Names)
    no_coaches: Names = field(default_factory=Names)
    management: Names = field(default_factory=Names)
    no_management: Names = field(default_factory=Names)
    # Listed people who are not in a list that is everybody.
    no_longer_listed: Names = field(default_factory=Names)
    # How many more or fewer each team that there was has, by its row id.
    sizes: Counter[int] = field(default_factory=Counter)


def team_key(name: str) -> str:
    """Return what makes two names of a team the same name."""
    return " ".join(name.casefold().split())


def nearly_the_same(begins: Sequence[str], there: Sequence[str]) -> dict[str, str]:
    """Return the teams that begin and are called nearly as another one, each with that: perhaps a slip of the pen.

    Teams that are told apart by a number, such as Oslo 1 and Oslo 2, are not alike.
    """
    found: dict[str, str] = {}
    others = {team_key(name): name for name in there}
    for name in begins:
        key = team_key(name)
        like_it = [other for other in others if _digits(other) == _digits(key)]
        for near in get_close_matches(key, like_it, n=1, cutoff=ALIKE):
            found[name] = others[near]
        others[key] = name
    return found


def _digits(name: str) -> str:
    return "".join(letter for letter in name if letter.isdecimal())


@dataclass(frozen=True, slots=True)
class Teams:
    """The home teams as they are, and as the list calls them, by key."""

    there: Mapping[str, HomeTeam]
    by_row: Mapping[int, HomeTeam]
    called: Mapping[str, str]

    def name(self, key: str) -> str:
        """Return what a team is called; "" for none."""
        if not key:
            return ""
        return self.there[key].name if key in self.there else self.called[key]


def compare(line: Line, known: Member | None, teams: Teams, difference: Difference, today: date) -> ListedChange | None:
    """Return what a line changes about a person, counted into the difference; None when nothing."""
    difference.people += 1
    change = ListedChange(None if known is None else known.id, line.email)
    shown = line.name or line.email if known is None else shown_name(known)
    _place(line, known, teams, change, difference, shown)
    _roles(line, known, change, difference, shown)
    calendar = _calendar(line, known, difference, today)
    if known is None:
        difference.new += 1
        change.values |= {"name": line.name, **calendar}
        return change
    if known.state == MemberState.LISTED and line.name and line.name != known.name:
        change.values["name"] = line.name
    if calendar:
        difference.calendars += 1
        change.values |= calendar
        if calendar.keys() & {"leave_from", "leave_to"}:
            change.was_away = days_gone_by(known.leave_from, known.leave_to, today)
    if change.team is None and not change.values:
        difference.unchanged += 1
        return None
    return change


def _place(
    line: Line, known: Member | None, teams: Teams, change: ListedChange, difference: Difference, shown: str
) -> None:
    if line.team is None:
        return
    key = team_key(line.team)
    before = None if known is None or known.home_team_id is None else teams.by_row.get(known.home_team_id)
    was = "" if before is None or before.ended_at is not None else team_key(before.name)
    if key == was:
        return
    change.team = teams.name(key)
    if before is not None and before.id is not None:
        difference.sizes[before.id] -= 1
    after = teams.there.get(key)
    if after is not None and after.id is not None:
        difference.sizes[after.id] += 1
    if key:
        difference.moves[teams.name(key)].add(shown)
    else:
        difference.without_team.add(shown)


def _roles(line: Line, known: Member | None, change: ListedChange, difference: Difference, shown: str) -> None:
    for name, said, on, off in (
        ("is_coach", line.is_coach, difference.coaches, difference.no_coaches),
        ("in_management_group", line.in_management, difference.management, difference.no_management),
    ):
        is_now = known is not None and bool(getattr(known, name))
        if said is not None and said != is_now:
            change.values[name] = said
            (on if said else off).add(shown)


def _calendar(line: Line, known: Member | None, difference: Difference, today: date) -> dict[str, Any]:
    if known is None:
        return {name: value for name, value in line.calendar.items() if value is not None}
    changed = {name: value for name, value in line.calendar.items() if getattr(known, name) != value}
    stay = parts_that_stay(known, today)
    taken = {name: value for name, value in changed.items() if not parts_of([name]) & stay}
    if len(taken) < len(changed):
        difference.kept_own += 1
    own = own_parts(known)
    left = own - parts_of(taken)
    if left != own:
        # Only of a leave of their own that is over: the next one is the list's.
        taken["calendar_set_by_self"] = as_kept(left)
    return taken


def count_gone(member: Member, difference: Difference) -> None:
    """Count a listed person who is not in a list that is everybody."""
    difference.no_longer_listed.add(shown_name(member))
    if member.home_team_id is not None:
        difference.sizes[member.home_team_id] -= 1
