"""Counting an imported history: all of a file in one transaction, and each channel's day once.

Called by `samlas import` with what it has read from a file (bot/importing). A process that is killed at any moment
has stored all of a file or nothing of it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, literal
from sqlmodel import col, or_, select, update

from storage.database import Session
from storage.dialect import greatest, insert, least
from storage.history import ChannelDay, History, ListedChannel, ListedMember
from storage.tables import (
    Channel,
    ChannelMember,
    ChannelParticipation,
    CountedDay,
    KeptWish,
    LastSign,
    Member,
    MemberState,
    Participation,
    Platform,
    Workspace,
)
from storage.wishes import honour_wish

# (member's or channel's row id, day as an ordinal, kind) -> how often.
Sums = Counter[tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class NewWorkspace:
    """A workspace that exists only as an import: nothing can be sent there."""

    name: str


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of an imported history. `already_counted`: messages and replies of days that had been counted.

    `channels_left_out`: the bot is not in them. `by_name`: whether counts by member are kept (else channel sums only);
    `not_told`: of so many members they are not, whom the notice has not reached.
    """

    workspace_id: int
    already_counted: int
    channels_left_out: int
    by_name: bool
    not_told: int = 0


@dataclass(frozen=True, slots=True)
class _Workspace:
    id: int
    is_import: bool
    # When counting by member began at all; None: it has not.
    by_name_since: datetime | None


@dataclass(frozen=True, slots=True)
class _CountedDay:
    imported_until: float | None
    imported_at: datetime | None

    def is_the_same(self, told: ChannelDay) -> bool:
        """Whether just what is told was imported before."""
        return self.imported_until == told.until and self.imported_at is not None

    def lacks(self, member: "_Member") -> bool:
        """Whether that was before a member was counted by name."""
        return (
            self.imported_at is not None
            and member.by_name_since is not None
            and (self.imported_at < member.by_name_since)
        )


@dataclass(frozen=True, slots=True)
class _Member:
    row_id: int
    is_counted: bool
    # When counting by name began for them; None: it has not.
    by_name_since: datetime | None


async def store_history(session: Session, into: int | NewWorkspace, history: History, now: datetime) -> Stored:
    """Count what a file tells in the caller's transaction; a channel's day that was counted before is not again.

    `into` is a workspace's row id, or a workspace to create. In an import every channel of the file counts; elsewhere
    only those the bot is in. Of members whom the notice has not reached only channel sums are kept; importing the same
    file after it adds their counts, of what the first time counted. Members who are not counted stay so.
    """
    workspace = await _workspace(session, into, now)
    members = await _members(session, workspace, history.members, now)
    channels = await _channels(session, workspace, history.channels)
    await _memberships(session, workspace, history.channels, channels, members)
    already_counted = await _count(session, workspace, history, channels, members, now)
    left_out = len(history.channels) - len(channels)
    not_told = sum(1 for member in members.values() if member.is_counted and member.by_name_since is None)
    return Stored(workspace.id, already_counted, left_out, workspace.by_name_since is not None, not_told)


async def _workspace(session: Session, into: int | NewWorkspace, now: datetime) -> _Workspace:
    this = col(Workspace.id) == into
    if isinstance(into, NewWorkspace):
        this = and_(col(Workspace.platform) == Platform.IMPORTED, col(Workspace.external_id) == into.name)
        # Somebody else's import may have created it a moment ago.
        new = Workspace(platform=Platform.IMPORTED, external_id=into.name, name=into.name, created_at=now)
        await session.execute(insert(Workspace).values(new.model_dump(exclude={"id"})).on_conflict_do_nothing())
    # Two imports into one workspace go one after the other.
    found = (await session.execute(select(Workspace).where(this).with_for_update())).scalar_one()
    if found.id is None:
        raise ValueError("the workspace was not stored")
    is_import = found.platform == Platform.IMPORTED
    return _Workspace(found.id, is_import, found.created_at if is_import else found.notice_given_at)


async def _members(
    session: Session, workspace: _Workspace, listed: Sequence[ListedMember], now: datetime
) -> dict[str, _Member]:
    """Store who is listed; returns everybody by external id.

    What is known of somebody from their platform is newer than any file; in an import the last file is all there is.
    """
    adding = insert(Member)
    told = adding.excluded
    await _execute_many(
        session,
        adding.on_conflict_do_update(
            index_elements=["workspace_id", "external_id"],
            set_={
                "name": told.name,
                "email": func.coalesce(told.email, Member.email),
                "state": told.state,
                "is_bot": told.is_bot,
                "locale": func.coalesce(told.locale, Member.locale),
                "zone": func.coalesce(told.zone, Member.zone),
            },
            where=or_(literal(workspace.is_import), col(Member.state) == MemberState.STUB),
        ),
        [
            Member(
                workspace_id=workspace.id,
                external_id=member.external_id,
                name=member.name,
                email=member.email,
                state=MemberState.LEFT if member.has_left else MemberState.ACTIVE,
                is_bot=member.is_bot,
                locale=member.locale,
                zone=member.zone,
                created_at=now,
            ).model_dump(exclude={"id"})
            for member in listed
        ],
    )
    kept = await session.execute(select(KeptWish.digest).where(KeptWish.workspace_id == workspace.id).limit(1))
    if kept.first() is not None:
        # Their wish was kept until somebody heard of them again, whoever that is.
        for member in listed:
            await honour_wish(session, workspace.id, member.external_id)
    rows = await session.execute(select(Member).where(Member.workspace_id == workspace.id))
    return {
        row.external_id: _Member(row.id, not row.is_bot and not row.not_counted, _by_name_since(workspace, row.told_at))
        for row in rows.scalars()
        if row.id is not None
    }


def _by_name_since(workspace: _Workspace, told_at: datetime | None) -> datetime | None:
    if workspace.is_import or workspace.by_name_since is None:
        return workspace.by_name_since
    return told_at


async def _channels(session: Session, workspace: _Workspace, listed: Sequence[ListedChannel]) -> dict[str, int]:
    """Return the row ids, by external id, of those listed channels whose history counts here."""
    if workspace.is_import:
        adding = insert(Channel)
        told = {name: adding.excluded[name] for name in ("name", "purpose", "is_private", "is_archived")}
        await _execute_many(
            session,
            adding.on_conflict_do_update(index_elements=["workspace_id", "external_id"], set_=told),
            [
                Channel(
                    workspace_id=workspace.id,
                    external_id=each.external_id,
                    name=each.name,
                    purpose=each.purpose,
                    is_private=each.is_private,
                    is_archived=each.is_archived,
                ).model_dump(exclude={"id"})
                for each in listed
            ],
        )
    else:
        # The bot has only heard an event from a channel that has no name yet.
        for each in listed:
            await session.execute(
                update(Channel)
                .where(
                    col(Channel.workspace_id) == workspace.id,
                    col(Channel.external_id) == each.external_id,
                    col(Channel.name) == "",
                )
                .values(name=each.name, purpose=each.purpose)
                .execution_options(synchronize_session=False)
            )
    rows = await session.execute(
        select(Channel.external_id, Channel.id).where(
            Channel.workspace_id == workspace.id, col(Channel.bot_is_in).is_(True)
        )
    )
    inside = {external_id: row_id for external_id, row_id in rows if row_id is not None}
    return {each.external_id: inside[each.external_id] for each in listed if each.external_id in inside}


async def _memberships(
    session: Session,
    workspace: _Workspace,
    listed: Sequence[ListedChannel],
    channels: Mapping[str, int],
    members: Mapping[str, _Member],
) -> None:
    if not workspace.is_import:
        # Who is in a channel now, its platform knows better than a file.
        return
    await _execute_many(
        session,
        insert(ChannelMember).on_conflict_do_nothing(),
        [
            {
                "channel_id": channels[channel.external_id],
                "member_id": members[person].row_id,
                "workspace_id": workspace.id,
            }
            for channel in listed
            for person in channel.members
            if person in members
        ],
    )


async def _count(
    session: Session,
    workspace: _Workspace,
    history: History,
    channels: Mapping[str, int],
    members: Mapping[str, _Member],
    now: datetime,
) -> int:
    """Count the days that have not been counted; returns how many messages and replies were of days that had."""
    counted = await _counted_days(session, workspace)
    by_member: Sums = Counter()
    by_channel: Sums = Counter()
    marks: list[dict[str, Any]] = []
    already_counted = 0
    for (channel, day), told in history.days.items():
        channel_id = channels.get(channel)
        if channel_id is None:
            continue
        before = counted.get((channel_id, day))
        if before is not None:
            already_counted += told.written
        if before is not None and not before.is_the_same(told):
            continue
        for (person, kind), count in told.signs.items():
            member = members[person]
            if not member.is_counted:
                continue
            if before is None:
                by_channel[channel_id, day, kind] += count
            if member.by_name_since is not None and (before is None or before.lacks(member)):
                by_member[member.row_id, day, kind] += count
        marks.append(
            {
                "workspace_id": workspace.id,
                "channel_id": channel_id,
                "day": date.fromordinal(day),
                "imported_until": told.until,
                "imported_at": now,
            }
        )
    await _add_sums(session, workspace, Participation, "member_id", by_member)
    await _add_spans(session, workspace, by_member)
    await _add_sums(session, workspace, ChannelParticipation, "channel_id", by_channel)
    marking = insert(CountedDay)
    await _execute_many(
        session,
        marking.on_conflict_do_update(
            index_elements=["workspace_id", "channel_id", "day"], set_={"imported_at": marking.excluded.imported_at}
        ),
        marks,
    )
    return already_counted


async def _counted_days(session: Session, workspace: _Workspace) -> dict[tuple[int, int], _CountedDay]:
    rows = await session.execute(
        select(
            col(CountedDay.channel_id), col(CountedDay.day), col(CountedDay.imported_until), col(CountedDay.imported_at)
        ).where(CountedDay.workspace_id == workspace.id)
    )
    return {(channel_id, day.toordinal()): _CountedDay(until, at) for channel_id, day, until, at in rows}


async def _add_sums(
    session: Session,
    workspace: _Workspace,
    table: type[Participation | ChannelParticipation],
    whose: str,
    sums: Sums,
) -> None:
    adding = insert(table)
    await _execute_many(
        session,
        adding.on_conflict_do_update(
            index_elements=["workspace_id", whose, "day", "kind"],
            set_={"count": table.count + adding.excluded.count},
        ),
        [
            {"workspace_id": workspace.id, whose: row_id, "day": date.fromordinal(day), "kind": kind, "count": count}
            # In the order of the keys, as everybody adds who adds many.
            for (row_id, day, kind), count in sorted(sums.items())
        ],
    )


async def _add_spans(session: Session, workspace: _Workspace, sums: Iterable[tuple[int, int, int]]) -> None:
    """Widen each member's first and last day of a sign by these."""
    spans: dict[int, tuple[int, int]] = {}
    for member_id, day, _kind in sums:
        first, last = spans.get(member_id, (day, day))
        spans[member_id] = min(first, day), max(last, day)
    adding = insert(LastSign)
    await _execute_many(
        session,
        adding.on_conflict_do_update(
            index_elements=["workspace_id", "member_id"],
            set_={
                "first_day": least(LastSign.first_day, adding.excluded.first_day),
                "last_day": greatest(LastSign.last_day, adding.excluded.last_day),
            },
        ),
        [
            {
                "workspace_id": workspace.id,
                "member_id": member_id,
                "first_day": date.fromordinal(first),
                "last_day": date.fromordinal(last),
            }
            for member_id, (first, last) in sorted(spans.items())
        ],
    )


async def _execute_many(session: Session, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection = await session.connection()
        await connection.execute(statement, rows)
