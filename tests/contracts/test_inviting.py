"""Everybody invites, on every surface: the form, the question in private, a yes in the thread, and nothing on a no.

The clock stands at noon, UTC, of Wednesday 3 March 2027: everybody is at work.
"""

from datetime import timedelta

from sqlmodel import col, select, update

from storage.people import add_channel_members
from storage.tables import Channel, ContactItem, Member, MemberState
from tests.contracts.surface import FieldKind, Seen, SeenForm, SeenMessage, SurfaceUnderTest

ASKED = "I ask Bo in private"


async def link_of(surface: SurfaceUnderTest, message: SeenMessage) -> str:
    """Return what somebody copies as the link of a message, as each platform makes it."""
    if surface.name == "slack":
        ts = message.reference.ts.replace(".", "")
        return f"https://lindvalla.slack.com/archives/{surface.id_of('allmant')}/p{ts}"
    if surface.name == "teams":
        channel = surface.id_of("allmant")
        return f"https://teams.microsoft.com/l/message/{channel}/{message.reference.key}?tenantId=t"
    return f"http://127.0.0.1:8080/local/message/{message.reference.message}"


async def opened(surface: SurfaceUnderTest, inviter: str, message: SeenMessage, whom: str = "") -> SeenForm:
    """Let somebody write /invite-in with a message's link."""
    words = f"{whom} {await link_of(surface, message)}".strip()
    return (await surface.command(inviter, "invite-in", words)).opened


async def invite(surface: SurfaceUnderTest, inviter: str, whom: str, message: SeenMessage) -> Seen:
    """Let somebody invite a colleague into the conversation under a message."""
    seen = await surface.submit(inviter, await opened(surface, inviter, message), who=whom)
    await surface.settle()
    return seen


async def asked(surface: SurfaceUnderTest, person: str) -> SeenMessage:
    """Return the last question to somebody whether they would like to come in."""
    return [one for one in await surface.direct(person) if "would like to have you in" in one.text][-1]


async def questions(surface: SurfaceUnderTest, person: str) -> int:
    """Return how many such questions somebody has."""
    return len([one for one in await surface.direct(person) if "would like to have you in" in one.text])


async def test_a_yes_stands_in_the_thread(surface: SurfaceUnderTest) -> None:
    """Who asks, where, the way there and both answers, to the invited alone; after the yes, one line in the thread."""
    message = await surface.write("anna", "Where shall we meet?", channel="allmant")

    told = await invite(surface, "anna", "bo", message)
    question = await asked(surface, "bo")
    before = await surface.in_thread(message)
    await surface.press("bo", question, "Yes please")
    await surface.redeliver()
    surface.clock.move(timedelta(minutes=1))
    await surface.settle()

    assert ASKED in told.told
    assert "Anna would like to have you in a conversation in #allmant." in question.text
    assert question.links == ("Open the conversation",)
    assert question.buttons[:2] == ("Yes please", "No thanks")
    assert "Do not send me these" in question.buttons
    assert list(before) == []
    assert [one.text for one in await surface.in_thread(message)] == ["Anna invites Bo into this conversation."]
    assert "You have said yes" in (await asked(surface, "bo")).text
    assert not [one for one in await surface.direct("anna") if "Bo" in one.text]


async def test_a_no_is_told_to_nobody(surface: SurfaceUnderTest) -> None:
    """Nothing in the thread, nothing to whoever invites."""
    message = await surface.write("anna", "Where shall we meet?", channel="allmant")
    await invite(surface, "anna", "bo", message)
    to_anna = len(await surface.direct("anna"))

    await surface.press("bo", await asked(surface, "bo"), "No thanks")
    surface.clock.move(timedelta(minutes=1))
    await surface.settle()

    assert list(await surface.in_thread(message)) == []
    assert len(await surface.direct("anna")) == to_anna
    assert "Of course. Nobody is told." in (await asked(surface, "bo")).text


async def test_the_form(surface: SurfaceUnderTest) -> None:
    """It asks whom, with the platform's own picker, and for the message only where that is not known."""
    message = await surface.write("anna", "Where shall we meet?", channel="allmant")

    known = await opened(surface, "anna", message)
    unknown = (await surface.command("anna", "invite-in")).opened
    wrong = await surface.submit("anna", unknown, who="bo", link="https://example.com/nothing")
    right = await surface.submit("anna", wrong.opened, who="bo", link=await link_of(surface, message))

    assert {key: seen.kind for key, seen in known.fields.items()} == {"who": FieldKind.PERSON}
    assert list(unknown.fields) == ["who", "link"]
    assert "I do not find that message." in wrong.errors["link"]
    assert ASKED in right.told


async def test_a_mention_fills_the_form(surface: SurfaceUnderTest) -> None:
    """Where the surface says whom a command mentions, they are chosen already."""
    message = await surface.write("anna", "Where shall we meet?", channel="allmant")

    form = await opened(surface, "anna", message, f"<@{surface.id_of('bo')}|bo>" if surface.name == "slack" else "")

    assert form.fields["who"].value == ("bo" if surface.name == "slack" else "")


async def test_once_for_each_person_and_thread(surface: SurfaceUnderTest) -> None:
    """A second time, also by somebody else, asks nobody, and says why; somebody lately invited is left in peace."""
    message = await surface.write("anna", "Where shall we meet?", channel="allmant")
    other = await surface.write("anna", "And when?", channel="allmant")
    await invite(surface, "anna", "bo", message)

    again = await invite(surface, "carl", "bo", message)
    soon = await invite(surface, "anna", "bo", other)

    assert "has been invited into this conversation before" in again.errors["who"]
    assert "You have invited Bo in the last days." in soon.errors["who"]
    assert await questions(surface, "bo") == 1


async def test_whom_it_cannot_be(surface: SurfaceUnderTest) -> None:
    """Not oneself, and nobody who has left; nothing is asked."""
    message = await surface.write("anna", "Where shall we meet?", channel="allmant")
    form = await opened(surface, "anna", message)
    async with surface.database.begin() as session:
        await session.execute(
            update(Member).where(col(Member.id) == surface.organisation.members["bo"]).values(state=MemberState.LEFT)
        )

    oneself = await surface.submit("anna", form, who="anna")
    gone = await surface.submit("anna", form, who="bo")

    assert "You are there already." in oneself.errors["who"]
    assert "Please choose somebody of the organisation." in gone.errors["who"]


async def test_a_channel_that_is_not_open_to_them(surface: SurfaceUnderTest) -> None:
    """Who is not in a private channel (in Teams: in the team) is not invited there, and nobody outside it invites."""
    message = await surface.write("anna", "Where shall we meet?", channel="allmant")
    async with surface.database.begin() as session:
        await session.execute(
            update(Channel).where(col(Channel.id) == surface.organisation.channel_id).values(is_private=True)
        )

    outside = await invite(surface, "anna", "eva", message)
    async with surface.database.begin() as session:
        await add_channel_members(
            session,
            surface.organisation.workspace_id,
            surface.organisation.channel_id,
            [surface.organisation.members["eva"]],
        )
    inside = await invite(surface, "anna", "eva", message)

    assert "Eva is not in #allmant" in outside.errors["who"]
    assert "I ask Eva in private" in inside.told
    if surface.name == "local":
        # Whoever is outside a private channel finds no message of it there at all (adapters/local/chat.py).
        return
    seen = await surface.command("farid", "invite-in", await link_of(surface, message))
    by_outsider = await surface.submit("farid", seen.opened, who="bo")
    assert "I do not find that message." in by_outsider.errors["who"]
    assert await questions(surface, "bo") == 0


async def test_who_wants_nothing_unasked_is_not_asked(surface: SurfaceUnderTest) -> None:
    """And whoever invites reads the same as always: what the other wants is theirs."""
    message = await surface.write("anna", "Where shall we meet?", channel="allmant")
    async with surface.database.begin() as session:
        await session.execute(
            update(Member).where(col(Member.id) == surface.organisation.members["bo"]).values(nudges_off=True)
        )

    told = await invite(surface, "anna", "bo", message)

    assert ASKED in told.told
    assert await questions(surface, "bo") == 0


async def test_it_is_paid_from_the_budget(surface: SurfaceUnderTest) -> None:
    """A second invitation in a week waits until there is room, and whoever sent it reads the same."""
    message = await surface.write("anna", "Where shall we meet?", channel="allmant")
    other = await surface.write("carl", "And when?", channel="allmant")
    await invite(surface, "anna", "bo", message)

    told = await invite(surface, "carl", "bo", other)
    at_once = await questions(surface, "bo")
    for _ in range(8):
        surface.clock.move(timedelta(days=1))
        await surface.settle()

    assert ASKED in told.told
    assert at_once == 1
    assert await questions(surface, "bo") == 2
    async with surface.database.read() as session:
        kinds = (await session.execute(select(ContactItem.kind))).scalars().all()
    assert list(kinds).count("invite") == 2


async def test_somebody_elses_question(surface: SurfaceUnderTest) -> None:
    """Nobody says yes for somebody else."""
    message = await surface.write("anna", "Where shall we meet?", channel="allmant")
    await invite(surface, "anna", "bo", message)

    seen = await surface.press("carl", await asked(surface, "bo"), "Yes please")
    await surface.settle()

    refusals = ("This message was not written to you", "The message is not there any more.")
    assert any(sentence in seen.told for sentence in refusals)
    assert list(await surface.in_thread(message)) == []
