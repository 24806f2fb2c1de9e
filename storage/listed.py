"""People whom the organisation's own list tells of before the chat has seen them (`samlas import people`)."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import delete, insert
from sqlmodel import col, select, update

from storage.database import Session
from storage.tables import HomeTeam, Look, Member, MemberState, Recipient

# Rows of one statement: within what SQLite takes as parameters.
AT_ONCE: Final = 500
# What the list tells of somebody, which their platform does not.
_TOLD: Final = (
    "home_team_id",
    "joined_on",
    "country",
    "region",
    "working_days",
    "work_start",
    "work_end",
    "leave_from",
    "leave_to",
)
_ROLES: Final = ("is_coach", "in_management_group")


async def take_in_listed(session: Session, workspace_id: int, by_email: Mapping[str, str]) -> None:
    """Let people whom the chat has seen be those who were listed with their e-mail addresses until now.

    `by_email` gives their ids on the platform. What was announced to the listed one was announced to them; what they
    have set themselves since stays.
    """
    emails = sorted(by_email)
    for start in range(0, len(emails), AT_ONCE):
        found = await session.execute(
            select(Member).where(
                Member.workspace_id == workspace_id,
                col(Member.external_id).in_(emails[start : start + AT_ONCE]),
                Member.state == MemberState.LISTED,
            )
        )
        for listed in found.scalars().all():
            seen = await session.execute(
                select(Member).where(
                    Member.workspace_id == workspace_id, Member.external_id == by_email[listed.external_id]
                )
            )
            await _become_one(session, workspace_id, listed, seen.scalar_one())


async def _become_one(session: Session, workspace_id: int, listed: Member, seen: Member) -> None:
    told = {name: getattr(listed, name) for name in _TOLD if getattr(seen, name) is None}
    told |= {name: True for name in _ROLES if getattr(listed, name)}
    if seen.zone is None or (listed.zone is not None and seen.zone_set_at is None):
        told |= {"zone": listed.zone, "zone_set_at": listed.zone_set_at}
    if not seen.name:
        told["name"] = listed.name
    of_listed = (col(Recipient.workspace_id) == workspace_id, col(Recipient.member_id) == listed.id)
    theirs = await session.execute(
        select(Recipient.announcement_id).where(
            Recipient.workspace_id == workspace_id, col(Recipient.member_id) == seen.id
        )
    )
    both = theirs.scalars().all()
    rows = (await session.execute(select(Recipient).where(*of_listed))).scalars().all()
    moved = [row.model_dump() | {"member_id": seen.id} for row in rows if row.announcement_id not in both]
    if moved:
        await session.execute(insert(Recipient), moved)
    await session.execute(
        update(HomeTeam)
        .where(col(HomeTeam.workspace_id) == workspace_id, col(HomeTeam.lead_id) == listed.id)
        .values(lead_id=seen.id)
    )
    await session.execute(
        update(Look)
        .where(col(Look.workspace_id) == workspace_id, col(Look.about_member_id) == listed.id)
        .values(about_member_id=seen.id)
    )
    await session.execute(delete(Member).where(col(Member.workspace_id) == workspace_id, col(Member.id) == listed.id))
    await session.execute(
        update(Member).where(col(Member.workspace_id) == workspace_id, col(Member.id) == seen.id).values(**told)
    )
