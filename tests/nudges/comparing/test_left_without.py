"""Leaving one in ten without, through the round and the ladder: eva has gone quiet, and the lot is set beforehand."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from nudges.comparing.rules import draws_no_tip
from storage.comparing import add_compared, comparing_key, groups_compared, sum_up_compared
from storage.counting import count_one
from storage.nudging import count_no_more
from storage.tables import Compared, ComparingKey, Kind, Member, MemberState
from tests.databases import database_url
from tests.nudges.announcing import published, reminders
from tests.nudges.conftest import TUESDAY_AT_TEN, Scene
from tests.support import words_of

__all__ = ["database_url"]

TUESDAY = TUESDAY_AT_TEN.date()
WEEK = timedelta(weeks=1)


def key_for(person: str, *, without: bool) -> bytes:
    """Return a key under which the lot falls so for a person."""
    return next(key for key in (number.to_bytes(32) for number in range(1_000)) if draws_no_tip(key, person) is without)


async def turned_on(scene: Scene, *, without: bool) -> None:
    """Let it be looked into whether tips help, and let the lot fall on eva, or not."""
    async with scene.database.begin() as session:
        session.add(ComparingKey(key=key_for("eva", without=without).hex()))
    await turn(scene, is_on=True)


async def turn(scene: Scene, *, is_on: bool) -> None:
    """Change the setting."""
    settings = (await scene.workspace()).settings
    await scene.change_workspace(settings={**settings, "does_it_work": is_on})


async def compared(scene: Scene) -> dict[int, Compared]:
    """Return who has come into the comparison, by row id."""
    async with scene.database.read() as session:
        return {one.member_id: one for one in (await session.execute(select(Compared))).scalars()}


async def test_without_for_a_quarter_and_then_like_everybody(quiet_eva: Scene) -> None:
    """No tip and nothing paid; on the first round after ninety days she gets hers, as after any other pause."""
    await turned_on(quiet_eva, without=True)

    await quiet_eva.until(TUESDAY_AT_TEN)
    for weeks in (12, 13):
        # The round is planned on Monday, and goes out on Tuesday; summer time has begun.
        quiet_eva.clock.moment = TUESDAY_AT_TEN + weeks * WEEK - timedelta(hours=20)
        await quiet_eva.tick()
        await quiet_eva.until(TUESDAY_AT_TEN + weeks * WEEK)

    eva = (await compared(quiet_eva))[quiet_eva.organisation.members["eva"]]
    assert (eva.due_on, eva.is_without) == (TUESDAY, True)
    assert [contact.local_date for contact in await quiet_eva.contacts("eva")] == [TUESDAY + timedelta(days=91)]
    assert "It has been a while" in words_of(quiet_eva.gateway.said_to("eva")[0])


async def test_the_others_get_theirs_and_are_compared(quiet_eva: Scene) -> None:
    """Whoever the lot leaves alone is nudged as ever, and counted among those with a tip."""
    await turned_on(quiet_eva, without=False)

    await quiet_eva.until(TUESDAY_AT_TEN)

    eva = (await compared(quiet_eva))[quiet_eva.organisation.members["eva"]]
    assert (eva.due_on, eva.is_without) == (TUESDAY, False)
    assert len(quiet_eva.gateway.said_to("eva")) == 1


async def test_off_by_default(quiet_eva: Scene) -> None:
    """Nobody is compared, and nobody is left without, unless it was turned on."""
    await quiet_eva.until(TUESDAY_AT_TEN)

    assert await compared(quiet_eva) == {}
    assert len(quiet_eva.gateway.said_to("eva")) == 1


async def test_turning_it_off_leaves_nobody_without(quiet_eva: Scene) -> None:
    """Also whom the lot had left without: they get their tip in the next round."""
    await turned_on(quiet_eva, without=True)
    await quiet_eva.until(TUESDAY_AT_TEN)

    await turn(quiet_eva, is_on=False)
    await quiet_eva.until(TUESDAY_AT_TEN + WEEK)

    assert [contact.local_date for contact in await quiet_eva.contacts("eva")] == [TUESDAY + WEEK]


async def test_a_reminder_is_not_withheld(quiet_eva: Scene) -> None:
    """Who is left without a tip is reminded like everybody."""
    await turned_on(quiet_eva, without=True)
    await quiet_eva.until(TUESDAY_AT_TEN)

    await published(quiet_eva)
    await quiet_eva.until(TUESDAY_AT_TEN + WEEK)

    assert len(reminders(quiet_eva, "eva")) == 1


async def test_they_can_read_it_of_themselves(quiet_eva: Scene) -> None:
    """`/samlas me` says since when, and that nobody else sees it."""
    await turned_on(quiet_eva, without=True)
    await quiet_eva.until(TUESDAY_AT_TEN)

    reply = await quiet_eva.people.command("eva", "samlas me")

    assert reply.whisper is not None
    assert "one in ten gets none for a quarter, by lot. From 9 March 2027 that was you" in words_of(reply.whisper)


async def test_do_not_count_me_forgets_it(quiet_eva: Scene) -> None:
    """What came of being counted goes with the counts."""
    await turned_on(quiet_eva, without=True)
    await quiet_eva.until(TUESDAY_AT_TEN)

    async with quiet_eva.database.begin() as session:
        await count_no_more(session, quiet_eva.organisation.workspace_id, quiet_eva.organisation.members["eva"])

    assert await compared(quiet_eva) == {}


async def test_the_key_stays(scene: Scene) -> None:
    """Made when it is first needed, once, whoever asks for it then."""
    async with scene.database.begin() as session:
        made = await comparing_key(session)
    async with scene.database.begin() as session:
        again = await comparing_key(session)

    assert len(made) == 32
    assert made == again


@pytest.mark.parametrize(("without", "sums"), [(5, ((6, 3), (5, 2))), (4, ((0, 0), (0, 0)))], ids=["five", "four"])
async def test_sums_only_and_never_of_fewer_than_five(
    scene: Scene, without: int, sums: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    """Who gave a sign within four weeks counts as back, also when erased later; of fewer than five nothing is kept."""
    due_on = date(2027, 1, 4)
    workspace_id = scene.organisation.workspace_id
    async with scene.database.begin() as session:
        people = [
            Member(
                workspace_id=workspace_id,
                external_id=f"U{number}",
                state=MemberState.ACTIVE,
                created_at=scene.clock.now(),
                told_at=scene.clock.now() - timedelta(days=90),
            )
            for number in range(6 + without)
        ]
        session.add_all(people)
        await session.flush()
        ids = [one.id for one in people if one.id is not None]
        for is_without, drawn in ((False, ids[:6]), (True, ids[6:])):
            await add_compared(session, workspace_id, dict.fromkeys(drawn, due_on), is_without=is_without)
        # On the day itself and after four weeks is not back; of each group every other is.
        for number, member_id in enumerate(ids):
            day = due_on + timedelta(days=28 if number % 2 else 29 * (number % 4 // 2))
            await count_one(session, workspace_id, member_id, None, day, Kind.MESSAGE)

    async with scene.database.begin() as session:
        await sum_up_compared(session, workspace_id, due_on + timedelta(days=1))
        await sum_up_compared(session, workspace_id, due_on + timedelta(days=1))
        for one in people[:3]:
            await session.delete(one)

    async with scene.database.read() as session:
        groups = await groups_compared(session, workspace_id)
    found = (
        (groups.tipped.people, groups.tipped.returned),
        (groups.without.people, groups.without.returned),
    )
    assert found == sums
