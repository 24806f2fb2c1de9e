"""Each thing that Slack can answer to a message becomes what it means for its author, and nothing is said twice."""

from collections.abc import Iterator
from datetime import timedelta
from threading import get_ident

import pytest

from adapters.slack.reach import FOR_GOOD
from bot.events import Event, Reply, WorkspaceKey
from bot.messages import Message, Part, Words, Written
from bot.platform import MaybeSent, NotSent, RateLimited, Sent, To, TryAgain
from bot.texts import Voice
from storage.tables import OutboxState
from tests.slack.stage import Stage
from tests.slack.standin import Failure

HELLO = Message("Hello", (Words("Hello"),))
ANNA = To(member="UANNA")
ALL = To(channel="C1")


async def post(stage: Stage, to: To = ANNA, message: Message = HELLO, delivery: str = "d1") -> Sent:
    """Post as the sender does."""
    return await stage.slack.gateway.post("T1", to, message, delivery)


async def test_a_direct_message_arrives_with_its_delivery_id(stage: Stage) -> None:
    """It goes to the person's id, has text for screen readers, and can be found and edited later."""
    sent = await post(stage)

    [said] = stage.standin.said_to("UANNA")
    assert said.body["text"] == "Hello"
    assert said.body["metadata"]["event_payload"] == {"delivery_id": "d1"}
    assert sent.reference == {"channel": "DUANNA", "ts": said.ts, "member": "UANNA"}
    assert (sent.place, sent.key) == ("DUANNA", said.ts)


class Watched(tuple[Part, ...]):  # noqa: SLOT001 - a tuple of any length can have none that hold something
    """The parts of a message, which know on which threads they were looked at."""

    looked_on: set[int]

    def __iter__(self) -> Iterator[Part]:
        """Look at the parts."""
        self.looked_on = {*getattr(self, "looked_on", ()), get_ident()}
        return super().__iter__()


async def test_no_text_holds_up_what_slack_waits_for(stage: Stage) -> None:
    """What is said and what is answered is made beside the thread on which Slack is acknowledged."""
    sent, whispered = Watched([Written("*_" * 5000)]), Watched([Written("[" * 10_000)])
    connection = await stage.slack.connections.at("T1", None)
    assert connection is not None
    event = Event("news", WorkspaceKey("slack", "T1"), "UANNA", "e1", stage.clock.now())

    await post(stage, message=Message("Sent", sent))
    await stage.slack.answering.to_event(connection, event, Reply(whisper=Message("Whispered", whispered)))

    assert [said.body["text"] for said in stage.standin.said] == ["Sent", "Whispered"]
    assert get_ident() not in sent.looked_on | whispered.looked_on


async def test_a_post_has_a_link_and_a_thread(stage: Stage) -> None:
    """The link leads to the post in this workspace; what is posted under it stands in its thread."""
    sent = await post(stage, ALL)
    under = await post(stage, To(channel="C1", thread=sent.reference))

    first, second = stage.standin.said_in("C1")
    assert sent.link == f"https://t1.slack.com/archives/C1/p{first.ts.replace('.', '')}"
    assert second.thread_ts == first.ts
    assert under.link == f"https://t1.slack.com/archives/C1/p{second.ts.replace('.', '')}?thread_ts={first.ts}&cid=C1"


async def test_an_edit_changes_what_stands(stage: Stage) -> None:
    """chat.update, by the reference that posting gave."""
    sent = await post(stage)

    await stage.slack.gateway.edit("T1", sent.reference, Message("Changed", (Words("Changed"),)))

    [said] = stage.standin.said_to("UANNA")
    assert said.body["text"] == "Changed"


async def test_a_rate_limit_reaches_the_sender_with_its_wait(stage: Stage) -> None:
    """429 is not waited for here: the sender has other things to send meanwhile."""
    stage.standin.fail("chat.postMessage", Failure(status=429, error="ratelimited", retry_after=17))

    with pytest.raises(RateLimited) as limited:
        await post(stage)

    assert limited.value.wait == timedelta(seconds=17)
    assert stage.standin.said == []
    assert len(stage.standin.calls_of("chat.postMessage")) == 1


@pytest.mark.parametrize(
    ("failure", "becomes"),
    [
        (Failure(status=503), TryAgain),
        (Failure(status=500), MaybeSent),
        (Failure(status=502), MaybeSent),
        (Failure(error="fatal_error"), MaybeSent),
        (Failure(error="internal_error"), MaybeSent),
        (Failure(error="service_unavailable"), TryAgain),
        (Failure(error="ratelimited"), RateLimited),
        (Failure(error="something_new"), NotSent),
        (Failure(status=404, error="something_new"), NotSent),
    ],
)
async def test_a_failure_is_tried_again_only_where_nothing_was_said(
    stage: Stage, failure: Failure, becomes: type[Exception]
) -> None:
    """Slack's own trouble may leave a message standing: then it is looked up first. No failure is retried here."""
    stage.standin.fail("chat.postMessage", failure)

    with pytest.raises(becomes):
        await post(stage)

    assert len(stage.standin.calls_of("chat.postMessage")) == 1


async def test_a_lost_connection_may_have_said_it(stage: Stage) -> None:
    """Slack is away: nobody knows; a refused connection says that nothing was taken."""
    await stage.standin.stop()

    with pytest.raises(TryAgain):
        await post(stage)


@pytest.mark.parametrize(("error", "outcome"), [(error, state) for error, (state, _) in FOR_GOOD.items()])
async def test_each_refusal_has_a_reason_in_both_languages(stage: Stage, error: str, outcome: OutboxState) -> None:
    """A sentence that the author reads in their own language, and the part of the picture it belongs to."""
    stage.standin.fail("chat.postMessage", Failure(error=error))

    with pytest.raises(NotSent) as refused:
        await post(stage, ALL)

    assert refused.value.outcome is outcome
    english, swedish = Voice("en").say(refused.value.reason), Voice("sv").say(refused.value.reason)
    assert english != swedish


async def test_whoever_cannot_be_reached_and_a_channel_that_cannot_are_told_apart(stage: Stage) -> None:
    """A person who is gone is unreachable; a channel that is archived has failed."""
    stage.standin.fail("chat.postMessage", Failure(error="user_disabled"), Failure(error="is_archived"))

    with pytest.raises(NotSent) as person:
        await post(stage)
    with pytest.raises(NotSent) as channel:
        await post(stage, ALL)

    assert person.value.outcome is OutboxState.UNREACHABLE
    assert channel.value.outcome is OutboxState.FAILED


async def test_a_person_who_is_not_found_is_unreachable(stage: Stage) -> None:
    """Slack says channel_not_found of a person too; then it is the person who cannot be reached."""
    with pytest.raises(NotSent) as refused:
        await post(stage, To(member="UNOBODY"))

    assert refused.value.outcome is OutboxState.UNREACHABLE


async def test_a_message_whose_answer_was_lost_is_found(stage: Stage) -> None:
    """By its metadata, in a channel, a thread, and a conversation with the bot, on whichever page it stands."""
    stage.standin.page_size = 2
    first = await post(stage, ALL, delivery="in channel")
    await post(stage, To(channel="C1", thread=first.reference), delivery="in thread")
    direct = await post(stage, delivery="direct")
    for number in range(4):
        await post(stage, ALL, delivery=f"later {number}")

    gateway = stage.slack.gateway
    found = await gateway.find("T1", ALL, "in channel")
    in_thread = await gateway.find("T1", To(channel="C1", thread=first.reference), "in thread")

    assert found is not None
    assert (found.place, found.key) == (first.place, first.key)
    assert in_thread is not None
    assert await gateway.find("T1", ANNA, "direct") == direct
    assert await gateway.find("T1", ANNA, "never sent") is None


async def test_where_too_much_was_written_since_nobody_can_tell(stage: Stage) -> None:
    """After so many pages the search ends, and says that it does not know."""
    stage.standin.page_size = 2
    for number in range(12):
        await post(stage, ALL, delivery=f"later {number}")

    with pytest.raises(MaybeSent):
        await stage.slack.gateway.find("T1", ALL, "long ago")


async def test_a_workspace_without_samlas_gets_nothing(stage: Stage) -> None:
    """The author is told that it has to be installed again, and no other workspace's token is used."""
    with pytest.raises(NotSent) as refused:
        await stage.slack.gateway.post("T2", ANNA, HELLO, "d1")

    assert "installed again" in Voice("en").say(refused.value.reason)
    assert stage.standin.said == []
