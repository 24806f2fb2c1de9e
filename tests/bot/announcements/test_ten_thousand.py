"""An announcement to very many people, of whom not all can be written to, by a process that is killed on its way."""

import random
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.announcements.posts import COPY, READ
from bot.messages import Message, Shares, Target, Words
from bot.platform import To
from storage.tables import (
    Announcement,
    AnnouncementState,
    Member,
    MemberState,
    Operation,
    Outbox,
    OutboxState,
    Recipient,
)
from tests.bot.announcements.conftest import Scene
from tests.bot.announcements.test_announcing import NEWS, preview
from tests.bot.announcements.trouble_process import Fate, fate_of
from tests.bot.sending.sending_process import lines_of
from tests.processes import running
from tests.soak import report, times
from tests.support import Standing, button, words_of

MODULE = "tests.bot.announcements.trouble_process"
RECIPIENTS = times(500, 10_000)
# At which point of a post each kill comes.
POINTS = ("asked", "taken", "answered")
KILLS = len(POINTS)
# Of so many, this many each: the rest is taken.
OF = 500
FATES = {Fate.LIMITED: 20, Fate.LIMITS_ALL: 5, Fate.FAILS: 10, Fate.BLOCKED: 5, Fate.NEVER_TELLS: 1}
SHARE_OF = {Fate.FAILS: "Failed", Fate.BLOCKED: "Blocked", Fate.NEVER_TELLS: "Unknown"}


async def hire(scene: Scene) -> Counter[Fate]:
    """Let the organisation have so many people besides anna; returns how many have which fate."""
    by_place = [fate for fate, many in FATES.items() for _ in range(many)]
    by_place += [Fate.TAKEN] * (OF - len(by_place))
    others = RECIPIENTS - (len(scene.organisation.members) - 1)
    random.Random(20270304).shuffle(by_place)
    fates = [by_place[number % OF] for number in range(others)]
    async with scene.database.begin() as session:
        session.add_all(
            Member(
                workspace_id=scene.organisation.workspace_id,
                external_id=f"{fate}:{number}",
                state=MemberState.ACTIVE,
                locale="en",
                zone="Europe/Stockholm",
                created_at=scene.clock.now() - timedelta(days=200),
            )
            for number, fate in enumerate(fates)
        )
    return Counter(fates) + Counter({Fate.TAKEN: RECIPIENTS - others})


async def outbox_of_copies(scene: Scene) -> list[Outbox]:
    """Return the outbox's rows of copies."""
    async with scene.database.read() as session:
        posts = select(Outbox).where(col(Outbox.message) == COPY, col(Outbox.operation) == Operation.POST)
        return list((await session.execute(posts)).scalars())


async def recipients(scene: Scene) -> list[Recipient]:
    """Return the people whom it is for."""
    async with scene.database.read() as session:
        return list((await session.execute(select(Recipient))).scalars())


async def announcement_of(scene: Scene) -> Announcement:
    """Return the only announcement."""
    async with scene.database.read() as session:
        return (await session.execute(select(Announcement))).scalar_one()


async def in_doubt(scene: Scene, platform: Path) -> int:
    """Return how many deliveries the platform has said yes to without the database knowing it."""
    taken = {line["id"] for line in lines_of(platform) if fate_of(line["to"]) is not Fate.NEVER_TELLS}
    return len(taken & {row.delivery_id for row in await outbox_of_copies(scene) if row.state == OutboxState.SENDING})


async def card_of(scene: Scene, platform: Path) -> Message:
    """Return the author's card as it stands a while after everything, wherever it was posted."""
    for line in lines_of(platform):
        said, to = line["said"], line["to"]
        where = To(member=to, channel=None if to else "allmant")
        scene.gateway.standing[line["id"]] = Standing(where, Message(said, (Words(said),)), line["id"])
    scene.clock.move(timedelta(hours=1))
    await scene.settle()
    [card] = [said for said in scene.gateway.said_to("anna") if any(isinstance(part, Shares) for part in said.parts)]
    return card


@pytest.mark.soak
@pytest.mark.timeout(300)
async def test_everybody_ends_in_one_state(scene: Scene, tmp_path: Path) -> None:
    """Rate limits, refusals, lost answers and kills: each is in one state, told once, and the card adds up."""
    chance = random.Random(20270303)
    taken = tmp_path / "platform"
    taken.touch()
    fates = await hire(scene)
    form = await preview(scene, "anna", NEWS)
    await scene.people.press("anna", button(form, "Publish"))
    announcement = await announcement_of(scene)
    doubtful = 0

    for kill in range(KILLS):
        scene.clock.move(timedelta(minutes=2))
        dies_at = f"{POINTS[kill]} {RECIPIENTS // (KILLS + 1) - chance.randrange(RECIPIENTS // 20)}"
        with running(MODULE, scene.database.url, taken, scene.clock.now().isoformat(), dies_at) as process:
            assert process.wait() == -signal.SIGKILL
        doubtful += await in_doubt(scene, taken)
    readers = [fate_of_reader for fate_of_reader in Fate if fate_of_reader is not Fate.TAKEN]
    async with scene.database.read() as session:
        people = (await session.execute(select(col(Member.external_id)))).scalars().all()
    have_read = [next(name for name in people if name.startswith(f"{fate}:")) for fate in readers]
    for name in have_read:
        await scene.people.act(name, READ, target=Target(announcement.id or 0, 1), channel="allmant")
    scene.clock.move(timedelta(minutes=2))
    with running(MODULE, scene.database.url, taken, scene.clock.now().isoformat(), "") as process:
        assert process.wait() == 0
    card = await card_of(scene, taken)

    told = Counter(line["to"] for line in lines_of(taken) if line["to"] not in ("anna", None))
    rows = await outbox_of_copies(scene)
    unread = fates - Counter(readers)
    expected = {SHARE_OF[fate]: unread[fate] for fate in SHARE_OF if unread[fate]}
    shares = next(part for part in card.parts if isinstance(part, Shares))
    assert len(await recipients(scene)) == RECIPIENTS
    assert Counter(row.member_id for row in rows).most_common(1)[0][1] == 1
    assert {row.state for row in rows} <= {"sent", "failed", "blocked", "unknown", "dropped"}
    twice = [name for name, count in told.items() if count > 1 and fate_of(name) is not Fate.NEVER_TELLS]
    assert twice == []
    assert {fate_of(name) for name in told} <= {Fate.TAKEN, Fate.LIMITED, Fate.LIMITS_ALL, Fate.NEVER_TELLS}
    assert {share.label: share.count for share in shares.shares} == {
        "Read": len(readers),
        "No sign yet": RECIPIENTS - len(readers) - sum(expected.values()),
        **expected,
    }
    assert sum(share.count for share in shares.shares) == RECIPIENTS
    assert f"Audience: {RECIPIENTS} people" in words_of(card).replace(",", "").replace("\xa0", "")
    assert (await announcement_of(scene)).state == AnnouncementState.PUBLISHED
    if expected.get("Unknown"):
        assert "nobody knows whether it arrived" in words_of(card)
    assert doubtful > 0, "no kill came between a yes and its commit"
    report(
        "an announcement to 10,000 by a process that is killed",
        recipients=RECIPIENTS,
        kills=KILLS,
        killed_between_a_yes_and_its_commit=doubtful,
        rate_limited=fates[Fate.LIMITED] + fates[Fate.LIMITS_ALL],
        failed=expected["Failed"],
        blocked=expected["Blocked"],
        unknown=expected.get("Unknown", 0),
        had_read_by_then=len(readers),
        told_twice_though_the_platform_could_tell=len(twice),
        not_accounted_for=RECIPIENTS - sum(share.count for share in shares.shares),
    )
