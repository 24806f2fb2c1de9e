"""What a member reads from this room: the notice, and contacts with their buttons. Pure; docs/texts.md shows all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from bot.messages import Button, Buttons, Divider, Message, Part, Style, Target, Tone, Words
from bot.texts import Voice
from nudges.quiet import Reason
from storage.tables import Because

HELPED = "contact.helped"
NOT_NOW = "contact.not_now"
STOP = "contact.stop"
START = "contact.start"
CONFIRM = "reminder.read"
READING_ALONG = "tip.reading_along"
UNCOUNT = "nudges.uncount"
COUNT = "nudges.count"
TIPS_OFF = "nudges.tips_off"
TIPS_ON = "nudges.tips_on"


class Standing(StrEnum):
    """Where a contact stands, after what its reader has pressed."""

    NEW = "new"
    HELPED = "helped"
    NOT_NOW = "not_now"
    STOPPED = "stopped"
    STARTED_AGAIN = "started_again"


@dataclass(frozen=True, slots=True)
class ChannelToLike:
    """A lively channel, whom it has to do with, and `purpose` in the words of whoever made it."""

    channel: str
    purpose: str
    because: Because
    topic: str = ""


@dataclass(frozen=True, slots=True)
class AnnouncementToLike:
    """Something announced on a topic that the reader follows or has shown to like, with the `way` to it."""

    title: str
    author: str
    topic: str
    is_followed: bool
    way: Sequence[Part]


ToLike = ChannelToLike | AnnouncementToLike


@dataclass(frozen=True, slots=True)
class Said:
    """What one item of a contact says: a line for notifications, and its parts, buttons of its own among them."""

    summary: str
    parts: tuple[Part, ...]


def contact_message(
    contact_id: int, name: str, said: Sequence[Said], standing: Standing, snoozed_until: date | None, say: Voice
) -> Message:
    """Return a contact as it stands: a greeting, what it says, the most important first, and how to say no.

    `name` is the reader's. `snoozed_until` is set where it stands at *not now*.
    """
    first_name = name.split(maxsplit=1)[0] if name.split() else ""
    parts: list[Part] = [Words(say("Hello {name}.", name=first_name) if first_name else say("Hello."))]
    for number, item in enumerate(said):
        parts += [Divider(), *item.parts] if number else item.parts
    tone = Tone.QUIET if standing is Standing.NEW else Tone.STRONG
    parts.append(Words(_standing_in_words(standing, snoozed_until, say), tone))
    parts.append(Buttons(_buttons(contact_id, standing, say)))
    return Message(said[0].summary, tuple(parts))


def tip(
    item_id: int, reason: Reason, to_like: ToLike | None, say: Voice, *, reads_along_until: date | None = None
) -> Said:
    """Return what a tip says: why this person gets it, one thing they may like, and *I am reading along*.

    `reads_along_until`: they have pressed that.
    """
    reading = reading_along(item_id, reads_along_until, say)
    return Said(say("A small tip for you"), (Words(why(reason, say)), *pointed_to(to_like, say), reading))


def reading_along(item_id: int, until: date | None, say: Voice) -> Part:
    """Return the button *I am reading along*, or what stands in its place when it was pressed, until when it holds."""
    if until is None:
        return Buttons((Button(say("I am reading along"), READING_ALONG, Target(item_id, 1)),))
    return Words(say("Thank you. Reading along is taking part: no tips before {day}.", day=until), Tone.STRONG)


def reminder(
    item_id: int, title: str, author: str, published: str, way: Sequence[Part], *, has_read: bool, say: Voice
) -> Said:
    """Return what a reminder says: who asks to confirm what, the `way` to it, and the button until it is pressed."""
    summary = say("A reminder: “{title}”", title=title)
    if has_read:
        return Said(summary, (Words(say("You have read “{title}”. Thank you.", title=title)), *way))
    asks = say(
        "{author} asks you to confirm that you have read “{title}”, from {day}. You get this because no sign of that"
        " has reached us yet; a reply or a reaction there will do too.",
        author=author,
        title=title,
        day=published,
    )
    read = Button(say("I have read this"), CONFIRM, Target(item_id, 1), Style.PRIMARY)
    return Said(summary, (Words(asks), *way, Buttons((read,))))


@dataclass(frozen=True, slots=True)
class Named:
    """One announcement as a digest names it, with the `way` to it."""

    title: str
    author: str
    day: str
    way: Sequence[Part]
    # Why it stands where it does, in a sentence; mostly there is nothing to say.
    why: str = ""


def digest(named: Sequence[Named], more: int, say: Voice) -> Said:
    """Return what a digest says: what was announced, the most relevant first, and how many `more` there are."""
    parts: list[Part] = [Words(say("This was announced lately, and may be new to you:"))]
    for one in named:
        parts += [Words(one.title, Tone.STRONG), Words(_from_whom(one), Tone.QUIET), *one.way]
    if more:
        parts.append(
            Words(say.many("And {count} more: write {/news}.", "And {count} more: write {/news}.", more), Tone.QUIET)
        )
    return Said(say("What may be new to you"), tuple(parts))


def _from_whom(one: Named) -> str:
    line = f"{one.author}, {one.day}"
    return f"{line}. {one.why}" if one.why else line


def why(reason: Reason, say: Voice) -> str:
    """Return why somebody gets a step of the ladder, as they read it."""
    match reason:
        case Reason.NEVER_STARTED:
            return say(
                "You joined us a little while ago, and we have not heard from you here yet. There is no hurry, and"
                " starting small is fine."
            )
        case Reason.NO_SIGN:
            return say(
                "It has been a while since we heard from you here. You may be reading along, and that is just as"
                " good; it only does not show. You are welcome whenever it suits you."
            )
        case Reason.FELL:
            return say(
                "Lately we have heard less from you here than before, and that may be just as it should be. It is"
                " always good to hear from you."
            )


def pointed_to(to_like: ToLike | None, say: Voice) -> list[Part]:
    """Return the one thing that somebody may like, and why it was chosen; without one, that something small will do."""
    match to_like:
        case None:
            small = say("Something small, if you feel like it: a reaction to what a colleague has written is plenty.")
            return [Words(small)]
        case AnnouncementToLike(is_followed=True):
            told = say(
                "{author} has announced “{title}”, which you may like: it is about {topic}, and you follow that.",
                author=to_like.author,
                title=to_like.title,
                topic=to_like.topic,
            )
            return [Words(told), *to_like.way]
        case AnnouncementToLike():
            told = say(
                "{author} has announced “{title}”, which you may like: it is about {topic}, and you have read about"
                " that before.",
                author=to_like.author,
                title=to_like.title,
                topic=to_like.topic,
            )
            return [Words(told), *to_like.way]
        case ChannelToLike():
            about = [Words(to_like.purpose, Tone.QUIET)] if to_like.purpose else []
            return [Words(_channel_in_words(to_like, say)), *about]
        case _:
            assert_never(to_like)


def _channel_in_words(to_like: ChannelToLike, say: Voice) -> str:
    match to_like.because:
        case Because.SAME_TOPIC:
            return say(
                "Have a look at #{channel} if you like: it has been lively lately, and several who follow"
                " {topic}, as you do, are there.",
                channel=to_like.channel,
                topic=to_like.topic,
            )
        case Because.HOME_TEAM:
            return say(
                "Have a look at #{channel} if you like: it has been lively lately, and several of your home"
                " team are there.",
                channel=to_like.channel,
            )
        case _:
            return say(
                "Have a look at #{channel} if you like: it has been lively lately, and several people you"
                " share other channels with are there.",
                channel=to_like.channel,
            )


def _standing_in_words(standing: Standing, snoozed_until: date | None, say: Voice) -> str:
    match standing:
        case Standing.NEW:
            return say("Only you see this. “Do not send me these” ends everything unasked, for good.")
        case Standing.HELPED:
            return say("Glad to hear that. Thank you for telling us.")
        case Standing.NOT_NOW if snoozed_until is not None:
            return say("Of course. Nothing like this before {day}. Announcements still reach you.", day=snoozed_until)
        case Standing.NOT_NOW:
            raise ValueError("a contact that stands at not now says until when")
        case Standing.STOPPED:
            return say(
                "Of course. You will not get these any more: no tips, reminders or digests. Announcements still reach"
                " you, and if you change your mind, press below."
            )
        case Standing.STARTED_AGAIN:
            return say("Thank you. You may get something like this again now and then.")


def _buttons(contact_id: int, standing: Standing, say: Voice) -> tuple[Button, ...]:
    target = Target(contact_id, 1)
    helped = Button(say("Thanks, that helped"), HELPED, target)
    not_now = Button(say("Not now"), NOT_NOW, target)
    stop = Button(say("Do not send me these"), STOP, target)
    match standing:
        case Standing.NEW:
            return helped, not_now, stop
        case Standing.HELPED:
            return not_now, stop
        case Standing.NOT_NOW | Standing.STARTED_AGAIN:
            return (stop,)
        case Standing.STOPPED:
            return (Button(say("Send me these again"), START, target),)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a member has chosen about being counted and about getting anything unasked."""

    is_counted: bool
    gets_nudges: bool


def notice_parts(first_round: date, say: Voice) -> tuple[Part, ...]:
    """Return the notice's three sentences: what is counted, why, and how to say no."""
    return (
        Words(
            say(
                "From now on Samlas counts how often each of us takes part in the channels it is in (messages,"
                " replies, reactions) and uses Samlas itself, and learns which topics each of us reads about; never"
                " what is written, and never direct messages."
            )
        ),
        Words(
            say(
                "That is so that nobody is left outside: from {day} on, somebody who has gone quiet may get a"
                " friendly tip, at most one message a week, and the communications leads can see who would get one"
                " and why, but no numbers; to see whether tips help, one in ten, by lot, may get none for a quarter.",
                day=first_round,
            )
        ),
        Words(say("If you would rather not, press below, now or whenever you like; it works at once.")),
    )


def notice_message(member_id: int, first_round: date, choices: Choices, say: Voice) -> Message:
    """Return the notice, with what this member has chosen."""
    target = Target(member_id, 1)
    parts: list[Part] = [*notice_parts(first_round, say)]
    if not choices.is_counted:
        parts.append(
            Words(say("You are not counted, and what had been counted and learnt of you is deleted."), Tone.STRONG)
        )
    if not choices.gets_nudges:
        parts.append(Words(say("You get no tips, reminders or digests. Announcements still reach you."), Tone.STRONG))
    parts.append(
        Buttons(
            (
                Button(say("Do not count me"), UNCOUNT, target)
                if choices.is_counted
                else Button(say("Count me again"), COUNT, target),
                Button(say("No tips or reminders for me"), TIPS_OFF, target)
                if choices.gets_nudges
                else Button(say("Send me tips and reminders again"), TIPS_ON, target),
            )
        )
    )
    return Message(say("What Samlas counts, why, and how to say no"), tuple(parts))
