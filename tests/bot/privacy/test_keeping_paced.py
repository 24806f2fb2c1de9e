"""Ending the counts of many people goes on page by page, and no page keeps others waiting long."""

from datetime import timedelta
from statistics import median
from time import perf_counter, process_time

import pytest
from sqlalchemy import func
from sqlmodel import col, insert, select

from bot.context import context_for
from bot.machine import ThisMachine
from bot.portions import Portion
from bot.privacy import keeping
from storage.database import Database
from storage.tables import Kind, Member, MemberState, MonthlyParticipation, Participation
from storage.workspaces import get_workspace
from tests.conftest import StillClock
from tests.soak import report, times
from tests.support import Organisation, organisation

PEOPLE = times(10, 2_000)
# A program that did not run for three weeks has as much to end at once.
DAYS = 201
KINDS = (Kind.MESSAGE, Kind.REACTION)
KEPT_DAYS = 180


async def many(database: Database, clock: StillClock) -> Organisation:
    """Return an organisation of many, who have taken part in two ways on each day, three weeks longer than is kept."""
    made = await organisation(database, clock)
    today = clock.now().date()
    async with database.begin() as session:
        session.add_all(
            Member(
                workspace_id=made.workspace_id,
                external_id=f"one-of-many-{number}",
                state=MemberState.ACTIVE,
                created_at=clock.now(),
            )
            for number in range(PEOPLE)
        )
        await session.flush()
        ids = list((await session.execute(select(Member.id).order_by(col(Member.id)))).scalars())
        for member_id in ids:
            rows = [
                {
                    "workspace_id": made.workspace_id,
                    "member_id": member_id,
                    "day": today - timedelta(days=ago),
                    "kind": kind,
                    "count": 1,
                }
                for ago in range(DAYS)
                for kind in KINDS
            ]
            await session.execute(insert(Participation), rows)
    return made


@pytest.mark.soak
async def test_of_many(database: Database, clock: StillClock) -> None:
    """Everything old is in the sums of its months in the end; how long each page took is written down by make soak."""
    made = await many(database, clock)
    portion = Portion()
    took: list[float] = []
    worked: list[float] = []
    is_more = True
    while is_more:
        began, at_work = perf_counter(), process_time()
        async with database.begin() as session:
            ctx = context_for(session, clock.now(), await get_workspace(session, made.workspace_id))
            is_more = await keeping.sum_up(portion, ThisMachine(), ctx)
        took.append((perf_counter() - began) * 1000)
        worked.append((process_time() - at_work) * 1000)

    async with database.read() as session:
        left = (await session.execute(select(func.count()).select_from(Participation))).scalar_one()
        summed = (await session.execute(select(func.sum(col(MonthlyParticipation.count))))).scalar_one()
    everybody = PEOPLE + len(made.members)
    assert left == everybody * KEPT_DAYS * len(KINDS)
    assert summed == everybody * (DAYS - KEPT_DAYS) * len(KINDS)
    report(
        f"counts of many end, on {database.kind}",
        people=everybody,
        rows=int(summed),
        pages=len(took),
        median_ms=round(median(took)),
        p99_ms=round(sorted(took)[len(took) * 99 // 100]),
        slowest_ms=round(max(took)),
        median_of_this_process_ms=round(median(worked)),
    )
