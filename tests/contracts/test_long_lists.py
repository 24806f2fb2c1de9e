"""A list that is longer than what is shown of it leads on to its end, on every surface."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.context import known
from bot.messages import Target
from storage.search import index_statements
from storage.tables import (
    Anchoring,
    Announcement,
    AnnouncementKind,
    AnnouncementState,
    AnnouncementText,
    Decision,
    DecisionStatus,
    Search,
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
            decision = Decision(
                workspace_id=made.workspace_id,
                announcement_id=announcement_id,
                status=DecisionStatus.DECIDED,
                outcome=Anchoring.NOT_YET,
                checklist={"items": []},
            )
            session.add(decision)
            await session.flush()
            for statement in index_statements(session, decision, title):
                await session.execute(statement)


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


@pytest.mark.parametrize("command", ["news", "decisions"])
async def test_everything_that_a_search_found_is_come_to(surface: SurfaceUnderTest, command: str) -> None:
    """With the same words, also when something else has been searched for meanwhile."""
    await have_announced(surface)

    pages = [(await surface.command("bo", command, "number")).whispers[0]]
    other = (await surface.command("bo", command, "number 01")).whispers[0]
    while "Show more" in pages[-1].buttons:
        [page] = (await surface.press("bo", pages[-1], "Show more")).whispers
        pages.append(page)

    assert [number for page in pages for number in numbers_in(page)] == list(range(SO_MANY, 0, -1))
    assert all("with “number”" in page.text for page in pages)
    assert numbers_in(other) == [1]
    assert "Show more" not in other.buttons


async def test_an_old_search(surface: SurfaceUnderTest) -> None:
    """Is gone the day after, and says so; somebody else's leads nowhere."""
    await have_announced(surface)
    page = (await surface.command("bo", "news", "number")).whispers[0]

    async with surface.database.begin() as session:
        search = (await session.execute(select(Search))).scalar_one()
    own = (await surface.command("anna", "news")).whispers[0]
    others = await surface.press_made_up("anna", own, "Show more", Target(known(search.id), 10))
    surface.clock.move(timedelta(days=1, minutes=1))
    await surface.settle()
    late = await surface.press("bo", page, "Show more")

    assert "Please search again." in others.told
    assert "Please search again." in late.told


async def test_home_leads_on(surface: SurfaceUnderTest) -> None:
    """From the five that it shows to all the others."""
    await have_announced(surface)

    home = await surface.open_home("bo")
    [page] = (await surface.press("bo", home, "Show more")).whispers

    assert numbers_in(home)[:5] == [23, 22, 21, 20, 19]
    assert numbers_in(page) == list(range(18, 8, -1))
