"""Whoever runs Samlas reads in its log and its figures what it does, and never what people write or who they are.

The suite's every journey is held against what people had written by its end (conftest.py). These are the ways on which
words go nowhere, go wrong, or come from outside.
"""

import structlog

from storage.tables import Member
from tests.contracts.announcing import DECISION, preview, published
from tests.contracts.overheard import gives_away, overheard
from tests.contracts.surface import SurfaceUnderTest

CANARY = "Kanariefågel"
# What somebody might take for a token of theirs, and write.
TOKEN = "xoxp-kanarie-123"
WORDS = f"{CANARY} {TOKEN}"
NEWS = {"title": f"{CANARY} ett", "text": f"{WORDS} två", "kind": "News", "audience": "Everyone"}


class Broken(Exception):
    """Something that nobody has thought of, with words of a person's in it."""


async def test_nothing_that_people_write(surface: SurfaceUnderTest) -> None:
    """In a channel, a thread, to the bot, to everybody, in every form, refused or not: no line says what it was."""
    with overheard() as lines:
        said = await surface.write("anna", WORDS, channel="allmant")
        await surface.write("bo", WORDS, channel="allmant", under=said)
        await surface.write_to_bot("bo", WORDS)
        await surface.write_to_everybody("carl", WORDS, channel="allmant")
        await surface.command("bo", "news", WORDS)
        await surface.command("bo", "decisions", WORDS)
        await surface.command("bo", "coach", WORDS)
        post = await published(surface, "anna", NEWS)
        asked = await surface.press("bo", post, "Ask a question")
        await surface.submit("bo", asked.opened, question=WORDS)
        refused = (await surface.command("bo", "announce", WORDS)).opened
        await surface.submit("bo", refused, title="", text=WORDS)
        await preview(surface, "carl", {**DECISION, "title": WORDS, "text": WORDS})
        await surface.redeliver()
        await surface.settle()
        figures = (await surface.metrics()).splitlines()

    assert any("event.handled" in line for line in lines)
    assert any(line.startswith("samlas_events_total") for line in figures)
    assert gives_away([*lines, *figures], [CANARY, TOKEN]) == []


async def test_nobodys_name(surface: SurfaceUnderTest) -> None:
    """Whoever does something is a number in the log, whatever they are called."""
    async with surface.database.begin() as session:
        anna = await session.get(Member, surface.organisation.members["anna"])
        assert anna is not None
        anna.name, anna.email = f"{CANARY} Andersson", "kanarie@example.com"
        session.add(anna)
    with overheard() as lines:
        await published(surface, "anna", NEWS)
        await surface.command("anna", "samlas", "me")
        await surface.command("anna", "insights")
        await surface.settle()
        figures = (await surface.metrics()).splitlines()

    assert gives_away([*lines, *figures], [CANARY, "kanarie@example.com", "Andersson"]) == []


async def test_what_is_looked_for_is_found() -> None:
    """A line that says a sentence, a name in JSON's own letters, or a token, is found; a longer word is not."""
    with overheard() as lines:
        log = structlog.get_logger()
        log.info("something", text=f"Then {CANARY} came")
        log.info("something", name=CANARY.encode("unicode_escape").decode())
        log.info("something", name=f"{CANARY}n")
        log.error("broke", exc_info=Broken(WORDS))

    found = gives_away(lines, [CANARY])

    assert len(lines) == 4
    assert [lines.index(line) for line in found] == [0, 3]
