"""Who may be named to a lead, and when the ladder has come that far: pure rules, for whatever anybody has set."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendars import calendar_of
from nudges.budget import STEP_PAUSE
from nudges.ladder import STEP_AFTER, Quiet, Step, next_step
from nudges.leading.rules import may_be_named
from nudges.quiet import Reason
from storage.floor import FLOOR
from storage.leading import LedTeam
from storage.tables import MemberState
from tests.nudges.people import SETTINGS, somebody

DAY = date(2027, 4, 6)
AS_OF = DAY - timedelta(days=1)
TIP, INVITATION = DAY - timedelta(days=28), DAY - timedelta(days=14)
TEAM = LedTeam(lead_id=7, size=FLOOR)
days = st.dates(DAY - timedelta(days=200), DAY + timedelta(days=40))


def quiet(reason: Reason = Reason.NO_SIGN, last: date | None = date(2026, 12, 8)) -> Quiet:
    """Return somebody who counts as quiet up to the day before."""
    member = somebody()
    return Quiet(member, calendar_of(member, SETTINGS), reason, AS_OF, last)


@pytest.mark.parametrize(
    "values",
    [
        {"lead_not_involved": True},
        {"nudges_off": True},
        {"nudges_snoozed_until": DAY + timedelta(days=1)},
        {"paused_until": DAY + timedelta(days=1)},
        {"not_counted": True},
        {"state": MemberState.LEFT},
        {"id": 7},
    ],
    ids=["my lead not", "none of these", "not now", "paused", "not counted", "has left", "is the lead"],
)
def test_who_may_not_be_named(values: dict[str, Any]) -> None:
    """Each wish and each state is enough by itself."""
    assert may_be_named(somebody(), TEAM, DAY)
    assert not may_be_named(somebody(**values), TEAM, DAY)


@given(size=st.integers(0, 12), lead=st.integers(1, 3), to=st.integers(1, 3) | st.none(), snoozed=days | st.none())
def test_only_to_the_own_lead_of_a_large_enough_team(
    size: int, lead: int, to: int | None, snoozed: date | None
) -> None:
    """Never in a team under the floor, to oneself, to another lead, or before a snooze is over; else always."""
    may = may_be_named(somebody(id=1), LedTeam(lead, size), DAY, snoozed_until=snoozed, to=to)

    assert may == (size >= FLOOR and lead != 1 and to in (None, lead) and (snoozed is None or snoozed <= DAY))


def test_nobody_without_a_lead() -> None:
    """A team without a lead who is here has nobody to tell."""
    assert not may_be_named(somebody(), None, DAY)


@pytest.mark.parametrize(
    ("one", "invitations", "suggestions", "told_from", "step"),
    [
        (quiet(), [INVITATION], [], TIP, Step.SUGGESTION),
        (quiet(Reason.FELL, AS_OF), [INVITATION], [], TIP, Step.SUGGESTION),
        (quiet(), [INVITATION], [], None, None),
        (quiet(), [], [], TIP, None),
        (quiet(), [INVITATION], [], INVITATION + timedelta(days=1), None),
        (quiet(), [DAY - STEP_AFTER + timedelta(days=1)], [], TIP, None),
        (quiet(last=INVITATION), [INVITATION], [], TIP, None),
        (quiet(), [INVITATION], [DAY - timedelta(days=70)], TIP, None),
        (quiet(), [TIP - timedelta(days=20)], [], TIP - timedelta(days=60), None),
    ],
    ids=[
        "quiet still after the invitation",
        "still far less than usual",
        "the step is off, or they may not be named",
        "not invited to talk",
        "the invitation did not tell of it",
        "in the round after the invitation",
        "back since the invitation",
        "named less than a quarter ago",
        "the invitation belongs to an earlier time",
    ],
)
def test_next_step(
    one: Quiet, invitations: list[date], suggestions: list[date], told_from: date | None, step: Step | None
) -> None:
    """The third step comes after an invitation that told of it, two rounds later, once a quarter."""
    assert next_step(one, [TIP], invitations, suggestions, may_talk=False, told_from=told_from) == step


@given(
    tips=st.lists(days, max_size=3),
    invitations=st.lists(days, max_size=3),
    suggestions=st.lists(days, max_size=3),
    told_from=days | st.none(),
    last=days | st.none(),
    reason=st.sampled_from(Reason),
    may_talk=st.booleans(),
)
def test_never_too_soon(
    tips: list[date],
    invitations: list[date],
    suggestions: list[date],
    told_from: date | None,
    last: date | None,
    reason: Reason,
    may_talk: bool,  # noqa: FBT001 - a case
) -> None:
    """Whatever came before: a lead hears only of somebody told of it, silent since, and not named for a quarter."""
    step = next_step(quiet(reason, last), tips, invitations, suggestions, may_talk=may_talk, told_from=told_from)

    if step is Step.SUGGESTION:
        told = [day for day in invitations if day <= DAY - STEP_AFTER and told_from is not None and day >= told_from]
        assert told
        assert all(abs(DAY - day) >= STEP_PAUSE for day in suggestions)
        assert reason is Reason.FELL or last is None or last < max(told)
