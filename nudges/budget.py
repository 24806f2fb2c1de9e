"""The one contact budget per person, and how long the ladder waits: whether something unasked-for may reach somebody.

Pure rules over what was paid already; used while planning, with the member's row locked, and again at sending.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from storage.tables import Contact, ContactState, Member

# At most so many unasked-for messages in so many days, both of the ends counted.
LIMITS = ((timedelta(days=7), 1), (timedelta(days=30), 3))
# Nothing longer ago than this says anything about today's room.
REMEMBERED = max(length for length, _ in LIMITS)
# Each step of the ladder at most once a quarter.
STEP_PAUSE = timedelta(days=90)
# How long *Not now* lasts.
NOT_NOW_FOR = timedelta(days=30)


def has_room(paid: Iterable[date], day: date) -> bool:
    """Whether one more unasked-for message on `day` stays within the budget.

    `paid` are the days, in the member's own zone, of those sent or planned, also later than `day`.
    """
    days = sorted((*paid, day))
    for length, most in LIMITS:
        for first in days:
            if first <= day < first + length and sum(first <= other < first + length for other in days) > most:
                return False
    return True


def step_is_due(said_on: Iterable[date], day: date) -> bool:
    """Whether a quarter has passed since a step of the ladder was last taken, on the days that were paid for it."""
    return all(abs(day - said) >= STEP_PAUSE for said in said_on)


def paid_days(contacts: Iterable[Contact]) -> list[date]:
    """Return the days paid from the budget; what was given back is not."""
    return [contact.local_date for contact in contacts if contact.state != ContactState.GIVEN_BACK]


def wants_nudges(member: Member, day: date) -> bool:
    """Whether the member has not asked to be left alone, for good or until after that day."""
    until = max(member.nudges_snoozed_until or date.min, member.paused_until or date.min)
    return not member.nudges_off and day >= until
