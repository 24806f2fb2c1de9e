"""The checks of a simulation bite: where the product is made to break a promise, it is found to be broken."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import bot.calendars
import nudges.answers
import nudges.coaching.invitation
import nudges.contacts
import nudges.due
import nudges.ladder
import nudges.leading.rules
import nudges.leading.suggesting
import nudges.looking
import nudges.overview
import nudges.own
import nudges.reading_along
import nudges.simulation.answering
import nudges.simulation.people
import nudges.simulation.simulating
from bot.calendars import Calendar
from bot.settings import OrganisationSettings
from nudges.quiet import Reason
from nudges.simulation.promises import broken_promises
from nudges.simulation.simulating import Plan, simulate
from tests.soak import times

# People are quiet soon here, and a reminder would be due on Good Friday, the 26th of March.
PLAN = Plan(
    members=times(70, 200),
    days=60,
    seed=11,
    settings=OrganisationSettings(quiet_no_sign_working_days=5),
    begins=date(2027, 3, 8),
)

# Leads are told of somebody weeks after the first round; in these days they are.
LED = replace(PLAN, members=60, days=75, seed=2, begins=date(2027, 9, 6))

pytestmark = [pytest.mark.timeout(600), pytest.mark.soak, pytest.mark.whole]

Break = Callable[[pytest.MonkeyPatch], None]


def always(*, answer: object) -> Callable[..., Any]:
    """Return a rule that has one answer to everything."""
    return lambda *_args, **_named: answer


async def nothing(*_args: object, **_named: object) -> None:
    """Keep nothing of what somebody asked for."""


def no_budget(patch: pytest.MonkeyPatch) -> None:
    """Let the budget have room for everything."""
    patch.setattr(nudges.contacts, "has_room", always(answer=True))


def no_hours(patch: pytest.MonkeyPatch) -> None:
    """Let everybody work at any time of any day."""
    patch.setattr(Calendar, "is_working_at", always(answer=True))
    patch.setattr(Calendar, "_is_within_hours", always(answer=True))


def no_holidays(patch: pytest.MonkeyPatch) -> None:
    """Know of no public holiday."""
    patch.setattr(bot.calendars, "public_holidays", always(answer=frozenset()))
    patch.setattr(bot.calendars, "_working_days", bot.calendars._working_days.__wrapped__)


def no_leave(patch: pytest.MonkeyPatch) -> None:
    """Know of nobody's leave."""
    patch.setattr(Calendar, "is_on_leave", always(answer=False))


def no_stop(patch: pytest.MonkeyPatch) -> None:
    """Keep nothing of *Do not send me these*."""
    patch.setattr(nudges.answers, "stop_nudges", nothing)


def no_not_now(patch: pytest.MonkeyPatch) -> None:
    """Keep nothing of *Not now*."""
    patch.setattr(nudges.answers, "snooze_nudges", nothing)


def no_quarter(patch: pytest.MonkeyPatch) -> None:
    """Let each step be due again at once."""
    patch.setattr(nudges.ladder, "step_is_due", always(answer=True))


def no_signs(patch: pytest.MonkeyPatch, reason: Reason = Reason.NO_SIGN) -> None:
    """Call everybody quiet, whatever they gave."""
    patch.setattr(nudges.due, "quiet_reason", always(answer=reason))
    patch.setattr(nudges.looking, "silence", always(answer=reason))
    patch.setattr(nudges.looking, "may_be_quiet", always(answer=True))
    patch.setattr(nudges.looking, "MOST_WEEKS", -1)


def no_reading_along(patch: pytest.MonkeyPatch) -> None:
    """Keep nothing of *I am reading along*; so that it shows within weeks, without the quarter."""
    patch.setattr(nudges.reading_along, "read_along", nothing)
    no_quarter(patch)


def no_wish_not_to_be_counted(patch: pytest.MonkeyPatch) -> None:
    """Keep nothing of *Do not count me*; so that it shows within weeks, without the quarter."""
    patch.setattr(nudges.answers, "count_no_more", nothing)
    patch.setattr(nudges.own, "count_no_more", nothing)
    no_quarter(patch)


def no_notice(patch: pytest.MonkeyPatch) -> None:
    """Let the rounds begin with the notice."""
    patch.setattr(nudges.overview, "rounds_begin_at", lambda _given, now, _notice_for: now)
    patch.setattr(nudges.due, "may_be_nudged", always(answer=True))


def no_clock_change(patch: pytest.MonkeyPatch) -> None:
    """Reckon with the offset that holds in winter, all year round."""

    def as_in_winter(day: date, minute: int, zone: ZoneInfo) -> datetime:
        offset = datetime(day.year, 1, 15, tzinfo=zone).utcoffset() or timedelta()
        return datetime.combine(day, time(minute // 60, minute % 60), UTC) - offset

    patch.setattr(bot.calendars, "to_utc", as_in_winter)


def no_floor(patch: pytest.MonkeyPatch) -> None:
    """Name people in teams of any size, where all teams are of four."""
    patch.setattr(nudges.leading.rules, "FLOOR", 0)
    patch.setattr(
        nudges.simulation.people, "_teams", lambda _chance, members: [f"Team {one // 4}" for one in range(members)]
    )


def no_wish_about_leads(patch: pytest.MonkeyPatch) -> None:
    """Keep nothing of *Do not involve my lead*, which everybody says; and let nobody be back by having said so."""
    no_signs(patch, Reason.FELL)
    patch.setattr(nudges.simulation.answering, "LEADS_OUT", 1)
    patch.setattr(nudges.coaching.invitation, "involve_lead", nothing)


def no_way_to_turn_the_third_step_off(patch: pytest.MonkeyPatch) -> None:
    """Let leads be told though the step is off, which it is from the middle on."""
    patch.setattr(nudges.simulation.simulating, "LEADS_TOLD_UNTIL", 1 / 2)
    patch.setattr(nudges.leading.suggesting, "_may_go", always(answer=True))
    patch.setattr(nudges.ladder, "suggested_from", always(answer=date.min))


OF_FEW = (no_stop, no_wish_not_to_be_counted, no_reading_along)
OF_LEADS = (no_floor, no_wish_about_leads, no_way_to_turn_the_third_step_off)


@pytest.mark.parametrize(
    ("breaks", "promise"),
    [
        (no_budget, "the budget"),
        (no_hours, "within working hours"),
        (no_holidays, "never on a public holiday"),
        (no_leave, "never on leave"),
        (no_stop, "never after Do not send me these"),
        (no_not_now, "not for 30 days after Not now"),
        (no_quarter, "once a quarter for one reason"),
        (no_signs, "nobody who has given a sign"),
        (no_reading_along, "nobody who is reading along"),
        (no_wish_not_to_be_counted, "nobody who is not counted"),
        (no_notice, "nothing before the notice and its days"),
        (no_clock_change, "at the round's hour, on both sides of a clock change"),
        (no_floor, "nobody named in a home team under 5"),
        (no_wish_about_leads, "nobody named against their wish"),
        (no_way_to_turn_the_third_step_off, "no card for leads while the third step is off"),
    ],
)
async def test_a_promise_that_the_product_breaks_is_found_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, breaks: Break, promise: str
) -> None:
    """A rule that is taken out of the product shows in what was sent, and the check says which promise it was."""
    breaks(monkeypatch)
    # Few people say these.
    plan = LED if breaks in OF_LEADS else replace(PLAN, members=200) if breaks in OF_FEW else PLAN
    lived = await simulate(plan, tmp_path)
    monkeypatch.undo()

    broken = broken_promises(lived)

    assert promise in {one.promise for one in broken}


async def test_without_a_break_the_same_days_keep_every_promise(tmp_path: Path) -> None:
    """What the breaks are found in is an organisation in which nothing is broken."""
    lived = await simulate(PLAN, tmp_path)

    assert broken_promises(lived) == []
