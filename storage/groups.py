"""Groups of people as a platform keeps them: audiences, and a source of nothing else."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, insert
from sqlmodel import col, select, update

from storage.database import Session
from storage.dialect import insert as upsert
from storage.tables import GroupMember, Member, MemberState, PeopleGroup


async def see_group(session: Session, workspace_id: int, external_id: str, name: str, people: Collection[str]) -> None:
    """Store a group and who is in it (external ids), in place of what was known. Who is not stored is left out."""
    statement = upsert(PeopleGroup).values(workspace_id=workspace_id, external_id=external_id, name=name)
    stored = await session.execute(
        statement.on_conflict_do_update(
            index_elements=["workspace_id", "external_id"], set_={"name": name, "is_gone": False}
        ).returning(col(PeopleGroup.id))
    )
    group_id = stored.scalar_one()
    await session.execute(
        delete(GroupMember).where(col(GroupMember.workspace_id) == workspace_id, col(GroupMember.group_id) == group_id)
    )
    found = await session.execute(
        select(Member.id).where(
            Member.workspace_id == workspace_id,
            col(Member.external_id).in_(list(people)),
            col(Member.state) != MemberState.LEFT,
            col(Member.is_bot).is_(False),
        )
    )
    rows = [
        {"workspace_id": workspace_id, "group_id": group_id, "member_id": member_id} for member_id in found.scalars()
    ]
    if rows:
        await session.execute(insert(GroupMember), rows)


async def keep_groups(session: Session, workspace_id: int, external_ids: Collection[str]) -> None:
    """Note that every group but these is gone on the platform."""
    await session.execute(
        update(PeopleGroup)
        .where(col(PeopleGroup.workspace_id) == workspace_id, col(PeopleGroup.external_id).not_in(list(external_ids)))
        .values(is_gone=True)
    )


async def standing_groups(session: Session, workspace_id: int) -> Sequence[PeopleGroup]:
    """Return the groups that are there, by name."""
    found = await session.execute(
        select(PeopleGroup)
        .where(PeopleGroup.workspace_id == workspace_id, col(PeopleGroup.is_gone).is_(False))
        .order_by(col(PeopleGroup.name))
    )
    return found.scalars().all()


async def get_group(session: Session, workspace_id: int, group_id: int) -> PeopleGroup:
    """Return a group of this workspace by row id."""
    found = await session.execute(
        select(PeopleGroup).where(PeopleGroup.workspace_id == workspace_id, col(PeopleGroup.id) == group_id)
    )
    return found.scalar_one()
