"""What people read of the third step and of invitations into a conversation, as examples for docs/texts.md."""

from collections.abc import Callable, Iterator
from datetime import date

from bot.messages import Message
from bot.texts import Voice
from nudges.inviting.cards import asks_invited, invites_message
from nudges.leading.cards import Colleague, coach_offer, lead_card
from nudges.messages import Standing, contact_message
from storage.tables import InviteState, LeadAnswer

Said = Callable[[Voice], Message]

NAMES = (Colleague(1, "Bo Ek"), Colleague(2, "Eva Lind", may_talk=False))
ANSWERED = (
    Colleague(1, "Bo Ek", LeadAnswer.WILL),
    Colleague(2, "Eva Lind", LeadAnswer.COACH),
    Colleague(3, "Farid Öst", fine=True),
)


def examples() -> Iterator[tuple[str, Said]]:
    """Yield them in the order of the journey."""
    yield "A lead's card", lambda say: lead_card(1, NAMES, None, say)
    yield (
        "After *I will*, *Invite a coach* and *Fine as it is*, and *Snooze*",
        lambda say: lead_card(1, ANSWERED, date(2027, 5, 6), say),
    )
    yield "When nobody on it may be named any more", lambda say: lead_card(1, (), None, say)
    yield "To whom a lead would like to have a coach offered", lambda say: _offer(say, has_asked=False, out=False)
    yield "After *Yes please* and *Do not involve my lead*", lambda say: _offer(say, has_asked=True, out=True)


def invitations() -> Iterator[tuple[str, Said]]:
    """Yield what is read of an invitation into a conversation."""
    for title, state in (
        ("To whoever is invited", InviteState.ASKED),
        ("After *Yes please*", InviteState.ACCEPTED),
        ("After *No thanks*", InviteState.DECLINED),
    ):
        yield title, _invite(state)
    yield "In the thread, after a yes", lambda say: invites_message("Anna Berg", "Bo Ek", say)


def _invite(state: InviteState) -> Said:
    def said(say: Voice) -> Message:
        asked = asks_invited(1, "Anna Berg", "allmant", "https://chat.example/1", state, say)
        return contact_message(1, "Bo Ek", [asked], Standing.NEW, None, say)

    return said


def _offer(say: Voice, *, has_asked: bool, out: bool) -> Message:
    said = coach_offer(1, "Anna Berg", say, has_asked=has_asked, lead_not_involved=out)
    return contact_message(1, "Eva Lind", [said], Standing.NEW, None, say)
