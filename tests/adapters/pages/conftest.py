"""The pages, served, with a small organisation whose weeks have been summed up."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
import structlog
from sqlmodel import col, update
from structlog.testing import LogCapture

from storage.database import Database
from storage.floor import WEEK, monday_of
from storage.tables import HomeTeam, LastSign, Member, Participation
from tests.adapters.pages.visiting import Site, site
from tests.conftest import StillClock
from tests.faults.quiet import broken

__all__ = ["broken"]

Logged = Callable[[], list[dict[str, object]]]


@pytest.fixture
async def office(database: Database, clock: StillClock) -> AsyncIterator[Site]:
    """Return the pages, served: nothing has been counted yet."""
    async with site(database, clock) as served:
        yield served


@pytest.fixture
async def lively(office: Site) -> Site:
    """Return them after six whole weeks in which most took part. Carl leads Sales, to which six people belong."""
    people = office.organisation.members
    this_week = monday_of(office.clock.now().date())
    async with office.database.begin() as session:
        for number, who in enumerate(people.values()):
            weeks = [this_week - back * WEEK for back in range(1, 7) if (number + back) % 4]
            session.add_all(
                Participation(
                    workspace_id=office.organisation.workspace_id,
                    member_id=who,
                    day=week + timedelta(days=1),
                    kind=1,
                    count=1 + number,
                )
                for week in weeks
            )
            session.add(
                LastSign(
                    workspace_id=office.organisation.workspace_id,
                    member_id=who,
                    first_day=min(weeks),
                    last_day=max(weeks),
                )
            )
        sales = [people[name] for name in ("anna", "bo", "eva", "gina", "hugo", "ines")]
        await session.execute(
            update(Member).where(col(Member.id).in_(sales)).values(home_team_id=office.organisation.team_id)
        )
        await session.execute(
            update(HomeTeam).where(col(HomeTeam.id) == office.organisation.team_id).values(lead_id=people["carl"])
        )
    await office.serving.core.do_due()
    return office


@pytest.fixture
def refusals() -> Logged:
    """Return what was written down of refusals."""
    capture = LogCapture()
    structlog.configure(processors=[capture])

    def logged() -> list[dict[str, object]]:
        return [dict(entry) for entry in capture.entries if entry["event"] == "pages.refused"]

    return logged
