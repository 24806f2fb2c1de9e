"""What is counted, and by which rules: a batch of signs is added up here, and written in one transaction.

Through the ORM that is thirty times slower, so each driver has a plain function of its own (counting_sqlite.py,
counting_postgresql.py; storage/flushing.py knows which). What a handler counts within its own transaction goes through
`count_one`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

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

FIRST_DAY = date(1970, 1, 1).toordinal()
LAST_DAY = date.max.toordinal()
DAY_SECONDS = 86_400
NEVER = float("-inf")
NOT_YET = float("inf")

# So many go in some milliseconds.
FORGOTTEN_AT_ONCE = 500

Condition = ColumnElement[bool]
Key = Mapping[str, ColumnElement[Any]]


class Sign(NamedTuple):
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
        """The UTC day, as an ordinal. Raises ValueError for a time that is none."""
        ordinal = FIRST_DAY + int(self.at // DAY_SECONDS)
        if not 1 <= ordinal <= LAST_DAY:
            raise ValueError(self.at)
        return ordinal


@dataclass(frozen=True, slots=True)
class Flushed:
    """What became of a batch. *ignored*: from a bot, in a channel the bot is not in, or imported before.

    `to_us` says of each sign, counted or not, whether it is given to a message of ours.
    """

    counted: int
    duplicates: int
    ignored: int
    to_us: Sequence[bool]


@dataclass(frozen=True, slots=True)
class Known:
    """A member as counting knows them: whether they are counted, and since when by name.

    That is when their notice had arrived, in seconds since 1970; before, NOT_YET.
    """

    row_id: int
    is_counted: bool
    told_at: float


Channels = Mapping[tuple[int, str], tuple[int, bool]]
"""(row id, whether the bot is in it) by (workspace, the platform's id)."""

Sums = dict[tuple[int, ...], int]


@dataclass(slots=True)
class Tally:
    """What a batch adds: sums by (workspace, member or channel, day, kind) and by (workspace, day, kind).

    `spans` are first and last days by (workspace, member), `live_days` (workspace, channel, day). Days are ordinals.
    """

    counted: int = 0
    by_member: Sums = field(default_factory=dict)
    by_channel: Sums = field(default_factory=dict)
    direct: Sums = field(default_factory=dict)
    spans: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    live_days: set[tuple[int, int, int]] = field(default_factory=set)


def days_of_channels(
    signs: Sequence[Sign], members: Mapping[tuple[int, str], Known], channels: Channels
) -> set[tuple[int, int, int]]:
    """Return (workspace, channel, day) of every sign that may be counted: an import may have counted that day."""
    return {
        (sign.workspace_id, channels[sign.workspace_id, sign.channel][0], sign.day)
        for sign in signs
        if sign.channel is not None and members[sign.workspace_id, sign.member].is_counted
    }


def tally(
    signs: Sequence[Sign],
    members: Mapping[tuple[int, str], Known],
    channels: Channels,
    imported: Mapping[tuple[int, int], float],
) -> Tally:
    """Add up signs that have not been counted before.

    `imported` says until when, in seconds since 1970, a channel's day was counted from a file. Of what members did
    before their own notice had arrived, only sums without them are kept; of members who are not counted, nothing at
    all (PRODUCT, "Notice first" and "Do not count me").
    """
    made = Tally()
    by_member, by_channel, direct, spans = made.by_member, made.by_channel, made.direct, made.spans
    for sign in signs:
        workspace_id, day, kind = sign.workspace_id, sign.day, int(sign.kind)
        member = members[workspace_id, sign.member]
        if not member.is_counted:
            continue
        if sign.channel is None:
            direct[workspace_id, day, kind] = direct.get((workspace_id, day, kind), 0) + 1
        else:
            channel_id, bot_is_in = channels[workspace_id, sign.channel]
            if not bot_is_in or sign.at <= imported.get((channel_id, day), NEVER):
                continue
            key = (workspace_id, channel_id, day, kind)
            by_channel[key] = by_channel.get(key, 0) + 1
        made.counted += 1
        if sign.at >= member.told_at:
            key = (workspace_id, member.row_id, day, kind)
            by_member[key] = by_member.get(key, 0) + 1
    # Of these there are fewer than of signs.
    made.live_days = {(workspace_id, channel_id, day) for workspace_id, channel_id, day, _ in by_channel}
    for workspace_id, member_id, day, _ in sorted(by_member):
        first, _last = spans.get((workspace_id, member_id), (day, day))
        spans[workspace_id, member_id] = first, day
    return made


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
