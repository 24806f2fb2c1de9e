"""Counting an imported history on the raw driver: all of a file in one transaction, and each channel's day once.

Called by `samlas import` with what it has read from a file (bot/importing). A process that is killed at any moment
has stored all of a file or nothing of it.
"""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from storage.counting import add_sums
from storage.tables import Kind, MemberState, Platform
from storage.wishes import honour_wish_raw

WRITTEN = (Kind.MESSAGE, Kind.THREAD_REPLY)


@dataclass(frozen=True, slots=True)
class ListedMember:
    """A person or bot of the organisation as a file lists them."""

    external_id: str
    name: str
    email: str | None = None
    zone: str | None = None
    locale: str | None = None
    is_bot: bool = False
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class ListedChannel:
    """A channel as a file lists it; `members` are external ids."""

    external_id: str
    name: str
    purpose: str = ""
    is_private: bool = False
    is_archived: bool = False
    members: Sequence[str] = ()


@dataclass(slots=True)
class ChannelDay:
    """What a file tells of one channel on one UTC day: signs by (member's external id, kind).

    `until` is the time of the last message counted, in seconds since 1970.
    """

    until: float = 0.0
    signs: Counter[tuple[str, Kind]] = field(default_factory=Counter)

    @property
    def written(self) -> int:
        """How many messages and thread replies there are."""
        return sum(count for (_, kind), count in self.signs.items() if kind in WRITTEN)


@dataclass(frozen=True, slots=True)
class History:
    """What a file tells: who and where, and the signs by (channel's external id, day as an ordinal)."""

    members: Sequence[ListedMember]
    channels: Sequence[ListedChannel]
    days: Mapping[tuple[str, int], ChannelDay]


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
    by_name_since: str | None


@dataclass(frozen=True, slots=True)
class _CountedDay:
    imported_until: float | None
    imported_at: str | None

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
    by_name_since: str | None


def store_history(connection: sqlite3.Connection, into: int | NewWorkspace, history: History, now: datetime) -> Stored:
    """Count what a file tells in one transaction; a channel's day that was counted before is not counted again.

    `into` is a workspace's row id, or a workspace to create. In an import every channel of the file counts; elsewhere
    only those the bot is in. Of members whom the notice has not reached only channel sums are kept; importing the same
    file after it adds their counts, of what the first time counted. Members who are not counted stay so.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        workspace = _workspace(connection, into, _moment(now))
        members = _members(connection, workspace, history.members, _moment(now))
        channels = _channels(connection, workspace, history.channels)
        _memberships(connection, workspace, history.channels, channels, members)
        already_counted = _count(connection, workspace, history, channels, members, _moment(now))
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    left_out = len(history.channels) - len(channels)
    not_told = sum(1 for member in members.values() if member.is_counted and member.by_name_since is None)
    return Stored(workspace.id, already_counted, left_out, workspace.by_name_since is not None, not_told)


def _moment(now: datetime) -> str:
    # As the tables' own type writes it.
    return now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _workspace(connection: sqlite3.Connection, into: int | NewWorkspace, now: str) -> _Workspace:
    workspace_id = into if isinstance(into, int) else _created(connection, into, now)
    platform, notice_given_at, created_at = connection.execute(
        "SELECT platform, notice_given_at, created_at FROM workspace WHERE id = ?", (workspace_id,)
    ).fetchone()
    is_import = platform == Platform.IMPORTED
    return _Workspace(workspace_id, is_import, created_at if is_import else notice_given_at)


def _created(connection: sqlite3.Connection, new: NewWorkspace, now: str) -> int:
    # Somebody else's import may have created it a moment ago.
    connection.execute(
        "INSERT INTO workspace (platform, external_id, name, settings, settings_version, created_at)"
        " VALUES (?, ?, ?, '{}', 0, ?) ON CONFLICT DO NOTHING",
        (Platform.IMPORTED, new.name, new.name, now),
    )
    row = connection.execute(
        "SELECT id FROM workspace WHERE platform = ? AND external_id = ?", (Platform.IMPORTED, new.name)
    ).fetchone()
    return int(row[0])


def _members(
    connection: sqlite3.Connection, workspace: _Workspace, listed: Sequence[ListedMember], now: str
) -> dict[str, _Member]:
    """Store who is listed; returns everybody by external id.

    What is known of somebody from their platform is newer than any file; in an import the last file is all there is.
    """
    connection.executemany(
        "INSERT INTO member (workspace_id, external_id, name, email, state, is_bot, locale, zone,"
        " created_at, is_communications_lead, is_coach, in_management_group, not_counted, nudges_off,"
        " lead_not_involved)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0) ON CONFLICT DO UPDATE SET"
        " name = excluded.name, email = coalesce(excluded.email, email), state = excluded.state,"
        " is_bot = excluded.is_bot, locale = coalesce(excluded.locale, locale), zone = coalesce(excluded.zone, zone)"
        " WHERE ? OR member.state = 'stub'",
        [
            (
                workspace.id,
                member.external_id,
                member.name,
                member.email,
                MemberState.LEFT if member.has_left else MemberState.ACTIVE,
                member.is_bot,
                member.locale,
                member.zone,
                now,
                workspace.is_import,
            )
            for member in listed
        ],
    )
    # Their wish was kept until somebody heard of them again, whoever that is.
    for member in listed:
        honour_wish_raw(connection, workspace.id, member.external_id)
    rows = connection.execute(
        "SELECT external_id, id, NOT is_bot AND NOT not_counted, told_at FROM member WHERE workspace_id = ?",
        (workspace.id,),
    )
    return {
        external_id: _Member(row, bool(is_counted), _by_name_since(workspace, told_at))
        for external_id, row, is_counted, told_at in rows
    }


def _by_name_since(workspace: _Workspace, told_at: str | None) -> str | None:
    if workspace.is_import or workspace.by_name_since is None:
        return workspace.by_name_since
    return told_at


def _channels(connection: sqlite3.Connection, workspace: _Workspace, listed: Sequence[ListedChannel]) -> dict[str, int]:
    """Return the row ids, by external id, of those listed channels whose history counts here."""
    if workspace.is_import:
        connection.executemany(
            "INSERT INTO channel (workspace_id, external_id, name, purpose, is_private, is_archived, bot_is_in)"
            " VALUES (?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET name = excluded.name,"
            " purpose = excluded.purpose, is_private = excluded.is_private, is_archived = excluded.is_archived",
            [
                (workspace.id, each.external_id, each.name, each.purpose, each.is_private, each.is_archived)
                for each in listed
            ],
        )
    else:
        # The bot has only heard an event from a channel that has no name yet.
        connection.executemany(
            "UPDATE channel SET name = ?, purpose = ? WHERE workspace_id = ? AND external_id = ? AND name = ''",
            [(each.name, each.purpose, workspace.id, each.external_id) for each in listed],
        )
    rows = connection.execute(
        "SELECT external_id, id FROM channel WHERE workspace_id = ? AND bot_is_in", (workspace.id,)
    )
    inside: dict[str, int] = dict(rows)
    return {each.external_id: inside[each.external_id] for each in listed if each.external_id in inside}


def _memberships(
    connection: sqlite3.Connection,
    workspace: _Workspace,
    listed: Sequence[ListedChannel],
    channels: Mapping[str, int],
    members: Mapping[str, _Member],
) -> None:
    if not workspace.is_import:
        # Who is in a channel now, its platform knows better than a file.
        return
    connection.executemany(
        "INSERT INTO channel_member (channel_id, member_id, workspace_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (channels[channel.external_id], members[person].row_id, workspace.id)
            for channel in listed
            for person in channel.members
            if person in members
        ],
    )


def _count(
    connection: sqlite3.Connection,
    workspace: _Workspace,
    history: History,
    channels: Mapping[str, int],
    members: Mapping[str, _Member],
    now: str,
) -> int:
    """Count the days that have not been counted; returns how many messages and replies were of days that had."""
    counted = _counted_days(connection, workspace)
    by_member: Counter[tuple[int, int, int, int]] = Counter()
    by_channel: Counter[tuple[int, int, int, int]] = Counter()
    marks: list[tuple[int, int, int, float, str]] = []
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
                by_channel[workspace.id, channel_id, day, kind] += count
            if member.by_name_since is not None and (before is None or before.lacks(member)):
                by_member[workspace.id, member.row_id, day, kind] += count
        marks.append((workspace.id, channel_id, day, told.until, now))
    add_sums(connection, by_member, by_channel)
    connection.executemany(
        "INSERT INTO counted_day (workspace_id, channel_id, day, imported_until, imported_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET imported_at = excluded.imported_at",
        marks,
    )
    return already_counted


def _counted_days(connection: sqlite3.Connection, workspace: _Workspace) -> dict[tuple[int, int], _CountedDay]:
    rows = connection.execute(
        "SELECT channel_id, day, imported_until, imported_at FROM counted_day WHERE workspace_id = ?", (workspace.id,)
    )
    return {(channel_id, day): _CountedDay(until, at) for channel_id, day, until, at in rows}
