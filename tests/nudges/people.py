"""What the tests of this room make their people from."""

from datetime import UTC, date, datetime
from typing import Any

from bot.calendars import Calendar, calendar_of
from bot.settings import OrganisationSettings
from storage.tables import Member, MemberState

SETTINGS = OrganisationSettings()
# 2027: 1 March is a Monday, and no public holiday in Sweden is between 7 January and 25 March.
LONG_AGO = datetime(2025, 1, 7, tzinfo=UTC)


def somebody(**values: Any) -> Member:
    """Return a member who has been here long, with what differs."""
    return Member(
        **{
            "id": 1,
            "workspace_id": 1,
            "external_id": "bo",
            "name": "Bo Ek",
            "state": MemberState.ACTIVE,
            "joined_on": date(2025, 1, 7),
            "created_at": LONG_AGO,
            **values,
        }
    )


def calendar(**values: Any) -> Calendar:
    """Return the calendar of such a member."""
    return calendar_of(somebody(**values), SETTINGS)
