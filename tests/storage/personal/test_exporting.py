"""An export is everything about one person, and nothing that is only about others."""

import json
from typing import Any

from sqlmodel import SQLModel, col, update

from storage.database import Database
from storage.people import get_member
from storage.personal.exporting import rows_about
from storage.personal.forms import Named, Person
from storage.personal.register import REGISTER
from storage.tables import CoachingTalk, TalkState
from storage.tables.inviting import InviteState, ThreadInvite
from tests.storage.personal.everywhere import EMAIL, ID, NAME, ROW, SECRETS, somebody_everywhere

Exported = list[dict[str, Any]]


async def test_every_row_about_them_and_none_about_others(database: Database) -> None:
    """Each table that has a row about them is there, with these rows; of a colleague only what they did with them."""
    async with database.begin() as session:
        office = await somebody_everywhere(session)

        theirs = await rows_about(session, office.workspace_id, await get_member(session, office.workspace_id, ROW))
        colleagues = await rows_about(
            session, office.workspace_id, await get_member(session, office.workspace_id, office.colleague)
        )

    with_people = {
        name
        for name, kept in REGISTER.items()
        if kept.part_of is not None or any(isinstance(held, Person | Named) for held in kept.columns.values())
    }
    assert set(theirs) == with_people
    assert [(row["external_id"], row["email"]) for row in theirs["member"]] == [(ID, EMAIL)]
    assert [row["identity"] for row in theirs["happened"]] == [f"C1:1.1:message:{ID}"]
    # Three that they wrote, and one that was written in their name.
    assert len(theirs["announcement"]) == 4
    assert len(theirs["look"]) == 2
    # The requests are about what the colleague announced; and the two have been each other's coach.
    of_coaching = {"coaching_request", "coaching_talk", "coaching_time", "outbox"}
    # Each has been on the other's card to a lead, and has invited the other into a conversation.
    of_inviting = {"lead_card", "lead_name", "thread_invite"}
    announced = {"announcement", "anchoring_request", "behalf_request"}
    assert set(colleagues) == {"member", "look", *announced, *of_coaching, *of_inviting}
    assert EMAIL not in json.dumps(colleagues)


async def test_people_and_places_stand_by_their_names(database: Database) -> None:
    """Not by numbers that say nothing to anybody outside."""
    async with database.begin() as session:
        office = await somebody_everywhere(session)

        rows = await rows_about(session, office.workspace_id, await get_member(session, office.workspace_id, ROW))

    assert rows["channel_member"] == [{"channel_id": "allmant", "member_id": NAME}]
    assert rows["member"][0]["home_team_id"] == "Sales"
    assert rows["participation"] == [{"member_id": NAME, "day": "2027-03-01", "kind": "message", "count": 3}]
    assert {row["by_member_id"] for row in rows["look"]} == {NAME, "Bo Ek"}
    assert rows["announcement"][0]["created_at"] == "2027-03-03T12:00:00+00:00"


async def test_no_key_to_their_pages(database: Database) -> None:
    """That there is a link and a session is told; what they carry, and the hashes of it, is not."""
    async with database.begin() as session:
        office = await somebody_everywhere(session)

        rows = await rows_about(session, office.workspace_id, await get_member(session, office.workspace_id, ROW))

    exported = json.dumps(rows)
    assert rows["page_link"][0]["goal"] == "me"
    assert rows["page_session"][0]["seen_at"] == "2027-03-03T12:00:00+00:00"
    assert [secret for secret in SECRETS if secret in exported] == []


async def exported_with(database: Database, table: type[SQLModel], **said: Any) -> tuple[Exported, Exported]:
    """Let both have said this in all rows of a table; returns what they read in their exports, the colleague's last."""
    async with database.begin() as session:
        office = await somebody_everywhere(session)
        await session.execute(update(table).values(**said))

        mine, theirs = [
            await rows_about(session, office.workspace_id, await get_member(session, office.workspace_id, who))
            for who in (ROW, office.colleague)
        ]
    return mine[str(table.__tablename__)], theirs[str(table.__tablename__)]


async def test_whether_the_other_has_answered_is_not_told(database: Database) -> None:
    """Of a talk with a coach each reads whether they themselves said how it was, and nothing of the other."""
    mine, theirs = await exported_with(database, CoachingTalk, member_answered=True, coach_answered=True)

    [as_member, as_coach] = [{key for key in row if key.endswith("_answered")} for row in mine]
    assert (as_member, as_coach) == ({"member_answered"}, {"coach_answered"})
    assert [{key for key in row if key.endswith("_answered")} for row in theirs] == [as_coach, as_member]


async def test_that_a_coach_said_not_this_time_is_told_to_the_coach_alone(database: Database) -> None:
    """Whoever asked reads that it will be somebody else, as they did in the chat, and does not hear why."""
    mine, theirs = await exported_with(database, CoachingTalk, state=TalkState.DECLINED)

    assert [row["state"] for row in mine] == [TalkState.GONE, TalkState.DECLINED]
    assert [row["state"] for row in theirs] == [TalkState.DECLINED, TalkState.GONE]


async def test_that_somebody_did_not_want_to_come_is_told_to_nobody_else(database: Database) -> None:
    """*Of course. Nobody is told* holds for the export of whoever invited them, too."""
    async with database.begin() as session:
        office = await somebody_everywhere(session)
        await session.execute(
            update(ThreadInvite).where(col(ThreadInvite.invited_id) == ROW).values(state=InviteState.DECLINED)
        )

        read = [
            (await rows_about(session, office.workspace_id, await get_member(session, office.workspace_id, who)))[
                "thread_invite"
            ][-1]["state"]
            for who in (ROW, office.colleague)
        ]

    assert read == [InviteState.DECLINED, InviteState.ASKED]


async def test_it_is_json(database: Database) -> None:
    """Everything in it is what JSON takes."""
    async with database.begin() as session:
        office = await somebody_everywhere(session)

        rows = await rows_about(session, office.workspace_id, await get_member(session, office.workspace_id, ROW))

    assert json.loads(json.dumps(rows)) == rows
