"""An export is everything about one person, and nothing that is only about others."""

import json

from storage.database import Database
from storage.people import get_member
from storage.personal.exporting import rows_about
from storage.personal.forms import Named, Person
from storage.personal.register import REGISTER
from tests.storage.personal.everywhere import EMAIL, ID, NAME, ROW, SECRETS, somebody_everywhere


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


async def test_it_is_json(database: Database) -> None:
    """Everything in it is what JSON takes."""
    async with database.begin() as session:
        office = await somebody_everywhere(session)

        rows = await rows_about(session, office.workspace_id, await get_member(session, office.workspace_id, ROW))

    assert json.loads(json.dumps(rows)) == rows
