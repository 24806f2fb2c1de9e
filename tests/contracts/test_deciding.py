"""How decisions are made, on every surface: the path, the checklist, the log and what becomes of a decision."""

from tests.contracts.surface import SurfaceUnderTest


async def test_the_organisation_writes_its_path_and_checklist(surface: SurfaceUnderTest) -> None:
    """A communications lead rewords and adds in forms; each manager gets the path with *I have read this*."""
    shown = (await surface.command("greta", "decision-path")).whispers[0]
    assert "Think it through." in shown.text

    opened = await surface.press("greta", shown, "Write it")
    await surface.submit("greta", opened.opened, en="We ask **first**.", sv="Vi frågar först.")
    await surface.settle()
    [told] = await surface.direct("carl")
    await surface.press("carl", told, "I have read this")

    assert "We ask first." in told.text
    [read] = await surface.direct("carl")
    assert "You have read this. Thank you." in read.text

    again = (await surface.command("greta", "decision-path")).whispers[0]
    checklist = await surface.press("greta", again, "The checklist")
    new = await surface.press("greta", checklist.opened, "Add a question")
    kept = await surface.submit("greta", new.opened, en="What it costs")
    assert "12. What it costs" in kept.opened.text

    sweden = await surface.press("greta", kept.opened, "Begin with it", template="Sweden (MBL)")
    assert "MBL 11" in sweden.opened.text
    assert "What it costs" not in sweden.opened.text
