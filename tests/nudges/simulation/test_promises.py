"""Each promise is checked from the record of what was said and the truth about people alone: one broken is found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from nudges.leading.cards import WILL
from nudges.messages import HELPED, NOT_NOW, STOP
from nudges.simulation.people import PLACES, Habit, Person, Temper
from nudges.simulation.platform import Said, Sort
from nudges.simulation.promises import broken_promises
from nudges.simulation.simulating import Lived, Plan

DAY = timedelta(days=1)
BEGINS = date(2027, 1, 4)
NOTICED = datetime(2027, 1, 5, 9, tzinfo=UTC)
# A Tuesday at ten in Stockholm, weeks after the notice; summer time begins on the 28th, Good Friday is the 26th.
ROUND = datetime(2027, 3, 2, 9, tzinfo=UTC)
BUTTONS = frozenset({HELPED, NOT_NOW, STOP})


def person(number: int, **given: object) -> Person:
    """Return somebody in Stockholm who works ordinary hours, leads nobody, and has not been heard of."""
    made = Person(
        number=number,
        name=f"Person{number:05} Example",
        place=PLACES[0],
        weekdays=frozenset({1, 2, 3, 4, 5}),
        work_start=8 * 60,
        work_end=17 * 60,
        team="Team 1",
        habit=Habit.SILENT,
        temper=Temper.NOTHING,
        joins=BEGINS - 400 * DAY,
        leaves=None,
        away=(),
        fades_on=BEGINS,
        in_announcement_channel=False,
    )
    return replace(made, **given)  # type: ignore[arg-type]  # as the caller says


@dataclass
class Story:
    """What is to be looked at: somebody, their lead, three colleagues, and what was said to whom."""

    somebody: Person = field(default_factory=lambda: person(1))
    lead: Person = field(default_factory=lambda: person(0, leads=True, signs=[ROUND - DAY]))
    colleagues: Sequence[Person] = field(default_factory=lambda: [person(number) for number in (2, 3, 4)])
    said: list[Said] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with the notice."""
        self.said.append(
            Said(NOTICED, self.somebody.external_id, frozenset({Sort.NOTICE}), is_contact=False, actions=frozenset())
        )

    def contact(self, at: datetime, *sorts: Sort, buttons: frozenset[str] = BUTTONS, titles: str = "") -> None:
        """Let something unasked-for reach somebody."""
        named = frozenset(titles.split())
        self.said.append(
            Said(at, self.somebody.external_id, frozenset(sorts), is_contact=True, actions=buttons, titles=named)
        )

    def card(self, at: datetime, *, to: Person | None = None) -> None:
        """Let a card that names somebody reach their lead, or another."""
        who = (to or self.lead).external_id
        self.said.append(
            Said(
                at,
                who,
                frozenset({Sort.LEAD_CARD}),
                is_contact=False,
                actions=frozenset({WILL}),
                words=self.somebody.name,
            )
        )

    def broken(self) -> set[str]:
        """Return which promises are found broken."""
        lived = Lived(
            plan=Plan(5, 200, 1),
            people=[self.lead, self.somebody, *self.colleagues],
            record=sorted(self.said, key=lambda one: one.at),
            noticed_at=NOTICED,
            ends=NOTICED + 200 * DAY,
            restarts=0,
            crashes=0,
            leads_told=(NOTICED, NOTICED + 100 * DAY),
            troubles=(),
        )
        return {one.promise for one in broken_promises(lived)}


Tells = Callable[[Story], None]


def tip(story: Story) -> None:
    """Tip at the round's hour."""
    story.contact(ROUND, Sort.TIP)


def tip_and_card(story: Story) -> None:
    """Tip, and let their lead hear of it weeks later."""
    tip(story)
    story.card(ROUND + 28 * DAY - timedelta(hours=1))


def after_summer_time_began(story: Story) -> None:
    """Remind at ten before and after the clock change, which is an hour earlier in UTC."""
    story.contact(ROUND, Sort.REMINDER)
    story.contact(ROUND + 28 * DAY - timedelta(hours=1), Sort.REMINDER)


def last_welcome_of_silent(story: Story) -> None:
    """Welcome somebody for the last time a fortnight after they came and were told, who has given no sign."""
    came = ROUND - 14 * DAY
    story.somebody.joins = came.date()
    story.said[:] = [replace(story.said[0], at=came)]
    story.contact(ROUND, Sort.TIP, Sort.WELCOME)


def offer_when_the_lead_asks(story: Story) -> None:
    """Offer a coach in the afternoon, soon after their lead has asked for it."""
    story.lead.coaches_wanted.append(ROUND + timedelta(hours=4))
    story.contact(ROUND + timedelta(hours=5), Sort.COACH_OFFER)


@pytest.mark.parametrize(
    "tells", [tip, tip_and_card, after_summer_time_began, last_welcome_of_silent, offer_when_the_lead_asks]
)
def test_what_keeps_every_promise_is_found_to(tells: Tells) -> None:
    """A tip to somebody who has been silent since the notice, at ten of a Tuesday, breaks nothing."""
    story = Story()

    tells(story)

    assert story.broken() == set()


def who_has_left(story: Story) -> None:
    """They left the day before."""
    story.somebody.leaves = (ROUND - DAY).date()
    tip(story)


def a_bot(story: Story) -> None:
    """They are a bot."""
    story.somebody.is_bot = True
    tip(story)


def two_in_a_week(story: Story) -> None:
    """Two within six days."""
    tip(story)
    story.contact(ROUND + 6 * DAY, Sort.DIGEST)


def four_in_a_month(story: Story) -> None:
    """Each week one."""
    for week in range(4):
        story.contact(ROUND - 7 * week * DAY, Sort.DIGEST)


def on_a_holiday(story: Story) -> None:
    """On Good Friday."""
    story.contact(datetime(2027, 3, 26, 9, tzinfo=UTC), Sort.REMINDER)


def on_leave(story: Story) -> None:
    """On the last day of their leave."""
    story.somebody.away = (((ROUND - 9 * DAY).date(), ROUND.date()),)
    tip(story)


def on_a_free_day(story: Story) -> None:
    """On a Saturday."""
    story.contact(ROUND + 4 * DAY, Sort.REMINDER)


def in_the_evening(story: Story) -> None:
    """After their hours."""
    story.contact(ROUND + timedelta(hours=8), Sort.REMINDER)


def in_a_pause(story: Story) -> None:
    """Within a pause."""
    story.somebody.pauses.append((ROUND - 7 * DAY, (ROUND + DAY).date()))
    tip(story)


def after_stop(story: Story) -> None:
    """After *Do not send me these*."""
    story.somebody.stopped.append((ROUND - 40 * DAY, True))
    story.contact(ROUND, Sort.REMINDER)


def after_not_now(story: Story) -> None:
    """29 days after *Not now*."""
    story.somebody.not_now.append(ROUND - 29 * DAY)
    story.contact(ROUND, Sort.REMINDER)


def without_a_way_out(story: Story) -> None:
    """Without *Not now*."""
    story.contact(ROUND, Sort.REMINDER, buttons=BUTTONS - {NOT_NOW})


def an_hour_off_after_the_change(story: Story) -> None:
    """At the same hour in UTC, though summer time has begun."""
    story.contact(ROUND + 28 * DAY, Sort.REMINDER)


def the_step_again(story: Story) -> None:
    """Two tips within 84 days."""
    tip(story)
    story.contact(ROUND + 84 * DAY - timedelta(hours=1), Sort.TIP)


def a_third_reminder(story: Story) -> None:
    """Three of one announcement."""
    for week in (0, 2, 3):
        story.contact(ROUND + 7 * week * DAY, Sort.REMINDER, titles="Move")


def without_a_notice(story: Story) -> None:
    """Nobody had told them."""
    story.said.clear()
    tip(story)


def before_the_notice_is_old_enough(story: Story) -> None:
    """13 days after the notice."""
    story.said[:] = [replace(story.said[0], at=ROUND - 13 * DAY)]
    tip(story)


def who_is_not_counted(story: Story) -> None:
    """After *Do not count me*."""
    story.somebody.uncounted_at = ROUND - 20 * DAY
    tip(story)


def who_reads_along(story: Story) -> None:
    """Within 180 days of *I am reading along*."""
    story.somebody.reading_along.append(NOTICED + DAY)
    tip(story)


def who_has_given_a_sign(story: Story) -> None:
    """Soon after their last sign, having given as many as ever."""
    story.somebody.signs = [NOTICED + 2 * day * DAY for day in range(25)]
    tip(story)


def who_has_just_come(story: Story) -> None:
    """12 days after they came."""
    story.somebody.joins = (ROUND - 12 * DAY).date()
    tip(story)


def last_welcome_too_soon(story: Story) -> None:
    """On the thirteenth day."""
    story.somebody.joins = (ROUND - 12 * DAY).date()
    story.contact(ROUND, Sort.TIP, Sort.WELCOME)


def last_welcome_after_a_sign(story: Story) -> None:
    """They have written something since."""
    last_welcome_of_silent(story)
    story.somebody.signs.append(ROUND - 5 * DAY)


def offer_of_nobody(story: Story) -> None:
    """No lead has asked that they be offered a coach."""
    story.contact(ROUND, Sort.COACH_OFFER)


def offer_in_the_evening(story: Story) -> None:
    """Their lead asks for it after hours."""
    story.lead.coaches_wanted.append(ROUND + timedelta(hours=8))
    story.contact(ROUND + timedelta(hours=9), Sort.COACH_OFFER)


def to_another(story: Story) -> None:
    """To a colleague who does not lead them."""
    story.card(ROUND, to=story.colleagues[0])


def in_a_team_of_four(story: Story) -> None:
    """One of five has left."""
    story.colleagues[0].leaves = ROUND.date()
    story.card(ROUND)


def against_their_wish(story: Story) -> None:
    """After *Do not involve my lead*."""
    story.somebody.lead_out_at = ROUND - DAY
    story.card(ROUND)


def named_after_stop(story: Story) -> None:
    """After *Do not send me these*."""
    story.somebody.stopped.append((ROUND - DAY, True))
    story.card(ROUND)


def named_after_not_now(story: Story) -> None:
    """On the day after *Not now*."""
    story.somebody.not_now.append(ROUND - DAY)
    story.card(ROUND)


def named_uncounted(story: Story) -> None:
    """After *Do not count me*."""
    story.somebody.uncounted_at = ROUND - DAY
    story.card(ROUND)


def two_cards_in_a_week(story: Story) -> None:
    """On Tuesday and on Friday."""
    story.card(ROUND)
    story.card(ROUND + 3 * DAY)


def after_snooze(story: Story) -> None:
    """29 days after the lead pressed *Snooze*."""
    story.lead.cards_snoozed.append(ROUND - 29 * DAY)
    story.card(ROUND)


def after_the_step_was_turned_off(story: Story) -> None:
    """When leads are told no more."""
    story.card(NOTICED + 101 * DAY)


@pytest.mark.parametrize(
    ("tells", "promise"),
    [
        (who_has_left, "never to bots or to who has left"),
        (a_bot, "never to bots or to who has left"),
        (two_in_a_week, "the budget"),
        (four_in_a_month, "the budget"),
        (on_a_holiday, "never on a public holiday"),
        (on_leave, "never on leave"),
        (on_a_free_day, "within working hours"),
        (in_the_evening, "within working hours"),
        (in_a_pause, "never in a pause"),
        (after_stop, "never after Do not send me these"),
        (after_not_now, "not for 30 days after Not now"),
        (without_a_way_out, "with its three buttons"),
        (an_hour_off_after_the_change, "at the round's hour, on both sides of a clock change"),
        (the_step_again, "once a quarter for one reason"),
        (a_third_reminder, "at most two reminders of one announcement"),
        (without_a_notice, "nothing before the notice and its days"),
        (before_the_notice_is_old_enough, "nothing before the notice and its days"),
        (who_is_not_counted, "nobody who is not counted"),
        (who_reads_along, "nobody who is reading along"),
        (who_has_given_a_sign, "nobody who has given a sign"),
        (who_has_just_come, "nobody who has given a sign"),
        (last_welcome_too_soon, "nobody who has given a sign"),
        (last_welcome_after_a_sign, "nobody who has given a sign"),
        (offer_of_nobody, "no coach is offered unless their lead asked for it"),
        (offer_in_the_evening, "within working hours"),
        (to_another, "named to nobody but their lead"),
        (in_a_team_of_four, "nobody named in a home team under 5"),
        (against_their_wish, "nobody named against their wish"),
        (named_after_stop, "nobody named who said no to nudges"),
        (named_after_not_now, "nobody named who said no to nudges"),
        (named_uncounted, "nobody named who is not counted"),
        (two_cards_in_a_week, "one card for a lead a week"),
        (after_snooze, "no card for 30 days after Snooze"),
        (after_the_step_was_turned_off, "no card for leads while the third step is off"),
    ],
)
def test_a_promise_that_is_broken_is_found_and_named(tells: Tells, promise: str) -> None:
    """What was said to somebody who was not to be told it shows, and the check says which promise it was."""
    story = Story()

    tells(story)

    assert promise in story.broken()
