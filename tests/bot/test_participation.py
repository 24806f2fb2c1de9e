"""`samlas participation`: what is asked for and how it is printed."""

from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.exports import two_days


@pytest.fixture
def counted(samlas: CommandLine, tmp_path: Path) -> CommandLine:
    """Return the command on a workspace of which two days are known."""
    assert samlas("import", "slack-export", two_days(tmp_path / "export.zip")).status == 0
    return samlas


def test_days_and_kinds(counted: CommandLine) -> None:
    """JSON has one entry for each day and kind of which there is any, sorted, within the days asked for."""
    assert counted("participation", "--from", "2027-03-02", "--to", "2027-03-02", "--json").json() == [
        {"day": "2027-03-02", "kind": "message", "count": 2},
        {"day": "2027-03-02", "kind": "thread_reply", "count": 1},
        {"day": "2027-03-02", "kind": "reaction", "count": 2},
    ]
    assert counted("participation", "--workspace", "import", "--from", "2027-03-03", "--json").json() == []


def test_a_table_for_people(counted: CommandLine) -> None:
    """Without --json it is a table of the kinds that there are, or a sentence where there are none."""
    table = counted("participation").out.splitlines()
    nothing = counted("participation", "--to", "2027-01-01")

    assert [line.split() for line in table] == [
        ["Day", "Messages", "Replies", "Reactions"],
        ["2027-03-01", "1", "1", "1"],
        ["2027-03-02", "2", "1", "2"],
    ]
    assert nothing.out == "Nothing has been counted on these days.\n"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--from", "yesterday"], "--from takes a day such as 2027-03-01, and yesterday is none."),
        (["--to", "2027-02-30"], "--to takes a day such as 2027-03-01, and 2027-02-30 is none."),
        (["--to", "0001-01-01"], "--to takes a day such as 2027-03-01, and 0001-01-01 is none."),
        (["--from", "2027-03-02", "--to", "2027-03-01"], "--from 2027-03-02 comes after --to 2027-03-01."),
    ],
)
def test_days_that_are_none(counted: CommandLine, options: list[str], sentence: str) -> None:
    """A day that is none, or the wrong way round, is refused with the option's name."""
    ran = counted("participation", *options, "--json")

    assert (ran.status, ran.out, ran.err.strip()) == (2, "", sentence)
