"""Announcements: what they say in each revision, and where they are in their lives; who sees them: storage/news.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlmodel import col, update

from storage.database import Session
from storage.decisions import index_decision
from storage.moment import asked_once
from storage.steps import add_step
from storage.tables import (
    Announcement,
    AnnouncementState,
    AnnouncementText,
)

# The states in which others than the author can see it.
VISIBLE = (AnnouncementState.PUBLISHING, AnnouncementState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Wording:
    """What an announcement says in one language. The text is Markdown; either is empty while it is not written."""

    title: str = ""
    text: str = ""
    # What its picture shows, for whoever cannot see it.
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that an author has chosen, with the wording by language."""

    kind: str
    audience_kind: str
    audience_id: int | None
    confirm: bool
    important: bool
    publish_at: datetime | None
    wordings: Mapping[str, Wording]
    behalf_of_id: int | None = None
    image_id: int | None = None

    @classmethod
    def of(cls, draft: Announcement, wordings: Mapping[str, Wording]) -> "Draft":
        """Return what has been chosen in a draft, with other words."""
        return cls(
            draft.kind,
            draft.audience_kind,
            draft.audience_id,
            draft.confirm,
            draft.important,
            draft.publish_at,
            wordings,
            draft.behalf_of_id,
            draft.image_id,
        )


def folded(words: str) -> str:
    """Return words as they are searched for: without upper case, in every alphabet."""
    return words.casefold()


async def add_draft(
    session: Session, workspace_id: int, author_id: int, *, language: str, now: datetime
) -> Announcement:
    """Store a new draft, in which nothing is written yet."""
    draft = Announcement(workspace_id=workspace_id, author_id=author_id, language=language, created_at=now)
    session.add(draft)
    await session.flush()
    return draft


@asked_once
async def find_announcement(session: Session, workspace_id: int, announcement_id: int) -> Announcement | None:
    """Return an announcement of this workspace by row id."""
    found = await session.execute(
        select(Announcement).where(
            col(Announcement.workspace_id) == workspace_id, col(Announcement.id) == announcement_id
        )
    )
    return found.scalar_one_or_none()


async def drafts_of(session: Session, workspace_id: int, author_id: int) -> Sequence[Announcement]:
    """Return a member's drafts, newest first."""
    found = await session.execute(
        select(Announcement)
        .where(
            col(Announcement.workspace_id) == workspace_id,
            col(Announcement.author_id) == author_id,
            col(Announcement.state) == AnnouncementState.DRAFT,
        )
        .order_by(col(Announcement.id).desc())
    )
    return found.scalars().all()


async def wordings_of(session: Session, workspace_id: int, announcement: Announcement) -> Mapping[str, Wording]:
    """Return what an announcement says as of its revision, by language. Nothing before its first."""
    return await wordings_as_of(session, workspace_id, announcement, announcement.revision)


async def wordings_as_of(
    session: Session, workspace_id: int, announcement: Announcement, revision: int
) -> Mapping[str, Wording]:
    """Return what an announcement said in one of its revisions, by language."""
    return await _wordings(session, workspace_id, announcement.id, revision)


@asked_once
async def _wordings(
    session: Session, workspace_id: int, announcement_id: int | None, revision: int
) -> Mapping[str, Wording]:
    found = await session.execute(
        select(AnnouncementText).where(
            col(AnnouncementText.workspace_id) == workspace_id,
            col(AnnouncementText.announcement_id) == announcement_id,
            col(AnnouncementText.revision) == revision,
        )
    )
    return {row.language: Wording(row.title, row.text, row.alt) for row in found.scalars().all()}


async def store_draft(
    session: Session, workspace_id: int, draft: Announcement, content: Draft, *, is_revised: bool
) -> bool:
    """Store a draft's new content as its next version, and as its next revision when it says something else.

    False when it was changed or published since the row in hand was read.
    """
    stored = await _next_version(
        session,
        workspace_id,
        draft,
        {
            "kind": content.kind,
            "audience_kind": content.audience_kind,
            "audience_id": content.audience_id,
            "confirm": content.confirm,
            "important": content.important,
            "publish_at": content.publish_at,
            # Whoever writes for themselves asks nobody.
            "behalf_of_id": None if content.behalf_of_id == draft.author_id else content.behalf_of_id,
            "image_id": content.image_id,
            "revision": draft.revision + (1 if is_revised else 0),
        },
    )
    if stored and is_revised:
        await _add_texts(session, workspace_id, draft, content.wordings)
    return stored


async def revise_draft(session: Session, workspace_id: int, draft: Announcement) -> bool:
    """Make the next revision of a draft with the same words, because its checklist's answers are others.

    False when it was changed or published since the row in hand was read.
    """
    wordings = await wordings_of(session, workspace_id, draft)
    stored = await _next_version(session, workspace_id, draft, {"revision": draft.revision + 1})
    if stored:
        await _add_texts(session, workspace_id, draft, wordings)
    return stored


async def revise_published(
    session: Session,
    workspace_id: int,
    announcement: Announcement,
    wordings: Mapping[str, Wording],
    *,
    by_member_id: int,
    now: datetime,
) -> bool:
    """Make the next revision of what is published, and keep the step.

    False when it was changed or withdrawn since the row in hand was read.
    """
    published = AnnouncementState.PUBLISHED
    values = {"revision": announcement.revision + 1, "edited_at": now}
    if not await _next_version(session, workspace_id, announcement, values, state=published):
        return False
    await _add_texts(session, workspace_id, announcement, wordings)
    await add_step(session, workspace_id, announcement.id, published, published, by_member_id, now)
    return True


async def refile_published(session: Session, workspace_id: int, announcement: Announcement) -> bool:
    """Make the next version of what is published, since it is filed under other topics; it says the same.

    False when it was changed or withdrawn since the row in hand was read.
    """
    return await _next_version(session, workspace_id, announcement, {}, state=AnnouncementState.PUBLISHED)


async def _next_version(
    session: Session,
    workspace_id: int,
    draft: Announcement,
    values: Mapping[str, object],
    *,
    state: AnnouncementState = AnnouncementState.DRAFT,
) -> bool:
    changed = await session.execute(
        update(Announcement)
        .where(
            col(Announcement.workspace_id) == workspace_id,
            col(Announcement.id) == draft.id,
            col(Announcement.version) == draft.version,
            col(Announcement.state) == state,
        )
        .values(**values, version=draft.version + 1)
        .returning(col(Announcement.id))
        .execution_options(synchronize_session=False)
    )
    if changed.first() is None:
        return False
    await session.refresh(draft)
    return True


async def _add_texts(session: Session, workspace_id: int, draft: Announcement, wordings: Mapping[str, Wording]) -> None:
    await session.execute(
        insert(AnnouncementText),
        [
            {
                "announcement_id": draft.id,
                "revision": draft.revision,
                "language": language,
                "workspace_id": workspace_id,
                "title": wording.title,
                "text": wording.text,
                "alt": wording.alt,
                "folded": folded(f"{wording.title}\n{wording.text}"),
            }
            for language, wording in wordings.items()
        ],
    )
    if draft.id is not None:
        await index_decision(session, workspace_id, draft.id)


async def store_publication(
    session: Session,
    workspace_id: int,
    announcement: Announcement,
    *,
    home_channel_id: int | None,
    why_open: str,
    is_proposal: bool,
    now: datetime,
) -> None:
    """Keep how and when an announcement is published; the row in hand shows it too."""
    await session.execute(
        update(Announcement)
        .where(col(Announcement.workspace_id) == workspace_id, col(Announcement.id) == announcement.id)
        .values(home_channel_id=home_channel_id, why_open=why_open, is_proposal=is_proposal, published_at=now)
        .execution_options(synchronize_session=False)
    )
    await session.refresh(announcement)


async def record_home_failure(session: Session, workspace_id: int, announcement_id: int, reason: str) -> None:
    """Keep why an announcement's home post could not be posted."""
    await session.execute(
        update(Announcement)
        .where(col(Announcement.workspace_id) == workspace_id, col(Announcement.id) == announcement_id)
        .values(home_failure=reason)
    )


async def record_home_gone(session: Session, workspace_id: int, announcement_id: int, now: datetime) -> None:
    """Keep that an announcement's home post does not stand any more."""
    await session.execute(
        update(Announcement)
        .where(col(Announcement.workspace_id) == workspace_id, col(Announcement.id) == announcement_id)
        .values(home_gone_at=now)
        .execution_options(synchronize_session=False)
    )


async def count_important(session: Session, workspace_id: int, *, since: datetime, until: datetime) -> int:
    """Return how many important announcements were published from `since` to before `until`, the withdrawn ones too."""
    found = await session.execute(
        select(func.count())
        .select_from(Announcement)
        .where(
            col(Announcement.workspace_id) == workspace_id,
            col(Announcement.important).is_(True),
            col(Announcement.published_at) >= since,
            col(Announcement.published_at) < until,
        )
    )
    return found.scalar_one()
