"""Counting on SQLite's own driver: a batch of signs in one transaction, and some statements whatever its size.

Rows go in as one JSON text, which SQLite takes apart: a statement for each would cost more than all else together.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

from storage.counting import NOT_YET, Flushed, Known, Sign, days_of_channels, tally
from storage.wishes import honour_wish_raw

_REMEMBER = (
    "INSERT INTO happened (workspace_id, identity, day)"
    " SELECT value ->> 0, value ->> 1, ? FROM json_each(?) WHERE true"
    " ON CONFLICT DO NOTHING RETURNING workspace_id, identity"
)
_FIND_MEMBERS = (
    "SELECT m.workspace_id, m.external_id, m.id, NOT m.is_bot AND NOT m.not_counted,"
    " CASE WHEN w.notice_given_at IS NOT NULL THEN m.told_at END"
    " FROM json_each(?) AS wanted CROSS JOIN member m"
    " ON m.workspace_id = wanted.value ->> 0 AND m.external_id = wanted.value ->> 1"
    " JOIN workspace w ON w.id = m.workspace_id"
)
_ADD_MEMBER = (
    "INSERT INTO member (workspace_id, external_id, name, state, is_bot, is_communications_lead, is_coach,"
    " in_management_group, created_at, not_counted, nudges_off, lead_not_involved)"
    " VALUES (?, ?, '', 'stub', 0, 0, 0, 0, ?, 0, 0, 0) ON CONFLICT DO NOTHING"
)
_FIND_CHANNELS = (
    "SELECT c.workspace_id, c.external_id, c.id, c.bot_is_in FROM json_each(?) AS wanted CROSS JOIN channel c"
    " ON c.workspace_id = wanted.value ->> 0 AND c.external_id = wanted.value ->> 1"
)
_ADD_CHANNEL = (
    "INSERT INTO channel (workspace_id, external_id, name, purpose, is_private, is_archived, bot_is_in, outsiders)"
    " VALUES (?, ?, '', '', 0, 0, 1, 0) ON CONFLICT DO NOTHING"
)
_FIND_IMPORTED = (
    "SELECT d.channel_id, d.day, d.imported_until FROM json_each(?) AS wanted CROSS JOIN counted_day d"
    " ON d.workspace_id = wanted.value ->> 0 AND d.channel_id = wanted.value ->> 1 AND d.day = wanted.value ->> 2"
    " WHERE d.imported_until IS NOT NULL"
)
_ADD_BY_MEMBER = (
    "INSERT INTO participation (workspace_id, member_id, day, kind, count) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET count = count + excluded.count"
)
_ADD_SPANS = (
    "INSERT INTO last_sign (workspace_id, member_id, first_day, last_day) VALUES (?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET first_day = min(first_day, excluded.first_day),"
    " last_day = max(last_day, excluded.last_day)"
    " WHERE first_day > excluded.first_day OR last_day < excluded.last_day"
)
_ADD_BY_CHANNEL = (
    "INSERT INTO channel_participation (workspace_id, channel_id, day, kind, count) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET count = count + excluded.count"
)
_ADD_DIRECT = (
    "INSERT INTO direct_participation (workspace_id, day, kind, count) VALUES (?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET count = count + excluded.count"
)
_MARK_DAYS = "INSERT INTO counted_day (workspace_id, channel_id, day) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_FIND_OURS = (
    "SELECT DISTINCT p.workspace_id, p.place, p.reference_key FROM json_each(?) AS wanted CROSS JOIN posted p"
    " ON p.workspace_id = wanted.value ->> 0 AND p.place = wanted.value ->> 1 AND p.reference_key = wanted.value ->> 2"
)


def flush(connection: sqlite3.Connection, signs: Sequence[Sign], now: datetime) -> Flushed:
    """Count a batch in one transaction: identities, sums, first and last sign.

    `now` is product time, in UTC. A sign whose identity is known counts no second time. Members and channels not heard
    before get a stub row.
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
    fresh = _fresh(connection, signs, now)
    members = _members(connection, {(sign.workspace_id, sign.member) for sign in fresh}, now)
    counted = [sign for sign in fresh if members[sign.workspace_id, sign.member].is_counted]
    channels = _channels(
        connection, {(sign.workspace_id, sign.channel) for sign in counted if sign.channel is not None}
    )
    days = days_of_channels(counted, members, channels)
    imported = {(channel, day): until for channel, day, until in connection.execute(_FIND_IMPORTED, _json(days))}
    made = tally(counted, members, channels, imported)
    for statement, sums in (
        (_ADD_BY_MEMBER, made.by_member),
        (_ADD_BY_CHANNEL, made.by_channel),
        (_ADD_DIRECT, made.direct),
    ):
        connection.executemany(statement, [(*key, count) for key, count in sums.items()])
    connection.executemany(_ADD_SPANS, [(*key, *span) for key, span in made.spans.items()])
    connection.executemany(_MARK_DAYS, made.live_days)
    return Flushed(made.counted, len(signs) - len(fresh), len(fresh) - made.counted, _to_us(connection, signs))


def _json(rows: Iterable[Sequence[Any]]) -> tuple[str]:
    """Return rows as the one parameter that `json_each` takes apart."""
    return (orjson.dumps(list(rows)).decode(),)


def _fresh(connection: sqlite3.Connection, signs: Sequence[Sign], now: datetime) -> list[Sign]:
    """Remember the batch's identities; returns the first sign of each that was not known."""
    first = {(sign.workspace_id, sign.identity): sign for sign in reversed(signs)}
    rows = connection.execute(_REMEMBER, (now.date().toordinal(), *_json(first)))
    return [first[workspace_id, identity] for workspace_id, identity in rows.fetchall()]


def _members(
    connection: sqlite3.Connection, wanted: set[tuple[int, str]], now: datetime
) -> dict[tuple[int, str], Known]:
    """Return how members are counted, making stubs for those not heard of."""
    rows = connection.execute(_FIND_MEMBERS, _json(wanted)).fetchall()
    missing = wanted - {(row[0], row[1]) for row in rows}
    if missing:
        created_at = now.strftime("%Y-%m-%d %H:%M:%S.%f")
        connection.executemany(_ADD_MEMBER, [(*key, created_at) for key in missing])
        for key in missing:
            honour_wish_raw(connection, *key)
        rows += connection.execute(_FIND_MEMBERS, _json(missing)).fetchall()
    return {
        (workspace_id, name): Known(row_id, bool(is_counted), _seconds(told_at))
        for workspace_id, name, row_id, is_counted, told_at in rows
    }


@lru_cache(maxsize=4096)
def _seconds(stored: str | None) -> float:
    # A notice reaches many at once, so that most moments have been read before.
    return NOT_YET if stored is None else datetime.fromisoformat(stored).replace(tzinfo=UTC).timestamp()


def _channels(connection: sqlite3.Connection, wanted: set[tuple[int, str]]) -> dict[tuple[int, str], tuple[int, bool]]:
    """Return (row id, whether the bot is in it) by which, making rows for channels not heard of."""
    rows = connection.execute(_FIND_CHANNELS, _json(wanted)).fetchall()
    missing = wanted - {(row[0], row[1]) for row in rows}
    if missing:
        connection.executemany(_ADD_CHANNEL, list(missing))
        rows += connection.execute(_FIND_CHANNELS, _json(missing)).fetchall()
    return {(workspace_id, name): (row_id, bool(bot_is_in)) for workspace_id, name, row_id, bot_is_in in rows}


def _to_us(connection: sqlite3.Connection, signs: Sequence[Sign]) -> list[bool]:
    asked = {
        (sign.workspace_id, sign.channel, sign.towards)
        for sign in signs
        if sign.towards is not None and sign.channel is not None
    }
    ours = set(connection.execute(_FIND_OURS, _json(asked)).fetchall()) if asked else set()
    return [(sign.workspace_id, sign.channel, sign.towards) in ours for sign in signs]
