"""Notice first: what has to have happened before anything is kept, planned, sent or looked at."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.settings import OrganisationSettings
from nudges.stage import (
    Stage,
    may_be_nudged,
    may_look,
    may_remind,
    rounds_begin_at,
    rounds_ran_since,
    rounds_run,
    stage_of,
)
from storage.tables import Platform, Workspace
from tests.nudges.people import somebody

NOW = datetime(2027, 3, 9, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FORTNIGHT = timedelta(days=14)


def workspace(**values: Any) -> Workspace:
    """Return a workspace to which nothing has happened yet, with what differs."""
    return Workspace(**{"platform": Platform.LOCAL, "external_id": "w", "name": "W", "created_at": NOW, **values})


def test_stages() -> None:
    """Off until the notice, then waiting for the first round, then on; off again, everybody has been told."""
    given = NOW - FORTNIGHT

    assert stage_of(workspace(), NOW) is Stage.OFF
    assert stage_of(workspace(notice_given_at=given, rounds_on_at=NOW + MINUTE), NOW) is Stage.NOTICE
    assert stage_of(workspace(notice_given_at=given, rounds_on_at=NOW), NOW) is Stage.ON
    assert stage_of(workspace(notice_given_at=given), NOW) is Stage.READY


def test_rounds_without_a_notice_do_not_run() -> None:
    """Whatever else the row says, without a notice there is no round."""
    assert not rounds_run(workspace(rounds_on_at=NOW - MINUTE), NOW)
    assert not rounds_run(workspace(), NOW)


def test_the_first_round_is_fourteen_days_after_the_notice() -> None:
    """Going before that begins then; going later begins at once."""
    given = NOW - timedelta(days=3)

    assert rounds_begin_at(given, NOW, FORTNIGHT) == given + FORTNIGHT
    assert rounds_begin_at(given, given + FORTNIGHT + MINUTE, FORTNIGHT) == given + FORTNIGHT + MINUTE


def test_an_organisation_cannot_shorten_the_notice() -> None:
    """The notice stands fourteen days, or longer where the organisation wants it."""
    assert OrganisationSettings().notice_days == 14
    with pytest.raises(ValidationError):
        OrganisationSettings(notice_days=13)


def test_nothing_goes_to_an_import() -> None:
    """Nothing is planned for a workspace that is only a file's history, whatever its row says."""
    imported = workspace(platform=Platform.IMPORTED, notice_given_at=NOW - FORTNIGHT, rounds_on_at=NOW - MINUTE)

    assert not rounds_run(imported, NOW)


def test_what_was_planned_before_a_stop_stays_stopped() -> None:
    """What was planned goes out if the rounds have been on from then until now."""
    given = NOW - timedelta(days=90)

    assert rounds_ran_since(workspace(notice_given_at=given, rounds_on_at=NOW - MINUTE), NOW - MINUTE, NOW)
    assert not rounds_ran_since(workspace(notice_given_at=given, rounds_on_at=NOW), NOW - MINUTE, NOW)
    assert not rounds_ran_since(workspace(notice_given_at=given), NOW - MINUTE, NOW)


def test_whoever_was_told_with_everybody_waits_with_everybody() -> None:
    """It takes a while to reach everybody: fourteen days run from the workspace's notice, and not from each one's."""
    noticed = workspace(notice_given_at=NOW)
    told = somebody(told_at=NOW + timedelta(hours=15))

    assert not may_be_nudged(noticed, told, FORTNIGHT, (NOW + timedelta(days=13)).date())
    assert may_be_nudged(noticed, told, FORTNIGHT, (NOW + FORTNIGHT).date())


def test_whoever_is_told_later_has_fourteen_days_too() -> None:
    """Who arrived after the notice, or whom it reached days later, has their own fourteen days from then."""
    noticed = workspace(notice_given_at=NOW)
    told = somebody(told_at=NOW + timedelta(days=30))

    assert not may_be_nudged(noticed, told, FORTNIGHT, (NOW + timedelta(days=43)).date())
    assert may_be_nudged(noticed, told, FORTNIGHT, (NOW + timedelta(days=44)).date())


@given(told=st.none() | st.datetimes(timezones=st.just(UTC)), ago=st.integers(-100, 1000))
def test_nobody_is_nudged_within_a_fortnight_of_their_notice(told: datetime | None, ago: int) -> None:
    """Whenever the notice was given and arrived: never before it did, and never in the thirteen days after it."""
    noticed = workspace(notice_given_at=NOW - timedelta(days=ago))
    day = NOW.date()

    if may_be_nudged(noticed, somebody(told_at=told), FORTNIGHT, day):
        assert told is not None
        assert told.date() + timedelta(days=13) <= day


def test_reminders_need_nobody_to_have_stopped_them() -> None:
    """They go out before the notice and whether or not the rounds are on; never after a stop, nor to an import."""
    given = NOW - FORTNIGHT

    assert may_remind(workspace())
    assert may_remind(workspace(notice_given_at=given))
    assert may_remind(workspace(notice_given_at=given, rounds_on_at=NOW - MINUTE))
    assert not may_remind(workspace(notice_given_at=given, stopped_at=NOW))
    assert not may_remind(workspace(platform=Platform.IMPORTED))


def test_looking_needs_the_notice() -> None:
    """Single people may be looked at after the notice, or in an import, from which nothing can be sent."""
    assert not may_look(workspace())
    assert may_look(workspace(notice_given_at=NOW))
    assert may_look(workspace(platform=Platform.IMPORTED))
