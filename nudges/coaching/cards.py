"""What a member and a coach read of each other: the invitation, their cards, the agreed time. Pure.

docs/texts.md shows all. Neither ever reads a number about the other, nor a reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.messages import Appointment, Button, Buttons, Message, Part, Style, Target, Together, Tone, Words
from bot.texts import Voice
from nudges.coaching.times import LENGTH
from nudges.messages import Said, why
from nudges.quiet import Reason
from storage.tables import HowItWas, TalkState

INVITED = "coaching.invited"
LEAD_OUT = "coaching.lead_out"
LEAD_IN = "coaching.lead_in"
WITHDRAW = "coaching.withdraw"
PICK = "coaching.pick"
CONFIRM = "coaching.confirm"
OTHER_TIMES = "coaching.other_times"
DECLINE = "coaching.decline"
CANCEL = "coaching.cancel"
HELPED = "coaching.helped"
TOOK_PLACE = "coaching.took_place"
NOT_YET = "coaching.not_yet"


class Role(StrEnum):
    """Which of the two reads."""

    MEMBER = "member"
    COACH = "coach"


@dataclass(frozen=True, slots=True)
class ProposedTime:
    """One time that can be chosen, by its row id."""

    row: int
    begins: datetime


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk as one of the two sees it.

    `other` is the other's name, and `about` what the other has written: the member what they would like to talk about,
    the coach what they gladly talk about. `chosen` is the time that one of them, `chosen_by_me` or the other, has
    chosen. `is_last`: nothing newer of this talk was sent to the reader.
    """

    row: int
    version: int
    state: TalkState
    role: Role
    other: str
    about: str
    times: Sequence[ProposedTime] = ()
    chosen: datetime | None = None
    chosen_by_me: bool = False
    people: tuple[str, ...] = ()
    url: str | None = None
    is_last: bool = True


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation's reader has done with it. `lead`: whether the third step exists, and they are part of it."""

    has_asked: bool = False
    third_step: bool = False
    lead_not_involved: bool = False


def invitation(item_id: int, reason: Reason, invited: Invited, say: Voice) -> Said:
    """Return what the ladder's second step says."""
    target = Target(item_id, 1)
    parts: list[Part] = [
        Words(why(reason, say)),
        Words(
            say(
                "Would you like to talk with somebody? Some colleagues have offered that: half an hour, about"
                " whatever you like. The one you talk with sees your name and what you choose to write, nothing else."
            )
        ),
    ]
    buttons: list[Button] = []
    if invited.has_asked:
        parts.append(Words(say("You have said yes. What follows stands in a message of its own."), Tone.STRONG))
    else:
        buttons.append(Button(say("Yes please"), INVITED, target, Style.PRIMARY, opens_form=True))
    if invited.third_step:
        parts.append(
            Words(
                say(
                    "There is one more step after this one: some weeks from now your team lead may be told that you"
                    " might welcome an invitation, by name and without any number. You can say no to that here."
                )
            )
        )
        if invited.lead_not_involved:
            parts.append(Words(say("Your lead is not involved."), Tone.STRONG))
            buttons.append(Button(say("My lead may be told"), LEAD_IN, target))
        else:
            buttons.append(Button(say("Do not involve my lead"), LEAD_OUT, target))
    if buttons:
        parts.append(Buttons(tuple(buttons)))
    return Said(say("An invitation to talk with somebody"), tuple(parts))


def waiting_message(request_id: int, say: Voice) -> Message:
    """Return what a member reads when nobody is free."""
    sentence = say(
        "Nobody is free to talk just now. You have a place in the queue, and hear from me as soon as somebody is."
    )
    return Message(sentence, (Words(sentence), Buttons((withdraw_button(request_id, say),))))


def withdraw_button(request_id: int, say: Voice) -> Button:
    """Return the way out of the queue."""
    return Button(say("I do not need it any more"), WITHDRAW, Target(request_id, 1))


def withdrawn_message(say: Voice) -> Message:
    """Return what stands there when a member has left the queue."""
    sentence = say("You have left the queue. You are welcome back whenever you like.")
    return Message(sentence, (Words(sentence),))


def together_message(member: str, coach: str, say: Voice) -> Message:
    """Return the first words in the conversation that both have with the bot."""
    hello = say("Hello {member} and {coach}.", member=first_name(member), coach=first_name(coach))
    about = say(
        "You have found each other through Samlas, and here is a place to talk. Three times that suit both stand in"
        " your own conversations with me."
    )
    return Message(hello, (Words(hello), Words(about)))


def card(talk: Talk, say: Voice) -> Message:
    """Return what one of the two reads of their talk as it stands, with what can be done about it."""
    if not talk.is_last:
        sentence = say("This goes on in a newer message below.")
        return Message(sentence, (Words(sentence, Tone.QUIET),))
    match talk.state:
        case TalkState.PROPOSED | TalkState.CHOSEN | TalkState.AGREED:
            return _open_card(talk, say)
        case TalkState.OVER:
            return _only(say("You and {name} had a time to talk.", name=talk.other))
        case TalkState.GONE if talk.role is Role.COACH:
            # Who has left is not named on.
            return parted_message(say)
        case TalkState.CANCELLED if talk.role is Role.COACH:
            return _only(
                say("{name} does not need this talk any more. There is nothing for you to do.", name=talk.other)
            )
        case TalkState.DECLINED if talk.role is Role.COACH:
            return _only(say("Thank you for saying so. Somebody else is asked, and nobody hears why."))
        case TalkState.DECLINED | TalkState.GONE:
            return _only(say("It will be somebody else this time. You hear from me in a message of its own."))
        case TalkState.CANCELLED:
            return _only(say("You have called it off. You are welcome back whenever you like."))
        case TalkState.LAPSED:
            return _only(say("No time was found for you and {name} to talk. It can be tried anew.", name=talk.other))


def parted_message(say: Voice) -> Message:
    """Return what stands in place of anything about a talk with somebody who is not there any more."""
    return _only(say("This was about a talk with somebody who is not here any more. There is nothing for you to do."))


def _open_card(talk: Talk, say: Voice) -> Message:
    parts: list[Part] = []
    if talk.role is Role.MEMBER:
        summary = say("{name} will gladly talk with you.", name=talk.other)
        parts.append(Words(summary, Tone.STRONG))
        if talk.about:
            parts.append(Words(say("What {name} gladly talks about: {about}", name=talk.other, about=talk.about)))
    else:
        summary = say("{name} would like to talk with a coach, and you are free.", name=talk.other)
        parts.append(Words(summary, Tone.STRONG))
        if talk.about:
            parts.append(Words(say("What {name} would like to talk about: {about}", name=talk.other, about=talk.about)))
    parts.append(Words(_where_it_stands(talk, say)))
    if talk.state is TalkState.CHOSEN or talk.state is TalkState.AGREED:
        summary = _where_it_stands(talk, say)
    if talk.state is TalkState.PROPOSED and talk.times:
        parts.append(
            Buttons(
                tuple(Button(_on_a_button(one.begins, say), PICK, Target(one.row, talk.version)) for one in talk.times)
            )
        )
    parts.append(Together(say("Open a conversation with {name}", name=first_name(talk.other)), talk.people, talk.url))
    parts.append(Buttons(_ways_on(talk, say)))
    if talk.role is Role.COACH:
        told = say(
            "You see the name and what is written here, nothing else, and {name} can look up that you do.",
            name=first_name(talk.other),
        )
        parts.append(Words(told, Tone.QUIET))
    return Message(summary, tuple(parts))


def _where_it_stands(talk: Talk, say: Voice) -> str:
    if talk.chosen is not None and talk.state is TalkState.AGREED:
        return say("You have agreed on {moment}.", moment=when(talk.chosen, say))
    if talk.chosen is not None and talk.state is TalkState.CHOSEN:
        if talk.chosen_by_me:
            return say(
                "You have chosen {moment}. {name} is asked within their working hours whether it suits.",
                moment=when(talk.chosen, say),
                name=talk.other,
            )
        return say("{name} has chosen {moment}. Does that suit you?", moment=when(talk.chosen, say), name=talk.other)
    if not talk.times:
        return say("None of the times is still to come. Ask for other ones, or agree on one between you.")
    return say("These are times at which you are both at work. Press one that suits you; the other then confirms it.")


def _ways_on(talk: Talk, say: Voice) -> tuple[Button, ...]:
    target = Target(talk.row, talk.version)
    found: list[Button] = []
    if talk.state is TalkState.CHOSEN and not talk.chosen_by_me:
        found.append(Button(say("That suits me"), CONFIRM, target, Style.PRIMARY))
    found.append(Button(say("Other times"), OTHER_TIMES, target))
    if talk.role is Role.COACH:
        found.append(Button(say("Not this time"), DECLINE, target))
    else:
        found.append(Button(say("Call it off"), CANCEL, target, confirm=say("Call this talk off?")))
    return tuple(found)


def agreed_message(talk: Talk, uid: str, made_at: datetime, say: Voice) -> Message | None:
    """Return what tells both of the agreed time, with the way into their calendars."""
    if talk.chosen is None:
        return None
    summary = say("You and {name} talk on {moment}.", name=talk.other, moment=when(talk.chosen, say))
    appointment = Appointment(
        say("Put it in my calendar"),
        say("Talk with {name}", name=talk.other),
        talk.chosen,
        talk.chosen + LENGTH,
        uid,
        talk.version,
        made_at,
        talk.people,
    )
    way = Together(say("Open a conversation with {name}", name=first_name(talk.other)), talk.people, talk.url)
    return Message(summary, (Words(summary, Tone.STRONG), way, appointment))


def after_message(talk: Talk, say: Voice, *, is_answered: bool) -> Message:
    """Return what both are asked afterwards, each in private; `is_answered`: the reader has."""
    if is_answered:
        sentence = say("Thank you. Only the sum of all answers is kept, and nobody sees yours.")
        return Message(sentence, (Words(sentence),))
    asked = say("Did your talk with {name} take place, and did it help?", name=talk.other)
    target = Target(talk.row, 1)
    return Message(
        asked,
        (
            Words(asked, Tone.STRONG),
            Buttons(
                (
                    Button(say("Yes, and it helped"), HELPED, target, Style.PRIMARY),
                    Button(say("It took place"), TOOK_PLACE, target),
                    Button(say("It did not take place"), NOT_YET, target),
                )
            ),
            Words(say("Only the sum of all answers is kept. {name} does not see yours.", name=talk.other), Tone.QUIET),
        ),
    )


ANSWERS = {HELPED: HowItWas.HELPED, TOOK_PLACE: HowItWas.TOOK_PLACE, NOT_YET: HowItWas.NOT_YET}


def when(moment: datetime, say: Voice) -> str:
    """Return a time of the coming days in the reader's zone: "Thursday 11 March, 10:00"."""
    day = say.weekday(moment.astimezone(say.zone).date())
    return say("{day}, {time}", day=day, time=say.clock_time(moment))


def _on_a_button(moment: datetime, say: Voice) -> str:
    day = say.short_weekday(moment.astimezone(say.zone).date())
    return say("{day}, {time}", day=day, time=say.clock_time(moment))


def first_name(name: str) -> str:
    """Return how somebody is spoken to."""
    return name.split(maxsplit=1)[0] if name.split() else name


def _only(sentence: str) -> Message:
    return Message(sentence, (Words(sentence),))
