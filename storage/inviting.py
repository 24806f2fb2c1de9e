"""Invitations into a conversation, from the open form to the answer."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists
from sqlmodel import col, delete, select, update

from storage.database import Session
from storage.tables import Contact, ContactItem, ContactState, InviteState, ThreadInvite


async def begin_invite(
    session: Session,
    workspace_id: int,
    inviter_id: int,
    now: datetime,
    *,
    channel: str | None,
    thread: str | None,
    link: str | None,
) -> int:
    """Keep what an open form is about; returns its row id."""
    invite = ThreadInvite(
        workspace_id=workspace_id, inviter_id=inviter_id, created_at=now, channel=channel, thread=thread, link=link
    )
    session.add(invite)
    await session.flush()
    if invite.id is None:
        raise ValueError("the invitation has not been stored")
    return invite.id


async def find_invite(session: Session, workspace_id: int, invite_id: int) -> ThreadInvite | None:
    """Return an invitation of this workspace by row id."""
    found = await session.execute(
        select(ThreadInvite).where(ThreadInvite.workspace_id == workspace_id, col(ThreadInvite.id) == invite_id)
    )
    return found.scalar_one_or_none()


async def lock_invite(session: Session, workspace_id: int, invite_id: int) -> ThreadInvite | None:
    """Return an invitation as it is now, which nobody else can change until this transaction ends."""
    found = await session.execute(
        select(ThreadInvite)
        .where(ThreadInvite.workspace_id == workspace_id, col(ThreadInvite.id) == invite_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def was_invited(session: Session, workspace_id: int, channel_id: int, thread: str, invited_id: int) -> bool:
    """Whether anybody has invited this member into this thread before."""
    found = await session.execute(
        select(col(ThreadInvite.id))
        .where(
            ThreadInvite.workspace_id == workspace_id,
            ThreadInvite.channel_id == channel_id,
            ThreadInvite.thread == thread,
            ThreadInvite.invited_id == invited_id,
            ThreadInvite.state != InviteState.DRAFT,
        )
        .limit(1)
    )
    return found.first() is not None


async def invites_by(
    session: Session, workspace_id: int, inviter_id: int, *, since: datetime
) -> list[tuple[int, datetime]]:
    """Return whom a member has invited since then, and when."""
    found = await session.execute(
        select(col(ThreadInvite.invited_id), col(ThreadInvite.asked_at)).where(
            ThreadInvite.workspace_id == workspace_id,
            ThreadInvite.inviter_id == inviter_id,
            ThreadInvite.state != InviteState.DRAFT,
            col(ThreadInvite.asked_at) >= since,
        )
    )
    return [(invited, asked_at) for invited, asked_at in found if invited is not None and asked_at is not None]


async def ask_invited(
    session: Session,
    workspace_id: int,
    invite_id: int,
    *,
    invited_id: int,
    channel_id: int,
    thread: str,
    link: str | None,
    now: datetime,
) -> None:
    """Record whom an invitation is for and into which thread."""
    await _change(
        session,
        workspace_id,
        invite_id,
        invited_id=invited_id,
        channel_id=channel_id,
        thread=thread,
        link=link,
        asked_at=now,
        state=InviteState.ASKED,
    )


async def answer_invite(session: Session, workspace_id: int, invite_id: int, state: InviteState) -> None:
    """Record what the invited person has answered."""
    await _change(session, workspace_id, invite_id, state=state)


async def _change(session: Session, workspace_id: int, invite_id: int, **values: object) -> None:
    await session.execute(
        update(ThreadInvite)
        .where(col(ThreadInvite.workspace_id) == workspace_id, col(ThreadInvite.id) == invite_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    # Whoever has the row in hand goes on with what is true now.
    await lock_invite(session, workspace_id, invite_id)


async def invites_to_bring(
    session: Session, workspace_id: int, kind: str, *, since: datetime
) -> Sequence[ThreadInvite]:
    """Return the invitations since then of which the invited person has not been asked yet.

    `kind` is that of the items by which they are; one that was given back asked nobody.
    """
    brought = exists().where(
        col(ContactItem.workspace_id) == workspace_id,
        col(ContactItem.kind) == kind,
        col(ContactItem.subject_id) == col(ThreadInvite.id),
        col(Contact.id) == col(ContactItem.contact_id),
        col(Contact.state) != ContactState.GIVEN_BACK,
    )
    found = await session.execute(
        select(ThreadInvite)
        .where(
            ThreadInvite.workspace_id == workspace_id,
            ThreadInvite.state == InviteState.ASKED,
            col(ThreadInvite.asked_at) >= since,
            ~brought,
        )
        .order_by(col(ThreadInvite.id))
    )
    return found.scalars().all()


async def forget_invites(session: Session, workspace_id: int, *, drafts_before: datetime, before: datetime) -> None:
    """Forget forms that nobody has sent, and invitations of long ago."""
    for condition in (
        (col(ThreadInvite.state) == InviteState.DRAFT) & (col(ThreadInvite.created_at) < drafts_before),
        col(ThreadInvite.created_at) < before,
    ):
        await session.execute(
            delete(ThreadInvite)
            .where(col(ThreadInvite.workspace_id) == workspace_id, condition)
            .execution_options(synchronize_session=False)
        )
