"""What the nudges are decided from, and what they leave behind: counts by day, rounds, who looked."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import col, delete, select, update

from storage.comparing import forget_compared
from storage.database import Session
from storage.dialect import insert
from storage.tables import (
    Channel,
    ChannelMember,
    ChannelParticipation,
    Contact,
    ContactItem,
    ContactState,
    CountedDay,
    Kind,
    LastSign,
    LearntTopic,
    Look,
    Member,
    Participation,
    Round,
)


@dataclass(frozen=True, slots=True)
class Span:
    """The first day with any sign of a member, and the last one not after the day asked for (None: none yet)."""

    first: date
    last: date | None


async def members_by_row(session: Session, workspace_id: int, member_ids: Sequence[int]) -> Sequence[Member]:
    """Return these members of this workspace, by row id."""
    found = await session.execute(
        select(Member)
        .where(Member.workspace_id == workspace_id, col(Member.id).in_(member_ids))
        .order_by(col(Member.id))
    )
    return found.scalars().all()


async def first_sign_of_all(session: Session, workspace_id: int) -> date | None:
    """Return the first day with a sign of any member; None when none has been counted."""
    found = await session.execute(
        select(func.min(LastSign.first_day, type_=LastSign.__table__.c.first_day.type)).where(  # type: ignore[attr-defined]  # SQLModel adds it
            LastSign.workspace_id == workspace_id
        )
    )
    return found.scalar_one_or_none()


async def last_imported_day(session: Session, workspace_id: int) -> date | None:
    """Return the last day that was counted from a file; None when none was."""
    imported = await imported_history(session, workspace_id)
    return None if imported is None else imported.last_day


@dataclass(frozen=True, slots=True)
class ImportedHistory:
    """Up to which day there is history from files, and since when none of it is older than its last import."""

    last_day: date
    imported_since: datetime


async def imported_history(session: Session, workspace_id: int) -> ImportedHistory | None:
    """Return what history was counted from files; None when none was."""
    of_files = (CountedDay.workspace_id == workspace_id, col(CountedDay.imported_until).is_not(None))
    last_day = await session.execute(
        select(col(CountedDay.day)).where(*of_files).order_by(col(CountedDay.day).desc()).limit(1)
    )
    imported_since = await session.execute(
        select(col(CountedDay.imported_at)).where(*of_files).order_by(col(CountedDay.imported_at)).limit(1)
    )
    last, since = last_day.scalar_one_or_none(), imported_since.scalar_one_or_none()
    return None if last is None or since is None else ImportedHistory(last, since)


async def sign_spans(
    session: Session, workspace_id: int, member_ids: Sequence[int], *, until: date | None = None
) -> dict[int, Span]:
    """Return the first sign of each of the members, and the last one, with `until` the last up to and with that day.

    Who has never given a sign is left out.
    """
    rows = (
        await session.execute(
            select(LastSign).where(LastSign.workspace_id == workspace_id, col(LastSign.member_id).in_(member_ids))
        )
    ).scalars()
    spans = {row.member_id: Span(row.first_day, row.last_day) for row in rows}
    if until is None:
        return spans
    later = [member_id for member_id, span in spans.items() if span.last is not None and span.last > until]
    if later:
        before = await session.execute(
            select(col(Participation.member_id), col(Participation.day))
            .where(
                Participation.workspace_id == workspace_id,
                col(Participation.member_id).in_(later),
                col(Participation.day) <= until,
            )
            .distinct()
        )
        last_before: dict[int, date] = {}
        for member_id, day in before:
            last_before[member_id] = max(day, last_before.get(member_id, day))
        for member_id in later:
            first = spans[member_id].first
            known = last_before.get(member_id, first)
            spans[member_id] = Span(first, max(first, known) if first <= until else None)
    return spans


async def signs_by_day(
    session: Session, workspace_id: int, member_ids: Sequence[int], *, first: date, last: date
) -> dict[int, dict[date, int]]:
    """Return how many signs of any kind each of the members gave on each day between two days, both included."""
    rows = await session.execute(
        select(col(Participation.member_id), col(Participation.day), func.sum(Participation.count))
        .where(
            Participation.workspace_id == workspace_id,
            col(Participation.member_id).in_(member_ids),
            col(Participation.day) >= first,
            col(Participation.day) <= last,
        )
        .group_by(col(Participation.member_id), col(Participation.day))
    )
    by_member: dict[int, dict[date, int]] = defaultdict(dict)
    for member_id, day, count in rows:
        by_member[member_id][day] = int(count)
    return by_member


async def lively_channels(
    session: Session, workspace_id: int, *, first: date, last: date, at_least: int, limit: int
) -> Sequence[Channel]:
    """Return the public channels written and reacted in so often or more between two days, the liveliest first."""
    signs = func.sum(ChannelParticipation.count)
    found = await session.execute(
        select(Channel)
        .join(ChannelParticipation, col(ChannelParticipation.channel_id) == col(Channel.id))
        .where(
            ChannelParticipation.workspace_id == workspace_id,
            col(ChannelParticipation.day) >= first,
            col(ChannelParticipation.day) <= last,
            col(ChannelParticipation.kind).in_((Kind.MESSAGE, Kind.THREAD_REPLY, Kind.REACTION)),
            col(Channel.is_private).is_(False),
            col(Channel.is_archived).is_(False),
            col(Channel.bot_is_in).is_(True),
        )
        .group_by(col(Channel.id))
        .having(signs >= at_least)
        .order_by(signs.desc(), col(Channel.id))
        .limit(limit)
    )
    return found.scalars().all()


async def claim_round(session: Session, workspace_id: int, week: date, now: datetime) -> Round | None:
    """Return the week's round, locked until this transaction ends; None when all of it has been planned.

    `week` is the Monday. However many ask, there is one round, and it goes on where it stopped.
    """
    query = select(Round).where(Round.workspace_id == workspace_id, Round.week == week).with_for_update()
    claimed = (await session.execute(query)).scalar_one_or_none()
    if claimed is None:
        await session.execute(
            insert(Round)
            .values(workspace_id=workspace_id, week=week, planned_at=now, cursor=0)
            .on_conflict_do_nothing()
        )
        claimed = (await session.execute(query)).scalar_one()
    return None if claimed.done_at is not None else claimed


async def advance_round(session: Session, workspace_id: int, week: date, cursor: int, done_at: datetime | None) -> None:
    """Record that a round has dealt with the members up to row id `cursor`, and whether it is done."""
    await session.execute(
        update(Round)
        .where(col(Round.workspace_id) == workspace_id, col(Round.week) == week)
        .values(cursor=cursor, done_at=done_at)
    )


async def latest_round(session: Session, workspace_id: int) -> Round | None:
    """Return the latest week's round that has been begun, if any."""
    found = await session.execute(
        select(Round).where(Round.workspace_id == workspace_id).order_by(col(Round.week).desc()).limit(1)
    )
    return found.scalar_one_or_none()


async def sent_since(session: Session, workspace_id: int, kind: str, since: datetime) -> int:
    """Return how many people were sent an item of this kind in a message planned at `since` or later."""
    found = await session.execute(
        select(func.count(col(Contact.member_id).distinct()))
        .join(ContactItem, col(ContactItem.contact_id) == col(Contact.id))
        .where(
            Contact.workspace_id == workspace_id,
            Contact.state == ContactState.SENT,
            ContactItem.kind == kind,
            col(Contact.planned_at) >= since,
        )
    )
    return found.scalar_one()


async def log_looks(
    session: Session,
    workspace_id: int,
    about: Sequence[int],
    *,
    by_member_id: int | None,
    what: str,
    now: datetime,
) -> None:
    """Leave a line for each member whose data somebody has looked at. `by_member_id` None: from the command line."""
    if about:
        same = {"workspace_id": workspace_id, "by_member_id": by_member_id, "what": what, "at": now}
        await session.execute(insert(Look), [{**same, "about_member_id": member_id} for member_id in about])


async def looks_about(session: Session, workspace_id: int, member_id: int, limit: int) -> Sequence[Look]:
    """Return who looked at data about a member, the latest first."""
    found = await session.execute(
        select(Look)
        .where(Look.workspace_id == workspace_id, Look.about_member_id == member_id)
        .order_by(col(Look.at).desc(), col(Look.id).desc())
        .limit(limit)
    )
    return found.scalars().all()


async def resume_nudges(session: Session, workspace_id: int, member_id: int) -> None:
    """Take back *Do not send me these*, and any *Not now*."""
    await session.execute(
        update(Member)
        .where(col(Member.workspace_id) == workspace_id, col(Member.id) == member_id)
        .values(nudges_off=False, nudges_snoozed_until=None)
    )


async def count_no_more(session: Session, workspace_id: int, member_id: int) -> None:
    """Count nothing of the member from now on, and forget what was counted and learnt. The channels' sums stay."""
    await session.execute(
        update(Member)
        .where(col(Member.workspace_id) == workspace_id, col(Member.id) == member_id)
        .values(not_counted=True)
    )
    for counts in (Participation, LastSign, LearntTopic):
        await session.execute(
            delete(counts).where(
                col(counts.workspace_id) == workspace_id,
                col(counts.member_id) == member_id,
            )
        )
    await forget_compared(session, workspace_id, member_id)


async def count_again(session: Session, workspace_id: int, member_id: int) -> None:
    """Count the member's signs from now on."""
    await session.execute(
        update(Member)
        .where(col(Member.workspace_id) == workspace_id, col(Member.id) == member_id)
        .values(not_counted=False)
    )


async def member_channels(session: Session, workspace_id: int, member_ids: Sequence[int]) -> dict[int, set[int]]:
    """Return which channels each of the members is in."""
    rows = await session.execute(
        select(ChannelMember.member_id, ChannelMember.channel_id).where(
            ChannelMember.workspace_id == workspace_id, col(ChannelMember.member_id).in_(member_ids)
        )
    )
    by_member: dict[int, set[int]] = defaultdict(set)
    for member_id, channel_id in rows:
        by_member[member_id].add(channel_id)
    return by_member
