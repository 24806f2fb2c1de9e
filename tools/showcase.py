"""Shows what people read from the nudges, in both languages side by side, as docs/texts.md.

`python -m tools.showcase` writes the page from the code that says it; tests/nudges/test_messages.py fails when the
page is out of date.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial

from babel.messages.pofile import read_po

from bot.calendars import calendar_of
from bot.messages import (
    Divider,
    Link,
    Message,
    Target,
    Words,
)
from bot.settings import OrganisationSettings
from bot.texts import Voice
from nudges.due import Due
from nudges.ladder import Step
from nudges.leads_view import Rounds, Stands, overview_message
from nudges.messages import (
    AnnouncementToLike,
    ChannelToLike,
    Choices,
    Named,
    Said,
    Standing,
    ToLike,
    contact_message,
    digest,
    notice_message,
    reminder,
    tip,
)
from nudges.quiet import Reason
from nudges.remind_now import When, reach_in_words
from nudges.stage import Stage
from nudges.welcome import Nth, Tell
from nudges.welcome_words import last_welcome, welcome
from storage.tables import Because, Member
from tools import coaching_examples, comparing_examples, leading_examples
from tools.side_by_side import in_markdown, table
from tools.texts import CATALOGUE, said_by_the_program
from tools.tree import ROOT

PAGE = ROOT / "docs" / "texts.md"
ENGLISH, SWEDISH = Voice("en", "Europe/Stockholm"), Voice("sv", "Europe/Stockholm")

SETTINGS = OrganisationSettings()
FIRST_ROUND = date(2027, 3, 16)
BEGINS = datetime(2027, 3, 16, 8, 0, tzinfo=UTC)
NEXT_ROUND = datetime(2027, 3, 16, 9, 0, tzinfo=UTC)
NOT_BEFORE = date(2027, 4, 8)
COFFEE = "Where and when we have coffee"
# What people have written in both languages: titles, topics, a channel's purpose.
IN_SWEDISH = {
    "A new kitchen": "Nytt kök",
    "New courses": "Nya kurser",
    "New office hours": "Nya kontorstider",
    "Premises": "Lokaler",
    "Social life": "Socialt",
    "Training": "Utbildning",
    "We move in June": "Vi flyttar i juni",
    COFFEE: "Var och när vi fikar",
}
# Each thing that a tip may point to, for each reason why.
ON_TOPIC = AnnouncementToLike("New courses", "Anna Ek", "Training", is_followed=True, way=())
ON_READ_TOPIC = AnnouncementToLike("New courses", "Anna Ek", "Training", is_followed=False, way=())
SAME_TOPIC = ChannelToLike("fika", COFFEE, Because.SAME_TOPIC, "Social life")
HOME_TEAM = ChannelToLike("fika", COFFEE, Because.HOME_TEAM)
SHARED_CHANNELS = ChannelToLike("fika", COFFEE, Because.SHARED_CHANNELS)
# Where the sentences stand that are said alone: refusals, and the command line.
SAID_ALONE = (
    "nudges/answers.py",
    "nudges/coaching/afterwards.py",
    "nudges/coaching/answering.py",
    "nudges/coaching/asking.py",
    "nudges/coaching/invitation.py",
    "nudges/coaching/offering.py",
    "nudges/coaching/room.py",
    "nudges/command.py",
    "nudges/comparing/deciding.py",
    "nudges/following.py",
    "nudges/overview.py",
    "nudges/reading_along.py",
    "nudges/remind_now.py",
    "nudges/room.py",
)

INTRODUCTION = """\
# What people read from the nudges

Every text of this room as its readers get it, English and Swedish side by side. The names, the days and the channel
are made up; a button that asks before it counts is followed by its question. `python -m tools.showcase` writes this
page from the code that says the texts.
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """One message in any voice, with what it is an example of."""

    title: str
    said: Callable[[Voice], Message]

    @property
    def english(self) -> Message:
        """It in English."""
        return self.said(ENGLISH)

    @property
    def swedish(self) -> Message:
        """It in Swedish."""
        return self.said(SWEDISH)


def page() -> str:
    """Return docs/texts.md."""
    chapters = (
        ("The notice", notices()),
        ("The reminder", reminders()),
        ("The digest", digests()),
        ("The welcome", welcomes()),
        ("The tip", tips()),
        ("After a press", answers()),
        ("Coaching", coaching()),
        ("Team leads", leading()),
        ("Inviting each other", inviting()),
        ("What a communications lead sees", overviews()),
        ("Does it work?", comparing()),
    )
    parts = [INTRODUCTION]
    for title, examples in chapters:
        parts.append(f"## {title}\n")
        parts += [_example(shown) for shown in examples]
    parts.append("## Sentences said alone\n")
    parts.append(table(_said_alone()))
    return "\n".join(parts)


def notices() -> Iterator[Shown]:
    """Yield the notice, and what it becomes."""
    for title, choices in (
        ("To everybody, when a communications lead says go", Choices(is_counted=True, gets_nudges=True)),
        ("After *Do not count me*", Choices(is_counted=False, gets_nudges=True)),
        ("After *No tips or reminders for me*", Choices(is_counted=True, gets_nudges=False)),
    ):
        yield Shown(title, partial(notice_message, 1, FIRST_ROUND, choices))


def reminders() -> Iterator[Shown]:
    """Yield a reminder of an announcement, and what it becomes; and what its author is told on asking for one."""
    for title, has_read in (("Day three, and day ten", False), ("After *I have read this*", True)):
        yield Shown(title, partial(_reminded, has_read=has_read))
    counts = {When.NOW: 12, When.HOURS: 2, When.ROOM: 3}
    yield Shown(
        "*Remind now*, to the author alone",
        lambda say: Message(reach_in_words(counts, say), (Words(reach_in_words(counts, say)),)),
    )


def digests() -> Iterator[Shown]:
    """Yield a digest, alone and after a reminder."""
    yield Shown("Two announcements, and more in the list", lambda say: _contact(say, _digest(say)))
    yield Shown(
        "With a reminder, which is said first",
        lambda say: _contact(say, _reminder(say, has_read=False), _digest(say)),
    )


def welcomes() -> Iterator[Shown]:
    """Yield the three welcomes of a newcomer, and what becomes of one."""
    everything = tuple(Tell)
    for title, nth, tells in (
        ("Day 1, to whoever has found nothing yet", Nth.FIRST, everything),
        ("Day 7, to whoever has not begun and looked nothing up", Nth.SECOND, everything[1:]),
        ("When all of it has been found since", Nth.FIRST, ()),
    ):
        yield Shown(title, partial(_welcome, nth, tells))
    yield Shown("Day 14, to whoever has given no sign at all", lambda say: _contact(say, last_welcome(1, None, say)))


def tips() -> Iterator[Shown]:
    """Yield a tip for each reason, with each kind of thing that it may point to."""
    for title, reason, to_like in (
        (
            "Joined two weeks ago or more, and no sign yet; a channel that their team is in",
            Reason.NEVER_STARTED,
            HOME_TEAM,
        ),
        ("No sign for fifteen working days, and nothing was found to point to", Reason.NO_SIGN, None),
        ("Much less than usual for them; an announcement on a topic they follow", Reason.FELL, ON_TOPIC),
        ("An announcement on a topic they have read about", Reason.NO_SIGN, ON_READ_TOPIC),
        ("A channel with people who follow the same topic", Reason.NO_SIGN, SAME_TOPIC),
        ("A channel with people they share others with", Reason.NO_SIGN, SHARED_CHANNELS),
    ):
        yield Shown(title, partial(_tip, reason, to_like, Standing.NEW))


def answers() -> Iterator[Shown]:
    """Yield what a tip becomes when its buttons are pressed."""
    for title, standing in (
        ("*Thanks, that helped*", Standing.HELPED),
        ("*Not now*", Standing.NOT_NOW),
        ("*Do not send me these*", Standing.STOPPED),
        ("*Send me these again*", Standing.STARTED_AGAIN),
    ):
        yield Shown(title, partial(_tip, Reason.NO_SIGN, None, standing))
    yield Shown("*I am reading along*", _reads_along)


def coaching() -> Iterator[Shown]:
    """Yield what a member and a coach read of each other."""
    for title, said in coaching_examples.examples():
        yield Shown(title, said)


def leading() -> Iterator[Shown]:
    """Yield what a team lead reads, and whom they would like to have a coach offered."""
    for title, said in leading_examples.examples():
        yield Shown(title, said)


def inviting() -> Iterator[Shown]:
    """Yield what is read of an invitation into a conversation."""
    for title, said in leading_examples.invitations():
        yield Shown(title, said)


def comparing() -> Iterator[Shown]:
    """Yield what is read of whether tips help."""
    for title, said in comparing_examples.examples():
        yield Shown(title, said)


def overviews() -> Iterator[Shown]:
    """Yield what a communications lead sees at each stage."""
    three = [
        Due(_member(number, name), calendar_of(_member(number, name), SETTINGS), Step.TIP, reason)
        for number, (name, reason) in enumerate(
            (("Bo Ek", Reason.NO_SIGN), ("Eva Lind", Reason.FELL), ("Farid Nasser", Reason.NEVER_STARTED)), 1
        )
    ]
    for title, stage, due in (
        ("Before the notice", Stage.OFF, None),
        ("Before the notice, and everything has been stopped", Stage.OFF, None),
        ("In the notice's fourteen days", Stage.NOTICE, three),
        ("Rounds off", Stage.READY, []),
        ("Rounds on", Stage.ON, three[:1]),
        ("Rounds on, and somebody has come to the second step", Stage.ON, [replace(three[0], step=Step.INVITATION)]),
        ("Rounds on, and somebody has come to the third step", Stage.ON, [replace(three[0], step=Step.SUGGESTION)]),
        ("Rounds on, and more names than a message holds", Stage.ON, three * 14),
    ):
        yield Shown(
            title,
            partial(
                overview_message,
                Stands(
                    stage,
                    FIRST_ROUND,
                    BEGINS,
                    is_stopped="stopped" in title or stage is Stage.READY,
                    rounds=Rounds(NEXT_ROUND, 5 if stage is Stage.ON else None),
                ),
                SETTINGS,
                Target(1, 1),
                due,
            ),
        )


def _tip(reason: Reason, to_like: ToLike | None, standing: Standing, say: Voice) -> Message:
    return contact_message(1, "Eva Lind", [tip(1, reason, _to_like(to_like, say), say)], standing, NOT_BEFORE, say)


def _to_like(to_like: ToLike | None, say: Voice) -> ToLike | None:
    match to_like:
        case AnnouncementToLike():
            way = [Link(say("Open the post"), "https://chat.example/1")]
            return replace(to_like, title=_written(to_like.title, say), topic=_written(to_like.topic, say), way=way)
        case ChannelToLike():
            return replace(to_like, purpose=_written(to_like.purpose, say), topic=_written(to_like.topic, say))
        case None:
            return None


def _written(words: str, say: Voice) -> str:
    return IN_SWEDISH.get(words, words) if say.language == "sv" else words


def _welcome(nth: Nth, tells: Sequence[Tell], say: Voice) -> Message:
    return _contact(say, welcome(nth, tells, 1, _to_like(HOME_TEAM, say), say))


def _reminded(say: Voice, *, has_read: bool) -> Message:
    return _contact(say, _reminder(say, has_read=has_read))


def _reads_along(say: Voice) -> Message:
    return _contact(say, tip(1, Reason.NO_SIGN, None, say, reads_along_until=NOT_BEFORE))


def _contact(say: Voice, *said: Said) -> Message:
    return contact_message(1, "Eva Lind", said, Standing.NEW, None, say)


def _digest(say: Voice) -> Said:
    way = [Link(say("Open the post"), "https://chat.example/1")]
    topic = say("You follow {topic}.", topic=_written("Premises", say))
    named = [
        Named(_written("A new kitchen", say), "Anna Ek", say.day(FIRST_ROUND), way, topic),
        Named(_written("We move in June", say), "Anna Ek", say.day(FIRST_ROUND), way),
    ]
    return digest(named, 2, say)


def _reminder(say: Voice, *, has_read: bool) -> Said:
    way = [Link(say("Open the announcement"), "https://chat.example/1")]
    return reminder(
        1, _written("New office hours", say), "Anna Ek", say.day(FIRST_ROUND), way, has_read=has_read, say=say
    )


def _member(number: int, name: str) -> Member:
    return Member(id=number, workspace_id=1, external_id=f"m{number}", name=name, created_at=BEGINS)


def _said_alone() -> Iterator[tuple[str, str]]:
    with CATALOGUE.open("rb") as source:
        catalogue = read_po(source, locale="sv")
    told = set()
    for sentence in said_by_the_program():
        if sentence.msgid is None or sentence.msgid in told or not sentence.where.startswith(SAID_ALONE):
            continue
        told.add(sentence.msgid)
        entry = catalogue.get(sentence.msgid)
        swedish = () if entry is None else entry.string
        yield (
            " / ".join(form for form in (sentence.msgid, sentence.plural) if form),
            swedish if isinstance(swedish, str) else " / ".join(swedish or ()),
        )


def _example(shown: Shown) -> str:
    rows = [(f"*{shown.english.summary}*", f"*{shown.swedish.summary}*")]
    rows += [
        (in_markdown(english), in_markdown(swedish))
        for english, swedish in zip(shown.english.parts, shown.swedish.parts, strict=True)
        if not isinstance(english, Divider)
    ]
    return f"### {shown.title}\n\n{table(rows)}"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} is up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
