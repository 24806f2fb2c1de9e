"""The one contact budget per person, and who has asked to be left alone."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudges.budget import has_room, paid_days, step_is_due, wants_nudges
from storage.tables import Contact, ContactState
from tests.nudges.people import LONG_AGO, somebody

DAY = date(2027, 3, 2)


def test_one_in_seven_days() -> None:
    """Six days after a message there is no room for another, after seven there is; nor six days before one."""
    assert not has_room([DAY - timedelta(days=6)], DAY)
    assert has_room([DAY - timedelta(days=7)], DAY)
    assert not has_room([DAY + timedelta(days=6)], DAY)
    assert not has_room([DAY], DAY)
    assert has_room([], DAY)


def test_three_in_thirty_days() -> None:
    """A fourth message within thirty days has to wait."""
    paid = [DAY - timedelta(days=days) for days in (8, 16, 29)]

    assert not has_room(paid, DAY)
    assert has_room(paid, DAY + timedelta(days=1))


@given(st.lists(st.integers(0, 200), max_size=80))
def test_never_over_budget(asked: list[int]) -> None:
    """However often somebody asks, and in whatever order, what is let through keeps both limits."""
    paid: list[date] = []
    for offset in asked:
        if has_room(paid, DAY + timedelta(days=offset)):
            paid.append(DAY + timedelta(days=offset))

    for first in paid:
        assert sum(first <= day < first + timedelta(days=7) for day in paid) == 1
        assert sum(first <= day < first + timedelta(days=30) for day in paid) <= 3


def test_a_step_once_a_quarter() -> None:
    """A tip comes ninety days after the last one at the earliest."""
    assert not step_is_due([DAY - timedelta(days=89)], DAY)
    assert step_is_due([DAY - timedelta(days=90)], DAY)


@pytest.mark.parametrize("state", ContactState)
def test_what_was_given_back_is_not_paid(state: ContactState) -> None:
    """Whatever may have arrived, or may still, is paid; what did not is given back."""
    contact = Contact(workspace_id=1, member_id=1, local_date=DAY, state=state, planned_at=LONG_AGO)

    assert paid_days([contact]) == ([] if state is ContactState.GIVEN_BACK else [DAY])


def test_who_wants_to_be_left_alone() -> None:
    """Not now holds until its day, Do not send me these for good."""
    assert wants_nudges(somebody(), DAY)
    assert not wants_nudges(somebody(nudges_off=True), DAY)
    assert not wants_nudges(somebody(nudges_snoozed_until=DAY + timedelta(days=1)), DAY)
    assert wants_nudges(somebody(nudges_snoozed_until=DAY), DAY)
