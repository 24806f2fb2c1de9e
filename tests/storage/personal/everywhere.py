"""Somebody who has left a trace in every table that can hold one, with ids and names that are found nowhere else."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.context import known
from storage.database import Database, Session
from storage.personal.forms import Named, Person, Position
from storage.personal.register import REGISTER
from storage.tables import (
    AnchoringAnswer,
    AnchoringRequest,
    Announcement,
    AnnouncementKind,
    AnnouncementState,
    AnnouncementStep,
    AnnouncementText,
    Away,
    BehalfRequest,
    Channel,
    ChannelMember,
    ClosedWay,
    Coach,
    CoachingRequest,
    CoachingTalk,
    CoachingTime,
    Compared,
    Contact,
    ContactItem,
    ConversationReference,
    Decision,
    DirectoryPart,
    Errand,
    FanOut,
    FollowedTopic,
    FrozenMembership,
    GroupMember,
    Happened,
    HomeTeam,
    InviteState,
    LastSign,
    LeadCard,
    LeadName,
    LearntTopic,
    LocalMessage,
    LocalReaction,
    LocalSeen,
    Look,
    Member,
    Outbox,
    PageLink,
    PageSession,
    Participation,
    PathReader,
    PeopleGroup,
    Posted,
    Question,
    Recipient,
    Round,
    Search,
    StoredImage,
    TalkState,
    ThreadInvite,
    Topic,
    Workspace,
    metadata,
)

NOW = datetime(2027, 3, 3, 12, 0, tzinfo=UTC)
ROW = 7654321
ID = "UÅSA7QX"
NAME = "Åsa Quistgaard"
EMAIL = "asa.quistgaard@example.com"
# What a link of theirs carries, the hash of it, and that of a cookie.
SECRETS = ("aLinkThatWorksOnce", "5e4f-of-a-link", "9b1c-of-a-cookie")


@dataclass
class Office:
    """The organisation that they are in, and a colleague who stays."""

    workspace_id: int
    colleague: int
    published: int


async def somebody_everywhere(session: Session, *, not_counted: bool = False) -> Office:
    """Store somebody with a row, or a name in somebody's row, wherever the register says that there can be one."""
    workspace = Workspace(platform="slack", external_id="T1", name="Lindvalla", created_at=NOW)
    session.add(workspace)
    await session.flush()
    of: dict[str, Any] = {"workspace_id": known(workspace.id)}
    team = HomeTeam(**of, name="Sales", lead_id=ROW)
    colleague = Member(**of, external_id="UBO", name="Bo Ek", created_at=NOW)
    theirs = Member(**of, id=ROW, external_id=ID, name=NAME, email=EMAIL, not_counted=not_counted, created_at=NOW)
    channel = Channel(**of, external_id="C1", name="allmant")
    group = PeopleGroup(**of, external_id="S1", name="Parents")
    session.add_all([team, colleague, theirs, channel, group])
    await session.flush()
    workspace.settings_changed_by = ROW
    workspace.settings = {"decision_path": {"sv": f"Fråga {NAME}."}, "language": "en"}
    theirs.home_team_id = team.id
    written = [
        Announcement(**of, author_id=ROW, created_at=NOW, state=state, kind=AnnouncementKind.DECISION, revision=1)
        for state in (AnnouncementState.PUBLISHED, AnnouncementState.SCHEDULED, AnnouncementState.DRAFT)
    ]
    others = Announcement(
        **of, author_id=known(colleague.id), behalf_of_id=ROW, created_at=NOW, state=AnnouncementState.PUBLISHED
    )
    session.add_all([*written, others])
    await session.flush()
    out, others_id, bo = known(written[0].id), known(others.id), known(colleague.id)
    request = AnchoringRequest(**of, announcement_id=out, rule="all", revision=1, asked_at=NOW, behalf_of_id=ROW)
    unanswered = AnchoringRequest(**of, announcement_id=others_id, rule="all", revision=0, asked_at=NOW)
    contact = Contact(**of, member_id=ROW, local_date=date(2027, 3, 1), planned_at=NOW)
    direct = LocalMessage(**of, direct_with=ROW, content={"summary": NAME}, written_at=NOW)
    said = LocalMessage(
        **of, channel_id=channel.id, author_id=ROW, text=f"Hej! /{NAME}", delivery_id=f"said:{ROW}:x", written_at=NOW
    )
    posted = Posted(
        **of, message="m", subject_id=1, member_id=ROW, place="D1", reference_key="1", reference={}, posted_at=NOW
    )
    card = LeadCard(**of, lead_id=ROW, week=date(2027, 3, 1), planned_at=NOW, due_at=NOW)
    to_bo = LeadCard(**of, lead_id=bo, week=date(2027, 3, 1), planned_at=NOW, due_at=NOW)
    session.add_all([card, to_bo])
    topic = Topic(**of, name_sv="Flytten", name_en="Moving", folded="flytten moving")
    wish = CoachingRequest(**of, member_id=ROW, language="sv", about=f"/{NAME}", asked_at=NOW)
    colleagues_wish = CoachingRequest(**of, member_id=bo, language="sv", about=f"Not {NAME}", asked_at=NOW)
    session.add_all([request, unanswered, contact, direct, said, posted, topic, wish, colleagues_wish])
    await session.flush()
    talk = CoachingTalk(**of, request_id=known(wish.id), coach_id=bo, matched_at=NOW)
    as_coach = CoachingTalk(
        **of, request_id=known(colleagues_wish.id), coach_id=ROW, state=TalkState.OVER, matched_at=NOW
    )
    session.add_all([talk, as_coach])
    await session.flush()
    session.add_all(
        [
            LeadName(**of, card_id=known(card.id), member_id=bo, reason="no_sign", local_date=date(2027, 3, 2)),
            LeadName(**of, card_id=known(to_bo.id), member_id=ROW, reason="no_sign", local_date=date(2027, 3, 2)),
            ThreadInvite(**of, inviter_id=ROW, created_at=NOW),
            ThreadInvite(
                **of,
                inviter_id=bo,
                invited_id=ROW,
                channel_id=known(channel.id),
                thread="1.1",
                state=InviteState.ASKED,
                created_at=NOW,
                asked_at=NOW,
            ),
        ]
    )
    session.add_all(
        [
            AnnouncementText(
                **of,
                announcement_id=out,
                revision=1,
                language="en",
                title="Moving",
                text=f"Ask {NAME} or {EMAIL}.",
                folded=f"moving ask {NAME.casefold()} or {EMAIL}.",
            ),
            AnnouncementStep(**of, announcement_id=out, from_state="draft", to_state="draft", by_member_id=ROW, at=NOW),
            Recipient(**of, announcement_id=others_id, member_id=ROW, read_at=NOW, read_by="pressed"),
            Question(**of, announcement_id=others_id, member_id=ROW, text=f"When? /{NAME}", asked_at=NOW),
            Question(**of, announcement_id=others_id, member_id=ROW, text="Hm", asked_at=NOW, is_waiting=True),
            Decision(
                **of,
                announcement_id=out,
                outcome="partly",
                status="decided",
                answers={"decider": {"words": f"{NAME} on Monday", "declared": None}},
            ),
            AnchoringAnswer(**of, request_id=known(request.id), member_id=ROW, answer="concern", text="Too soon."),
            AnchoringAnswer(**of, request_id=known(unanswered.id), member_id=ROW),
            BehalfRequest(
                **of,
                announcement_id=others_id,
                member_id=ROW,
                revision=0,
                kind="news",
                audience_kind="everyone",
                asked_at=NOW,
            ),
            StoredImage(
                **of,
                name="picture",
                media_type="image/png",
                width=1,
                height=1,
                content=b"",
                stored_at=NOW,
                waiting_for_id=ROW,
            ),
            PathReader(**of, member_id=ROW, version=1, told_at=NOW),
            Outbox(**_outbox(of, member_id=ROW, once=f"m:1:{ROW}")),
            Outbox(**_outbox(of, operation="edit", posted_id=posted.id)),
            Outbox(**_outbox(of, member_id=bo, with_member_id=ROW, once="both")),
            FanOut(
                **of,
                message="copy",
                subject_id=out,
                audience_kind="everyone",
                copies="all",
                except_member_id=ROW,
                also_except_member_id=ROW,
                cursor=ROW,
                priority=1,
                audience_as_of=NOW,
            ),
            ChannelMember(**of, channel_id=known(channel.id), member_id=ROW),
            GroupMember(**of, group_id=known(group.id), member_id=ROW),
            ConversationReference(**of, who=f"person:{ID}", reference={"user": ID}, changed_at=NOW),
            ConversationReference(**of, who="everybody", reference={"user": ID}, changed_at=NOW),
            DirectoryPart(**of, place="T1", part=f"person:{ID}", due_at=NOW),
            Happened(**of, identity=f"C1:1.1:message:{ID}", day=date(2027, 3, 3)),
            Happened(**of, identity=f"C1:1.1:message:{ID}2", day=date(2027, 3, 3)),
            Participation(**of, member_id=ROW, day=date(2027, 3, 1), kind=1, count=3),
            LastSign(**of, member_id=ROW, first_day=date(2027, 3, 1), last_day=date(2027, 3, 1)),
            ContactItem(**of, contact_id=known(contact.id), kind="tip", reason="no_sign", rank=1),
            Compared(**of, member_id=ROW, due_on=date(2027, 3, 1), is_without=True),
            Round(**of, week=date(2027, 3, 1), planned_at=NOW, cursor=ROW),
            Errand(**of, name="path", day=date(2027, 3, 1), begun_at=NOW, cursor=ROW),
            Look(**of, about_member_id=ROW, by_member_id=bo, what="preview", at=NOW),
            Look(**of, about_member_id=bo, by_member_id=ROW, what="preview", at=NOW),
            FrozenMembership(**of, quarter=date(2027, 1, 1), member_id=ROW, home_team_id=None),
            PageLink(**of, member_id=ROW, goal="me", secret=SECRETS[0], digest=SECRETS[1], expires_at=NOW),
            PageSession(**of, member_id=ROW, digest=SECRETS[2], seen_at=NOW, expires_at=NOW),
            LocalMessage(**of, channel_id=channel.id, content={"by": f"By {NAME}"}, written_at=NOW),
            LocalMessage(**of, channel_id=channel.id, only_for=ROW, content={}, written_at=NOW),
            LocalReaction(**of, message_id=known(said.id), member_id=ROW, emoji="heart"),
            LocalSeen(**of, member_id=ROW, place="direct"),
            ClosedWay(**of, member_id=ROW, why="blocked", since=NOW),
            Away(**of, member_id=ROW, first_day=date(2027, 2, 1), last_day=date(2027, 2, 7)),
            Search(**of, member_id=ROW, words=f"What {NAME} said", searched_at=NOW),
            FollowedTopic(**of, member_id=ROW, topic_id=known(topic.id)),
            LearntTopic(**of, member_id=ROW, topic_id=known(topic.id), score=1.0, as_of=date(2027, 3, 1)),
            Coach(**of, member_id=ROW, languages="en,sv", about=f"Ask {NAME}.", since=NOW),
            CoachingTime(**of, talk_id=known(talk.id), round=1, begins_at=NOW),
            CoachingTime(**of, talk_id=known(as_coach.id), round=1, begins_at=NOW),
        ]
    )
    await session.flush()
    return Office(known(workspace.id), bo, out)


def _outbox(of: dict[str, int], **values: Any) -> dict[str, Any]:
    made = {"message": "m", "subject_id": 1, "priority": 1, "created_at": NOW, "not_before": NOW + timedelta(days=1)}
    return {**of, **made, "delivery_id": f"d-{values.get('once', 'edit')}"[:9], **values}


async def tables_without_a_trace(session: Session) -> list[str]:
    """Return the register's columns in which nothing of them stands: what `somebody_everywhere` has forgotten."""
    missing = []
    for name, kept in REGISTER.items():
        for column, held in kept.columns.items():
            values = (await session.execute(select(metadata.tables[name].c[column]))).scalars().all()
            if isinstance(held, Person | Position) and ROW not in values:
                missing.append(f"{name}.{column}")
            if isinstance(held, Named) and not any(ID in value for value in values):
                missing.append(f"{name}.{column}")
    return missing


def in_files(database: Database, *words: str) -> list[str]:
    """Return which of the words stand in the database's file or beside it, in any encoding that SQLite or JSON has."""
    found = []
    for path in Path(database.path).parent.glob(f"{database.path.name}*"):
        content = path.read_bytes()
        found += [f"{word} in {path.suffix}" for word in words if word.encode() in content]
    return found
