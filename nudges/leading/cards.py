"""What a team lead reads, and what somebody reads for whom their lead has asked for a coach. Pure.

docs/texts.md shows all. A lead reads names and ideas: no number, no date of anybody, no reason, no order but the
alphabet's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.messages import Button, Buttons, Divider, Message, Part, Style, Target, Tone, Words
from bot.texts import Voice
from nudges.coaching.cards import INVITED, LEAD_IN, LEAD_OUT
from nudges.messages import Said
from storage.tables import LeadAnswer

WILL = "leading.will"
FINE = "leading.fine"
COACH = "leading.coach"
SNOOZE = "leading.snooze"


@dataclass(frozen=True, slots=True)
class Colleague:
    """One colleague on a card, by the row of their name. `fine`: the lead has said so; `may_talk`: there is a coach."""

    row: int
    name: str
    answer: LeadAnswer | None = None
    fine: bool = False
    may_talk: bool = True


def lead_card(card_id: int, colleagues: Sequence[Colleague], snoozed_until: date | None, say: Voice) -> Message:
    """Return a card as it stands. `colleagues` come in the order of their names."""
    summary = say("Colleagues who may welcome a word from you")
    if not colleagues:
        return Message(summary, (Words(say("Nobody is named here any more.")),))
    parts: list[Part] = [
        Words(
            say(
                "Colleagues in your team who may welcome an invitation from you. It is only a thought, and for you"
                " alone: nothing is wrong, and there is nothing to follow up."
            )
        )
    ]
    for one in colleagues:
        parts += [Divider(), Words(one.name, Tone.STRONG), *_answered(one, say)]
    parts += [
        Divider(),
        Words(
            say(
                "Some ideas: ask what they are working on, and whether others might like to hear of it. Ask what they"
                " think about something that is being discussed, and bring them in with {/invite-in}. Or simply have a"
                " coffee together."
            )
        ),
        Words(
            say(
                "Please do not mention this message as a reason. Each of them can read in Samlas that their name stood"
                " here, and can choose not to be named."
            ),
            Tone.QUIET,
        ),
    ]
    if snoozed_until is not None:
        parts.append(Words(say("Of course. Nothing like this before {day}.", day=snoozed_until), Tone.STRONG))
    else:
        parts.append(Buttons((Button(say("Snooze"), SNOOZE, Target(card_id, 1)),)))
    return Message(summary, tuple(parts))


def _answered(one: Colleague, say: Voice) -> list[Part]:
    if one.fine:
        return [Words(say("Fine as it is. You will not see this name here for half a year."))]
    match one.answer:
        case LeadAnswer.WILL:
            return [Words(say("You will. Thank you."))]
        case LeadAnswer.COACH:
            return [
                Words(
                    say(
                        "I ask them in private whether they would like to talk with a coach. What they answer is"
                        " theirs, so you hear no more of it from me."
                    )
                )
            ]
    target = Target(one.row, 1)
    buttons = [Button(say("I will"), WILL, target, Style.PRIMARY), Button(say("Fine as it is"), FINE, target)]
    if one.may_talk:
        buttons.append(Button(say("Invite a coach"), COACH, target))
    return [Buttons(tuple(buttons))]


def coach_offer(item_id: int, lead: str, say: Voice, *, has_asked: bool, lead_not_involved: bool) -> Said:
    """Return what somebody reads for whom their lead has asked for a coach: it is theirs to choose."""
    target = Target(item_id, 1)
    parts: list[Part] = [
        Words(
            say(
                "{lead}, who leads your team, thought that you might like to talk with somebody. Some colleagues have"
                " offered that: half an hour, about whatever you like.",
                lead=lead,
            )
        ),
        Words(
            say(
                "It is up to you. Whoever you talk with sees your name and what you choose to write, nothing else, and"
                " is never your lead. {lead} does not hear what you answer.",
                lead=lead,
            )
        ),
    ]
    buttons: list[Button] = []
    if has_asked:
        parts.append(Words(say("You have said yes. What follows stands in a message of its own."), Tone.STRONG))
    else:
        buttons.append(Button(say("Yes please"), INVITED, target, Style.PRIMARY, opens_form=True))
    if lead_not_involved:
        parts.append(Words(say("Your lead is not involved."), Tone.STRONG))
        buttons.append(Button(say("My lead may be told"), LEAD_IN, target))
    else:
        buttons.append(Button(say("Do not involve my lead"), LEAD_OUT, target))
    return Said(say("Would you like to talk with somebody?"), (*parts, Buttons(tuple(buttons))))
