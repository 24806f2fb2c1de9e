"""What the journeys of the contract suite write, publish and look at."""

from tests.contracts.surface import SeenForm, SeenMessage, SurfaceUnderTest

NEWS = {"title": "New canteen", "text": "It opens on **Monday**.", "kind": "News", "audience": "Everyone"}
DECISION = {"title": "We move in June", "text": "To Kungsgatan.", "kind": "A decision", "audience": "Everyone"}


async def preview(surface: SurfaceUnderTest, person: str, values: dict[str, str], **checklist: str) -> SeenForm:
    """Write an announcement up to its preview."""
    opened = await surface.command(person, "announce")
    step = await surface.submit(person, opened.opened, **values)
    if values["kind"] == "A decision":
        step = await surface.submit(person, step.opened, **checklist)
    return step.opened


async def published(surface: SurfaceUnderTest, person: str, values: dict[str, str]) -> SeenMessage:
    """Publish news; returns its home post."""
    await surface.press(person, await preview(surface, person, values), "Publish")
    await surface.settle()
    return (await surface.in_channel("allmant"))[-1]


async def picture_of(surface: SurfaceUnderTest, author: str, title: str) -> SeenMessage:
    """Return the author's card about an announcement as it stands."""
    heading = f"How “{title}” is reaching people"
    [found] = [message for message in await surface.direct(author) if heading in message.text]
    return found
