"""Workspaces: the one table whose queries do not take a workspace first."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func
from sqlmodel import col, or_, select, update

from storage.database import Session
from storage.dialect import insert
from storage.errors import Collided
from storage.fan_out import is_waiting
from storage.outbox import QUEUED, SENDING
from storage.tables import FanOut, Outbox, ProductClock, Workspace


async def find_workspace(session: Session, platform: str, external_id: str) -> Workspace | None:
    """Return the workspace that a platform knows by this id."""
    found = await session.execute(
        select(Workspace).where(Workspace.platform == platform, Workspace.external_id == external_id)
    )
    return found.scalar_one_or_none()


async def get_workspace(session: Session, workspace_id: int) -> Workspace:
    """Return the workspace of this row id."""
    return await session.get_one(Workspace, workspace_id)


async def all_workspaces(session: Session) -> Sequence[Workspace]:
    """Return every workspace, oldest first."""
    return (await session.execute(select(Workspace).order_by(col(Workspace.id)))).scalars().all()


async def add_workspace(
    session: Session,
    platform: str,
    external_id: str,
    name: str,
    now: datetime,
    settings: dict[str, Any],
    *,
    app_for_each: bool = False,
    tells_what_is_open: bool = True,
    made_up: bool = False,
) -> Workspace:
    """Store a new workspace, and what its platform is like. It keeps channel sums only until its notice is given."""
    workspace = Workspace(
        platform=platform,
        external_id=external_id,
        name=name,
        created_at=now,
        settings=settings,
        app_for_each=app_for_each,
        tells_what_is_open=tells_what_is_open,
        made_up=made_up,
    )
    session.add(workspace)
    await session.flush()
    return workspace


async def change_settings(
    session: Session, workspace_id: int, settings: dict[str, Any], now: datetime, by_member_id: int | None
) -> None:
    """Store an organisation's settings as a new version of those that this session has read.

    Raises Collided where somebody else has stored a version since.
    """
    read = await session.get_one(Workspace, workspace_id)
    changed = await session.execute(
        update(Workspace)
        .where(col(Workspace.id) == workspace_id, col(Workspace.settings_version) == read.settings_version)
        .values(
            settings=settings,
            settings_version=read.settings_version + 1,
            settings_changed_at=now,
            settings_changed_by=by_member_id,
        )
        .returning(col(Workspace.id))
    )
    if changed.first() is None:
        raise Collided("settings")


async def give_notice(session: Session, workspace_id: int, now: datetime) -> bool:
    """Record that the notice goes to everybody; False when it had been given before."""
    changed = await session.execute(
        update(Workspace)
        .where(col(Workspace.id) == workspace_id, col(Workspace.notice_given_at).is_(None))
        .values(notice_given_at=now)
        .returning(col(Workspace.id))
    )
    return changed.first() is not None


async def turn_rounds_on(session: Session, workspace_id: int, begin_at: datetime) -> bool:
    """Let the weekly rounds begin at a time, which may lie ahead; False when one was set already."""
    changed = await session.execute(
        update(Workspace)
        .where(col(Workspace.id) == workspace_id, col(Workspace.rounds_on_at).is_(None))
        .values(rounds_on_at=begin_at, stopped_at=None)
        .returning(col(Workspace.id))
    )
    return changed.first() is not None


async def turn_rounds_off(session: Session, workspace_id: int, now: datetime) -> None:
    """Stop the weekly rounds, and all else that is unasked-for."""
    await session.execute(
        update(Workspace).where(col(Workspace.id) == workspace_id).values(rounds_on_at=None, stopped_at=now)
    )


async def let_go_out_again(session: Session, workspace_id: int) -> None:
    """Take back that everything was stopped; the weekly rounds stay as they are."""
    await session.execute(update(Workspace).where(col(Workspace.id) == workspace_id).values(stopped_at=None))


async def any_workspace(session: Session) -> bool:
    """Whether there is a workspace at all; asked also to see that the database answers."""
    return (await session.execute(select(Workspace.id).limit(1))).first() is not None


async def product_offset(session: Session) -> timedelta:
    """Return how far the local chat's clock has been moved forward."""
    row = await session.get(ProductClock, 1)
    return timedelta(seconds=row.offset_seconds if row else 0)


async def store_product_offset(session: Session, offset: timedelta) -> None:
    """Keep how far the local chat's clock has been moved forward, in whole seconds."""
    seconds = int(offset.total_seconds())
    statement = insert(ProductClock).values(id=1, offset_seconds=seconds)
    await session.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"offset_seconds": seconds}))


async def workspaces_to_send_for(session: Session, platforms: Collection[str], now: datetime) -> Sequence[Workspace]:
    """Return the workspaces on these platforms with something to send, look up or expand at this moment."""
    found = await session.execute(
        select(Workspace)
        .where(
            col(Workspace.platform).in_(platforms),
            or_(
                exists().where(_of_workspace(), QUEUED, col(Outbox.not_before) <= now),
                exists().where(_of_workspace(), SENDING, col(Outbox.not_before) <= now),
                exists().where(col(FanOut.workspace_id) == col(Workspace.id), is_waiting(now)),
            ),
        )
        .order_by(col(Workspace.id))
    )
    return found.scalars().all()


async def next_sending_at(session: Session, platforms: Collection[str], now: datetime) -> datetime | None:
    """Return the next moment after `now` at which something is to be sent on these platforms, if there is one."""
    of_rows = (
        select(func.min(Outbox.not_before)).where(_of_workspace(), state, col(Outbox.not_before) > now)
        for state in (QUEUED, SENDING)
    )
    of_fan_outs = select(func.min(FanOut.not_before)).where(
        col(FanOut.workspace_id) == col(Workspace.id), col(FanOut.done_at).is_(None), col(FanOut.not_before) > now
    )
    moments = [of_one.correlate(Workspace).scalar_subquery() for of_one in of_rows]
    moments.append(of_fan_outs.correlate(Workspace).scalar_subquery())
    found = await session.execute(select(*moments).where(col(Workspace.platform).in_(platforms)))
    return min((moment for row in found.all() for moment in row if moment is not None), default=None)


def _of_workspace() -> ColumnElement[bool]:
    return col(Outbox.workspace_id) == col(Workspace.id)
