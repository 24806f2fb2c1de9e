"""The pictures of announcements: kept as bytes, found by the name their address ends in, and known to platforms."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlmodel import col

from storage.database import Session
from storage.tables import Announcement, AnnouncementState, StoredImage

# Bytes of chance in a picture's name: as many as in a key.
CHANCE = 32
# An announcement that is taken back takes its picture with it.
_GONE = (AnnouncementState.WITHDRAWN, AnnouncementState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as it comes in: what it is, in pixels, and its bytes."""

    media_type: str
    width: int
    height: int
    content: bytes


@dataclass(frozen=True, slots=True)
class ImageSeen:
    """What is said about a picture where it is shown: all but its bytes."""

    id: int
    name: str
    width: int
    height: int
    known_as: Mapping[str, Any] | None


async def add_image(
    session: Session, workspace_id: int, drawn: Drawn, *, now: datetime, waiting_for_id: int | None = None
) -> int:
    """Store a picture under a new name; returns its row id."""
    image = StoredImage(
        workspace_id=workspace_id,
        name=secrets.token_urlsafe(CHANCE),
        media_type=drawn.media_type,
        width=drawn.width,
        height=drawn.height,
        content=drawn.content,
        stored_at=now,
        waiting_for_id=waiting_for_id,
    )
    session.add(image)
    await session.flush()
    if image.id is None:
        raise ValueError("the picture was not stored")
    return image.id


async def copy_image(session: Session, workspace_id: int, image_id: int | None, *, now: datetime) -> int | None:
    """Store the same picture once more, for another announcement, and return that one; None for none."""
    found = await session.execute(
        select(StoredImage).where(col(StoredImage.workspace_id) == workspace_id, col(StoredImage.id) == image_id)
    )
    image = found.scalar_one_or_none()
    if image is None:
        return None
    drawn = Drawn(image.media_type, image.width, image.height, image.content)
    return await add_image(session, workspace_id, drawn, now=now)


async def find_image(session: Session, workspace_id: int, image_id: int | None) -> ImageSeen | None:
    """Return what is said about a picture; None for none."""
    if image_id is None:
        return None
    found = await session.execute(
        select(col(StoredImage.name), col(StoredImage.width), col(StoredImage.height), col(StoredImage.known_as)).where(
            col(StoredImage.workspace_id) == workspace_id, col(StoredImage.id) == image_id
        )
    )
    row = found.first()
    return None if row is None else ImageSeen(image_id, row[0], row[1], row[2], row[3])


async def served_image(session: Session, workspace_id: int, name: str) -> Drawn | None:
    """Return the picture of this name, as long as an announcement shows it that was not withdrawn or cancelled."""
    is_shown = exists().where(col(Announcement.image_id) == col(StoredImage.id), col(Announcement.state).not_in(_GONE))
    found = await session.execute(
        select(StoredImage).where(
            col(StoredImage.workspace_id) == workspace_id, col(StoredImage.name) == name, is_shown
        )
    )
    image = found.scalar_one_or_none()
    return None if image is None else Drawn(image.media_type, image.width, image.height, image.content)


async def image_content(session: Session, workspace_id: int, image_id: int) -> Drawn | None:
    """Return a picture with its bytes, to be given to the workspace's platform."""
    found = await session.execute(
        select(StoredImage).where(col(StoredImage.workspace_id) == workspace_id, col(StoredImage.id) == image_id)
    )
    image = found.scalar_one_or_none()
    return None if image is None else Drawn(image.media_type, image.width, image.height, image.content)


async def keep_known_as(session: Session, workspace_id: int, image_id: int, known_as: Mapping[str, Any] | None) -> None:
    """Keep what the workspace's platform calls a picture."""
    await session.execute(
        update(StoredImage)
        .where(col(StoredImage.workspace_id) == workspace_id, col(StoredImage.id) == image_id)
        .values(known_as=None if known_as is None else dict(known_as))
        .execution_options(synchronize_session=False)
    )


async def waiting_image(session: Session, workspace_id: int, member_id: int) -> ImageSeen | None:
    """Return the picture that somebody has sent last and has not said yet what it is for."""
    found = await session.execute(
        select(col(StoredImage.id))
        .where(col(StoredImage.workspace_id) == workspace_id, col(StoredImage.waiting_for_id) == member_id)
        .order_by(col(StoredImage.id).desc())
        .limit(1)
    )
    return await find_image(session, workspace_id, found.scalar_one_or_none())


async def settle_waiting_images(session: Session, workspace_id: int, member_id: int, keep_id: int | None) -> None:
    """Let one of somebody's waiting pictures have its place, and forget the others."""
    theirs = (col(StoredImage.workspace_id) == workspace_id, col(StoredImage.waiting_for_id) == member_id)
    if keep_id is not None:
        await session.execute(
            update(StoredImage)
            .where(*theirs, col(StoredImage.id) == keep_id)
            .values(waiting_for_id=None)
            .execution_options(synchronize_session=False)
        )
    await session.execute(delete(StoredImage).where(*theirs).execution_options(synchronize_session=False))


async def drop_image(session: Session, workspace_id: int, image_id: int) -> None:
    """Forget a picture that no announcement shows any more."""
    await session.execute(
        delete(StoredImage)
        .where(col(StoredImage.workspace_id) == workspace_id, col(StoredImage.id) == image_id)
        .execution_options(synchronize_session=False)
    )
