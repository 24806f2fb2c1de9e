"""A picture in Slack: given to it once, shown when it is ready, and fetched with the token for Slack alone."""

from datetime import timedelta

import pytest
from sqlmodel import select

from adapters.slack.connections import Connection
from bot.images import taken_in
from bot.messages import Message, Picture, Words
from bot.platform import To, TryAgain
from storage.images import add_image, find_image
from storage.tables import Workspace
from tests.images import picture
from tests.slack.stage import Stage
from tests.slack.standin import Failure
from tests.slack.team import File

ALL = To(channel="C1")


@pytest.fixture
async def shown(stage: Stage) -> Message:
    """Return a message that shows a picture which Slack does not have yet."""
    drawn = taken_in(picture()).drawn
    assert drawn is not None
    async with stage.database.begin() as session:
        workspace = (await session.execute(select(Workspace))).scalar_one()
        row = await add_image(session, workspace.id or 0, drawn, now=stage.clock.now())
    return Message("News", (Words("News"), Picture(row, "/images/1/x", "The canteen", 640, 400)))


async def connection(stage: Stage) -> Connection:
    """Return the workspace's connection."""
    found = await stage.slack.connections.at("T1", None)
    assert found is not None
    return found


def blocks(stage: Stage) -> list[str]:
    """Return the kinds of blocks of what was said last."""
    return [block["type"] for block in stage.standin.said[-1].body["blocks"]]


async def test_it_is_given_to_slack_once(stage: Stage, shown: Message) -> None:
    """The post and each copy show one file, shared nowhere else."""
    await stage.slack.gateway.post("T1", ALL, shown, "d1")
    await stage.slack.gateway.post("T1", To(member="UANNA"), shown, "d2")

    [completed] = stage.standin.calls_of("files.completeUploadExternal")
    assert "channel_id" not in completed
    assert blocks(stage) == ["rich_text", "image"]
    [file] = stage.standin.pictures.values()
    assert file.content.startswith(b"\xff\xd8")


async def test_one_that_slack_is_not_done_with_is_waited_for(stage: Stage, shown: Message) -> None:
    """Slack refuses it until then: nothing is said, and it is tried again; the same upload is then shown."""
    stage.standin.slow_files = True

    with pytest.raises(TryAgain):
        await stage.slack.gateway.post("T1", ALL, shown, "d1")
    before = list(stage.standin.said)
    [file] = stage.standin.pictures.values()
    file.is_ready = True
    await stage.slack.gateway.post("T1", ALL, shown, "d1")

    assert before == []
    assert blocks(stage) == ["rich_text", "image"]
    assert len(stage.standin.pictures) == 1


async def test_one_that_never_gets_ready_is_told_in_words(stage: Stage, shown: Message) -> None:
    """After two minutes the post goes out without it: news is not held up by its picture."""
    stage.standin.slow_files = True
    with pytest.raises(TryAgain):
        await stage.slack.gateway.post("T1", ALL, shown, "d1")

    stage.clock.move(timedelta(minutes=3))
    await stage.slack.gateway.post("T1", ALL, shown, "d1")

    assert blocks(stage) == ["rich_text", "context"]
    assert "The canteen" in str(stage.standin.said[-1].body["blocks"])


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
async def test_an_upload_that_fails_for_now_sends_nothing(stage: Stage, shown: Message, method: str) -> None:
    """It is tried again from the beginning, since nothing stands yet."""
    stage.standin.fail(method, Failure(status=503))

    with pytest.raises(TryAgain):
        await stage.slack.gateway.post("T1", ALL, shown, "d1")

    assert stage.standin.said == []


async def test_the_token_goes_to_slack_alone(stage: Stage) -> None:
    """A file that is said to lie elsewhere is not fetched."""
    found = await connection(stage)
    stage.standin.pictures["F1"] = File(picture(), url="http://elsewhere.example/F1")
    view = {"state": {"values": {"picture~x": {"value": {"type": "file_input", "files": [{"id": "F1"}]}}}}}

    chosen = await stage.slack.pictures.chosen(found, view)

    assert chosen["picture"].drawn is None
    assert chosen["picture"].problem is not None


async def test_a_file_that_says_it_is_too_large_is_not_fetched(stage: Stage) -> None:
    """Its size is looked at before its bytes."""
    found = await connection(stage)
    stage.standin.pictures["F1"] = File(picture(), size=50_000_000)
    view = {"state": {"values": {"picture~x": {"value": {"type": "file_input", "files": [{"id": "F1"}]}}}}}

    chosen = await stage.slack.pictures.chosen(found, view)

    assert chosen["picture"].problem is not None
    assert "5 MB" in chosen["picture"].problem.msgid


async def test_what_slack_calls_it_is_kept(stage: Stage, shown: Message) -> None:
    """Another process, months later, shows the same file."""
    await stage.slack.gateway.post("T1", ALL, shown, "d1")

    part = shown.parts[1]
    assert isinstance(part, Picture)
    async with stage.database.read() as session:
        seen = await find_image(session, (await connection(stage)).workspace_id, part.image)
    assert seen is not None
    assert seen.known_as is not None
    assert seen.known_as["id"] in stage.standin.pictures
