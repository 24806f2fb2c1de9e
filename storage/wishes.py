"""*Do not count me* and *do not contact me* of people who were erased, kept as keyed hashes of whom they were.

The key is random, this database's own, and made when it is first needed. It is not made of SAMLAS_SECRET_KEY: a hash
cannot be made anew under another key, so that each change of that one would forget what people had asked for, and most
ways of running Samlas need none. Whoever has the whole database can find out of an id that they already know whether it
is among them, and nothing else.
"""

import hmac
import secrets
import sqlite3
from collections.abc import Iterable
from typing import Any

from sqlmodel import col, delete, select, update

from storage.database import Session
from storage.tables import KeptWish, Member, WishKey

KEY_BYTES = 32


def digest_of(key: str, workspace_id: int, external_id: str) -> str:
    """Return the keyed hash of a person of a workspace (HMAC-SHA256)."""
    return hmac.digest(bytes.fromhex(key), f"{workspace_id}\n{external_id}".encode(), "sha256").hex()


async def keep_wish(session: Session, workspace_id: int, member: Member) -> None:
    """Keep what a member who is about to be erased has asked for, if they have."""
    if not (member.not_counted or member.nudges_off):
        return
    key = (await session.execute(select(WishKey.key))).scalar_one_or_none()
    if key is None:
        key = secrets.token_hex(KEY_BYTES)
        session.add(WishKey(key=key))
    digest = digest_of(key, workspace_id, member.external_id)
    # Whoever was erased before, and heard of again, had their wish back already: this one is all there is.
    session.add(
        KeptWish(workspace_id=workspace_id, digest=digest, not_counted=member.not_counted, nudges_off=member.nudges_off)
    )
    await session.flush()


async def honour_wish(session: Session, workspace_id: int, external_id: str) -> None:
    """Give somebody who has just been stored what they had asked for before they were erased, if they had.

    The wish is theirs again from then on, to be changed by themselves, and is not kept a second time.
    """
    key = (await session.execute(select(WishKey.key))).scalar_one_or_none()
    if key is None:
        return
    taken = await session.execute(
        delete(KeptWish)
        .where(
            col(KeptWish.workspace_id) == workspace_id,
            col(KeptWish.digest) == digest_of(key, workspace_id, external_id),
        )
        .returning(col(KeptWish.not_counted), col(KeptWish.nudges_off))
        .execution_options(synchronize_session=False)
    )
    wish = taken.first()
    if wish is not None:
        await session.execute(
            update(Member)
            .where(col(Member.workspace_id) == workspace_id, col(Member.external_id) == external_id)
            .values(not_counted=wish.not_counted, nudges_off=wish.nudges_off)
        )


def honour_wish_raw(connection: sqlite3.Connection, workspace_id: int, external_id: str) -> None:
    """Do the same on the raw driver, for the counting functions that bypass SQLAlchemy."""
    key = connection.execute("SELECT key FROM wish_key").fetchone()
    if key is None:
        return
    wish = connection.execute(
        "DELETE FROM kept_wish WHERE workspace_id = ? AND digest = ? RETURNING not_counted, nudges_off",
        (workspace_id, digest_of(key[0], workspace_id, external_id)),
    ).fetchone()
    if wish is not None:
        connection.execute(
            "UPDATE member SET not_counted = ?, nudges_off = ? WHERE workspace_id = ? AND external_id = ?",
            (*wish, workspace_id, external_id),
        )


async def honour_wishes_asyncpg(connection: Any, people: Iterable[tuple[int, str]]) -> None:
    """Do the same on asyncpg, for several (workspace, external id)."""
    key = await connection.fetchval("SELECT key FROM wish_key")
    if key is None:
        return
    for workspace_id, external_id in sorted(people):
        wish = await connection.fetchrow(
            "DELETE FROM kept_wish WHERE workspace_id = $1 AND digest = $2 RETURNING not_counted, nudges_off",
            workspace_id,
            digest_of(key, workspace_id, external_id),
        )
        if wish is not None:
            await connection.execute(
                "UPDATE member SET not_counted = $3, nudges_off = $4 WHERE workspace_id = $1 AND external_id = $2",
                workspace_id,
                external_id,
                *wish,
            )
