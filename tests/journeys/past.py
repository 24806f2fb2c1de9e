"""A past for Lindvalla that its first day does not have: announcements that were read, decisions, and tips."""

import asyncio
import random
from datetime import datetime, timedelta
from pathlib import Path

from adapters.local.chat import WORKSPACE
from adapters.local.made_up.seed import seed
from bot.context import known
from storage.database import Database, Session
from storage.people import present_members
from storage.tables import (
    Anchoring,
    Announcement,
    AnnouncementKind,
    AnnouncementState,
    AnnouncementText,
    Contact,
    ContactItem,
    ContactState,
    Decision,
    DecisionStatus,
    Delivery,
    Member,
    ReadBy,
    Recipient,
)
from storage.workspaces import find_workspace

# What was told how many days ago, how many of a hundred read it in the end, and how soon.
TOLD = (
    ("Lagret flyttar till Kungsgatan", 26, 88, 1.2, Anchoring.BY_GROUP),
    ("Sommarschemat är klart", 24, 74, 2.5, None),
    ("Ny rutin för reklamationer", 22, 63, 3.0, Anchoring.SELF_DECLARED),
    ("Nytt löneprogram från april", 19, 81, 1.6, Anchoring.BY_GROUP),
    ("Parkeringen asfalteras", 17, 52, 4.0, Anchoring.NOT_YET),
    ("Fikarum på övervåningen", 60, 40, 3.0, Anchoring.PARTLY),
    ("Årets julbord", 80, 90, 2.0, Anchoring.BY_GROUP),
)


def lived_before(path: Path, now: datetime) -> None:
    """Let Lindvalla have lived for a while, in a database that nobody serves yet."""

    async def live() -> None:
        database = Database(f"sqlite+aiosqlite:///{path}")
        async with database.begin() as session:
            await seed(session, now)
            workspace = await find_workspace(session, WORKSPACE.platform, WORKSPACE.external_id)
            assert workspace is not None
            people = list(await present_members(session, known(workspace.id)))
            await _announce(session, known(workspace.id), people, now)
            await _tip(session, known(workspace.id), people, now)
        await database.close()

    asyncio.run(live())


async def _announce(session: Session, workspace_id: int, people: list[Member], now: datetime) -> None:
    chance = random.Random(3)
    for title, days_ago, percent, slowness, anchoring in TOLD:
        published_at = now - timedelta(days=days_ago)
        announcement = Announcement(
            workspace_id=workspace_id,
            author_id=known(people[0].id),
            kind=AnnouncementKind.NEWS if anchoring is None else AnnouncementKind.DECISION,
            state=AnnouncementState.PUBLISHED,
            revision=1,
            created_at=published_at,
            published_at=published_at,
        )
        session.add(announcement)
        await session.flush()
        announcement_id = known(announcement.id)
        session.add(
            AnnouncementText(
                announcement_id=announcement_id,
                revision=1,
                language="sv",
                workspace_id=workspace_id,
                title=title,
                text=title,
                folded=title.lower(),
            )
        )
        if anchoring is not None:
            session.add(
                Decision(
                    workspace_id=workspace_id,
                    announcement_id=announcement_id,
                    status=DecisionStatus.DECIDED,
                    outcome=anchoring,
                )
            )
        for member in people:
            read_at = published_at + timedelta(days=chance.expovariate(1 / slowness))
            has_read = chance.randint(1, 100) <= percent and read_at < now
            session.add(
                Recipient(
                    announcement_id=announcement_id,
                    member_id=known(member.id),
                    workspace_id=workspace_id,
                    delivery=Delivery.BY_POST,
                    read_at=read_at if has_read else None,
                    read_by=ReadBy.PRESSED if has_read else None,
                )
            )
    await session.flush()


async def _tip(session: Session, workspace_id: int, people: list[Member], now: datetime) -> None:
    for number, member in enumerate(people[:26]):
        told = now - timedelta(weeks=6 + number % 3)
        contact = Contact(
            workspace_id=workspace_id,
            member_id=known(member.id),
            local_date=told.date(),
            state=ContactState.SENT,
            planned_at=told,
        )
        session.add(contact)
        await session.flush()
        session.add(
            ContactItem(workspace_id=workspace_id, contact_id=known(contact.id), kind="tip", reason="no_sign", rank=1)
        )
    await session.flush()
