"""What one would write with the stock libraries: Bolt, a listener an event, and one ORM commit in it.

Given the path of a SQLite file. Bolt answers when the listener has committed, so that no event it has acknowledged is
lost, and the row's key makes an event that is told twice count once: what Samlas promises too.
"""

import asyncio
import sys
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import event as events
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from benchmarks.floors.serving import serve
from benchmarks.requests import SECRET


class Base(DeclarativeBase):
    """The tables of this program."""


class Happened(Base):
    """One thing that happened."""

    __tablename__ = "happened"

    identity: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    channel: Mapped[str]
    at: Mapped[float]


async def main(path: str) -> None:
    """Serve."""
    # One writer: SQLite has no more, and two that wait for it by polling would be slower.
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", pool_size=1, max_overflow=0, pool_timeout=600)

    @events.listens_for(engine.sync_engine, "connect")
    def _durable(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.close()

    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)

    async def authorize() -> AuthorizeResult:
        # Without asking Slack, which a program would do once.
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="UBOT", bot_id="B1", bot_token="xoxb-1")

    app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=True)

    async def count(identity: str, person: str, channel: str, at: str) -> None:
        async with AsyncSession(engine) as session:
            if await session.get(Happened, identity) is None:
                session.add(Happened(identity=identity, person=person, channel=channel, at=float(at)))
            await session.commit()

    @app.event("message")
    async def wrote(event: dict[str, Any]) -> None:
        await count(f"{event['channel']}:{event['ts']}", event["user"], event["channel"], event["ts"])

    @app.event("reaction_added")
    async def reacted(event: dict[str, Any]) -> None:
        channel = event["item"]["channel"]
        identity = f"{channel}:{event['event_ts']}:{event['user']}:{event['reaction']}"
        await count(identity, event["user"], channel, event["event_ts"])

    async def take(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    served = web.Application()
    served.add_routes([web.post("/slack/events", take)])
    await serve(served)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
