"""Importing a list of people: checked as a whole, compared as a whole, and only then written, in one transaction.

What it changes is worked out beside others who write, a thousand lines at a time, and kept in a file until then: the
transaction that writes has nothing left to think about, and memory does not grow with the list's length but for its
e-mail addresses.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import IO, Any, Final

import orjson

from bot.context import known
from bot.errors import ImportRefused
from bot.names import shown_name
from bot.people.columns import Column, Line, Mistake
from bot.people.comparing import Difference, Teams, compare, count_gone, nearly_the_same, team_key
from bot.people.csv_file import Mistakes, PeopleFile
from bot.people.looks import LISTED
from bot.texts import text
from storage.database import Database, Session
from storage.nudging import log_looks
from storage.people import get_members
from storage.people_list import (
    ListedChange,
    begin_teams,
    change_listed,
    end_team,
    every_team,
    last_listed,
    list_no_more,
    listed_people,
    note_listed,
    people_by_email,
    set_lead,
    team_sizes,
)

PAGE: Final = 1000
_DAYS: Final = frozenset({"joined_on", "leave_from", "leave_to"})


@dataclass(slots=True)
class Checked:
    """What a first look at the whole file found: what is wrong, its teams by key, and who leads them, with the line."""

    mistakes: Mistakes = field(default_factory=Mistakes)
    emails: dict[str, int] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)
    leads: dict[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a list changes, worked out and kept in a file."""

    difference: Difference
    teams: Teams
    kept: IO[bytes]
    # By the team's name: the lead's e-mail address, None for none.
    leads: dict[str, str | None]
    ending: Sequence[int]
    # Listed people who are not in a list that is everybody, by row id.
    gone: Sequence[int]
    # When a list was last imported, as this one was compared with what is there.
    listed_at: datetime | None

    def changes(self) -> Iterator[ListedChange]:
        """Go through what changes, person by person."""
        self.kept.seek(0)
        for line in self.kept:
            yield _read(line)


def check(people: PeopleFile) -> Checked:
    """Look at every line; who is in the file twice, or a team with two leads, is a mistake too."""
    found = Checked()
    for line in people.lines():
        if isinstance(line, list):
            for mistake in line:
                found.mistakes.add(mistake)
            continue
        before = found.emails.setdefault(line.email, line.number)
        if before != line.number:
            sentence = text("This person is in line {line} already.", line=before)
            found.mistakes.add(Mistake(line.number, people.headings[Column.EMAIL], sentence))
            continue
        if line.team:
            found.teams.setdefault(team_key(line.team), line.team)
            _check_lead(people, line, found)
    return found


def _check_lead(people: PeopleFile, line: Line, found: Checked) -> None:
    lead = line.email if line.lead is True else line.lead
    if not lead or not line.team:
        return
    first, number = found.leads.setdefault(team_key(line.team), (lead, line.number))
    if first != lead:
        sentence = text(
            "{team} can have one lead only, and line {line} names another: {name}.",
            team=line.team,
            line=number,
            name=first,
        )
        found.mistakes.add(Mistake(line.number, people.headings[Column.LEAD], sentence))


async def check_leads(session: Session, workspace_id: int, people: PeopleFile, checked: Checked) -> None:
    """Add the leads whom neither the file nor anybody here knows to what is wrong."""
    elsewhere = {lead for lead, _ in checked.leads.values() if lead not in checked.emails}
    here = await people_by_email(session, workspace_id, elsewhere)
    for lead, number in checked.leads.values():
        if lead in elsewhere and lead not in here:
            sentence = text("Nobody with the e-mail address {name} is in the file or known here.", name=lead)
            checked.mistakes.add(Mistake(number, people.headings[Column.LEAD], sentence))


async def prepare(
    database: Database,
    workspace_id: int,
    people: PeopleFile,
    checked: Checked,
    kept: IO[bytes],
    today: date,
    *,
    is_everybody: bool = False,
) -> Prepared:
    """Work out what a checked list changes, without holding up anybody who writes.

    With `is_everybody`, listed people who are not in it are no longer listed; whom the chat knows stays.
    """
    async with database.read() as session:
        listed_at = await last_listed(session, workspace_id)
        teams = await every_team(session, workspace_id)
        found = Teams(
            {team_key(team.name): team for team in teams}, {known(team.id): team for team in teams}, checked.teams
        )
        difference = Difference()
        lines = (line for line in people.lines() if isinstance(line, Line))
        while page := list(islice(lines, PAGE)):
            here = await people_by_email(session, workspace_id, [line.email for line in page])
            for line in page:
                change = compare(line, here.get(line.email), found, difference, today)
                if change is not None:
                    kept.write(_kept(change))
        begins = [key for key in checked.teams if key not in found.there or found.there[key].ended_at is not None]
        difference.begins = [found.name(key) for key in begins]
        going_on = [team.name for team in found.there.values() if team.ended_at is None]
        difference.alike = nearly_the_same(difference.begins, going_on)
        gone = []
        if is_everybody:
            listed = await listed_people(session, workspace_id)
            gone = [member for member in listed if (member.email or "") not in checked.emails]
        for member in gone:
            count_gone(member, difference)
        sizes = await team_sizes(session, workspace_id)
        ending = [row for row, size in sizes.items() if size + difference.sizes[row] <= 0 and difference.sizes[row]]
        difference.ends = sorted(found.by_row[row].name for row in ending)
        leads = await _leads(session, workspace_id, people, checked, found, difference)
    return Prepared(difference, found, kept, leads, ending, [known(member.id) for member in gone], listed_at)


async def _leads(
    session: Session, workspace_id: int, people: PeopleFile, checked: Checked, teams: Teams, difference: Difference
) -> dict[str, str | None]:
    """Return who is to lead which of the file's teams, where that is somebody else than now."""
    if Column.LEAD not in people.headings:
        return {}
    now = {team.lead_id for team in teams.by_row.values() if team.lead_id is not None}
    leading = {known(member.id): member for member in await get_members(session, workspace_id, list(now))}
    names = await people_by_email(session, workspace_id, {lead for lead, _ in checked.leads.values()})
    changed: dict[str, str | None] = {}
    for key in checked.teams:
        team = teams.there.get(key)
        before = None if team is None or team.lead_id is None else leading.get(team.lead_id)
        lead = checked.leads[key][0] if key in checked.leads else None
        if lead == (None if before is None else (before.email or "").lower()):
            continue
        changed[teams.name(key)] = lead
        shown = "" if lead is None else shown_name(names[lead]) if lead in names else lead
        difference.leads[teams.name(key)] = ("" if before is None else shown_name(before), shown)
    return changed


async def write(database: Database, workspace_id: int, prepared: Prepared, now: datetime, today: date) -> None:
    """Write all that was worked out in one transaction: all of it, or nothing.

    Who was known before and is changed reads so in their own log. Raises ImportRefused when somebody else has imported
    a list since this one was compared with what is there.
    """
    async with database.begin() as session:
        if await last_listed(session, workspace_id, hold=True) != prepared.listed_at:
            raise ImportRefused(
                text(
                    "Somebody else has imported a list in the meantime, so nothing has been changed. Import yours again"
                    " to see what it changes now."
                )
            )
        await begin_teams(session, workspace_id, prepared.difference.begins)
        rows = {team.name: known(team.id) for team in await every_team(session, workspace_id)}
        changes = prepared.changes()
        while page := list(islice(changes, PAGE)):
            await change_listed(session, workspace_id, page, rows, now)
            about = [change.row for change in page if change.row is not None]
            await log_looks(session, workspace_id, about, by_member_id=None, what=LISTED, now=now)
        await list_no_more(session, workspace_id, prepared.gone, today)
        leading = await people_by_email(
            session, workspace_id, {lead for lead in prepared.leads.values() if lead is not None}
        )
        for team, lead in prepared.leads.items():
            await set_lead(session, workspace_id, rows[team], None if lead is None else leading[lead].id)
        for team_id in prepared.ending:
            await end_team(session, workspace_id, team_id, now)
        await note_listed(session, workspace_id, now)


def kept_until_written() -> IO[bytes]:
    """Return the file in which what changes is kept; it goes when it is closed."""
    return tempfile.TemporaryFile()


def _kept(change: ListedChange) -> bytes:
    kept: list[Any] = [change.row, change.email, change.team, change.values, change.was_away]
    return orjson.dumps(kept, option=orjson.OPT_APPEND_NEWLINE)


def _read(line: bytes) -> ListedChange:
    row, email, team, values, away = orjson.loads(line)
    for name in _DAYS & values.keys():
        values[name] = None if values[name] is None else date.fromisoformat(values[name])
    was_away = None if away is None else (date.fromisoformat(away[0]), date.fromisoformat(away[1]))
    return ListedChange(row, email, team, values, was_away)
