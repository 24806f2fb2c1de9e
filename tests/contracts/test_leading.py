"""The third step on every surface: the lead's card, its four answers, and the colleague who is asked about a coach.

The clock begins at noon, UTC, of Wednesday 3 March 2027.
"""

from datetime import UTC, date, datetime, timedelta

from sqlmodel import col, update

from storage.counting import count_one
from storage.tables import HomeTeam, Kind, Member
from storage.workspaces import change_settings, get_workspace, turn_rounds_on
from tests.contracts.surface import SeenMessage, SurfaceUnderTest

TEAM = ("anna", "bo", "carl", "david", "eva")


async def led(surface: SurfaceUnderTest) -> None:
    """Let anna lead a team of five, farid be a coach, and eva be quiet; live until the day of her lead's card."""
    made = surface.organisation
    begun = surface.clock.now()
    async with surface.database.begin() as session:
        rows = [made.members[name] for name in TEAM]
        await session.execute(update(Member).where(col(Member.id).in_(rows)).values(home_team_id=made.team_id))
        await session.execute(
            update(Member).where(col(Member.id) == made.members["farid"]).values(is_coach=True, locale="en")
        )
        await session.execute(
            update(HomeTeam).where(col(HomeTeam.id) == made.team_id).values(lead_id=made.members["anna"])
        )
        workspace = await get_workspace(session, made.workspace_id)
        changed = {**workspace.settings, "suggest_to_leads": True, "suggest_to_leads_from": "2027-03-01"}
        await change_settings(session, made.workspace_id, changed, begun, made.members["greta"])
        await turn_rounds_on(session, made.workspace_id, begun - timedelta(days=30))
        await count_one(session, made.workspace_id, made.members["eva"], None, date(2026, 12, 8), Kind.COMMAND)
        for name, row in made.members.items():
            for week in range(6) if name != "eva" else ():
                day = date(2027, 3, 2) + timedelta(weeks=week)
                await count_one(session, made.workspace_id, row, None, day, Kind.COMMAND)
    for moment in (
        datetime(2027, 3, 8, 12, 0, tzinfo=UTC),
        datetime(2027, 3, 9, 9, 30, tzinfo=UTC),
        datetime(2027, 3, 22, 12, 0, tzinfo=UTC),
        datetime(2027, 3, 23, 9, 30, tzinfo=UTC),
        datetime(2027, 4, 5, 12, 0, tzinfo=UTC),
        datetime(2027, 4, 6, 8, 30, tzinfo=UTC),
    ):
        surface.clock.move(moment - surface.clock.now())
        await surface.settle()


async def card(surface: SurfaceUnderTest) -> SeenMessage:
    """Return the lead's card as it stands."""
    [found] = [one for one in await surface.direct("anna") if "may welcome an invitation from you" in one.text]
    return found


async def test_the_card_and_a_coach(surface: SurfaceUnderTest) -> None:
    """A name, ideas and four answers; *Invite a coach* asks the colleague in private, and the lead hears no more."""
    await led(surface)
    shown = await card(surface)

    await surface.press("anna", shown, "Invite a coach")
    await surface.redeliver()
    # Her tip was on 9 March, the invitation on 23 March: there is room in her budget.
    await surface.settle()

    assert "Eva" in shown.text
    assert shown.buttons == ("I will", "Fine as it is", "Invite a coach", "Snooze")
    assert "What they answer is theirs" in (await card(surface)).text
    [offer] = [one for one in await surface.direct("eva") if "Anna, who leads your team" in one.text]
    opened = await surface.press("eva", offer, "Yes please")
    assert opened.opened.submit == "Find me somebody"
    assert "by name and without any number" in (await surface.open_home("eva")).text


async def test_the_other_answers(surface: SurfaceUnderTest) -> None:
    """*Fine as it is* and *Snooze* are said back; nobody else answers for a lead."""
    await led(surface)
    shown = await card(surface)

    by_other = await surface.press("bo", shown, "I will")
    await surface.press("anna", shown, "Fine as it is")
    await surface.press("anna", await card(surface), "Snooze")
    now = await card(surface)

    refusals = ("This message was not written to you", "The message is not there any more.")
    assert any(sentence in by_other.told for sentence in refusals)
    assert "You will not see this name here for half a year." in now.text
    assert "Nothing like this before 6 May 2027." in now.text
    assert now.buttons == ()


async def test_turning_it_on(surface: SurfaceUnderTest) -> None:
    """A communications lead reads what it means, and ticks that it has been taken up."""
    home = await surface.open_home("greta")
    opened = (await surface.press("greta", home, "Suggestions to leads")).opened
    refused = await surface.submit("greta", opened, taken_up="")
    done = await surface.submit("greta", refused.opened, taken_up="yes")

    assert "It is off: no lead is told anything." in opened.text
    assert "Please take it up first" in refused.errors["taken_up"]
    assert "It is on." in done.told
