"""People whom only the organisation's list tells of, until the chat has seen them."""

from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from storage.audience import Audience, Reach, audience_page, reach
from storage.database import Database
from storage.directory import leave_unseen, name_leads
from storage.people import communications_leads, find_member, name_lead, present_members, unname_lead
from storage.people_list import ListedChange, change_listed
from storage.people_seen import PersonSeen, see_people
from storage.tables import AudienceKind, Copies, HomeTeam, Member, MemberState
from tests.conftest import StillClock
from tests.support import Organisation, organisation

EVERYONE = Audience(AudienceKind.EVERYONE)


@pytest.fixture
async def listed(database: Database, clock: StillClock) -> Organisation:
    """Return an organisation of eight whom the chat has seen, and vera, who is listed in Sales and leads it."""
    made = await organisation(database, clock)
    vera = ListedChange(None, "vera@x.se", "Sales", {"name": "Vera", "working_days": "123", "is_coach": True})
    async with database.begin() as session:
        await change_listed(session, made.workspace_id, [vera], {"Sales": made.team_id}, clock.now())
        found = await find_member(session, made.workspace_id, "vera@x.se")
        assert found is not None
        await session.execute(update(HomeTeam).values(lead_id=found.id))
    return made


async def test_who_is_listed_belongs_and_cannot_be_reached(database: Database, listed: Organisation) -> None:
    """They are part of everyone, and no message is for them; nobody counts on their answer."""
    async with database.read() as session:
        found = await reach(session, listed.workspace_id, EVERYONE, Copies.ALL, None)
        page = await audience_page(session, listed.workspace_id, EVERYONE, Copies.ALL, None, after=0, limit=50)
        here = await present_members(session, listed.workspace_id)

    assert found == Reach(people=9, messages=8, listed=1)
    assert [one.gets_copy for one in page if one.is_listed] == [False]
    assert "Vera" not in {member.name for member in here}


async def test_a_roster_does_not_make_them_leave(database: Database, listed: Organisation, clock: StillClock) -> None:
    """The platform not telling of them says nothing: it never has."""
    async with database.begin() as session:
        await leave_unseen(session, listed.workspace_id, {"anna"}, clock.now().date())
        vera = await find_member(session, listed.workspace_id, "vera@x.se")
        bo = await find_member(session, listed.workspace_id, "bo")

    assert vera is not None
    assert bo is not None
    assert (vera.state, bo.state) == (MemberState.LISTED, MemberState.LEFT)


@pytest.mark.parametrize("wrote_before", [False, True], ids=["new", "who had written already"])
async def test_seen_by_the_chat(
    database: Database, listed: Organisation, clock: StillClock, *, wrote_before: bool
) -> None:
    """Once the chat tells of somebody with their address, they are that person, with all that the list said."""
    clock.move(timedelta(days=3))
    async with database.begin() as session:
        if wrote_before:
            session.add(Member(workspace_id=listed.workspace_id, external_id="U9", created_at=clock.now()))
            await session.flush()
        await see_people(
            session,
            listed.workspace_id,
            [PersonSeen("U9", "Vera Ek", "Vera@x.se", zone="Europe/Oslo"), PersonSeen("U8", "Eva", "eva@x.se")],
            clock.now(),
        )
    async with database.read() as session:
        vera = await find_member(session, listed.workspace_id, "U9")
        gone = await find_member(session, listed.workspace_id, "vera@x.se")
        team = (await session.execute(select(HomeTeam))).scalar_one()

    assert gone is None
    assert vera is not None
    assert (vera.state, vera.name, vera.zone) == (MemberState.ACTIVE, "Vera Ek", "Europe/Oslo")
    assert (vera.home_team_id, vera.working_days, vera.is_coach) == (team.id, "123", True)
    assert team.lead_id == vera.id
    assert vera.told_at is None


async def test_who_was_removed_does_not_come_back(database: Database, listed: Organisation, clock: StillClock) -> None:
    """A lead who is named in the configuration and was removed in chat stays removed with the next roster; named anew
    in chat, they are one again. Where nobody else is left, the configuration names them: somebody has to be able to.
    """
    workspace_id, bo = listed.workspace_id, listed.members["bo"]
    leads = []
    async with database.begin() as session:
        await session.execute(update(Member).where(col(Member.id) == bo).values(email="bo@x.se"))
        await name_leads(session, workspace_id, ["bo@x.se"])
        leads.append({lead.name for lead in await communications_leads(session, workspace_id)})
        assert await unname_lead(session, workspace_id, bo, clock.now())
        await name_leads(session, workspace_id, ["bo@x.se"])
        leads.append({lead.name for lead in await communications_leads(session, workspace_id)})
        await session.execute(update(Member).where(col(Member.external_id) == "greta").values(state=MemberState.LEFT))
        await name_leads(session, workspace_id, ["bo@x.se"])
        leads.append({lead.name for lead in await communications_leads(session, workspace_id)})
        await name_lead(session, workspace_id, listed.members["eva"])
        assert await unname_lead(session, workspace_id, bo, clock.now())
        assert not await unname_lead(session, workspace_id, listed.members["eva"], clock.now())

    assert leads == [{"Greta", "Bo"}, {"Greta"}, {"Bo"}]


async def test_no_listed_person_keeps_the_last_lead_from_staying(
    database: Database, listed: Organisation, clock: StillClock
) -> None:
    """Somebody whom the chat has not seen cannot run anything: the last lead who can stays."""
    async with database.begin() as session:
        await session.execute(
            update(Member).where(col(Member.state) == MemberState.LISTED).values(is_communications_lead=True)
        )

        assert not await unname_lead(session, listed.workspace_id, listed.members["greta"], clock.now())
