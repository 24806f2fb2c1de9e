"""An organisation to measure with: its people have had their notice, so that they are counted by name."""

from datetime import UTC, datetime, timedelta
from typing import Final

from bot.context import known
from storage.database import Database
from storage.dialect import insert
from storage.tables import Member, MemberState, Platform
from storage.workspaces import add_workspace, give_notice

BEGAN: Final = datetime.now(UTC) - timedelta(days=200)
TOLD: Final = BEGAN + timedelta(days=1)
AT_ONCE: Final = 500


async def organisation(database: Database, platform: Platform, key: str, people: list[str]) -> int:
    """Store a workspace with these people, by the platform's ids; returns its row id."""
    async with database.begin() as session:
        workspace = await add_workspace(session, platform, key, "Measured", BEGAN, {"language": "en"})
        workspace_id = known(workspace.id)
        await give_notice(session, workspace_id, TOLD)
        rows = [
            {
                **Member(
                    workspace_id=workspace_id,
                    external_id=person,
                    state=MemberState.ACTIVE,
                    locale="en",
                    zone="Europe/Stockholm",
                    created_at=BEGAN,
                    told_at=TOLD,
                ).model_dump(exclude={"id"})
            }
            for person in people
        ]
        for first in range(0, len(rows), AT_ONCE):
            await session.execute(insert(Member), rows[first : first + AT_ONCE])
    return workspace_id
