"""The program on a platform that it has never heard of, made by docs/adding-a-platform.md: lines in, lines out."""

import itertools
from collections.abc import AsyncIterator

import pytest

from bot.surface import Core, Surface
from bot.wiring import rooms, wire
from storage.database import Database
from tests.conftest import StillClock
from tests.console.surface import Lines, Organisation, console_surface
from tests.contracts.serving import served

PEOPLE = {name: f"{name}@console.example" for name in ("anna", "bo", "carl")}
ORGANISATION = Organisation(PEOPLE, {"allmant": ("anna", "bo")}, lead="carl")


class Terminal:
    """Types people's lines, each of them once."""

    def __init__(self) -> None:
        """Begin with the first line."""
        self.lines: list[Lines] = []
        self.numbers = itertools.count(1)

    def surface(self, core: Core) -> Surface:
        """Return the console: what the wiring is given, in one line."""
        self.lines.append(Lines(core))
        return console_surface(core, self.lines[0], ORGANISATION)

    async def type(self, person: str, line: str) -> list[str]:
        """Type a line; returns the lines that answer it, and lets be sent what is to be sent."""
        answer = await self.lines[0].line(person, line, f"line {next(self.numbers)}")
        await self.lines[0].core.do_due()
        return answer

    async def fill(self, person: str, form: list[str], **values: str) -> list[str]:
        """Fill a form in, and send it."""
        number = form[0].partition("}")[0][1:]
        for key, value in values.items():
            assert await self.type(person, f"{{{number}}} {key} = {value}") == []
        return await self.type(person, f"(send {number})")


def pressed(lines: list[str], label: str) -> str:
    """Return the line that presses the button of this label."""
    [number] = [line.partition(")")[0] for line in lines if line.endswith(f") {label}")]
    return f"{number}) yes"


@pytest.fixture
async def terminal(database: Database, clock: StillClock) -> AsyncIterator[Terminal]:
    """Return a terminal of the whole program."""
    made = Terminal()
    async with served(wire(database, clock, [made.surface], rooms())):
        yield made


async def test_an_announcement_by_lines_alone(terminal: Terminal) -> None:
    """Written, previewed and published; the post stands in the channel, and who is not in it has a copy."""
    form = await terminal.type("anna", "/announce New canteen")
    preview = await terminal.fill("anna", form, text="It opens on **Monday**.")

    await terminal.type("anna", pressed(preview, "Publish"))

    assert form[0].endswith("} New announcement")
    assert "  Goes to 2 people; 1 of them gets a direct message." in preview
    post, copy = await terminal.type("bo", "#allmant .log"), await terminal.type("carl", ".log")
    for shown in (post, copy):
        assert "  It opens on Monday." in shown
        assert any(line.endswith(") I have read this") for line in shown)


async def test_a_decision_is_anchored_by_lines_alone(terminal: Terminal) -> None:
    """Who leads communications names the management group; it is asked, says yes, and the post says so."""
    group = await terminal.type("carl", pressed(await terminal.type("carl", ".home"), "Management group"))
    await terminal.fill("carl", group, who="carl")
    form = await terminal.type("anna", "/announce We move")
    checklist = await terminal.fill("anna", form, text="In June.", kind="A decision")
    preview = await terminal.fill("anna", checklist, decision="We move in June", decider="Anna")
    asked = await terminal.type("anna", pressed(preview, "Ask the management group first"))
    await terminal.fill("anna", asked)

    card = await terminal.type("carl", ".log")
    await terminal.type("carl", pressed(card, "Anchored"))
    await terminal.type("anna", pressed(await terminal.type("anna", ".log"), "Publish now"))

    assert any("nchored by the management group" in line for line in await terminal.type("bo", "#allmant .log"))


async def test_a_number_that_was_read_never_means_another_button(terminal: Terminal) -> None:
    """What was shown as one button stays that one, however the message has changed since."""
    preview = await terminal.fill("anna", await terminal.type("anna", "/announce New canteen"), text="On Monday.")
    await terminal.type("anna", pressed(preview, "Publish"))
    post = await terminal.type("bo", "#allmant .log")
    copy = await terminal.type("carl", ".log")
    read = pressed(copy, "I have read this")

    await terminal.type("carl", read)
    await terminal.type("carl", read)

    numbers = [
        line.partition(")")[0] for line in (*post, *copy, *await terminal.type("carl", ".log")) if line[0] == "("
    ]
    assert len(numbers) == len(set(numbers))
    assert any("You have read this." in line for line in await terminal.type("carl", ".log"))


async def test_what_people_write_says_nothing_to_the_terminal(terminal: Terminal) -> None:
    """Neither a button that is none nor a sign that a terminal obeys."""
    form = await terminal.type("anna", "/announce (1) Press me")
    preview = await terminal.fill("anna", form, text="(1) Press me\x1b[2J")
    await terminal.type("anna", pressed(preview, "Publish"))

    shown = await terminal.type("carl", ".log")

    assert "  (1) Press me[2J" in shown
    assert not [line for line in shown if line.startswith("(") and line.endswith(") Press me")]
