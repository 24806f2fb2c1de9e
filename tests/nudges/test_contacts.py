"""One message for whatever is due in a week: told with made-up kinds of items beside the tip. Eva has gone quiet."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from bot.context import PersonContext, Spoken, context_for
from bot.messages import Button, Buttons, Message, Target, Words, buttons_of
from bot.sender import Sender
from nudges import room
from nudges.contacts import CONTACT, ItemKind, Kinds, Wanted, Wish, as_it_stands, compose, plan, settled
from nudges.messages import Said
from storage.contacts import find_contact
from storage.tables import ContactItem, ContactState, OutboxState
from storage.workspaces import get_workspace
from tests.databases import database_url
from tests.nudges.conftest import SUNDAY, TUESDAY_AT_TEN, Scene
from tests.support import words_of

__all__ = ["database_url"]


MONDAY_AT_TEN = TUESDAY_AT_TEN - timedelta(days=1)


class Reminder:
    """A kind of item that is true until somebody has read what it is about."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self.read: set[int] = set()

    def kinds(self) -> Kinds:
        """Return this kind beside the program's own."""
        return {**room.kinds(), "reminder": ItemKind(10, self.is_true, self.say)}

    async def is_true(self, ctx: PersonContext, item: ContactItem) -> bool:  # noqa: ARG002 - every kind has the same form
        """Whether it is still unread."""
        return item.subject_id not in self.read

    async def say(self, ctx: PersonContext, item: ContactItem) -> Said | None:  # noqa: ARG002 - as above
        """Say what there is to read, with a button of its own."""
        if item.subject_id in self.read:
            return None
        pressed = Button("I have read this", "announcement.read", Target(item.subject_id, 1))
        return Said("Something to read", (Words(f"Please read number {item.subject_id}."), Buttons((pressed,))))


@pytest.fixture
def reminder(quiet_eva: Scene) -> Reminder:
    """Return a reminder that the sender knows how to say."""
    made = Reminder()
    spoken = {**room.spoken(), CONTACT: Spoken(partial(compose, kinds=made.kinds()), settled)}
    gateway = quiet_eva.gateway
    quiet_eva.sender = Sender(quiet_eva.database, quiet_eva.clock, {gateway.platform: gateway}, spoken, "test")
    return made


async def remind(scene: Scene, reminder: Reminder, *subjects: int, slot: datetime = TUESDAY_AT_TEN) -> None:
    """Have eva reminded of these."""
    async with scene.database.begin() as session:
        workspace = await get_workspace(session, scene.organisation.workspace_id)
        await plan(
            context_for(session, scene.clock.now(), workspace),
            reminder.kinds(),
            [
                Wish(
                    scene.organisation.members["eva"],
                    [Wanted("reminder", "day 3", subject) for subject in subjects],
                    slot,
                )
            ],
        )


def said_to_eva(scene: Scene) -> list[Message]:
    """Return what eva has got."""
    return scene.gateway.said_to("eva")


async def test_all_that_is_due_in_a_week_is_one_message(quiet_eva: Scene, reminder: Reminder) -> None:
    """The tip that was planned for Tuesday waits for the reminder of Wednesday, which is said first."""
    await quiet_eva.until(TUESDAY_AT_TEN - timedelta(hours=2))
    await remind(quiet_eva, reminder, 41, slot=TUESDAY_AT_TEN + timedelta(days=1))

    await quiet_eva.until(TUESDAY_AT_TEN)
    on_tuesday = len(said_to_eva(quiet_eva))

    await quiet_eva.until(TUESDAY_AT_TEN + timedelta(days=1))

    assert on_tuesday == 0
    assert [message.summary for message in said_to_eva(quiet_eva)] == ["Something to read"]
    said = words_of(said_to_eva(quiet_eva)[0])
    assert said.index("number 41") < said.index("It has been a while")
    assert [one.label for one in buttons_of(said_to_eva(quiet_eva)[0].parts)] == [
        "I have read this",
        "I am reading along",
        "Thanks, that helped",
        "Not now",
        "Do not send me these",
    ]
    assert [contact.local_date for contact in await quiet_eva.contacts()] == [date(2027, 3, 10)]


async def test_what_is_no_longer_true_is_left_out(quiet_eva: Scene, reminder: Reminder) -> None:
    """Of two reminders and a tip, the one that was read since is not said; the others are."""
    await quiet_eva.until(TUESDAY_AT_TEN - timedelta(hours=2))
    await remind(quiet_eva, reminder, 41, 42)
    reminder.read.add(41)

    await quiet_eva.until(TUESDAY_AT_TEN)

    said = words_of(said_to_eva(quiet_eva)[0])
    assert "number 41" not in said
    assert "number 42" in said
    assert "It has been a while" in said


async def test_nothing_true_nothing_sent(quiet_eva: Scene, reminder: Reminder) -> None:
    """Where all of it has been read and eva is back, nothing is sent, and nothing was paid."""
    await remind(quiet_eva, reminder, 41)
    reminder.read.add(41)
    await quiet_eva.signs("eva", date(2027, 3, 8))

    await quiet_eva.until(TUESDAY_AT_TEN)

    assert said_to_eva(quiet_eva) == []
    assert [contact.state for contact in await quiet_eva.contacts()] == [ContactState.GIVEN_BACK]


async def test_the_same_thing_twice_is_said_once(quiet_eva: Scene, reminder: Reminder) -> None:
    """However often something is found to be due, it stands once in the message."""
    for _ in range(3):
        await remind(quiet_eva, reminder, 41)

    assert len(await quiet_eva.contacts()) == 1
    assert len(await quiet_eva.items()) == 1


async def test_what_does_not_fit_waits(quiet_eva: Scene, reminder: Reminder) -> None:
    """With the week's message sent on Monday, Tuesday's tip waits for the round of the next week; it is still true."""
    await remind(quiet_eva, reminder, 41, slot=MONDAY_AT_TEN)
    await quiet_eva.until(MONDAY_AT_TEN)
    await quiet_eva.until(TUESDAY_AT_TEN + timedelta(days=5))
    in_the_first_week = [message.summary for message in said_to_eva(quiet_eva)]

    await quiet_eva.until(TUESDAY_AT_TEN + timedelta(days=7))

    assert in_the_first_week == ["Something to read"]
    assert [message.summary for message in said_to_eva(quiet_eva)] == ["Something to read", "A small tip for you"]


async def test_nothing_joins_what_is_on_its_way(quiet_eva: Scene, reminder: Reminder) -> None:
    """What becomes due while a contact is being sent is not put into it, where it would never be said."""
    await remind(quiet_eva, reminder, 41, slot=MONDAY_AT_TEN)
    row = (await quiet_eva.outbox())[0]
    async with quiet_eva.database.begin() as session:
        row.state = OutboxState.SENDING
        session.add(row)

    await remind(quiet_eva, reminder, 42, slot=MONDAY_AT_TEN)

    assert [item.subject_id for item in await quiet_eva.items()] == [41]
    assert len(await quiet_eva.contacts()) == 1


@pytest.mark.parametrize("values", [{"nudges_off": True}, {"nudges_snoozed_until": date(2027, 3, 10)}])
async def test_who_wants_none_gets_none(quiet_eva: Scene, reminder: Reminder, values: dict[str, object]) -> None:
    """Whatever there is to say, nothing is planned for who wants to be left alone."""
    await quiet_eva.change("eva", **values)

    await remind(quiet_eva, reminder, 41)

    assert await quiet_eva.contacts() == []
    assert await quiet_eva.outbox() == []


async def test_a_press_shows_what_is_left(quiet_eva: Scene, reminder: Reminder) -> None:
    """After one of its buttons was pressed, a contact is shown anew, with what each of its items has left to say."""
    await quiet_eva.until(TUESDAY_AT_TEN - timedelta(hours=2))
    await remind(quiet_eva, reminder, 41)
    await quiet_eva.until(TUESDAY_AT_TEN)
    reminder.read.add(41)

    async with quiet_eva.database.read() as session:
        workspace = await get_workspace(session, quiet_eva.organisation.workspace_id)
        base = context_for(session, quiet_eva.clock.now(), workspace)
        contact = await find_contact(session, quiet_eva.organisation.workspace_id, 1)
        assert contact is not None
        ctx = PersonContext(session, base.now, workspace, base.settings, base.say, await quiet_eva.member("eva"))
        shown = await as_it_stands(ctx, contact, reminder.kinds())

    assert shown is not None
    assert "number 41" not in words_of(shown)
    assert "It has been a while" in words_of(shown)


async def test_a_contact_of_nothing_is_never_sent(quiet_eva: Scene) -> None:
    """A contact without anything to say is dropped, and given back."""
    quiet_eva.clock.moment = datetime(2027, 3, 8, 8, 0, tzinfo=UTC)
    async with quiet_eva.database.begin() as session:
        workspace = await get_workspace(session, quiet_eva.organisation.workspace_id)
        ctx = context_for(session, SUNDAY, workspace)
        await plan(ctx, room.kinds(), [Wish(quiet_eva.organisation.members["eva"], [], quiet_eva.clock.now())])

    await quiet_eva.sender.drain()

    assert said_to_eva(quiet_eva) == []
    assert [contact.state for contact in await quiet_eva.contacts()] == [ContactState.GIVEN_BACK]
