"""A look at everybody, a page at a time, finds whom the rule calls quiet when each is asked about, and nobody else."""

import random
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.context import known
from bot.settings import OrganisationSettings
from nudges import looking
from nudges.due import quiet_among, who_is_quiet
from nudges.quiet import Reason
from nudges.sieving import AsOf, the_day_before, through
from storage.database import Database
from storage.dialect import insert
from storage.tables import Away, LastSign, Member, MemberState, Participation
from storage.workspaces import get_workspace
from tests.conftest import StillClock
from tests.databases import database_url
from tests.soak import times
from tests.support import organisation

__all__ = ["database_url"]

PEOPLE = 100
FEW_ON_LEAVE = 0.2


async def made_up(database: Database, clock: StillClock, seed: int) -> int:
    """Store people of every sort: lively, silent, fallen, new, away, with weeks of their own; returns the workspace."""
    chance, today = random.Random(seed), clock.now().date()
    made = await organisation(database, clock, tuple(f"person{number}" for number in range(PEOPLE)))
    async with database.begin() as session:
        people = (await session.execute(select(Member).where(Member.workspace_id == made.workspace_id))).scalars().all()
        counts: list[dict[str, object]] = []
        spans: list[dict[str, object]] = []
        for member in people:
            begins = chance.choice((170, 150, 120, 80, 60, 30))
            member.told_at = clock.now() - timedelta(days=chance.choice((190, begins)))
            member.working_days = chance.choice((None, None, "12345", "123", "1234567"))
            member.country = chance.choice((None, "SE", "DE"))
            member.zone = chance.choice((None, "America/New_York", "Pacific/Auckland"))
            if chance.random() < FEW_ON_LEAVE:
                member.leave_from = today - timedelta(days=chance.randint(-20, 200))
                member.leave_to = member.leave_from + timedelta(days=chance.randint(0, 40))
            member.state = MemberState.ACTIVE
            usual = chance.choice((0.1, 0.3, 0.6, 0.9))
            lately = usual * chance.choice((1, 1, 0.3, 0.1, 0))
            turned = chance.choice((20, 28, 40))
            days = [
                today - timedelta(days=ago)
                for ago in range(begins, -1, -1)
                if chance.random() < (lately if ago <= turned else usual)
            ]
            if chance.random() < 0.1:
                ago = chance.randint(5, 60)
                session.add(
                    Away(
                        workspace_id=made.workspace_id,
                        member_id=known(member.id),
                        first_day=today - timedelta(days=ago),
                        last_day=today - timedelta(days=ago - 5),
                    )
                )
            theirs = {"workspace_id": made.workspace_id, "member_id": known(member.id)}
            counts += [{**theirs, "day": day, "kind": 1, "count": chance.randint(1, 4)} for day in days]
            if days:
                spans.append({**theirs, "first_day": days[0], "last_day": days[-1]})
        await session.execute(insert(Participation), counts)
        await session.execute(insert(LastSign), spans)
    return made.workspace_id


@pytest.mark.parametrize(("at_once", "most_weeks"), [(7, 100), (5_000, 0)], ids=["small pages", "many weeks"])
@pytest.mark.soak
@pytest.mark.parametrize("seed", range(times(2, 20)))
@pytest.mark.soak
async def test_nobody_who_is_quiet_is_ruled_out(
    database: Database, clock: StillClock, seed: int, at_once: int, most_weeks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever the rule calls quiet, asked about everybody, is found on some page too, and nobody else.

    However small the pages, and whether those who may have fallen are known before they are read, or not.
    """
    monkeypatch.setattr(looking, "AT_ONCE", at_once)
    monkeypatch.setattr(looking, "MOST_WEEKS", most_weeks)
    workspace_id = await made_up(database, clock, seed)
    settings, reasons = OrganisationSettings(), set[Reason]()

    async with database.read() as session:
        workspace = await get_workspace(session, workspace_id)
        everybody = (await session.execute(select(Member).where(Member.workspace_id == workspace_id))).scalars().all()

        for as_of in looks(clock):
            found = {one.member_id: one.reason async for one in who_is_quiet(session, workspace, settings, as_of)}
            asked = await quiet_among(session, workspace, settings, everybody, as_of)

            assert found == {one.member.id: one.reason for one in asked}
            assert 5 < len(found) < PEOPLE
            reasons |= set(found.values())
    assert reasons >= {Reason.NO_SIGN, Reason.FELL}


def looks(clock: StillClock) -> tuple[AsOf, AsOf]:
    """Return the look up to yesterday, and the one up to a day before which some have given a sign since."""
    return the_day_before(clock.now()), through(clock.now().date() - timedelta(days=10))
