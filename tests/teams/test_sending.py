"""What becomes of a message that Teams does not take at once: the sender's outcomes, and the limits we keep."""

from datetime import timedelta

import pytest

from adapters.teams.connector import NoAnswer, NotReached, Refused
from adapters.teams.limits import PER_CONVERSATION, Window
from adapters.teams.outcomes import outcome_of
from adapters.teams.pace import Pace
from adapters.teams.rest import BotConnector
from bot.platform import MaybeSent, NotSent, RateLimited, To, TryAgain
from storage.tables import OutboxState
from tests.teams.conftest import LUNCH, Tenant, lasting
from tests.teams.issuer import TENANT
from tests.teams.service import Failure


@pytest.mark.parametrize("status", [412, 503, 401])
async def test_what_passes_is_tried_again(tenant: Tenant, status: int) -> None:
    """Later and by the sender, which waits with jitter; the connector itself tries once."""
    await tenant.take(tenant.activity(text="help"))
    tenant.service.script["/activities"].append(Failure(status))
    asked = len(tenant.service.requests)

    with pytest.raises(TryAgain):
        await tenant.gateway().post(TENANT, To(member="anna"), tenant.note("Hello"), "1")

    assert len(tenant.service.requests) == asked + 1


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_what_may_have_been_posted_is_unknown(tenant: Tenant, status: int) -> None:
    """A gateway that gave up says nothing about the message, so a tip is not sent again; an edit may be made twice."""
    await tenant.take(tenant.activity(text="help"))
    sent = await tenant.gateway().post(TENANT, To(member="anna"), tenant.note("Hello"), "1")
    tenant.service.script["/activities"].extend([Failure(status, done=True), Failure(status, done=True)])

    with pytest.raises(MaybeSent):
        await tenant.gateway().post(TENANT, To(member="anna"), tenant.note("Hello again"), "2")
    with pytest.raises(TryAgain):
        await tenant.gateway().edit(TENANT, sent.reference, tenant.note("Hello, edited"))


@pytest.mark.parametrize("failure", [NoAnswer("lost"), Refused(504, ""), NotReached("refused")], ids=repr)
async def test_a_conversation_that_may_have_been_made_is_made_again(tenant: Tenant, failure: Exception) -> None:
    """Nothing has been said in it yet, and making it twice makes it once: no tip is lost."""
    await tenant.take(tenant.activity(text="help"))

    class Lost(BotConnector):
        """Teams, on a way on which the answer is lost."""

        async def create_direct(self, *_: str) -> str:
            raise failure

    with pytest.raises(TryAgain):
        await tenant.gateway(Lost(lasting(), lambda: tenant.session)).post(
            TENANT, To(member="bo"), tenant.note("Hello"), "1"
        )


@pytest.mark.parametrize(("status", "said", "waits"), [(429, 17, 17), (429, None, 2), (429, 86_400, 600), (503, 9, 9)])
async def test_a_limit_is_obeyed(tenant: Tenant, status: int, said: int | None, waits: int) -> None:
    """For as long as Teams says, within reason."""
    await tenant.take(tenant.activity(text="help"))
    tenant.service.script["/activities"].append(Failure(status, retry_after=said))

    with pytest.raises(RateLimited) as limited:
        await tenant.gateway().post(TENANT, To(member="anna"), tenant.note("Hello"), "1")

    assert limited.value.wait == timedelta(seconds=waits)


REFUSALS = [
    (403, "ConversationBlockedByUser", OutboxState.BLOCKED),
    (403, "MessageWritesBlocked", OutboxState.BLOCKED),
    (403, "ForbiddenOperationException", OutboxState.UNREACHABLE),
    (403, "BotNotInConversationRoster", OutboxState.UNREACHABLE),
    (404, "ConversationNotFound", OutboxState.UNREACHABLE),
    (403, "", OutboxState.UNREACHABLE),
    (403, "BotDisabledByAdmin", OutboxState.FAILED),
    (413, "MessageSizeTooBig", OutboxState.FAILED),
    (400, "BadArgument", OutboxState.FAILED),
]


@pytest.mark.parametrize(("status", "code", "outcome"), REFUSALS)
async def test_a_refusal_says_what_it_means(tenant: Tenant, status: int, code: str, outcome: OutboxState) -> None:
    """Blocked, without the app, or failed, each with a sentence for the author."""
    await tenant.take(tenant.activity(text="help"))
    tenant.service.script["/activities"].append(Failure(status, code))

    with pytest.raises(NotSent) as refused:
        await tenant.gateway().post(TENANT, To(member="anna"), tenant.note("Hello"), "1")

    assert refused.value.outcome == outcome
    assert refused.value.reason.msgid.endswith(".")


async def test_who_uninstalled_is_blocked_and_who_was_never_there_unreachable(tenant: Tenant) -> None:
    """Without asking Teams about the first."""
    await tenant.take(tenant.activity("installationUpdate", action="add"))
    await tenant.take(tenant.activity("installationUpdate", action="remove"))
    tenant.service.script["/v3/conversations"].append(Failure(403, "ForbiddenOperationException"))
    asked = len(tenant.service.requests)

    outcomes = []
    for person in ("anna", "nobody"):
        with pytest.raises(NotSent) as refused:
            await tenant.gateway().post(TENANT, To(member=person), tenant.note("Hello"), "1")
        outcomes.append(refused.value.outcome)

    assert outcomes == [OutboxState.BLOCKED, OutboxState.UNREACHABLE]
    assert len(tenant.service.requests) == asked + 1


async def test_ways_to_many_are_looked_up_at_once(tenant: Tenant) -> None:
    """And what they lead to is what a look of its own would: into a chat, to a first meeting, or nowhere any more."""
    await tenant.take(tenant.activity(text="help"))
    await tenant.take(tenant.activity("installationUpdate", person="bo", action="add"))
    await tenant.take(tenant.activity("installationUpdate", person="bo", action="remove"))
    gateway = tenant.gateway()

    anna, bo, nobody = await gateway.addressed(TENANT, [To(member=name) for name in ("anna", "bo", "nobody")])
    for addressed in (anna, nobody):
        await gateway.post(TENANT, addressed, tenant.note("Hello"), "1")
    with pytest.raises(NotSent) as removed:
        await gateway.post(TENANT, bo, tenant.note("Hello"), "2")

    assert [anna.member, bo.member, nobody.member] == ["anna", "bo", "nobody"]
    assert removed.value.outcome == OutboxState.BLOCKED
    said = [stands.conversation for stands in tenant.service.standing if stands.activity["summary"] == "Hello"]
    assert said == ["a:29:anna", "a:nobody"]


async def test_posts_threads_and_edits_stand_where_they_are_meant(tenant: Tenant) -> None:
    """A post's reference leads a reply under it and an edit to it; its link opens it in Teams."""
    await tenant.take(tenant.in_team(text="Hello"))
    gateway = tenant.gateway()

    post = await gateway.post(TENANT, To(channel=LUNCH), tenant.note("Post"), "1")
    reply = await gateway.post(TENANT, To(channel=LUNCH, thread=post.reference), tenant.note("Reply"), "2")
    await gateway.edit(TENANT, post.reference, tenant.note("Post, edited"))

    first, second = tenant.service.standing
    assert (first.conversation, first.activity["summary"]) == (LUNCH, "Post, edited")
    assert (second.conversation, second.key) == (f"{LUNCH};messageid={post.key}", reply.key)
    assert post.place == reply.place == LUNCH
    assert post.link == (
        "https://teams.microsoft.com/l/message/19%3Alunch%40thread.tacv2/"
        f"{post.key}?tenantId={TENANT}&parentMessageId={post.key}"
    )


async def test_an_answer_that_never_came_is_unknown(tenant: Tenant) -> None:
    """Teams cannot look a message up, so it says that nobody knows."""
    with pytest.raises(MaybeSent):
        await tenant.gateway().find(TENANT, To(member="anna"), "1")

    assert isinstance(outcome_of(NoAnswer("lost"), to_person=True), MaybeSent)
    assert isinstance(outcome_of(NotReached("refused"), to_person=True), TryAgain)


async def test_a_service_that_is_not_there_is_tried_again(tenant: Tenant) -> None:
    """A connection that was never made has sent nothing."""
    await tenant.take(tenant.activity(text="help"))
    reference = {"service_url": "http://127.0.0.1:9/", "conversation": "a:29:anna", "activity": "1", "person": "anna"}

    with pytest.raises(TryAgain):
        await tenant.gateway().edit(TENANT, reference, tenant.note("Hello"))


def test_a_refusal_in_a_channel_is_about_the_channel() -> None:
    """Not about a person."""
    refusal = outcome_of(Refused(403, "BotNotInConversationRoster"), to_person=False)

    assert isinstance(refusal, NotSent)
    assert refusal.outcome == OutboxState.FAILED


def test_each_window_of_a_conversation_is_kept() -> None:
    """7 in one second, 8 in two, 60 in thirty, 1,800 in an hour; other conversations are not held up."""
    now = 0.0
    pace = Pace(PER_CONVERSATION, lambda: now)
    sent_at: list[float] = []
    while len(sent_at) < 2_000:
        now += pace.wait("a")
        pace.sent("a")
        sent_at.append(now)

    for window in PER_CONVERSATION:
        spans = zip(sent_at, sent_at[window.most :], strict=False)
        assert all(later - first >= window.within.total_seconds() - 1e-6 for first, later in spans)
    assert pace.wait("b") == 0.0


async def test_a_conversation_that_is_full_waits_and_others_go_on(tenant: Tenant) -> None:
    """A short wait is waited out; a long one is left to the sender, for this conversation alone."""
    await tenant.take(tenant.activity(text="help"))
    gateway = tenant.gateway()
    gateway._pace = Pace((Window(2, timedelta(seconds=30)),), tenant.machine.monotonic)
    for number in range(2):
        await gateway.post(TENANT, To(member="anna"), tenant.note("Hello"), str(number))

    with pytest.raises(RateLimited) as early:
        await gateway.post(TENANT, To(member="anna"), tenant.note("Hello"), "3")
    await gateway.post(TENANT, To(member="bo"), tenant.note("Hello"), "4")

    assert early.value.conversation_only
    assert timedelta(seconds=29) < early.value.wait <= timedelta(seconds=30)
