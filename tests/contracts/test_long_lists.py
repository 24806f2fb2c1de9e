"""A list that is longer than what is shown of it leads on to its end, on every surface."""

from datetime import timedelta

import pytest

from bot.context import known
from storage.tables import (
    Anchoring,
    Announcement,
    AnnouncementKind,
    AnnouncementState,
    AnnouncementText,
    Decision,
    DecisionStatus,
)
from tests.contracts.surface import SeenMessage, SurfaceUnderTest

SO_MANY = 23


async def have_announced(surface: SurfaceUnderTest) -> None:
    """Let anna have published so many decisions, an hour after each other."""
    async with surface.database.begin() as session:
        made = surface.organisation
        for number in range(1, SO_MANY + 1):
            at = surface.clock.now() - timedelta(hours=SO_MANY - number)
            announcement = Announcement(
                workspace_id=made.workspace_id,
                author_id=made.members["anna"],
                kind=AnnouncementKind.DECISION,
                state=AnnouncementState.PUBLISHED,
                language="en",
                revision=1,
                created_at=at,
                published_at=at,
            )
            session.add(announcement)
            await session.flush()
            announcement_id, title = known(announcement.id), f"Number {number:02}"
            session.add(
                AnnouncementText(
                    announcement_id=announcement_id,
                    workspace_id=made.workspace_id,
                    revision=1,
                    language="en",
                    title=title,
                    text=title,
                    folded=title.lower(),
                )
            )
            session.add(
                Decision(
                    workspace_id=made.workspace_id,
                    announcement_id=announcement_id,
                    status=DecisionStatus.DECIDED,
                    outcome=Anchoring.NOT_YET,
                    checklist={"items": []},
                )
            )


def numbers_in(shown: SeenMessage) -> list[int]:
    """Return which of them are listed, in order."""
    return [int(piece[:2]) for piece in shown.text.split("Number ")[1:]]


@pytest.mark.parametrize("command", ["news", "decisions"])
async def test_everything_is_come_to(surface: SurfaceUnderTest, command: str) -> None:
    """Ten at a time, the newest first, each once; the last page leads no further."""
    await have_announced(surface)

    pages = [(await surface.command("bo", command)).whispers[0]]
    while "Show more" in pages[-1].buttons:
        [page] = (await surface.press("bo", pages[-1], "Show more")).whispers
        pages.append(page)

    assert [len(numbers_in(page)) for page in pages] == [10, 10, 3]
    assert [number for page in pages for number in numbers_in(page)] == list(range(SO_MANY, 0, -1))
    assert "add a word or two to search" in pages[0].text
