"""Slack is answered in time, whatever is being sent meanwhile."""

import asyncio
from datetime import UTC, datetime
from time import perf_counter

import pytest
from sqlmodel import insert

from bot.context import known
from bot.messages import Words
from storage.database import Database
from storage.fan_out import start_fan_out
from storage.outbox import Urgency
from storage.tables import Copies, FanOut, Member, MemberState
from storage.workspaces import all_workspaces
from tests.conftest import StillClock
from tests.contracts.showroom import SHOWN, Showroom
from tests.contracts.showroom import message as shown
from tests.databases import is_fleeting
from tests.slack.stage import Stage, message, one_workspace, slack_stage, team_of, user
from tests.slack.standin import SlackStandIn
from tests.soak import report, times

__all__ = ["is_fleeting"]

# Slack's own limit (docs.slack.dev, "Responding to events").
WITHIN_SECONDS = 3.0
# Far above the eight a second that Slack takes, so that the machine is kept busy.
MESSAGES_A_SECOND = 200.0


async def tell_everybody(stage: Stage, people: int) -> None:
    """Let so many people be known, and something be on its way to each of them."""
    team = stage.standin.teams["xoxb-one"]
    team.users.extend(user(f"U{number}") for number in range(people))
    now = stage.clock.now()
    async with stage.database.begin() as session:
        [workspace] = await all_workspaces(session)
        workspace_id = known(workspace.id)
        rows = [
            {"workspace_id": workspace_id, "external_id": f"U{number}", "state": MemberState.ACTIVE, "created_at": now}
            for number in range(people)
        ]
        await session.execute(insert(Member), rows)
        await start_fan_out(
            session,
            workspace_id,
            FanOut(
                workspace_id=workspace_id,
                message=SHOWN,
                subject_id=1,
                audience_kind="everyone",
                copies=Copies.ALL,
                priority=Urgency.COPY,
                audience_as_of=now,
            ),
        )


@pytest.mark.soak
@pytest.mark.timeout(0)
async def test_slack_is_answered_while_everybody_is_being_told(
    database: Database, clock: StillClock, standin: SlackStandIn
) -> None:
    """Events and commands are acknowledged within three seconds while 10,000 direct messages go out."""
    people = times(200, 10_000)
    clock.moment = datetime.now(UTC)
    standin.add(team_of())
    showroom = Showroom(message=shown(Words("To everybody.")))
    took: list[float] = []
    async with slack_stage(database, clock, standin, one_workspace(standin), more_rooms=[showroom.room()]) as stage:
        stage.slack.gateway.rate = stage.slack.gateway.burst = MESSAGES_A_SECOND  # type: ignore[assignment]
        await tell_everybody(stage, people)
        sending = asyncio.ensure_future(stage.core.do_due())
        number = 0
        while not sending.done():
            number += 1
            begin = perf_counter()
            if number % 10:
                assert await stage.event(message(f"{number}.1")) == 200
            else:
                assert await stage.command("UANNA", "news") == 200
            took.append(perf_counter() - begin)
            await asyncio.sleep(0.05)
        await sending

    took.sort()
    report(
        "Slack answered while messages go out",
        messages=people,
        answered=len(took),
        median_ms=round(took[len(took) // 2] * 1000),
        slowest_ms=round(took[-1] * 1000),
    )
    told = {said.channel for said in standin.said if said.body["text"] == "Something to see"}
    assert len(told) >= people
    assert took[-1] < WITHIN_SECONDS
