"""The author's card when everybody is written down, when that could not be done, and at most once a minute between."""

from datetime import timedelta

from sqlmodel import select, update

from bot.expanding import NOT_WRITTEN_DOWN
from bot.reasons import kept_reason
from storage.tables import AnnouncementStep, AudienceKind, FanOut, Operation
from tests.bot.announcements.conftest import Scene
from tests.bot.announcements.test_announcing import NEWS, form_of, preview, shares_of
from tests.support import button, words_of

MINUTE = timedelta(minutes=1)


async def publish(scene: Scene, **values: str) -> None:
    """Publish news, and send nothing yet."""
    form = await preview(scene, "anna", {**NEWS, **values})
    await scene.people.press("anna", button(form, "Publish"))


async def break_fan_out(scene: Scene) -> None:
    """Let the only fan-out that there is go to nobody knows whom."""
    async with scene.database.begin() as session:
        await session.execute(update(FanOut).values(audience_kind="nobody knows"))


async def a_day_passes(scene: Scene) -> None:
    """Let everything be tried until it is given up."""
    for _ in range(24 * 4):
        await scene.settle()
        scene.clock.move(timedelta(minutes=15))


async def test_the_card_says_when_all_are_written_down(scene: Scene) -> None:
    """Also where nobody gets a copy, and so nothing else would make it anew."""
    await publish(scene, audience=f"channel:{scene.organisation.channel_id}")
    await scene.settle()
    scene.clock.move(MINUTE)
    await scene.settle()

    [card] = scene.gateway.said_to("anna")
    assert "It is still on its way out" not in words_of(card)
    assert button(card, "Edit").label == "Edit"


async def test_the_card_is_made_anew_at_most_once_a_minute(scene: Scene) -> None:
    """However many read within it; and what came last is shown when the minute is over."""
    await publish(scene)
    await scene.settle()
    scene.clock.move(MINUTE)
    await scene.settle()
    before = scene.gateway.edits
    [post] = scene.gateway.said_in("allmant")

    for name in ("bo", "carl"):
        await scene.people.press(name, button(post, "I have read this"), channel="allmant")
        scene.clock.move(timedelta(seconds=20))
        await scene.settle()
    within = scene.gateway.edits - before
    scene.clock.move(timedelta(seconds=40))
    await scene.settle()

    assert within == 0
    assert scene.gateway.edits - before == 1
    assert shares_of(scene.gateway.said_to("anna")[0])["Read"] == 2


async def test_what_could_not_be_written_down_is_told_in_words(scene: Scene) -> None:
    """It is published as far as it came: the card says so and why, and it can be edited and withdrawn."""
    await publish(scene, audience=f"{AudienceKind.HOME_TEAM}:{scene.organisation.team_id}")
    await break_fan_out(scene)

    await a_day_passes(scene)

    [card] = scene.gateway.said_to("anna")
    assert "It has not gone to everybody it is for" in words_of(card)
    assert NOT_WRITTEN_DOWN.msgid in words_of(card)
    assert "It is still on its way out" not in words_of(card)
    assert form_of(await scene.people.press("anna", button(card, "Edit"))).values()["title"] == "New canteen"
    async with scene.database.read() as session:
        [*_, last] = (await session.execute(select(AnnouncementStep))).scalars().all()
    assert (last.from_state, last.to_state) == ("publishing", "published")


async def test_a_change_that_did_not_come_to_all_copies_is_told_too(scene: Scene) -> None:
    """What more than some hundred people have is changed by a fan-out, which may be given up as well."""
    await publish(scene)
    await scene.settle()
    async with scene.database.begin() as session:
        fan_out = (await session.execute(select(FanOut))).scalar_one()
        edits = {**fan_out.model_dump(exclude={"id", "reason"}), "operation": Operation.EDIT, "announcement_id": None}
        session.add(FanOut(**edits, reason=kept_reason(NOT_WRITTEN_DOWN)))
    scene.clock.move(MINUTE)
    [post] = scene.gateway.said_in("allmant")
    await scene.people.press("bo", button(post, "I have read this"), channel="allmant")
    await scene.settle()

    told = words_of(scene.gateway.said_to("anna")[0])
    assert "Some copies still say what they said before it was changed." in told
