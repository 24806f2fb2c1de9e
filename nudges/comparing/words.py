"""What a communications lead reads of *Does it work?*, and what a member who was compared reads. Pure."""

from dataclasses import dataclass
from datetime import date

from bot.messages import Button, Buttons, Heading, Message, Part, Style, Target, Tone, Words
from bot.organisation.settings import COMPARISON
from bot.texts import Voice
from nudges.comparing.rules import BY_THEMSELVES, NEEDED, RUNS_FOR, WITH_A_TIP, Difference, difference
from storage.comparing import Groups
from storage.floor import roughly

TURN_ON = "comparison.turn_on"
TURN_OFF = "comparison.turn_off"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Where it stands. `expected`: how many would come to a tip in a year; None: nobody may be looked at yet.

    `since`: the day on which it was turned on, where that is known.
    """

    is_on: bool
    groups: Groups
    expected: int | None
    since: date | None = None

    @property
    def is_offered(self) -> bool:
        """Whether it could find a difference within a year."""
        return self.expected is not None and self.expected >= NEEDED.people

    def is_over(self, today: date) -> bool:
        """Whether its year has passed."""
        return self.since is not None and today >= self.since + RUNS_FOR


def in_short(comparison: Comparison, target: Target, today: date, say: Voice) -> list[Part]:
    """Return where it stands, for the overview of the nudges, with the way to all there is to know.

    Where it could find nothing, that is said behind the button alone: nobody needs to read it again each week.
    """
    is_worth_saying = comparison.is_on or comparison.is_offered or difference(comparison.groups) is not None
    return [
        Words(say("Does it work?"), Tone.STRONG),
        *(_stands(comparison, today, say) if is_worth_saying else ()),
        Buttons((Button(say("How it is found out"), COMPARISON, target),)),
    ]


def whole(comparison: Comparison, target: Target, today: date, say: Voice) -> Message:
    """Return what is done and why, how many people it takes and under which assumptions, and where it stands."""
    title = say("Does it work?")
    parts: list[Part] = [
        Heading(title),
        *_stands(comparison, today, say),
        Words(
            say(
                "Some people come back by themselves, so that who came back after a tip says nothing about tips. To"
                " find out, one in ten of those due a tip, by lot, gets none for a quarter, nor what follows a tip;"
                " then they are like everybody. Nobody chooses them or sees who they are. No welcome, no reminder and"
                " no coach somebody asks for is withheld. The notice has told everybody that this may be done, and"
                " each can read by {/samlas me} whether the lot has fallen on them.",
            )
        ),
        Words(
            say(
                "Compared is who gives a sign within four weeks: writes, replies, reacts, reads or asks. If {alone} of"
                " 100 come back by themselves and {tipped} of 100 with a tip, it takes {people} people to find that out"
                " four times in five, and to be misled by chance at most once in twenty: {with_tip} with a tip and"
                " {without} without. It runs for a year at most.",
                alone=round(100 * BY_THEMSELVES),
                tipped=round(100 * WITH_A_TIP),
                people=NEEDED.people,
                with_tip=NEEDED.tipped,
                without=NEEDED.without,
            )
        ),
    ]
    if comparison.is_on:
        parts.append(Buttons((Button(say("Turn it off"), TURN_OFF, target),)))
    elif comparison.is_offered:
        question = say("Leave one in ten without a tip for a quarter, by lot?")
        parts.append(Buttons((Button(say("Turn it on"), TURN_ON, target, Style.PRIMARY, question),)))
    return Message(title, tuple(parts))


def _stands(comparison: Comparison, today: date, say: Voice) -> list[Part]:
    found = difference(comparison.groups)
    if found is not None:
        return _result(comparison, found, say)
    if comparison.is_on:
        return [_too_few(comparison, today, say)]
    if comparison.expected is None:
        return [Words(say("It is off. Whether it could find anything here can be told after the notice."))]
    people = roughly(comparison.expected)
    if comparison.is_offered:
        return [
            Words(
                say(
                    "It is off. It takes {needed} people due a tip within a year, and here that would be about"
                    " {people}: it could be found out whether tips help.",
                    needed=NEEDED.people,
                    people=people,
                )
            )
        ]
    if not people:
        return [
            Words(
                say(
                    "It is off, and not offered: it takes {needed} people due a tip within a year, and nobody here is"
                    " due one now. With so few, nobody could tell whether tips help.",
                    needed=NEEDED.people,
                )
            )
        ]
    return [
        Words(
            say(
                "It is off, and not offered: it takes {needed} people due a tip within a year, and here that"
                " would be about {people}. With so few, nobody could tell whether tips help.",
                needed=NEEDED.people,
                people=people,
            )
        )
    ]


def _too_few(comparison: Comparison, today: date, say: Voice) -> Part:
    people = roughly(comparison.groups.tipped.people + comparison.groups.without.people)
    if comparison.is_over(today):
        return Words(
            say(
                "Too few to say: about {people} of {needed} people were compared within the year. Nobody more is left"
                " without a tip, and you can turn it off.",
                people=people,
                needed=NEEDED.people,
            )
        )
    return Words(
        say(
            "It is on. Too few to say yet: about {people} of {needed} people have been compared. It is summed up once a"
            " week, four weeks after a tip was due.",
            people=people,
            needed=NEEDED.people,
        )
    )


def _result(comparison: Comparison, found: Difference, say: Voice) -> list[Part]:
    groups = comparison.groups
    return [
        Words(_conclusion(found, say), Tone.STRONG),
        Words(
            say.many(
                "Of about {tipped} people who were to get their tip, {share} % gave a sign within four weeks; of about"
                " {without} who were to get none, {other} %. The difference is {count} percentage point, and with 95 %"
                " confidence it lies between {low} and {high}.",
                "Of about {tipped} people who were to get their tip, {share} % gave a sign within four weeks; of about"
                " {without} who were to get none, {other} %. The difference is {count} percentage points, and with 95 %"
                " confidence it lies between {low} and {high}.",
                found.points,
                tipped=roughly(groups.tipped.people),
                share=found.tipped,
                without=roughly(groups.without.people),
                other=found.without,
                low=found.low,
                high=found.high,
            )
        ),
        Words(say("Nobody more is left without a tip for this."), Tone.QUIET),
    ]


def _conclusion(found: Difference, say: Voice) -> str:
    if not found.is_found:
        return say("It cannot be said that tips bring people back here, nor that they do not.")
    if found.points > 0:
        return say("Tips bring people back here.")
    return say("Fewer come back with a tip than without one. Think about turning the rounds off.")


def told_to_member(due_on: date, say: Voice, *, is_without: bool) -> str:
    """Return what somebody who was compared reads of it under what is kept about them."""
    if is_without:
        return say(
            "To see whether tips help, one in ten gets none for a quarter, by lot. From {day} that was you; then you"
            " are like everybody again. Nobody else sees this.",
            day=due_on,
        )
    return say(
        "To see whether tips help, one in ten gets none for a quarter, by lot. From {day} you were among the others."
        " Nobody else sees this.",
        day=due_on,
    )
