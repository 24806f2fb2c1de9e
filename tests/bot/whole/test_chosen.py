"""Short lives that go straight to where one slip would show: what any sequence comes to, if it lasts long enough."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.anchoring.cards import ANCHORED
from bot.announcements.choices import CANCEL, PUBLISH_SCHEDULED
from bot.announcements.forms import EDIT
from bot.announcements.posts import READ
from bot.messages import Target, buttons_of
from tests.bot.whole.company import found_company
from tests.bot.whole.life import Life
from tests.bot.whole.platform import TAKEN


@pytest.fixture
async def life(migrated_file: Path, tmp_path: Path) -> AsyncIterator[Life]:
    """Found a company."""
    path = tmp_path / "life.db"
    shutil.copy(migrated_file, path)
    life = Life(await found_company(path, None))
    yield life
    await life.company.close()


async def come_to_rest(life: Life) -> None:
    """Look once more at everything when nothing is under way any more."""
    await life.company.quieten()
    await life.watcher.look()
    await life.watcher.look_at_rest()


async def announce(life: Life, *, later: bool = False) -> None:
    """Publish news for everybody, or set its time."""
    await life.announce("anna", "news", "", "everyone:", later=later, confirm=True, important=False, declared="", way=0)
    await life.watcher.look()


async def test_a_copy_that_was_taken_before_the_process_was_killed_is_not_sent_again(life: Life) -> None:
    """What the platform has said yes to is found there by the next process, wherever the last one was killed."""
    fuse = life.company.fuse
    fuse.only = TAKEN

    for before in range(4):
        fuse.steps_left = before
        await announce(life)

    assert fuse.kills[TAKEN] == 4
    await come_to_rest(life)


async def test_what_went_out_at_its_time_does_not_go_out_again_when_the_clock_is_put_back(life: Life) -> None:
    """That something was published holds, though its time is to come again and the moment it went out as well."""
    await announce(life, later=True)

    for how in ("down for days", "an hour back", "a minute", "an hour forth", "a minute"):
        await life.time_passes(how)
        await life.watcher.look()

    assert life.company.seen["put back before what had gone out at its time"] == 1
    assert not life.company.ways(PUBLISH_SCHEDULED)
    await come_to_rest(life)


async def test_what_was_cancelled_does_not_go_out(life: Life) -> None:
    """Its time comes, and comes again, and nobody is told."""
    await announce(life, later=True)
    await life.change(CANCEL, 0, lies_open=False)

    for how in ("down for days", "an hour back", "an hour forth"):
        await life.time_passes(how)
        await life.watcher.look()

    assert life.company.records.rows("SELECT state, published_at FROM announcement") == [
        {"state": "cancelled", "published_at": None}
    ]
    assert not life.company.gateway.told
    await come_to_rest(life)


async def test_a_decision_published_over_a_concern_says_that_not_all_have_anchored_it(life: Life) -> None:
    """Where all have to, one concern leaves a question open, and the decision that goes out anyway partly anchored."""
    company = life.company
    await life.begin("all", ticked=True)
    await life.watcher.look()

    await life.answer(0, ANCHORED, "all but one")
    await life.watcher.look()
    [draft] = company.records.rows("SELECT id, version FROM announcement WHERE state = 'draft'")
    form = (await company.act("bo", EDIT, target=Target(draft["id"], draft["version"]))).form
    assert form is not None
    form = (await company.send("bo", form)).form
    assert form is not None
    preview = (await company.send("bo", form)).form
    assert preview is not None
    await life.watcher.look()
    [anyway] = [button for button in buttons_of(preview.parts) if "anyway" in button.label]
    await company.press("bo", anyway, why="It is late")

    await come_to_rest(life)
    [decision] = company.records.rows("SELECT outcome FROM decision")
    assert decision["outcome"] == "partly"


async def test_whoever_leaves_and_comes_back_is_counted_once(life: Life) -> None:
    """They are among those who left while they are away, and after that where they were; the sum stays the audience."""
    await life.begin("any", ticked=False)
    await life.watcher.look()

    for _ in range(2):
        await life.come_or_go("cecilia", erases=1)
        await life.watcher.look()
    await life.give_a_sign("cecilia", 0, READ, None)
    await life.watcher.look()
    for _ in range(2):
        await life.come_or_go("cecilia", erases=1)
        await life.watcher.look()

    await come_to_rest(life)
