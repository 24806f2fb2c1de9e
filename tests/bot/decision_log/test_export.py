"""The log as files: one Markdown file a decision, or one table, that people can keep without Samlas."""

import asyncio
import csv
import io
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot import room
from bot.announcements.choices import WITHDRAW
from bot.context import known
from bot.decision_log.export import Exported, as_csv, as_markdown, file_names
from bot.dispatcher import Dispatcher
from bot.messages import Target
from bot.sender import Sender
from bot.texts import Voice
from storage.anchoring import add_anchoring_request, anchoring_answers, store_anchoring_answer
from storage.announcements import find_announcement
from storage.database import Database
from storage.people import management_group
from storage.tables import AnchoringAnswerKind, DecisionStatus
from tests.bot.announcements.conftest import Scene
from tests.bot.announcements.test_announcing import DECISION, preview
from tests.bot.decision_log.test_log import ANSWERS, decided, proposed
from tests.command_line import CommandLine
from tests.conftest import StillClock, an_ordinary_wednesday
from tests.support import People, RecordingGateway, organisation

SAY = Voice("en")
ONE = Exported(
    number=7,
    title="We move: in June",
    text="To **Kungsgatan**.",
    day=date(2027, 3, 3),
    status=DecisionStatus.DECIDED,
    outcome="Anchored, says Anna",
    author="Anna",
    audience="everyone",
    answers=[("Who decided", "The board\n# on Monday"), ("Who was consulted", "")],
    review_on=date(2027, 9, 1),
    link="https://chat.example/m1",
    topics=["Offices", "IT: and tools"],
)


def front_of(file: str) -> dict[str, object]:
    """Return a file's front matter."""
    _, front, _ = file.split("---\n", 2)
    read = yaml.safe_load(front)
    assert isinstance(read, dict)
    return read


@pytest.fixture
def kept(database_file: Path, samlas: CommandLine) -> CommandLine:
    """Return the command on an organisation that has decided, replaced it, proposed something, and drafted more."""
    asyncio.run(_decide(database_file))
    return samlas


async def _decide(database_file: Path) -> None:
    database, clock, gateway = (
        Database(f"sqlite+aiosqlite:///{database_file}"),
        StillClock(an_ordinary_wednesday()),
        RecordingGateway(),
    )
    scene = Scene(
        await organisation(database, clock),
        People(Dispatcher(database, clock, room.handlers()), clock),
        gateway,
        Sender(database, clock, {gateway.platform: gateway}, room.spoken(), "test"),
        database,
        clock,
    )
    await decided(scene, hears_first="The tenants")
    await decided(scene, "We stay", replaces="1")
    await proposed(scene, "Plant trees")
    await preview(scene, "anna", {**DECISION, "title": "Not told yet"}, **ANSWERS)
    await database.close()


def test_a_file_for_each_published_decision(kept: CommandLine, tmp_path: Path) -> None:
    """Numbered and named by title, in a form for machines and people; a draft is in none."""
    ran = kept("export", "decisions", "--out", tmp_path / "log")

    files = {file.name: file.read_text(encoding="utf-8") for file in sorted((tmp_path / "log").iterdir())}
    assert ran.out == f"3 decisions are in {tmp_path / 'log'}.\n"
    assert list(files) == ["0001-we-move-in-june.md", "0002-we-stay.md", "0003-plant-trees.md"]
    first = files["0001-we-move-in-june.md"]
    assert front_of(first)["status"] == "replaced"
    assert front_of(first)["date"] == date(2027, 3, 3)
    assert front_of(first)["replaced-by"] == "0002-we-stay.md"
    assert "Replaced by: [0002-we-stay.md](0002-we-stay.md)" in first
    assert "To Kungsgatan." in first
    assert "## Who should hear it first\n\nThe tenants" in first
    assert front_of(files["0002-we-stay.md"])["replaces"] == "0001-we-move-in-june.md"
    assert front_of(files["0003-plant-trees.md"])["outcome"] == "Not yet anchored"


def test_a_withdrawn_one_says_why_and_what_it_replaced_stands_again(
    database_file: Path, kept: CommandLine, tmp_path: Path
) -> None:
    """Whoever withdraws the announcement withdraws the decision."""
    asyncio.run(_withdraw(database_file, "2", "The lease was renewed"))

    kept("export", "decisions", "--out", tmp_path / "log")

    first, second = (next((tmp_path / "log").glob(f"000{number}-*")).read_text(encoding="utf-8") for number in (1, 2))
    assert (front_of(first)["status"], front_of(first).get("replaced-by")) == ("decided", None)
    assert (front_of(second)["status"], front_of(second).get("replaces")) == ("withdrawn", None)
    assert "The lease was renewed" in second


async def _withdraw(database_file: Path, number: str, why: str) -> None:
    """Let anna withdraw one of her announcements."""
    database, clock = Database(f"sqlite+aiosqlite:///{database_file}"), StillClock(an_ordinary_wednesday())
    people = People(Dispatcher(database, clock, room.handlers()), clock, count(1_000))
    reply = await people.act("anna", WITHDRAW, target=Target(int(number), 1))
    assert reply.form is not None
    assert (await people.send("anna", reply.form, why=why)).close
    await database.close()


def test_concerns_are_in_no_export(database_file: Path, kept: CommandLine, tmp_path: Path) -> None:
    """What somebody in the management group had against a decision is for its author and the group."""
    asyncio.run(_have_a_concern(database_file, "Who pays for the lease?"))

    for form in ("markdown", "csv"):
        kept("export", "decisions", "--format", form, "--out", tmp_path / form)

    files = [*(tmp_path / "markdown").iterdir(), *(tmp_path / "csv").iterdir()]
    assert len(files) == 4
    assert not any("Who pays" in file.read_text(encoding="utf-8") for file in files)


async def _have_a_concern(database_file: Path, words: str) -> None:
    """Let carl have been asked about the first decision, and have had this against it."""
    database, now = Database(f"sqlite+aiosqlite:///{database_file}"), an_ordinary_wednesday()
    async with database.begin() as session:
        first = await find_announcement(session, 1, 1)
        assert first is not None
        carl = (await management_group(session, 1))[0]
        request = await add_anchoring_request(
            session, 1, first, rule="any", publish_when_met=False, asked=[known(carl.id)], now=now
        )
        [answer] = await anchoring_answers(session, 1, request)
        await store_anchoring_answer(session, 1, answer, AnchoringAnswerKind.CONCERN, words, now)
    await database.close()


def test_exported_again_it_is_as_it_stands(kept: CommandLine, tmp_path: Path) -> None:
    """The same files are written anew, and what else is in the folder is left alone."""
    (tmp_path / "README.md").write_text("ours", encoding="utf-8")
    kept("export", "decisions", "--out", tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.glob("*.md")}

    kept("export", "decisions", "--out", tmp_path)

    assert {file.name: file.read_bytes() for file in tmp_path.glob("*.md")} == before
    assert before["README.md"] == b"ours"


def test_one_table(kept: CommandLine, tmp_path: Path) -> None:
    """A line for each decision, for a spreadsheet."""
    assert kept("export", "decisions", "--format", "csv", "--workspace", "Test", "--out", tmp_path).status == 0

    with (tmp_path / "decisions.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["number"], row["status"], row["title"]) for row in rows] == [
        ("3", "Proposed", "Plant trees"),
        ("2", "Decided", "We stay"),
        ("1", "Replaced", "We move in June"),
    ]
    assert "Who should hear it first: The tenants" in rows[2]["answers"]


def test_a_folder_that_is_none_is_told(kept: CommandLine, tmp_path: Path) -> None:
    """Where nothing can be written, a sentence says so."""
    (tmp_path / "taken").write_text("a file", encoding="utf-8")

    ran = kept("export", "decisions", "--out", tmp_path / "taken")

    assert ran.status == 2
    assert "Samlas cannot write into" in ran.err


def test_what_people_wrote_stays_what_it_is() -> None:
    """A heading in an answer is no heading of the file's, and the author's own Markdown is left as it is."""
    file = as_markdown(ONE, file_names([ONE]), SAY)

    assert front_of(file)["title"] == "We move: in June"
    assert front_of(file)["topics"] == ["Offices", "IT: and tools"]
    assert "To **Kungsgatan**." in file
    assert "## Who decided\n\nThe board\n\\# on Monday" in file
    assert "Who was consulted" not in file


def test_no_formula_reaches_a_spreadsheet() -> None:
    """What begins like one is text."""
    [_, row] = csv.reader(io.StringIO(as_csv([replace(ONE, title="=1+1")], SAY)))

    assert "'=1+1" in row


@given(st.text())
def test_no_title_leads_out_of_the_folder(title: str) -> None:
    """Whatever it is called, its file has a plain name."""
    [name] = file_names([replace(ONE, title=title)]).values()

    assert Path(name).name == name
    assert name.startswith("0007-")
    assert len(name) <= 80


@given(st.text(), st.text())
def test_the_front_matter_is_read_back(title: str, author: str) -> None:
    """Nothing that people are called or write ends it early or changes it."""
    file = as_markdown(replace(ONE, title=title, author=author), {}, SAY)
    end = file.index("\n---\n", 4)

    read = yaml.safe_load(file[4:end])

    assert (read["title"], read["author"]) == (" ".join(title.split()), " ".join(author.split()))
