"""Counting on asyncpg: the same batch as `storage.counting_sqlite.flush` counts on SQLite, in a few statements a batch.

Rows are touched in the order of their keys, so that two processes that count at the same time never wait for each other
in a ring.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from storage.counting import NOT_YET, Flushed, Known, Sign, days_of_channels, tally
from storage.wishes import honour_wishes_asyncpg

_REMEMBER = (
    "INSERT INTO happened (workspace_id, identity, day)"
    " SELECT w, i, $3 FROM unnest($1::int[], $2::text[]) AS new (w, i) ORDER BY w, i"
    " ON CONFLICT DO NOTHING RETURNING workspace_id, identity"
)
_FIND_MEMBERS = (
    "SELECT m.workspace_id, m.external_id, m.id, NOT m.is_bot AND NOT m.not_counted,"
    " CASE WHEN w.notice_given_at IS NOT NULL THEN m.told_at END"
    " FROM unnest($1::int[], $2::text[]) AS wanted (w, e)"
    " JOIN member m ON m.workspace_id = wanted.w AND m.external_id = wanted.e JOIN workspace w ON w.id = m.workspace_id"
)
_ADD_MEMBERS = (
    "INSERT INTO member (workspace_id, external_id, name, state, is_bot, is_communications_lead, is_coach,"
    " in_management_group, created_at, not_counted, nudges_off, lead_not_involved)"
    " SELECT w, e, '', 'stub', false, false, false, false, $3, false, false, false"
    " FROM unnest($1::int[], $2::text[]) AS new (w, e) ORDER BY w, e ON CONFLICT DO NOTHING"
)
_FIND_CHANNELS = (
    "SELECT c.workspace_id, c.external_id, c.id, c.bot_is_in FROM unnest($1::int[], $2::text[]) AS wanted (w, e)"
    " JOIN channel c ON c.workspace_id = wanted.w AND c.external_id = wanted.e"
)
_ADD_CHANNELS = (
    "INSERT INTO channel (workspace_id, external_id, name, purpose, is_private, is_archived, bot_is_in,"
    " outsiders) SELECT w, e, '', '', false, false, true, 0"
    " FROM unnest($1::int[], $2::text[]) AS new (w, e) ORDER BY w, e ON CONFLICT DO NOTHING"
)
_FIND_IMPORTED = (
    "SELECT d.channel_id, d.day, d.imported_until FROM unnest($1::int[], $2::int[], $3::int[]) AS wanted (w, c, d)"
    " JOIN counted_day d ON d.workspace_id = wanted.w AND d.channel_id = wanted.c AND d.day = wanted.d"
    " WHERE d.imported_until IS NOT NULL"
)
_ADD_BY_MEMBER = (
    "INSERT INTO participation AS p (workspace_id, member_id, day, kind, count)"
    " SELECT * FROM unnest($1::int[], $2::int[], $3::int[], $4::int[], $5::int[]) ORDER BY 1, 2, 3, 4"
    " ON CONFLICT (workspace_id, member_id, day, kind) DO UPDATE SET count = p.count + excluded.count"
)
_ADD_SPANS = (
    "INSERT INTO last_sign AS s (workspace_id, member_id, first_day, last_day)"
    " SELECT * FROM unnest($1::int[], $2::int[], $3::int[], $4::int[]) ORDER BY 1, 2"
    " ON CONFLICT (workspace_id, member_id) DO UPDATE SET first_day = least(s.first_day, excluded.first_day),"
    " last_day = greatest(s.last_day, excluded.last_day)"
    " WHERE s.first_day > excluded.first_day OR s.last_day < excluded.last_day"
)
_ADD_BY_CHANNEL = (
    "INSERT INTO channel_participation AS p (workspace_id, channel_id, day, kind, count)"
    " SELECT * FROM unnest($1::int[], $2::int[], $3::int[], $4::int[], $5::int[]) ORDER BY 1, 2, 3, 4"
    " ON CONFLICT (workspace_id, channel_id, day, kind) DO UPDATE SET count = p.count + excluded.count"
)
_ADD_DIRECT = (
    "INSERT INTO direct_participation AS p (workspace_id, day, kind, count)"
    " SELECT * FROM unnest($1::int[], $2::int[], $3::int[], $4::int[]) ORDER BY 1, 2, 3"
    " ON CONFLICT (workspace_id, day, kind) DO UPDATE SET count = p.count + excluded.count"
)
_MARK_DAYS = (
    "INSERT INTO counted_day (workspace_id, channel_id, day)"
    " SELECT * FROM unnest($1::int[], $2::int[], $3::int[]) ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING"
)
_FIND_OURS = (
    "SELECT DISTINCT w, p, k FROM unnest($1::int[], $2::text[], $3::text[]) AS wanted (w, p, k)"
    " JOIN posted ON posted.workspace_id = w AND posted.place = p AND posted.reference_key = k"
)


async def flush(connection: Any, signs: Sequence[Sign], now: datetime) -> Flushed:
    """Count a batch in one transaction on an asyncpg connection, under the rules of `storage.counting.tally`."""
    async with connection.transaction():
        return await _count(connection, signs, now)


async def _count(connection: Any, signs: Sequence[Sign], now: datetime) -> Flushed:
    fresh = await _fresh(connection, signs, now)
    members = await _members(connection, {(sign.workspace_id, sign.member) for sign in fresh}, now)
    counted = [sign for sign in fresh if members[sign.workspace_id, sign.member].is_counted]
    channels = await _channels(
        connection, {(sign.workspace_id, sign.channel) for sign in counted if sign.channel is not None}
    )
    imported = await _imported(connection, days_of_channels(counted, members, channels))
    made = tally(counted, members, channels, imported)
    for statement, rows in (
        (_ADD_BY_MEMBER, [(*key, count) for key, count in made.by_member.items()]),
        (_ADD_SPANS, [(*key, *span) for key, span in made.spans.items()]),
        (_ADD_BY_CHANNEL, [(*key, count) for key, count in made.by_channel.items()]),
        (_ADD_DIRECT, [(*key, count) for key, count in made.direct.items()]),
        (_MARK_DAYS, list(made.live_days)),
    ):
        if rows:
            await connection.execute(statement, *_columns(rows))
    return Flushed(made.counted, len(signs) - len(fresh), len(fresh) - made.counted, await _to_us(connection, signs))


def _columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Return rows as the arrays that `unnest` takes, one a column."""
    return [list(column) for column in zip(*rows, strict=True)]


async def _fresh(connection: Any, signs: Sequence[Sign], now: datetime) -> list[Sign]:
    """Remember the batch's identities; returns the first sign of each that was not known."""
    first = {(sign.workspace_id, sign.identity): sign for sign in reversed(signs)}
    remembered = await connection.fetch(_REMEMBER, *_columns(first), now.date().toordinal())
    return [first[workspace_id, identity] for workspace_id, identity in remembered]


async def _members(connection: Any, wanted: set[tuple[int, str]], now: datetime) -> dict[tuple[int, str], Known]:
    """Return how members are counted, making stubs for those not heard of."""
    rows = await _found_or_made(connection, wanted, _FIND_MEMBERS, _ADD_MEMBERS, now, made=honour_wishes_asyncpg)
    return {
        (workspace_id, name): Known(row_id, counted, NOT_YET if told_at is None else told_at.timestamp())
        for workspace_id, name, row_id, counted, told_at in rows
    }


async def _channels(connection: Any, wanted: set[tuple[int, str]]) -> dict[tuple[int, str], tuple[int, bool]]:
    """Return (row id, whether the bot is in it) by which, making rows for channels not heard of."""
    rows = await _found_or_made(connection, wanted, _FIND_CHANNELS, _ADD_CHANNELS)
    return {(workspace_id, name): (row_id, bot_is_in) for workspace_id, name, row_id, bot_is_in in rows}


async def _found_or_made(
    connection: Any,
    wanted: set[tuple[int, str]],
    find: str,
    add: str,
    *values: Any,
    made: Callable[[Any, set[tuple[int, str]]], Awaitable[None]] | None = None,
) -> list[Any]:
    """Return what `find` finds of the wanted (workspace, external id), when `add` has made what was not there.

    `made` is done with those before they are looked at.
    """
    rows = await connection.fetch(find, *_columns(wanted)) if wanted else []
    missing = wanted - {(row[0], row[1]) for row in rows}
    if missing:
        await connection.execute(add, *_columns(missing), *values)
        if made is not None:
            await made(connection, missing)
        rows += await connection.fetch(find, *_columns(missing))
    return list(rows)


async def _imported(connection: Any, wanted: set[tuple[int, int, int]]) -> dict[tuple[int, int], float]:
    """Return until when, in seconds since 1970, channels' days were imported, by (channel, day)."""
    if not wanted:
        return {}
    rows = await connection.fetch(_FIND_IMPORTED, *_columns(wanted))
    return {(channel_id, day): until for channel_id, day, until in rows}


async def _to_us(connection: Any, signs: Sequence[Sign]) -> list[bool]:
    asked = {
        (sign.workspace_id, sign.channel, sign.towards)
        for sign in signs
        if sign.towards is not None and sign.channel is not None
    }
    rows = await connection.fetch(_FIND_OURS, *_columns(asked)) if asked else []
    ours = {tuple(row) for row in rows}
    return [(sign.workspace_id, sign.channel, sign.towards) in ours for sign in signs]
