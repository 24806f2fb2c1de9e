"""The decision log as files, on every surface: Markdown and CSV, of what somebody sees of it."""

import io
import zipfile

from tests.contracts.announcing import DECISION, preview
from tests.contracts.surface import SurfaceUnderTest


async def test_the_log_is_taken_along_in_both_forms(surface: SurfaceUnderTest) -> None:
    """A file of Markdown for each decision, or one table; what is for the record only stays with the record."""
    shown = await preview(surface, "anna", DECISION, decision="We move", decider="Anna", hears_first="The union")
    await surface.press("anna", shown, "Publish anyway", why="The lease ends today")
    for_the_team = {**DECISION, "title": "Sales moves", "audience": "Home team Sales"}
    await surface.press("anna", await preview(surface, "anna", for_the_team), "Publish as a proposal")
    await surface.settle()

    listed = (await surface.command("bo", "decisions")).whispers[0]
    await surface.press("bo", listed, "All as Markdown")
    [archive] = await surface.files("bo")
    await surface.press("bo", listed, "All as CSV")
    [table] = await surface.files("bo")
    elsewhere = (await surface.command("carl", "decisions")).whispers[0]
    await surface.press("carl", elsewhere, "All as CSV")
    [of_carl] = await surface.files("carl")

    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        files = {name: packed.read(name).decode() for name in packed.namelist()}
    assert [name[5:] for name in sorted(files)] == ["we-move-in-june.md", "sales-moves.md"]
    [moves] = [words for name, words in files.items() if "june" in name]
    assert "outcome: Not yet anchored" in moves
    assert "The lease ends today" in moves
    assert "To Kungsgatan." in table.decode()
    assert "The union" not in moves + table.decode()
    assert ("Sales moves" in table.decode(), "Sales moves" in of_carl.decode()) == (True, False)
