"""What is counted, and by which rules: a batch of signs is added up here, and written in one transaction.

Through the ORM that is thirty times slower, so each driver has a plain function of its own (counting_sqlite.py,
counting_postgresql.py; storage/flushing.py knows which). What a handler counts within its own transaction goes through
`count_one`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    Result,
    Select,
    String,
    Table,
    bindparam,
    delete,
    literal,
    select,
    update,
)
from sqlmodel import SQLModel, col

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
    found = await _run(session, _remembering(), workspace_id=workspace_id, identity=identity, day=today)
    return found.first() is not None


async def forget(session: Session, workspace_id: int, identity: str) -> None:
    """Forget that something happened, so that it may happen anew."""
    await session.execute(
        delete(Happened).where(col(Happened.workspace_id) == workspace_id, col(Happened.identity) == identity)
    )


async def count_one(
    session: Session, workspace_id: int, member_id: int, channel_id: int | None, day: date, kind: Kind
) -> None:
    """Count one sign within a handler's transaction, under the same rules as `flush`; the identity is the caller's."""
    this = {"workspace_id": workspace_id, "member_id": member_id, "day": day, "kind": int(kind)}
    await _run(session, _adding_to(Participation), **this)
    if channel_id is None:
        await _run(session, _adding_to(DirectParticipation), **this)
    else:
        await _run(session, _adding_to(ChannelParticipation), **this, channel_id=channel_id)
    await note_sign(session, workspace_id, member_id, day)


async def note_sign(session: Session, workspace_id: int, member_id: int, day: date) -> None:
    """Keep that a member gave a sign on that day, under the same rules; what it was is not counted."""
    await _run(session, _noting_sign(), workspace_id=workspace_id, member_id=member_id, day=day)


# What follows is made once and run with other values each time: making such a statement anew takes SQLAlchemy ten times
# as long as running it, and every turn has some of them.
_GIVEN: Mapping[str, ColumnElement[Any]] = {
    "workspace_id": bindparam("workspace_id", type_=Integer()),
    "member_id": bindparam("member_id", type_=Integer()),
    "channel_id": bindparam("channel_id", type_=Integer()),
    "day": bindparam("day", type_=Day()),
    "kind": bindparam("kind", type_=Integer()),
    "identity": bindparam("identity", type_=String()),
}


def _table_of(model: type[SQLModel]) -> Table:
    return model.__table__  # type: ignore[attr-defined, no-any-return]  # SQLModel adds it


async def _run(session: Session, statement: Executable, **given: object) -> Result[Any]:
    return await (await session.connection()).execute(statement, given)


@cache
def _remembering() -> Executable:
    happened = _table_of(Happened)
    names = ("workspace_id", "identity", "day")
    adding = insert(happened).values({name: _GIVEN[name] for name in names})
    return adding.on_conflict_do_nothing().returning(happened.c.identity)


@cache
def _adding_to(sums: type[Participation | ChannelParticipation | DirectParticipation]) -> Executable:
    """Return what adds one to the sum of a key, if its member is counted."""
    table = _table_of(sums)
    key = [column.name for column in table.primary_key]
    whose = _counted_by_name() if sums is Participation else _counted()
    adding = insert(table).from_select(
        [*key, "count"],
        whose.with_only_columns(*(_GIVEN[name] for name in key), literal(1), maintain_column_froms=True),
    )
    return adding.on_conflict_do_update(index_elements=key, set_={"count": table.c.count + 1})


@cache
def _noting_sign() -> Executable:
    table = _table_of(LastSign)
    key = ["workspace_id", "member_id"]
    given = [_GIVEN[name] for name in (*key, "day", "day")]
    adding = insert(table).from_select(
        [*key, "first_day", "last_day"],
        _counted_by_name().with_only_columns(*given, maintain_column_froms=True),
    )
    return adding.on_conflict_do_update(
        index_elements=key,
        set_={
            "first_day": least(table.c.first_day, adding.excluded.first_day),
            "last_day": greatest(table.c.last_day, adding.excluded.last_day),
        },
    )


def _counted() -> Select[Any]:
    """Return a query that finds the member if they are counted, and else nobody."""
    member, workspace = _table_of(Member), _table_of(Workspace)
    return (
        select(literal(1))
        .select_from(member)
        .join(workspace, workspace.c.id == member.c.workspace_id)
        .where(
            member.c.id == _GIVEN["member_id"],
            member.c.workspace_id == _GIVEN["workspace_id"],
            member.c.is_bot.is_(False),
            member.c.not_counted.is_(False),
        )
    )


def _counted_by_name() -> Select[Any]:
    """Return one that finds them if they are counted by name: their notice has arrived."""
    return _counted().where(
        _table_of(Workspace).c.notice_given_at.is_not(None), _table_of(Member).c.told_at.is_not(None)
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
