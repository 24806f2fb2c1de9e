"""Somebody who has talked with a coach, or is one, is erased: what others were told names them no more."""

from datetime import timedelta

from sqlmodel import select

from bot.context import context_for
from bot.privacy.erasing import erase
from nudges.room import partings
from storage.people import get_member
from storage.tables import CoachingSum, RequestState, TalkState
from storage.workspaces import get_workspace
from tests.nudges.coaching.test_talks import asks, becomes_coach, last_to, matched, request_of, talks, times_on
from tests.nudges.conftest import Scene
from tests.support import button, words_of

__all__ = ["matched"]


async def erased(scene: Scene, person: str) -> None:
    """Erase somebody, and let an edit's time come."""
    async with scene.database.begin() as session:
        ctx = context_for(session, scene.clock.now(), await get_workspace(session, scene.organisation.workspace_id))
        await erase(
            ctx,
            await get_member(session, scene.organisation.workspace_id, scene.organisation.members[person]),
            partings(),
        )
    scene.clock.move(timedelta(minutes=2))
    await scene.tick()


def said_to_others(scene: Scene, *people: str) -> str:
    """Return all that stands with these people, and with several together."""
    alone = [words_of(said) for person in people for said in scene.gateway.said_to(person)]
    together = [words_of(said.message) for said in scene.gateway.standing.values() if said.to.others]
    return "\n".join([*alone, *together])


async def agree(scene: Scene) -> None:
    """Let both agree on the first time."""
    await scene.people.press("eva", times_on(last_to(scene, "eva"))[0])
    await scene.tick()
    await scene.people.press("bo", button(last_to(scene, "bo"), "That suits me"))
    await scene.tick()


async def test_a_member_with_an_open_talk(matched: Scene) -> None:
    """The coach is told that there is nothing to do, and neither card, hello nor time names who it was."""
    await agree(matched)
    before = said_to_others(matched, "bo")

    await erased(matched, "eva")

    assert "Eva" in before
    assert "Eva" not in said_to_others(matched, "bo")
    assert "There is nothing for you to do." in said_to_others(matched, "bo")
    assert await talks(matched) == []


async def test_a_coach_with_an_open_talk(matched: Scene) -> None:
    """Somebody else is found at once; nothing that stands with the member names the first."""
    await becomes_coach(matched, "carl")
    await agree(matched)

    await erased(matched, "bo")

    assert "Carl will gladly talk with you." in words_of(last_to(matched, "eva"))
    assert "Bo" not in said_to_others(matched, "eva")
    assert [talk.state for talk in await talks(matched)] == [TalkState.GONE, TalkState.PROPOSED]


async def test_a_coach_and_nobody_else(matched: Scene) -> None:
    """The member waits, with a place in the queue."""
    await erased(matched, "bo")

    assert (await request_of(matched, "eva")).state == RequestState.WAITING
    assert "Nobody is free to talk just now." in words_of(last_to(matched, "eva"))


async def test_a_talk_that_is_long_over(matched: Scene) -> None:
    """What was asked afterwards names nobody either; the sum of the answers stays."""
    await agree(matched)
    await matched.until(matched.clock.now() + timedelta(days=14))
    await matched.people.press("bo", button(last_to(matched, "bo"), "Yes, and it helped"))
    before = said_to_others(matched, "bo")

    await erased(matched, "eva")

    async with matched.database.read() as session:
        answered = (await session.execute(select(CoachingSum))).scalars().all()
    assert "Eva" in before
    assert "Eva" not in said_to_others(matched, "bo")
    assert [(row.answer, row.count) for row in answered] == [("helped", 1)]


async def test_before_the_coach_has_heard_of_it(matched: Scene) -> None:
    """What has not gone out yet does not."""
    await becomes_coach(matched, "carl")
    matched.clock.move(timedelta(hours=9))
    await asks(matched, "anna")

    await erased(matched, "anna")
    await matched.until(matched.clock.now() + timedelta(days=2))

    assert matched.gateway.said_to("carl") == []
