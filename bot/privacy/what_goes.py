"""What goes and what stays when somebody is erased, in plain words: said to themselves, or to whoever runs Samlas."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.names import FORMER_MEMBER
from bot.texts import Text, Voice, text, texts
from storage.personal.holdings import Holdings
from storage.tables import Platform


@dataclass(frozen=True, slots=True)
class Said:
    """The sentences that differ by whom they are said to."""

    known: Text
    sent: Text
    sums: Text
    wish: Text
    not_ours: Text


TO_THEMSELVES = Said(
    text("Your name, address, language, time zone, team and everything that you have chosen here."),
    text("What Samlas has sent you or meant to send you, and what you answered to it."),
    text("Sums in which you cannot be found, such as how many people an announcement has reached."),
    text(
        "That you do not want to be counted, or to get tips: without your name, and only to know it again when Samlas"
        " hears of you again."
    ),
    text(
        "What stands in the chat itself, written by you or said by Samlas: that is the chat's own, and can only be"
        " deleted there."
    ),
)
ABOUT_THEM = Said(
    text("Their name, address, language, time zone, team and everything that they have chosen."),
    text("What Samlas has sent them or meant to send them, and what they answered to it."),
    text("Sums in which they cannot be found, such as how many people an announcement has reached."),
    text(
        "That they do not want to be counted, or to get tips: without their name, and only to know it again when Samlas"
        " hears of them again."
    ),
    text(
        "What stands in the chat itself, written by them or said by Samlas: that is the chat's own, and can only be"
        " deleted there."
    ),
)


def what_goes(held: Holdings, said: Said, say: Voice) -> Sequence[str]:
    """Return what is deleted, a line for each kind of thing that there is."""
    lines = [say.say(said.known), say.say(said.sent)]
    if held.counted_days:
        lines.append(
            say.many("The counts of {count} day.", "The counts of {count} days.", held.counted_days),
        )
    if held.drafts:
        lines.append(say.many("{count} draft.", "{count} drafts.", held.drafts))
    if held.scheduled:
        lines.append(
            say.many(
                "{count} scheduled announcement; it does not go out.",
                "{count} scheduled announcements; they do not go out.",
                held.scheduled,
            )
        )
    if held.unanswered:
        lines.append(
            say.many(
                "{count} question to the management group that waits for an answer; it goes on without this one.",
                "{count} questions to the management group that wait for an answer; they go on without this one.",
                held.unanswered,
            )
        )
    return lines


def what_stays(held: Holdings, platform: str, said: Said, say: Voice) -> Sequence[str]:
    """Return what is kept without them, a line for each kind of thing that there is."""
    lines = []
    read_by_others = [
        say.say(counted)
        for count, counted in (
            (held.published, texts("{count} announcement", "{count} announcements", held.published)),
            (held.questions, texts("{count} question", "{count} questions", held.questions)),
            (
                held.answers,
                texts(
                    "{count} answer in the management group", "{count} answers in the management group", held.answers
                ),
            ),
        )
        if count
    ]
    if read_by_others:
        lines.append(
            say(
                "What others have read: {things}. In place of the name stands “{former}”.",
                things=say.listing(read_by_others),
                former=FORMER_MEMBER,
            )
        )
    lines.append(say.say(said.sums))
    if held.has_wish:
        lines.append(say.say(said.wish))
    if platform != Platform.IMPORTED:
        lines.append(say.say(said.not_ours))
    return lines
