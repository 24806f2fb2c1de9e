"""Ways into the web pages: links that work once, and the sessions of browsers that came in by one.

Only hashes of what is secret are kept, except for a link's until its message has been sent. All moments here are the
machine's and not the product's: moving product time lets nobody in.
"""

from datetime import datetime

from sqlalchemy import or_
from sqlmodel import col, delete, select, update

from storage.database import Session
from storage.tables import Member, PageGoal, PageLink, PageSession


async def add_link(
    session: Session,
    workspace_id: int,
    member_id: int,
    goal: PageGoal,
    *,
    secret: str,
    digest: str,
    expires_at: datetime,
) -> PageLink:
    """Store a new link for a member. Their earlier ones that nobody has used work no more."""
    await session.execute(
        delete(PageLink).where(
            col(PageLink.workspace_id) == workspace_id,
            col(PageLink.member_id) == member_id,
            col(PageLink.used_at).is_(None),
        )
    )
    link = PageLink(
        workspace_id=workspace_id,
        member_id=member_id,
        goal=goal,
        secret=secret,
        digest=digest,
        expires_at=expires_at,
    )
    session.add(link)
    await session.flush()
    return link


async def get_link(session: Session, workspace_id: int, link_id: int) -> PageLink | None:
    """Return a link of this workspace by row id, if it is still there."""
    found = await session.execute(
        select(PageLink).where(PageLink.workspace_id == workspace_id, col(PageLink.id) == link_id)
    )
    return found.scalar_one_or_none()


async def forget_secret(session: Session, workspace_id: int, link_id: int) -> None:
    """Keep of a link only the hash: its message has been sent, or never will be."""
    await session.execute(
        update(PageLink)
        .where(col(PageLink.workspace_id) == workspace_id, col(PageLink.id) == link_id)
        .values(secret=None)
    )


async def find_link(session: Session, digest: str) -> PageLink | None:
    """Return the link with this hash, whatever has become of it."""
    return (await session.execute(select(PageLink).where(PageLink.digest == digest))).scalar_one_or_none()


async def use_link(session: Session, digest: str, now: datetime) -> PageLink | None:
    """Use a link; None when it is not there, is too old, or was used before. However many try, one does."""
    used = await session.execute(
        update(PageLink)
        .where(col(PageLink.digest) == digest, col(PageLink.used_at).is_(None), col(PageLink.expires_at) > now)
        .values(used_at=now)
        .returning(PageLink)
        .execution_options(synchronize_session=False)
    )
    return used.scalar_one_or_none()


async def begin_session(
    session: Session, workspace_id: int, member_id: int, *, digest: str, now: datetime, expires_at: datetime
) -> None:
    """Store a new session of a member's browser."""
    session.add(
        PageSession(workspace_id=workspace_id, member_id=member_id, digest=digest, seen_at=now, expires_at=expires_at)
    )
    await session.flush()


async def find_session(session: Session, digest: str, *, seen_since: datetime, now: datetime) -> PageSession | None:
    """Return the session with this hash, unless it has expired or nobody has been seen in it since a moment."""
    found = await session.execute(
        select(PageSession).where(
            PageSession.digest == digest, col(PageSession.seen_at) > seen_since, col(PageSession.expires_at) > now
        )
    )
    return found.scalar_one_or_none()


async def session_member(session: Session, workspace_id: int, member_id: int) -> Member | None:
    """Return the member of a session as they are now, if they are there at all."""
    found = await session.execute(
        select(Member).where(Member.workspace_id == workspace_id, col(Member.id) == member_id)
    )
    return found.scalar_one_or_none()


async def note_seen_in(session: Session, workspace_id: int, session_id: int, now: datetime) -> None:
    """Record that somebody has been seen in a session."""
    await session.execute(
        update(PageSession)
        .where(col(PageSession.workspace_id) == workspace_id, col(PageSession.id) == session_id)
        .values(seen_at=now)
    )


async def end_session(session: Session, workspace_id: int, session_id: int) -> None:
    """End a session: whoever has its cookie is nobody now."""
    await session.execute(
        delete(PageSession).where(col(PageSession.workspace_id) == workspace_id, col(PageSession.id) == session_id)
    )


async def sweep_ways_in(session: Session, workspace_id: int, *, before: datetime, seen_since: datetime) -> None:
    """Delete the links and sessions that had expired by a moment, and those sessions left alone since another."""
    await session.execute(
        delete(PageLink).where(col(PageLink.workspace_id) == workspace_id, col(PageLink.expires_at) <= before)
    )
    await session.execute(
        delete(PageSession).where(
            col(PageSession.workspace_id) == workspace_id,
            or_(col(PageSession.expires_at) <= before, col(PageSession.seen_at) <= seen_since),
        )
    )
