"""Slack's export format: what it tells of people, channels and who took part when. Never any text.

https://slack.com/help/articles/220556107 describes it: `users.json`, `channels.json` (and `groups.json` for private
channels), and for each channel a folder with a file for each day.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import ImportRefused
from bot.importing.archive import Archive, printable
from bot.texts import text
from storage.history import ChannelDay, History, ListedChannel, ListedMember
from storage.tables import Kind

# A message with one of these is still something a person wrote; any other subtype is a join, an edit, a notice ...
WRITTEN_SUBTYPES = frozenset({"thread_broadcast", "file_share", "me_message"})
# Slack's own bot, which its lists do not call one.
SLACKBOT = "USLACKBOT"

DAY_FILE = re.compile(r"(\d{4}-\d{2}-\d{2})\.json", re.ASCII)
MOMENT = re.compile(r"\d{1,10}(\.\d{1,9})?", re.ASCII)
SECONDS_IN_DAY = 24 * 60 * 60
EPOCH = date(1970, 1, 1).toordinal()


@dataclass(slots=True)
class Totals:
    """What a file holds, the same however often it is imported.

    `skipped`: entries that count as nobody's taking part, such as joins, edits, bots' messages and those of people from
    outside.
    """

    members: int = 0
    channels: int = 0
    messages: int = 0
    thread_replies: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class SlackExport:
    """A whole export, read."""

    history: History
    totals: Totals


def read_slack_export(archive: Archive, has_read: Callable[[int], None]) -> SlackExport:
    """Read a whole export, a day's file at a time; `has_read` is told of each how many packed bytes it was.

    A message counts on the UTC day of its own time, whatever its file is called. A reaction's time is not in an export:
    it counts on the day of what was reacted to, which is nearly always the day it was given. Direct messages are not
    read at all.
    Raises ImportRefused, naming the file, when any of it is not as Slack writes it.
    """
    members = _members(archive)
    channels = _channels(archive)
    people = frozenset(member.external_id for member in members if not member.is_bot)
    reading = _Reading(people, Totals(members=len(people), channels=len(channels)))
    folders = {channel.name: channel for channel in reversed(channels)}
    for folder, names in _day_files(archive, folders).items():
        seen: set[str] = set()
        for name in names:
            for entry in _objects(name, archive.read_json(name)):
                reading.take(name, folders[folder].external_id, entry, seen)
            has_read(archive.packed_bytes(name))
    return SlackExport(History(members, channels, reading.days), reading.totals)


def day_file_bytes(archive: Archive) -> int:
    """Return how many packed bytes `read_slack_export` will tell of at most."""
    return sum(archive.packed_bytes(name) for name in archive.names if "/" in name)


@dataclass(slots=True)
class _Reading:
    people: frozenset[str]
    totals: Totals
    days: dict[tuple[str, int], ChannelDay] = field(default_factory=dict)

    def take(self, name: str, channel: str, entry: Mapping[str, Any], seen: set[str]) -> None:
        """Count one entry of a day's file; `seen` holds the times of the channel's entries so far."""
        wrote = _writer(name, entry)
        counts = wrote in self.people
        # Most entries have none, and there may be millions.
        reacted = [each for each in _reacted(name, entry) if each in self.people] if "reactions" in entry else ()
        if not counts and not reacted:
            self.totals.skipped += 1
            return
        ts = _ts(name, entry, "ts")
        if ts in seen:
            # The channel's messages are told apart by their times, so this is the same one again.
            self.totals.skipped += 1
            return
        seen.add(ts)
        day = self._day(channel, float(ts))
        for person in reacted:
            day.signs[person, Kind.REACTION] += 1
        if wrote is None or not counts:
            self.totals.skipped += 1
        elif _text(name, entry, "thread_ts") in (None, ts):
            self.totals.messages += 1
            day.signs[wrote, Kind.MESSAGE] += 1
        else:
            self.totals.thread_replies += 1
            day.signs[wrote, Kind.THREAD_REPLY] += 1

    def _day(self, channel: str, at: float) -> ChannelDay:
        key = (channel, EPOCH + int(at) // SECONDS_IN_DAY)
        day = self.days.get(key)
        if day is None:
            day = self.days[key] = ChannelDay()
        day.until = max(day.until, at)
        return day


def _writer(name: str, entry: Mapping[str, Any]) -> str | None:
    """Return who wrote an entry, by id; None when it is not something that a person wrote."""
    subtype = _text(name, entry, "subtype")
    if subtype is not None and subtype not in WRITTEN_SUBTYPES:
        return None
    if entry.get("bot_id") is not None or entry.get("type", "message") != "message":
        return None
    return _text(name, entry, "user")


def _reacted(name: str, entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield who reacted to an entry, once for each emoji."""
    for reaction in _objects(name, entry.get("reactions") or []):
        yield from _texts(name, reaction, "users")


def _ts(name: str, entry: Mapping[str, Any], key: str) -> str:
    ts = entry.get(key)
    if not isinstance(ts, str) or not MOMENT.fullmatch(ts):
        raise ImportRefused(
            text(
                "In {name} a message's time is {given}, which is no time. Please export again.",
                name=printable(name),
                given=printable(str(ts)),
            )
        )
    return ts


def _day_files(archive: Archive, folders: Mapping[str, ListedChannel]) -> dict[str, list[str]]:
    """Return the names of the files to read, by channel's folder, in the order of their days."""
    found: dict[str, list[str]] = {}
    for name in archive.names:
        folder, _, file = name.rpartition("/")
        if folder in folders and file.endswith(".json"):
            if not _is_day_file(file):
                raise ImportRefused(
                    text(
                        "{name} is not named after a day, such as 2027-03-01.json. Please export again.",
                        name=printable(name),
                    )
                )
            found.setdefault(folder, []).append(name)
    return found


def _is_day_file(file: str) -> bool:
    match = DAY_FILE.fullmatch(file)
    if match is None:
        return False
    try:
        date.fromisoformat(match[1])
    except ValueError:
        return False
    return True


def _members(archive: Archive) -> list[ListedMember]:
    """Return the organisation's own people and bots. Guests and people of other organisations are left out."""
    name = "users.json"
    users = _objects(name, archive.read_json(name))
    homes = Counter(home for user in users if (home := _organisation(name, user)) and not user.get("is_stranger"))
    home = homes.most_common(1)[0][0] if homes else None
    listed = {}
    for user in users:
        external_id = _required(name, user, "id")
        if not _is_from_outside(user) and _organisation(name, user) in (None, home):
            listed[external_id] = _member(name, external_id, user)
    return list(listed.values())


def _organisation(name: str, user: Mapping[str, Any]) -> str | None:
    """Return whose member somebody is: the workspace's, or that of the whole Enterprise Grid."""
    grid = _object(name, user, "enterprise_user")
    return _text(name, grid, "enterprise_id") or _text(name, user, "team_id")


def _is_from_outside(user: Mapping[str, Any]) -> bool:
    return any(user.get(mark) is True for mark in ("is_restricted", "is_ultra_restricted", "is_stranger"))


def _member(name: str, external_id: str, user: Mapping[str, Any]) -> ListedMember:
    profile = _object(name, user, "profile")
    called = (
        _text(name, each, key)
        for each, key in ((profile, "real_name"), (user, "real_name"), (profile, "display_name"), (user, "name"))
    )
    zone = _text(name, user, "tz")
    return ListedMember(
        external_id,
        next((words for words in called if words), ""),
        email=(_text(name, profile, "email") or "").lower() or None,
        zone=zone if zone and _is_zone(zone) else None,
        locale=_text(name, user, "locale") or None,
        is_bot=user.get("is_bot") is True or external_id == SLACKBOT,
        has_left=user.get("deleted") is True,
    )


@cache
def _is_zone(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _channels(archive: Archive) -> list[ListedChannel]:
    """Return the public channels, and the private ones where the export has them."""
    listed: dict[str, ListedChannel] = {}
    files = {"channels.json": False, **({"groups.json": True} if "groups.json" in archive.names else {})}
    for name, is_private in files.items():
        for channel in _objects(name, archive.read_json(name)):
            external_id = _required(name, channel, "id")
            listed.setdefault(
                external_id,
                ListedChannel(
                    external_id,
                    _required(name, channel, "name"),
                    purpose=_text(name, _object(name, channel, "purpose"), "value") or "",
                    is_private=is_private,
                    is_archived=channel.get("is_archived") is True,
                    members=_texts(name, channel, "members"),
                ),
            )
    return list(listed.values())


def _objects(name: str, content: Any) -> Sequence[Mapping[str, Any]]:
    if not isinstance(content, list) or not all(isinstance(each, dict) for each in content):
        raise _otherwise(name)
    return content


def _object(name: str, inside: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = inside.get(key) or {}
    if not isinstance(found, dict):
        raise _otherwise(name)
    return found


def _texts(name: str, inside: Mapping[str, Any], key: str) -> Sequence[str]:
    found = inside.get(key) or []
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise _otherwise(name)
    return found


def _text(name: str, inside: Mapping[str, Any], key: str) -> str | None:
    found = inside.get(key)
    if found is not None and not isinstance(found, str):
        raise _otherwise(name)
    return found


def _required(name: str, inside: Mapping[str, Any], key: str) -> str:
    found = _text(name, inside, key)
    if not found:
        raise _otherwise(name)
    return found


def _otherwise(name: str) -> ImportRefused:
    return ImportRefused(
        text("{name} does not hold what it does in an export from Slack. Please export again.", name=printable(name))
    )
