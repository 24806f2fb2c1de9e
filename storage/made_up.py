"""What the local chat's made-up organisation is stored with: its rows, its history, and its days as they pass.

Called by adapters/local alone.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlmodel import SQLModel

from storage.database import Session
from storage.dialect import greatest, insert, least
from storage.tables import ChannelParticipation, DirectParticipation, LastSign, Participation


async def add_rows(session: Session, workspace_id: int, rows: Sequence[SQLModel]) -> None:
    """Store new rows of the made-up organisation, all of this workspace, so that they have their ids.

    Raises ValueError for a row that says it belongs to another.
    """
    if any(getattr(row, "workspace_id", workspace_id) != workspace_id for row in rows):
        raise ValueError("a row of another workspace")
    session.add_all(rows)
    await session.flush()


async def add_days(
    session: Session,
    workspace_id: int,
    by_member: Counter[tuple[int, date, int]],
    by_channel: Counter[tuple[int, date, int]],
) -> None:
    """Store made-up counts of days gone by, keyed (member or channel row, day, kind).

    What members did beyond the channels' sums, they did with the bot directly. What has been counted already is left
    as it stands, so that the same days can be given again.
    """
    direct: Counter[tuple[date, int]] = Counter()
    for (_row, day, kind), count in by_member.items():
        direct[day, kind] += count
    for (_row, day, kind), count in by_channel.items():
        direct[day, kind] -= count
    if +direct:
        await session.execute(
            insert(DirectParticipation).on_conflict_do_nothing(),
            [
                {"workspace_id": workspace_id, "day": day, "kind": kind, "count": count}
                for (day, kind), count in (+direct).items()
            ],
        )
    if by_channel:
        await session.execute(
            insert(ChannelParticipation).on_conflict_do_nothing(),
            [
                {"workspace_id": workspace_id, "channel_id": row, "day": day, "kind": kind, "count": count}
                for (row, day, kind), count in by_channel.items()
            ],
        )
    if by_member:
        await session.execute(
            insert(Participation).on_conflict_do_nothing(),
            [
                {"workspace_id": workspace_id, "member_id": row, "day": day, "kind": kind, "count": count}
                for (row, day, kind), count in by_member.items()
            ],
        )
        days: dict[int, list[date]] = {}
        for row, day, _kind in by_member:
            days.setdefault(row, []).append(day)
        signs = insert(LastSign)
        await session.execute(
            signs.on_conflict_do_update(
                index_elements=["workspace_id", "member_id"],
                set_={
                    "first_day": least(LastSign.first_day, signs.excluded.first_day),
                    "last_day": greatest(LastSign.last_day, signs.excluded.last_day),
                },
            ),
            [
                {"workspace_id": workspace_id, "member_id": row, "first_day": min(when), "last_day": max(when)}
                for row, when in days.items()
            ],
        )
