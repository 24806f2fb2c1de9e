"""What people read of coaching, as examples for docs/texts.md (tools/showcase.py): each a title, and how it is said."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.messages import Message
from bot.texts import Voice
from nudges.coaching import cards
from nudges.coaching.cards import Invited, ProposedTime, Role, Talk
from nudges.messages import Standing, contact_message
from nudges.quiet import Reason
from storage.tables import TalkState

Said = Callable[[Voice], Message]

FIRST = datetime(2027, 3, 9, 9, 0, tzinfo=UTC)
TIMES = tuple(ProposedTime(number, FIRST + number * timedelta(days=1, hours=1)) for number in range(3))
URL = "https://chat.example/1"
OF_MEMBER = Talk(
    1, 1, TalkState.PROPOSED, Role.MEMBER, "Bo Ek", "How we share news", TIMES, people=("bo@example.com",), url=URL
)
ABOUT_IN_SWEDISH = {"How we share news": "Hur vi delar nyheter", "Where to begin": "Var man börjar"}
OF_COACH = replace(OF_MEMBER, role=Role.COACH, other="Eva Lind", about="Where to begin", people=("eva@example.com",))


def examples() -> Iterator[tuple[str, Said]]:
    """Yield them in the order of the journey."""
    yield "The invitation, the ladder's second step", lambda say: _invitation(Invited(), say)
    yield (
        "Where the organisation has turned the third step on",
        lambda say: _invitation(Invited(third_step=True), say),
    )
    yield (
        "After *Do not involve my lead*, and *Yes please*",
        lambda say: _invitation(Invited(has_asked=True, third_step=True, lead_not_involved=True), say),
    )
    yield "Nobody is free", lambda say: cards.waiting_message(1, say)
    yield "After *I do not need it any more*", cards.withdrawn_message
    yield "In the conversation with both", lambda say: cards.together_message("Eva Lind", "Bo Ek", say)
    for whose, talk in (("member's", OF_MEMBER), ("coach's", OF_COACH)):
        yield f"The {whose} card", _card(talk)
        chosen = replace(talk, state=TalkState.CHOSEN, chosen=FIRST, chosen_by_me=talk is OF_MEMBER)
        yield f"The {whose} card when the member has chosen a time", _card(chosen)
        yield f"The {whose} card when it is agreed on", _card(replace(chosen, state=TalkState.AGREED))
        yield f"The {whose} card when no time is left", _card(replace(talk, times=()))
        for title, state in (
            ("the coach has said *Not this time*", TalkState.DECLINED),
            ("the member has called it off", TalkState.CANCELLED),
            ("no time was found in a month", TalkState.LAPSED),
            ("the time has passed", TalkState.OVER),
        ):
            yield f"The {whose} card when {title}", _card(replace(talk, state=state))
    yield "A card that a newer one has followed", _card(replace(OF_MEMBER, is_last=False))
    yield "The agreed time", _agreed
    yield "Afterwards, to each in private", lambda say: cards.after_message(OF_MEMBER, say, is_answered=False)
    yield "After an answer", lambda say: cards.after_message(OF_MEMBER, say, is_answered=True)


def _card(talk: Talk) -> Said:
    swedish = replace(talk, about=ABOUT_IN_SWEDISH[talk.about])
    return lambda say: cards.card(swedish if say.language == "sv" else talk, say)


def _agreed(say: Voice) -> Message:
    told = cards.agreed_message(replace(OF_MEMBER, state=TalkState.AGREED, chosen=FIRST), "1@samlas", FIRST, say)
    if told is None:
        raise ValueError("an agreed talk has its time")
    return told


def _invitation(invited: Invited, say: Voice) -> Message:
    said = cards.invitation(1, Reason.NO_SIGN, invited, say)
    return contact_message(1, "Eva Lind", [said], Standing.NEW, None, say)
