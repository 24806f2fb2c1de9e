"""Counting on the raw driver: one plain function that counts a batch of signs in one transaction.

Through the ORM this is thirty times slower. `flush` is SQLite's, PostgreSQL's is in storage/counting_postgresql.py, and
storage/flushing.py knows which; what a handler counts within its own transaction goes through `count_one`.
"""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, literal, select, update
from sqlmodel import col

from storage.database import Session
from storage.dialect import greatest, insert, least
from storage.tables import (
    ChannelParticipation,
    DirectParticipation,
    Happened,
    Kind,
    LastSign,
    Member,
    Participation,
    Workspace,
)
from storage.tables.base import Day
from storage.wishes import honour_wish_raw

# So many go in some milliseconds.
FORGOTTEN_AT_ONCE = 500

Condition = ColumnElement[bool]
Key = Mapping[str, ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that happened and is counted. `member` and `channel` are the platform's ids; `at` is in seconds
    since 1970; `channel` is None for what happens in no channel (opening the bot's Home). `towards` is the message
    that it answers or reacts to, where there is one, as the platform names it.
    """

    workspace_id: int
    identity: str
    member: str
    channel: str | None
    at: float
    kind: Kind
    towards: str | None = None

    @property
    def day(self) -> int:
        """The UTC day, as an ordinal."""
        return datetime.fromtimestamp(self.at, UTC).date().toordinal()


@dataclass(frozen=True, slots=True)
class Flushed:
    """What became of a batch. *ignored*: from a bot, in a channel the bot is not in, or imported before.

    `to_us` says of each sign, counted or not, whether it is given to a message of ours.
    """

    counted: int
    duplicates: int
    ignored: int
    to_us: Sequence[bool]


def is_by_name(at: float, told_at: datetime | None) -> bool:
    """Whether what a member did then, in seconds since 1970, counts by their name: not before their notice arrived."""
    return told_at is not None and at >= told_at.timestamp()


def flush(connection: sqlite3.Connection, signs: Sequence[Sign], now: datetime) -> Flushed:
    """Count a batch in one transaction: identities, sums, last sign.

    `now` is product time, in UTC. A sign whose identity is known counts no second time. Members and channels not heard
    before get a stub row. Of what members did before their own notice had arrived, only sums without them are kept;
    of members who are not counted, nothing at all (PRODUCT, "Notice first" and "Do not count me").
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        flushed = _count(connection, signs, now)
        connection.commit()
    except BaseException:
        # A commit that failed may have left the transaction open, and the next one could not begin.
        connection.rollback()
        raise
    return flushed


def _count(connection: sqlite3.Connection, signs: Sequence[Sign], now: datetime) -> Flushed:
    fresh = [sign for sign in signs if _remember(connection, sign, now.date())]
    members: dict[tuple[int, str], _Counted] = {}
    channels: dict[tuple[int, str], tuple[int, bool]] = {}
    by_member: Counter[tuple[int, int, int, int]] = Counter()
    by_channel: Counter[tuple[int, int, int, int]] = Counter()
    direct: Counter[tuple[int, int, int]] = Counter()
    live_days: set[tuple[int, int, int]] = set()
    counted = 0
    for sign in fresh:
        member_key = (sign.workspace_id, sign.member)
        if member_key not in members:
            members[member_key] = _member(connection, member_key, now)
        member = members[member_key]
        if not member.is_counted:
            continue
        if sign.channel is None:
            direct[sign.workspace_id, sign.day, sign.kind] += 1
        else:
            channel_key = (sign.workspace_id, sign.channel)
            if channel_key not in channels:
                channels[channel_key] = _channel(connection, channel_key)
            channel_id, bot_is_in = channels[channel_key]
            if not bot_is_in or _was_imported(connection, channel_id, sign):
                continue
            by_channel[sign.workspace_id, channel_id, sign.day, sign.kind] += 1
            live_days.add((sign.workspace_id, channel_id, sign.day))
        counted += 1
        if is_by_name(sign.at, member.told_at):
            by_member[sign.workspace_id, member.row_id, sign.day, sign.kind] += 1
    add_sums(connection, by_member, by_channel)
    connection.executemany(
        "INSERT INTO direct_participation (workspace_id, day, kind, count) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET count = count + excluded.count",
        [(*key, count) for key, count in direct.items()],
    )
    connection.executemany(
        "INSERT INTO counted_day (workspace_id, channel_id, day) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        live_days,
    )
    return Flushed(counted, len(signs) - len(fresh), len(fresh) - counted, _to_us(connection, signs))


def _to_us(connection: sqlite3.Connection, signs: Sequence[Sign]) -> list[bool]:
    ours: dict[tuple[int, str, str], bool] = {}
    found = []
    for sign in signs:
        if sign.towards is None or sign.channel is None:
            found.append(False)
            continue
        message = (sign.workspace_id, sign.channel, sign.towards)
        if message not in ours:
            row = connection.execute(
                "SELECT 1 FROM posted WHERE workspace_id = ? AND place = ? AND reference_key = ?", message
            ).fetchone()
            ours[message] = row is not None
        found.append(ours[message])
    return found


def add_sums(
    connection: sqlite3.Connection,
    by_member: Counter[tuple[int, int, int, int]],
    by_channel: Counter[tuple[int, int, int, int]],
) -> None:
    """Add counts, keyed (workspace, member or channel, day ordinal, kind), within the caller's transaction."""
    connection.executemany(
        "INSERT INTO participation (workspace_id, member_id, day, kind, count) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET count = count + excluded.count",
        [(*key, count) for key, count in by_member.items()],
    )
    days: dict[tuple[int, int], tuple[int, int]] = {}
    for workspace_id, member_id, day, _kind in by_member:
        first, last = days.get((workspace_id, member_id), (day, day))
        days[workspace_id, member_id] = min(first, day), max(last, day)
    connection.executemany(
        "INSERT INTO last_sign (workspace_id, member_id, first_day, last_day) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET first_day = min(first_day, excluded.first_day),"
        " last_day = max(last_day, excluded.last_day)",
        [(*key, *span) for key, span in days.items()],
    )
    connection.executemany(
        "INSERT INTO channel_participation (workspace_id, channel_id, day, kind, count) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET count = count + excluded.count",
        [(*key, count) for key, count in by_channel.items()],
    )


def _remember(connection: sqlite3.Connection, sign: Sign, today: date) -> bool:
    cursor = connection.execute(
        "INSERT INTO happened (workspace_id, identity, day) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (sign.workspace_id, sign.identity, today.toordinal()),
    )
    return cursor.rowcount == 1


@dataclass(frozen=True, slots=True)
class _Counted:
    """Whether a member is counted, and since when by name (None: not yet)."""

    row_id: int
    is_counted: bool
    told_at: datetime | None


def _member(connection: sqlite3.Connection, key: tuple[int, str], now: datetime) -> _Counted:
    """Return how a member is counted, making a stub for one not heard of."""
    added = connection.execute(
        "INSERT INTO member (workspace_id, external_id, name, state, is_bot, is_communications_lead, is_coach,"
        " in_management_group, created_at, not_counted, nudges_off, lead_not_involved)"
        " VALUES (?, ?, '', 'stub', 0, 0, 0, 0, ?, 0, 0, 0) ON CONFLICT DO NOTHING",
        (*key, now.strftime("%Y-%m-%d %H:%M:%S.%f")),
    )
    if added.rowcount == 1:
        honour_wish_raw(connection, *key)
    row = connection.execute(
        "SELECT m.id, NOT m.is_bot AND NOT m.not_counted, CASE WHEN w.notice_given_at IS NOT NULL THEN m.told_at END"
        " FROM member m JOIN workspace w ON w.id = m.workspace_id WHERE m.workspace_id = ? AND m.external_id = ?",
        key,
    ).fetchone()
    told_at = None if row[2] is None else datetime.fromisoformat(row[2]).replace(tzinfo=UTC)
    return _Counted(int(row[0]), bool(row[1]), told_at)


def _channel(connection: sqlite3.Connection, key: tuple[int, str]) -> tuple[int, bool]:
    """Return (row id, whether the bot is in it), making a row for a channel not heard of."""
    connection.execute(
        "INSERT INTO channel (workspace_id, external_id, name, purpose, is_private, is_archived, bot_is_in, outsiders)"
        " VALUES (?, ?, '', '', 0, 0, 1, 0) ON CONFLICT DO NOTHING",
        key,
    )
    row = connection.execute(
        "SELECT id, bot_is_in FROM channel WHERE workspace_id = ? AND external_id = ?", key
    ).fetchone()
    return int(row[0]), bool(row[1])


def _was_imported(connection: sqlite3.Connection, channel_id: int, sign: Sign) -> bool:
    row = connection.execute(
        "SELECT imported_until FROM counted_day WHERE workspace_id = ? AND channel_id = ? AND day = ?",
        (sign.workspace_id, channel_id, sign.day),
    ).fetchone()
    return row is not None and row[0] is not None and sign.at <= row[0]


async def remember(session: Session, workspace_id: int, identity: str, today: date) -> bool:
    """Write down that something happened; False when it was known already."""
    result = await session.execute(
        insert(Happened)
        .values(workspace_id=workspace_id, identity=identity, day=today)
        .on_conflict_do_nothing()
        .returning(col(Happened.identity))
    )
    return result.first() is not None


async def forget(session: Session, workspace_id: int, identity: str) -> None:
    """Forget that something happened, so that it may happen anew."""
    await session.execute(
        delete(Happened).where(col(Happened.workspace_id) == workspace_id, col(Happened.identity) == identity)
    )


async def count_one(
    session: Session, workspace_id: int, member_id: int, channel_id: int | None, day: date, kind: Kind
) -> None:
    """Count one sign within a handler's transaction, under the same rules as `flush`; the identity is the caller's."""
    whose: Key = {"workspace_id": literal(workspace_id)}
    when: Key = {"day": literal(day, Day), "kind": literal(int(kind))}
    counted = _counted(workspace_id, member_id)
    by_name = counted.where(col(Workspace.notice_given_at).is_not(None), col(Member.told_at).is_not(None))
    await _add_one(session, Participation, {**whose, "member_id": literal(member_id), **when}, by_name)
    if channel_id is None:
        await _add_one(session, DirectParticipation, {**whose, **when}, counted)
    else:
        await _add_one(session, ChannelParticipation, {**whose, "channel_id": literal(channel_id), **when}, counted)
    await note_sign(session, workspace_id, member_id, day)


async def _add_one(
    session: Session,
    sums: type[Participation | ChannelParticipation | DirectParticipation],
    key: Key,
    counted: Select[Any],
) -> None:
    """Add one to the sum of this key, if the query finds anybody."""
    adding = insert(sums).from_select(
        [*key, "count"], counted.with_only_columns(*key.values(), literal(1), maintain_column_froms=True)
    )
    await session.execute(adding.on_conflict_do_update(index_elements=list(key), set_={"count": sums.count + 1}))


def _counted(workspace_id: int, member_id: int) -> Select[Any]:
    """Return a query that finds the member if they are counted, and else nobody."""
    return (
        select(literal(1))
        .select_from(Member)
        .join(Workspace, col(Workspace.id) == col(Member.workspace_id))
        .where(
            col(Member.id) == member_id,
            col(Member.workspace_id) == workspace_id,
            col(Member.is_bot).is_(False),
            col(Member.not_counted).is_(False),
        )
    )


async def note_sign(session: Session, workspace_id: int, member_id: int, day: date) -> None:
    """Keep that a member gave a sign on that day, under the same rules; what it was is not counted."""
    key: Key = {"workspace_id": literal(workspace_id), "member_id": literal(member_id)}
    span: Key = {"first_day": literal(day, Day), "last_day": literal(day, Day)}
    by_name = _counted(workspace_id, member_id).where(
        col(Workspace.notice_given_at).is_not(None), col(Member.told_at).is_not(None)
    )
    adding = insert(LastSign).from_select(
        [*key, *span], by_name.with_only_columns(*key.values(), *span.values(), maintain_column_froms=True)
    )
    await session.execute(
        adding.on_conflict_do_update(
            index_elements=list(key),
            set_={
                "first_day": least(LastSign.first_day, adding.excluded.first_day),
                "last_day": greatest(LastSign.last_day, adding.excluded.last_day),
            },
        )
    )


async def forget_identities(session: Session, workspace_id: int, before: date) -> None:
    """Sweep identities of things that happened before that day, some at a time; they are kept two days.

    Called at each tick, that is more than any platform delivers meanwhile, and nobody waits long for it.
    """
    oldest = (
        select(col(Happened.identity))
        .where(col(Happened.workspace_id) == workspace_id, col(Happened.day) < before)
        .limit(FORGOTTEN_AT_ONCE)
    )
    await session.execute(
        delete(Happened)
        .where(col(Happened.workspace_id) == workspace_id, col(Happened.identity).in_(oldest))
        .execution_options(synchronize_session=False)
    )


async def take_back_one(
    session: Session, workspace_id: int, member_id: int, channel_id: int | None, day: date, kind: Kind
) -> None:
    """Take one sign that `count_one` counted back out of the sums; a sum of nothing is no row at all."""
    sums: list[tuple[type[Participation | ChannelParticipation | DirectParticipation], list[Condition]]]
    sums = [(Participation, [col(Participation.member_id) == member_id])]
    if channel_id is None:
        sums.append((DirectParticipation, []))
    else:
        sums.append((ChannelParticipation, [col(ChannelParticipation.channel_id) == channel_id]))
    for table, whose in sums:
        this = (col(table.workspace_id) == workspace_id, *whose, col(table.day) == day, col(table.kind) == int(kind))
        last = await session.execute(delete(table).where(*this, col(table.count) == 1).returning(col(table.day)))
        if last.first() is None:
            await session.execute(update(table).where(*this).values(count=table.count - 1))
