"""Moves Lindvalla in: once, into a database that has no local organisation yet, in the caller's transaction."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from adapters.local.chat import WORKSPACE
from adapters.local.made_up.history import JOINED_DAYS_AGO, ByDay, begins_on, history_of
from adapters.local.made_up.people import (
    GENERAL,
    LEADS,
    MANAGEMENT,
    ORGANISATION,
    PEOPLE,
    ROOMS,
    Habit,
    Person,
)
from adapters.local.made_up.talk import TALK
from bot.context import known
from bot.settings import OrganisationSettings
from storage.database import Session
from storage.local_chat import Conversation, add_message, note_seen, react
from storage.made_up import add_days, add_rows
from storage.people import add_channel_members
from storage.tables import Channel, HomeTeam, Member, MemberState, Platform
from storage.workspaces import add_workspace, find_workspace, give_notice

DAY = timedelta(days=1)
# One answer is enough here, so that a single visitor can walk the whole way of a decision.
SETTINGS = OrganisationSettings(announcement_channel=GENERAL, anchoring_rule="any")


async def seed(session: Session, now: datetime) -> bool:
    """Store the made-up organisation, with its history up to yesterday; False when it is there already."""
    if await find_workspace(session, WORKSPACE.platform, WORKSPACE.external_id) is not None:
        return False
    began = datetime.combine(begins_on(now.date(), SETTINGS.quiet_weeks), time(8), UTC)
    # When it was made says up to when the history goes, and from when on everybody goes on living.
    workspace = await add_workspace(
        session,
        Platform.LOCAL,
        WORKSPACE.external_id,
        ORGANISATION,
        now,
        SETTINGS.model_dump(mode="json"),
        made_up=True,
    )
    workspace_id = known(workspace.id)
    await give_notice(session, workspace_id, began)
    channels = await _add_channels(session, workspace_id)
    members = await _add_people(session, workspace_id, channels, now, began)
    inside = rooms_by_person()
    for room in ROOMS:
        there = [members[person] for person, rooms in inside.items() if room.external_id in rooms]
        await add_channel_members(session, workspace_id, channels[room.external_id], there)
    history = history_of(PEOPLE, inside, now.date(), SETTINGS.quiet_weeks)
    await add_days(session, workspace_id, by_row(history.by_member, members), by_row(history.by_channel, channels))
    newest = await _talk(session, workspace_id, channels, members, now)
    for person, rooms in inside.items():
        for room_id in rooms:
            # Nobody begins with a mountain of unread messages.
            conversation = Conversation(channel_id=channels[room_id])
            await note_seen(session, workspace_id, members[person], conversation, newest)
    return True


def rooms_by_person() -> dict[str, list[str]]:
    """Return the channels that each person is in at first."""
    return {person.external_id: _rooms_of(person) for person in PEOPLE}


def _rooms_of(person: Person) -> list[str]:
    return [
        room.external_id
        for room in ROOMS
        if (room.external_id == GENERAL and person.in_general)
        or (room.external_id == MANAGEMENT and person.in_management_group)
        or room.team == person.team
        or room.external_id in person.also_in
    ]


async def _add_channels(session: Session, workspace_id: int) -> dict[str, int]:
    channels = [
        Channel(
            workspace_id=workspace_id,
            external_id=room.external_id,
            name=room.name,
            purpose=room.purpose,
            is_private=room.is_private,
            # A private channel has to invite the bot, and this one has not.
            bot_is_in=not room.is_private,
        )
        for room in ROOMS
    ]
    await add_rows(session, workspace_id, channels)
    return {channel.external_id: known(channel.id) for channel in channels}


async def _add_people(
    session: Session, workspace_id: int, channels: Mapping[str, int], now: datetime, began: datetime
) -> dict[str, int]:
    of_team = {room.team: channels[room.external_id] for room in ROOMS if room.team is not None}
    teams = {name: HomeTeam(workspace_id=workspace_id, name=name, channel_id=of_team.get(name)) for name in LEADS}
    await add_rows(session, workspace_id, list(teams.values()))
    members = [_member(person, workspace_id, known(teams[person.team].id), now, began) for person in PEOPLE]
    bot = Member(
        workspace_id=workspace_id,
        external_id="samlas",
        name="Samlas",
        state=MemberState.ACTIVE,
        is_bot=True,
        created_at=began,
    )
    await add_rows(session, workspace_id, [*members, bot])
    rows = {member.external_id: known(member.id) for member in members}
    for name, team in teams.items():
        team.lead_id = rows[LEADS[name]]
    await add_rows(session, workspace_id, list(teams.values()))
    return rows


def _member(person: Person, workspace_id: int, team_id: int, now: datetime, began: datetime) -> Member:
    today = now.date()
    is_new = person.habit is Habit.NEVER_STARTED
    joined = today - timedelta(days=JOINED_DAYS_AGO) if is_new else date(today.year - person.years, 2, 1)
    return Member(
        workspace_id=workspace_id,
        external_id=person.external_id,
        name=person.name,
        email=f"{person.external_id}@lindvalla.example",
        state=MemberState.ACTIVE,
        locale=person.locale,
        zone=person.zone,
        country=person.country,
        working_days=person.working_days,
        home_team_id=team_id,
        is_communications_lead=person.is_communications_lead,
        is_coach=person.is_coach,
        in_management_group=person.in_management_group,
        joined_on=joined,
        # Also whoever came later was on the list of people already, and has had the notice with everybody.
        created_at=began,
        told_at=began,
        leave_from=today - timedelta(days=30) if person.on_leave else None,
        leave_to=today + timedelta(days=45) if person.on_leave else None,
        reading_along_until=today + timedelta(days=120) if person.reads_along else None,
        nudges_off=person.wants_no_nudges,
    )


def by_row(counts: ByDay, rows: Mapping[str, int]) -> Counter[tuple[int, date, int]]:
    """Return counts by row id instead of external id."""
    return Counter({(rows[name], day, kind): count for (name, day, kind), count in counts.items()})


async def _talk(
    session: Session, workspace_id: int, channels: Mapping[str, int], members: Mapping[str, int], now: datetime
) -> int:
    """Store what has been said, in the order it was said; returns the newest message's row id."""
    zone = ZoneInfo(SETTINGS.zone)
    newest = 0
    for said in TALK:
        at = datetime.combine(_working_day(now.astimezone(zone).date(), said.days_ago), said.at, zone).astimezone(UTC)
        conversation = Conversation(channel_id=channels[said.channel])
        root = await add_message(
            session, workspace_id, conversation, now=at, author_id=members[said.author], text=said.text
        )
        newest = known(root.id)
        for emoji, people in said.reactions.items():
            for person in people:
                await react(session, workspace_id, known(root.id), members[person], emoji)
        for reply in said.replies:
            stored = await add_message(
                session,
                workspace_id,
                conversation,
                now=at + timedelta(minutes=reply.minutes_later),
                author_id=members[reply.author],
                text=reply.text,
                thread_of=known(root.id),
            )
            newest = known(stored.id)
    return newest


def _working_day(today: date, days_ago: int) -> date:
    day = today
    while days_ago:
        day -= DAY
        if day.isoweekday() <= 5:  # noqa: PLR2004 - Friday
            days_ago -= 1
    return day
