"""`samlas import people`: a list is taken over as a whole, or not at all, and what it changes is said."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import CommandLine

HEADINGS = "e-mail,home team,lead,coach,management group"
WHOLE = f"""{HEADINGS}
anna@x.se,Sales,yes,no,no
bo@x.se,Sales,,yes,no
carl@x.se,Oslo,yes,,yes
"""


def rows(database_file: Path, query: str) -> list[tuple[Any, ...]]:
    """Return what a query finds."""
    with closing(sqlite3.connect(database_file)) as connection:
        return connection.execute(query).fetchall()


def people(database_file: Path) -> list[tuple[Any, ...]]:
    """Return everybody's address, team, state and roles, by address."""
    return rows(
        database_file,
        "SELECT m.email, t.name, m.state, m.is_coach, m.in_management_group FROM member m"
        " LEFT JOIN home_team t ON t.id = m.home_team_id ORDER BY 1",
    )


@pytest.fixture
def lists(samlas: CommandLine, tmp_path: Path, database_file: Path) -> Any:
    """Return a way to import what a list says, in a workspace that has seen anna."""
    with closing(sqlite3.connect(database_file)) as connection, connection:
        connection.execute(
            "INSERT INTO workspace (id, platform, external_id, name, settings, settings_version, created_at,"
            " app_for_each, tells_what_is_open, made_up)"
            " VALUES (1, 'slack', 'T1', 'Lindvalla', '{}', 0, '2027-01-01 00:00:00.000000', 0, 1, 0)"
        )
        connection.execute(
            "INSERT INTO member (id, workspace_id, external_id, name, email, state, is_bot, is_communications_lead,"
            " is_coach, in_management_group, created_at, not_counted, nudges_off, lead_not_involved)"
            " VALUES (7, 1, 'U7', 'Anna Ek', 'anna@x.se', 'active', 0, 0, 0, 0, '2027-01-01', 0, 0, 0)"
        )

    def run(content: str | bytes, *options: str) -> Any:
        file = tmp_path / "people.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return samlas("import", "people", file, *options)

    return run


def test_a_list_is_taken_over(lists: Any, database_file: Path) -> None:
    """Whom the chat knows by their address are changed; the others are listed, without the platform's id."""
    ran = lists(WHOLE)

    assert ran.status == 0
    assert people(database_file) == [
        ("anna@x.se", "Sales", "active", 0, 0),
        ("bo@x.se", "Sales", "listed", 1, 0),
        ("carl@x.se", "Oslo", "listed", 0, 1),
    ]
    assert rows(
        database_file, "SELECT t.name, m.email FROM home_team t JOIN member m ON m.id = t.lead_id ORDER BY 1"
    ) == [("Oslo", "carl@x.se"), ("Sales", "anna@x.se")]
    assert "2 are new here" in ran.out
    assert "Anna Ek leads Sales." in ran.out


def test_a_look_changes_nothing(lists: Any, database_file: Path) -> None:
    """With --dry-run the same is said, and nothing is written."""
    before = people(database_file)

    looked = lists(WHOLE, "--dry-run")

    assert people(database_file) == before
    assert rows(database_file, "SELECT * FROM home_team") == []
    assert lists(WHOLE).out.splitlines()[:-1] == looked.out.splitlines()[:-1]


def test_a_team_that_is_called_nearly_as_another(lists: Any) -> None:
    """A slip in a team's name would begin a team, so a look asks; teams that a number tells apart raise no question."""
    lists(WHOLE)

    ran = lists("e-mail,home team\nbo@x.se,Slaes\ncarl@x.se,Oslo 1\nny@x.se,Oslo 2\n", "--dry-run")

    assert [line for line in ran.out.splitlines() if "nearly" in line] == [
        "Slaes and Sales are called nearly the same. Are they two teams?"
    ]
    assert "1 person moves to Slaes: bo@x.se." in ran.out


def test_the_same_list_again(lists: Any, database_file: Path) -> None:
    """A list that is in place changes nothing."""
    lists(WHOLE)
    before = people(database_file)

    ran = lists(WHOLE)

    assert ran.out.splitlines()[:2] == ["The list has 3 people.", "3 people stay as they are."]
    assert people(database_file) == before


def test_a_reorganisation(lists: Any, database_file: Path) -> None:
    """Who moves, which teams begin and end, and who leads no longer is said; who is not in the file stays."""
    lists(WHOLE)

    ran = lists("E-post;Hemteam;Chef\nbo@x.se;Finance;ja\nCARL@x.se;Finance;\n")

    assert ran.out.splitlines() == [
        "The list has 2 people.",
        "2 people move to Finance: bo@x.se and carl@x.se.",
        "1 team begins: Finance.",
        "1 team ends: Oslo.",
        "bo@x.se leads Finance.",
        "The list is in place.",
    ]
    assert [(email, team) for email, team, *_ in people(database_file)] == [
        ("anna@x.se", "Sales"),
        ("bo@x.se", "Finance"),
        ("carl@x.se", "Finance"),
    ]
    assert rows(database_file, "SELECT name FROM home_team WHERE ended_at IS NOT NULL") == [("Oslo",)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (f"{HEADINGS}\nanna@x.se,Sales,maybe,,\n", "Line 2, lead: Please write yes, no, or the lead's e-mail address."),
        (f"{HEADINGS}\nanna,Sales,,,\n", "Line 2, e-mail: Please give an e-mail address"),
        (f"{HEADINGS}\n\na@x.se,,,,\nA@x.se,,,,\n", "Line 4, e-mail: This person is in line 3 already."),
        (f"{HEADINGS}\na@x.se,S,x,,\nb@x.se,s,x,,\n", "can have one lead only, and line 2 names another: a@x.se."),
        (f"{HEADINGS}\na@x.se,S,boss@x.se,,\n", "Nobody with the e-mail address boss@x.se is in the file"),
        (f"{HEADINGS}\na@x.se,,yes,,\n", "Whoever leads a team needs a home team."),
        ("e-mail;land;region\na@x.se;;BY\n", "Line 2, region: A region needs its country in the same line."),
        ("e-post;ledig från;ledig till\na@x.se;2027-03-02;2027-03-01\n", "A leave cannot end before it begins."),
        ("name,home team\nAnna,Sales\n", "one of them has to be e-mail"),
        ("e-mail,mail\na@x.se,b@x.se\n", "e-mail and mail are the same column."),
        ("", "one of them has to be e-mail"),
        (f"{HEADINGS}\na@x.se,Försäljning,,,\n".encode("cp1252"), "This file is not written in UTF-8."),
        (f'{HEADINGS}\na@x.se,"Sales,,,\n', "a quotation mark in it or above it is not closed"),
    ],
)
def test_what_cannot_be_used(lists: Any, database_file: Path, content: str | bytes, sentence: str) -> None:
    """It is said with its line and column, and nothing is changed: not what stands before it either."""
    before = people(database_file)

    ran = lists(content)

    assert ran.status != 0
    assert sentence in ran.err
    assert people(database_file) == before


@pytest.mark.parametrize(
    "content",
    [
        WHOLE.encode("utf-8-sig"),
        WHOLE.replace(",", ";").replace("\n", "\r\n").encode("utf-8-sig"),
        ("sep=;\r\n" + WHOLE.replace(",", ";")).encode(),
        WHOLE.replace(",", "\t").encode("utf-16"),
        (WHOLE.replace("bo@x.se", '="bo@x.se"') + ",,,,,,\n\n").encode(),
    ],
    ids=["with a mark", "semicolons", "sep=", "Unicode text", "as text, and empty lines"],
)
def test_as_spreadsheets_write_it(lists: Any, database_file: Path, content: bytes) -> None:
    """However a spreadsheet writes it, it is the same list."""
    lists(content)

    assert [(email, team) for email, team, *_ in people(database_file)] == [
        ("anna@x.se", "Sales"),
        ("bo@x.se", "Sales"),
        ("carl@x.se", "Oslo"),
    ]


def test_calendars(lists: Any, database_file: Path) -> None:
    """What a cell says is kept; an empty one leaves what is known, and a hyphen forgets it."""
    calendar = "SELECT joined_on, country, region, zone, working_days, work_start, work_end FROM member WHERE id = 7"
    headings = "e-mail;first working day;country;region;zone;working days;working hours"
    lists(f"{headings}\nanna@x.se;1.3.2027;de;by;Europe/Berlin;mon-thu;8-16\n")
    first = rows(database_file, calendar)

    lists(f"{headings}\nanna@x.se;;;;-;;-\n")

    assert first == [(740041, "DE", "BY", "Europe/Berlin", "1234", 480, 960)]
    assert rows(database_file, calendar) == [(740041, "DE", "BY", None, "1234", None, None)]


def test_a_list_that_is_everybody(lists: Any, database_file: Path) -> None:
    """With --complete, who was only listed and is not in it is no longer listed; whom the chat knows stays.

    A look names them first and changes nothing; a later list brings them back.
    """
    lists(WHOLE)
    part = f"{HEADINGS}\nbo@x.se,Sales,,yes,no\n"

    looked = lists(part, "--complete", "--dry-run")
    before = people(database_file)
    ran = lists(part, "--complete")

    sentence = "No longer listed, since the list is everybody: carl@x.se."
    assert sentence in looked.out
    assert before[2] == ("carl@x.se", "Oslo", "listed", 0, 1)
    assert sentence in ran.out
    assert "1 team ends: Oslo." in ran.out
    assert [(email, team, state) for email, team, state, *_ in people(database_file)] == [
        ("anna@x.se", "Sales", "active"),
        ("bo@x.se", "Sales", "listed"),
        ("carl@x.se", None, "left"),
    ]
    assert "1 is new here" in lists(WHOLE).out
    assert people(database_file)[2] == ("carl@x.se", "Oslo", "listed", 0, 1)


def test_a_part_of_the_organisation(lists: Any, database_file: Path) -> None:
    """Without --complete, who is not in a file stays as they are."""
    lists(WHOLE)

    lists(f"{HEADINGS}\nbo@x.se,Sales,,yes,no\n")

    assert people(database_file)[2] == ("carl@x.se", "Oslo", "listed", 0, 1)
