"""Who counts as quiet, and why. 1 March 2027 is a Monday; in Sweden no public holiday lies between 7 January and it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.calendars import DAY, calendar_of
from bot.settings import OrganisationSettings
from bot.texts import Voice
from nudges.quiet import Reason, Signs, Watched, in_words, quiet_reason
from storage.tables import MemberState
from tests.nudges.people import SETTINGS, somebody

AS_OF = date(2027, 3, 2)
SINCE = date(2025, 1, 1)


def reason_of(
    signs: Signs,
    *,
    as_of: date = AS_OF,
    watched: Watched = Watched(SINCE),  # noqa: B008 - it is frozen
    settings: OrganisationSettings = SETTINGS,
    **values: Any,
) -> Reason | None:
    """Put the rules to a member who has been here long, with what differs."""
    member = somebody(**values)
    return quiet_reason(member, calendar_of(member, settings), signs, watched, settings, as_of)


def signs_on(by_day: Mapping[date, int], as_of: date = AS_OF) -> Signs:
    """Return signs as storage gives them."""
    known = sorted(by_day)
    return Signs(
        known[0] if known else None,
        max((day for day in known if day <= as_of), default=None),
        {day: count for day, count in by_day.items() if day <= as_of},
    )


def every_working_day(first: date, last: date, count: int = 2) -> dict[date, int]:
    """Return so many signs on each Monday to Friday."""
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return {day: count for day in days if day.isoweekday() <= 5}


def test_fifteen_working_days_without_a_sign() -> None:
    """The fifteenth working day without a sign makes quiet, the fourteenth does not."""
    assert reason_of(signs_on({date(2027, 2, 9): 1})) is Reason.NO_SIGN
    assert reason_of(signs_on({date(2027, 2, 10): 1})) is None


def test_a_sign_on_a_free_day_is_a_sign() -> None:
    """Who reacts on a Saturday has given a sign."""
    assert reason_of(signs_on({date(2027, 2, 13): 1})) is None


def test_part_timers_have_their_own_days() -> None:
    """Fifteen of the days of somebody who works Mondays and Tuesdays take seven weeks and a half."""
    assert reason_of(signs_on({date(2027, 1, 11): 1}), working_days="12") is Reason.NO_SIGN
    assert reason_of(signs_on({date(2027, 1, 12): 1}), working_days="12") is None


def test_leave_does_not_count() -> None:
    """Three weeks of leave are no silence."""
    signs = signs_on({date(2027, 2, 1): 1})

    assert reason_of(signs) is Reason.NO_SIGN
    assert reason_of(signs, leave_from=date(2027, 2, 2), leave_to=date(2027, 2, 19)) is None


def test_public_holidays_do_not_count() -> None:
    """From 10 December to 3 January lie sixteen weekdays; the eves, Christmas and New Year leave twelve."""
    assert reason_of(signs_on({date(2026, 12, 10): 1}, date(2027, 1, 4)), as_of=date(2027, 1, 4)) is None
    assert (
        reason_of(signs_on({date(2026, 12, 10): 1}, date(2027, 1, 4)), as_of=date(2027, 1, 4), country="XX")
        is Reason.NO_SIGN
    )


def test_quiet_weeks_do_not_count() -> None:
    """Who gave the last sign on 9 July is not quiet on 27 August, after ten working days of August."""
    signs = signs_on({date(2027, 7, 9): 1}, date(2027, 9, 30))

    assert reason_of(signs, as_of=date(2027, 8, 27)) is None
    assert reason_of(signs, as_of=date(2027, 9, 2)) is None
    assert reason_of(signs, as_of=date(2027, 9, 3)) is Reason.NO_SIGN


def test_never_started() -> None:
    """Who joined fourteen days ago and has given no sign has not started; a day earlier they are a newcomer."""
    assert reason_of(Signs(), joined_on=date(2027, 2, 16)) is Reason.NEVER_STARTED
    assert reason_of(Signs(), joined_on=date(2027, 2, 17)) is None


def test_one_sign_is_a_start() -> None:
    """Who has given one sign since joining has started."""
    assert reason_of(signs_on({date(2027, 2, 16): 1}), joined_on=date(2027, 2, 15)) is None


def test_a_later_sign_is_no_start_yet() -> None:
    """As of a day, signs after it are not looked at."""
    signs = signs_on({date(2027, 3, 3): 1})

    assert reason_of(signs, joined_on=date(2027, 2, 1)) is Reason.NEVER_STARTED


def test_who_was_here_before_us_is_not_called_never_started() -> None:
    """Nobody knows whether somebody who joined before we counted has started: only silence since then counts."""
    watched = Watched(date(2027, 2, 15))

    assert reason_of(Signs(), watched=watched, joined_on=date(2027, 2, 1)) is None
    assert reason_of(Signs(), watched=watched, joined_on=date(2027, 2, 1), as_of=date(2027, 3, 5)) is Reason.NO_SIGN


def test_unknown_joining_day() -> None:
    """Who never gave a sign and whose joining day nobody knows counts from when we first heard of them."""
    heard_of = datetime(2027, 2, 11, tzinfo=UTC)

    assert reason_of(Signs(), joined_on=None, created_at=heard_of) is None
    assert reason_of(Signs(), joined_on=None, created_at=heard_of - timedelta(days=1)) is Reason.NO_SIGN
    # Their first sign came later than the day looked at: they may not have been there yet.
    later = Signs(first=AS_OF + DAY)
    assert reason_of(later, joined_on=None, created_at=datetime(2030, 1, 1, tzinfo=UTC)) is None


def test_days_nobody_was_counted_say_nothing() -> None:
    """The days between the end of an imported history and the notice are no silence."""
    watched = Watched(SINCE, (date(2027, 2, 1), date(2027, 2, 14)))
    signs = signs_on({date(2027, 1, 29): 3})

    assert reason_of(signs) is Reason.NO_SIGN
    assert reason_of(signs, watched=watched) is None
    assert reason_of(signs, watched=watched, as_of=date(2027, 3, 5)) is Reason.NO_SIGN
    # Who joined before the gap may have started in it; the silence around it is silence.
    assert reason_of(Signs(), watched=watched, joined_on=date(2027, 1, 20)) is Reason.NO_SIGN


NEVER_QUIET = {
    "has left": {"state": MemberState.LEFT},
    "is a bot": {"is_bot": True},
    "is not counted": {"not_counted": True},
    "is on leave": {"leave_from": AS_OF, "leave_to": AS_OF},
    "has paused": {"paused_until": AS_OF + DAY},
    "is reading along": {"reading_along_until": AS_OF + timedelta(days=180)},
    "joined last week": {"joined_on": AS_OF - timedelta(days=7)},
    "has not come yet": {"joined_on": AS_OF + DAY},
}


@pytest.mark.parametrize("values", NEVER_QUIET.values(), ids=NEVER_QUIET.keys())
@pytest.mark.parametrize("signs", [Signs(), Signs(SINCE, SINCE)], ids=["no sign", "an old sign"])
def test_never_quiet(values: dict[str, Any], signs: Signs) -> None:
    """Some people are never called quiet, however long ago their last sign was."""
    assert reason_of(signs, **values) is None


def test_a_pause_ends() -> None:
    """On the day a pause ends, it no longer holds."""
    assert reason_of(Signs(SINCE, SINCE), paused_until=AS_OF) is Reason.NO_SIGN
    assert reason_of(Signs(SINCE, SINCE), reading_along_until=AS_OF) is Reason.NO_SIGN


def test_fell() -> None:
    """Ten signs a week for three months and then one a week is under a quarter; three a week is not."""
    usual = every_working_day(date(2026, 9, 28), date(2027, 1, 29))
    weekly = {date(2027, 2, 3) + timedelta(weeks=n): 1 for n in range(4)}
    thrice = {day: count * 3 for day, count in weekly.items()}

    assert reason_of(signs_on(usual | weekly)) is Reason.FELL
    assert reason_of(signs_on(usual | thrice)) is None


def test_who_never_said_much_has_not_fallen() -> None:
    """One sign a week is too little to tell a fall from chance."""
    weekly = {date(2026, 9, 30) + timedelta(weeks=n): 1 for n in range(17)}

    assert reason_of(signs_on(weekly | {date(2027, 2, 26): 1}), as_of=date(2027, 2, 26)) is None


def test_one_busy_week_is_not_the_usual_level() -> None:
    """Two hundred messages in one week of a launch, and one a week around it: nothing has fallen."""
    weekly = {date(2026, 9, 30) + timedelta(weeks=n): 1 for n in range(22)}

    assert reason_of(signs_on(weekly | {date(2027, 1, 13): 200})) is None


def test_too_short_a_history_has_no_usual_level() -> None:
    """Who started nine weeks ago has no usual level yet, who started eleven weeks ago has."""
    last, end = date(2027, 1, 29), {date(2027, 2, 12): 1}

    assert reason_of(signs_on(every_working_day(date(2026, 12, 28), last) | end)) is None
    assert reason_of(signs_on(every_working_day(date(2026, 12, 14), last) | end)) is Reason.FELL


@pytest.mark.parametrize("week", range(33, 52))
def test_a_holiday_month_is_no_fall(week: int) -> None:
    """Somebody as busy as ever, but for a silent July, is never quiet in the autumn."""
    as_of = date.fromisocalendar(2027, week, 2)
    days = every_working_day(date(2027, 1, 11), date(2027, 7, 9)) | every_working_day(date(2027, 8, 16), as_of)

    assert reason_of(signs_on(days, as_of), as_of=as_of) is None


@pytest.mark.parametrize("week", range(12, 30))
def test_back_from_leave_is_no_fall(week: int) -> None:
    """Somebody back from two months of leave is not compared with it, nor is the leave compared with before."""
    as_of = date.fromisocalendar(2027, week, 2)
    leave: dict[str, Any] = {"leave_from": date(2027, 1, 11), "leave_to": date(2027, 3, 12)}
    days = every_working_day(date(2026, 6, 1), date(2027, 1, 8)) | every_working_day(date(2027, 3, 15), as_of)

    assert reason_of(signs_on(days, as_of), as_of=as_of, **leave) is None


def test_a_part_timers_fall() -> None:
    """Somebody who works two days a week is measured by these."""
    days = {date(2026, 9, 7) + timedelta(days=n): 3 for n in range(90) if n % 7 < 2}

    assert reason_of(signs_on(days | {date(2027, 2, 23): 1}), working_days="12") is Reason.FELL


def test_the_first_reason_is_given() -> None:
    """Where several reasons hold, never started goes before no sign, and no sign before fell."""
    fell_silent = every_working_day(date(2026, 9, 28), date(2027, 1, 29))

    assert reason_of(Signs(), joined_on=date(2027, 1, 11)) is Reason.NEVER_STARTED
    assert reason_of(signs_on(fell_silent)) is Reason.NO_SIGN


def test_each_reason_can_be_switched_off() -> None:
    """A reason that the organisation has switched off is not given; another that holds is."""
    fell_silent = signs_on(every_working_day(date(2026, 9, 28), date(2027, 1, 29)))

    assert reason_of(fell_silent, settings=OrganisationSettings(quiet_no_sign=False)) is Reason.FELL
    assert reason_of(fell_silent, settings=OrganisationSettings(quiet_no_sign=False, quiet_fell=False)) is None
    never = OrganisationSettings(quiet_never_started=False)
    assert reason_of(Signs(), joined_on=date(2027, 2, 15), settings=never) is None
    assert reason_of(Signs(), joined_on=date(2027, 1, 11), settings=never) is Reason.NO_SIGN


def test_lengths_are_the_organisations() -> None:
    """An organisation may wait longer, or less long."""
    patient = OrganisationSettings(quiet_no_sign_working_days=20, quiet_never_started_days=30)

    assert reason_of(signs_on({date(2027, 2, 9): 1}), settings=patient) is None
    assert reason_of(signs_on({date(2027, 2, 2): 1}), settings=patient) is Reason.NO_SIGN
    assert reason_of(Signs(), joined_on=date(2027, 2, 10), settings=patient) is None


def test_a_newcomer_cannot_be_called_late() -> None:
    """An organisation may not ask for less than the fourteen days in which somebody is a newcomer."""
    assert OrganisationSettings(quiet_never_started_days=14).quiet_never_started_days == 14
    with pytest.raises(ValidationError):
        OrganisationSettings(quiet_never_started_days=13)


def test_a_sign_since_stops_everything() -> None:
    """Who has given a sign after the last whole day is back, whatever the days before say."""
    usual = every_working_day(date(2026, 9, 28), date(2027, 1, 29))
    fallen = signs_on(usual | {date(2027, 2, 12): 1})

    assert reason_of(fallen) is Reason.FELL
    assert reason_of(replace(fallen, last=AS_OF + DAY)) is None
    assert reason_of(Signs(SINCE, AS_OF + DAY)) is None
    assert reason_of(Signs(AS_OF + DAY, AS_OF + DAY), joined_on=date(2027, 1, 11)) is None


@settings(deadline=None)
@given(
    days=st.dictionaries(st.integers(0, 300), st.integers(1, 30), max_size=60),
    back=st.integers(0, 120),
    working_days=st.sets(st.sampled_from("12345"), min_size=1).map("".join),
)
def test_a_sign_today_is_never_no_sign(days: dict[int, int], back: int, working_days: str) -> None:
    """Whoever gave a sign today is not without one, and nothing after the day looked at changes the answer."""
    as_of = AS_OF - timedelta(days=back)
    by_day = {AS_OF - timedelta(days=n): count for n, count in days.items()}
    until = {day: count for day, count in by_day.items() if day <= as_of} | {SINCE: 1}

    seen = reason_of(signs_on(by_day | {SINCE: 1}, as_of), as_of=as_of, working_days=working_days)
    cut = reason_of(signs_on(until, as_of), as_of=as_of, working_days=working_days)
    today = reason_of(signs_on(until | {as_of: 1}, as_of), as_of=as_of, working_days=working_days)

    assert seen == cut
    assert today in (None, Reason.FELL)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_reasons_have_words_without_dates(language: str) -> None:
    """A communications lead reads each reason in words."""
    say = Voice(language)

    told = [say.say(in_words(reason, SETTINGS)) for reason in Reason]

    assert len(set(told)) == 3
    assert not any("2027" in words for words in told)
