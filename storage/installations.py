"""Where Samlas is installed. An installation is looked up before the workspace is known, by the platform's own ids."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select, update

from storage.database import Session
from storage.dialect import insert
from storage.tables import Installation, InstallingState, Workspace


async def store_installation(
    session: Session,
    workspace_id: int,
    external_id: str,
    *,
    details: dict[str, Any],
    secret: str | None,
    now: datetime,
) -> Installation:
    """Store an installation, or what a new one in the same place has changed."""
    statement = insert(Installation).values(
        workspace_id=workspace_id, external_id=external_id, details=details, secret=secret, installed_at=now
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["workspace_id", "external_id"],
            set_={"details": details, "secret": secret, "installed_at": now},
        )
    )
    found = await session.execute(
        select(Installation).where(Installation.workspace_id == workspace_id, Installation.external_id == external_id)
    )
    return found.scalar_one()


async def find_installation(
    session: Session, platform: str, external_ids: Sequence[str]
) -> tuple[Installation, Workspace] | None:
    """Return the installation in one of these places, the first named first, and its workspace."""
    found = await session.execute(
        select(Installation, Workspace)
        .join(Workspace, col(Workspace.id) == col(Installation.workspace_id))
        .where(Workspace.platform == platform, col(Installation.external_id).in_(external_ids))
    )
    rows = {installation.external_id: (installation, workspace) for installation, workspace in found.all()}
    return next((rows[external_id] for external_id in external_ids if external_id in rows), None)


async def installations_of(session: Session, workspace_id: int) -> Sequence[Installation]:
    """Return a workspace's installations, the oldest first."""
    found = await session.execute(
        select(Installation).where(Installation.workspace_id == workspace_id).order_by(col(Installation.id))
    )
    return found.scalars().all()


async def remove_installation(session: Session, workspace_id: int, external_id: str) -> bool:
    """Remove an installation with its secret; False when there was none."""
    removed = await session.execute(
        delete(Installation)
        .where(col(Installation.workspace_id) == workspace_id, col(Installation.external_id) == external_id)
        .returning(col(Installation.id))
    )
    return removed.first() is not None


async def installations_with_secrets(session: Session) -> Sequence[Installation]:
    """Return every installation that keeps a secret, of all workspaces: for encrypting them anew."""
    found = await session.execute(select(Installation).where(col(Installation.secret).is_not(None)))
    return found.scalars().all()


async def replace_secret(session: Session, workspace_id: int, installation_id: int, secret: str) -> None:
    """Store an installation's secret as it was encrypted anew."""
    await session.execute(
        update(Installation)
        .where(col(Installation.workspace_id) == workspace_id, col(Installation.id) == installation_id)
        .values(secret=secret)
    )


async def end_installing(session: Session, digest: str, now: datetime, expires_at: datetime) -> bool:
    """Note that an installation has brought this back; False when one did before. What has expired is forgotten."""
    await session.execute(delete(InstallingState).where(col(InstallingState.expires_at) <= now))
    noted = await session.execute(
        insert(InstallingState)
        .values(digest=digest, expires_at=expires_at)
        .on_conflict_do_nothing()
        .returning(col(InstallingState.digest))
    )
    return noted.first() is not None
