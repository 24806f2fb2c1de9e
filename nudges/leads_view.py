"""What a communications lead reads: where the nudges stand, and who would get what and why. Pure, and without dates
of anybody; docs/texts.md shows it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.calendars import WEEKDAYS
from bot.messages import (
    Button,
    Buttons,
    Divider,
    Field,
    Fields,
    Heading,
    Message,
    Part,
    Share,
    Shares,
    Style,
    Target,
    Tone,
    Words,
)
from bot.settings import OrganisationSettings
from bot.texts import Text, Voice, text
from nudges.due import Due
from nudges.ladder import Step
from nudges.messages import notice_parts
from nudges.quiet import Reason, in_words
from nudges.stage import Stage
from storage.tables import Member

GO = "nudges.go"
STOP_ALL = "nudges.stop_all"
RESUME = "nudges.resume"
# More names than this are no use in a chat message; the command line lists them all.
MOST_NAMES = 40


def display_name(member: Member) -> str:
    """Return a member's name, or the platform's id of one whose name nobody has told."""
    return member.name or member.external_id


@dataclass(frozen=True, slots=True)
class Rounds:
    """When the next round comes where the reader is, and how many tips the last one has sent; None: not known."""

    next_at: datetime | None = None
    sent: int | None = None


@dataclass(frozen=True, slots=True)
class Stands:
    """Where the nudges stand. `is_stopped`: somebody has stopped everything, also what announcements bring.

    `first_round` is the day that the notice names, `begins` the moment of the first round once it has been given.
    """

    stage: Stage
    first_round: date
    begins: datetime
    is_stopped: bool = False
    rounds: Rounds = Rounds()


def overview_message(
    stands: Stands, settings: OrganisationSettings, target: Target, due: Sequence[Due] | None, say: Voice
) -> Message:
    """Return where the nudges stand and the next step, and whom the ladder would reach.

    `due` None: nothing about single people may be looked at yet.
    """
    title = say("Who may like an invitation")
    parts: list[Part] = [Heading(title), *_stage_parts(stands, settings, target, say)]
    if due is not None:
        parts += [Divider(), *preview_parts(due, settings, say)]
    return Message(title, tuple(parts))


def _stage_parts(stands: Stands, settings: OrganisationSettings, target: Target, say: Voice) -> list[Part]:
    stop = Buttons((Button(say("Stop everything"), STOP_ALL, target, Style.DANGER),))
    match stands.stage:
        case Stage.OFF:
            return [
                Words(
                    say(
                        "Nothing is kept about single people yet, and nobody gets a tip. Go sends everybody this"
                        " notice, and the first round follows {days} days later:",
                        days=settings.notice_days,
                    )
                ),
                *notice_parts(stands.first_round, say),
                Buttons(
                    (
                        Button(
                            say("Go: give the notice"),
                            GO,
                            target,
                            Style.PRIMARY,
                            say("Send this notice to everybody now?"),
                        ),
                    )
                ),
                *_without_rounds(stands, target, stop, say),
            ]
        case Stage.NOTICE:
            return [
                Words(say("Everybody has been told. The first round comes after {moment}.", moment=stands.begins)),
                *_next(stands.rounds, say),
                stop,
            ]
        case Stage.READY:
            return [
                Words(say("Everybody has been told, and the rounds are off: nobody gets a tip.")),
                Buttons((Button(say("Go: start the rounds"), GO, target, Style.PRIMARY),)),
                *_without_rounds(stands, target, stop, say),
            ]
        case Stage.ON:
            return [Words(_rhythm(settings, say)), *_next(stands.rounds, say), *_last(stands.rounds, say), stop]


def _without_rounds(stands: Stands, target: Target, stop: Part, say: Voice) -> list[Part]:
    """Return whether what needs no rounds goes out, and the way to the other."""
    if not stands.is_stopped:
        return [Words(say("What announcements bring goes out meanwhile: reminders and digests.")), stop]
    again = Button(say("Let reminders and digests go out again"), RESUME, target)
    return [Words(say("Everything is stopped, reminders and digests too."), Tone.STRONG), Buttons((again,))]


def _next(rounds: Rounds, say: Voice) -> list[Part]:
    if rounds.next_at is None:
        return []
    day, time = say.weekday(rounds.next_at.astimezone(say.zone).date()), say.clock_time(rounds.next_at)
    return [Words(say("Where you are, the next one comes on {day} at {time}.", day=day, time=time))]


def _last(rounds: Rounds, say: Voice) -> list[Part]:
    if rounds.sent is None:
        return []
    if not rounds.sent:
        return [Words(say("The last one has sent no tips yet."), Tone.QUIET)]
    sentence = say.many("The last one has sent {count} tip.", "The last one has sent {count} tips.", rounds.sent)
    return [Words(sentence, Tone.QUIET)]


def _rhythm(settings: OrganisationSettings, say: Voice) -> str:
    return say(
        "A round goes out once a week, {weekday} at {time} where each person is, within their working hours.",
        weekday=WEEKDAYS[settings.round_weekday],
        time=f"{settings.round_minute // 60:02}:{settings.round_minute % 60:02}",
    )


_REASONS: dict[Reason, Text] = {
    Reason.NEVER_STARTED: text("Not started yet"),
    Reason.NO_SIGN: text("No sign for a while"),
    Reason.FELL: text("Much less than usual"),
}


def shown_of(due: Sequence[Due]) -> Sequence[Due]:
    """Return those who are named in a preview, which is written down for each of them."""
    return due[:MOST_NAMES]


def by_name(due: Iterable[Due]) -> list[Due]:
    """Return them in the order of their names; no order says anything about anybody."""
    return sorted(due, key=lambda one: (display_name(one.member).casefold(), one.member.external_id))


def steps_in_words(due: Sequence[Due], say: Voice) -> list[str]:
    """Return how many would get each step of the ladder, in its order."""
    counts = Counter(one.step for one in due)
    sentences = {
        Step.TIP: say.many(
            "{count} person would get a friendly tip:", "{count} people would get a friendly tip:", counts[Step.TIP]
        ),
        Step.INVITATION: say.many(
            "{count} person would be invited to talk with a coach:",
            "{count} people would be invited to talk with a coach:",
            counts[Step.INVITATION],
        ),
        Step.SUGGESTION: say.many(
            "{count} person would be named to their team lead:",
            "{count} people would be named to their team leads:",
            counts[Step.SUGGESTION],
        ),
    }
    return [sentence for step, sentence in sentences.items() if counts[step]]


def _why(one: Due, settings: OrganisationSettings, say: Voice) -> str:
    reason = say.say(in_words(one.reason, settings))
    match one.step:
        case Step.TIP:
            return reason
        case Step.INVITATION:
            return say("an invitation: {reason}, after a tip", reason=reason)
        case Step.SUGGESTION:
            return say("a word to their lead: {reason}, after a tip and an invitation", reason=reason)


def preview_parts(due: Sequence[Due], settings: OrganisationSettings, say: Voice) -> list[Part]:
    """Return who would get what and why: how many by step and by reason, then names, without any date."""
    if not due:
        return [Words(say("Nobody would get a tip just now."))]
    shown = shown_of(due)
    counts = Counter(one.reason for one in due)
    parts: list[Part] = [
        *(Words(sentence, Tone.STRONG) for sentence in steps_in_words(due, say)),
        Shares(
            say("Why"), tuple(Share(say.say(_REASONS[reason]), counts[reason]) for reason in Reason if counts[reason])
        ),
        Fields(tuple(Field(display_name(one.member), _why(one, settings, say)) for one in shown)),
    ]
    if len(due) > len(shown):
        parts.append(
            Words(
                say.many(
                    "And {count} more; samlas nudges preview lists everybody.",
                    "And {count} more; samlas nudges preview lists everybody.",
                    len(due) - len(shown),
                ),
                Tone.QUIET,
            )
        )
    parts.append(Words(say("That you have looked is written down for each person shown here."), Tone.QUIET))
    return parts
