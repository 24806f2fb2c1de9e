"""Home teams and calendars in chat on every surface: by a communications lead for others, by everybody for themselves.

greta leads communications; anna, bo and eva are in Sales.
"""

from datetime import date, timedelta

from sqlmodel import col, select, update

from storage.people import find_member
from storage.people_list import ListedChange, change_listed, note_listed
from storage.tables import Away, HomeTeam, Member
from tests.contracts.announcing import NEWS, picture_of, preview
from tests.contracts.surface import SeenForm, SurfaceUnderTest, says_count


async def overview(surface: SurfaceUnderTest) -> SeenForm:
    """Open people and home teams, as greta."""
    surface.clock.move(timedelta(seconds=1))
    return (await surface.command("greta", "samlas", "people")).opened


async def person(surface: SurfaceUnderTest, name: str) -> SeenForm:
    """Open one person's form, as greta."""
    return (await surface.submit("greta", await overview(surface), who=name)).opened


async def team(surface: SurfaceUnderTest, label: str) -> SeenForm:
    """Open one home team's form, as greta."""
    return (await surface.press("greta", await overview(surface), "Change this team", team=label)).opened


async def own_calendar(surface: SurfaceUnderTest, name: str) -> SeenForm:
    """Open one's own calendar from `/samlas me`."""
    surface.clock.move(timedelta(seconds=1))
    [said] = (await surface.command(name, "samlas", "me")).whispers
    return (await surface.press(name, said, "My calendar")).opened


async def stored(surface: SurfaceUnderTest, name: str) -> Member:
    """Return what is kept of a person."""
    async with surface.database.read() as session:
        found = await find_member(session, surface.organisation.workspace_id, surface.id_of(name))
    assert found is not None
    return found


async def teams(surface: SurfaceUnderTest) -> dict[str, HomeTeam]:
    """Return every home team that has not ended, by name."""
    async with surface.database.read() as session:
        found = await session.execute(select(HomeTeam).where(col(HomeTeam.ended_at).is_(None)))
        return {row.name: row for row in found.scalars()}


async def own_page(surface: SurfaceUnderTest, name: str) -> str:
    """Return what `/samlas me` says."""
    surface.clock.move(timedelta(seconds=1))
    return (await surface.command(name, "samlas", "me")).told


async def test_a_lead_changes_somebodys_team_and_calendar(surface: SurfaceUnderTest) -> None:
    """From Home, in one form; it is kept, and the person reads in their log who looked and what they did."""
    home = await surface.open_home("greta")
    opened = (await surface.press("greta", home, "People and home teams")).opened
    form = (await surface.submit("greta", opened, who="carl")).opened
    assert form.title == "Carl"
    assert "Part in Samlas: management group." in form.text

    done = await surface.submit(
        "greta", form, team="Sales", working_days="mon-thu", hours="9-15:30", country="de", region="by"
    )

    carl = await stored(surface, "carl")
    assert carl.home_team_id == surface.organisation.team_id
    assert (carl.working_days, carl.work_start, carl.work_end) == ("1234", 540, 930)
    assert (carl.country, carl.region) == ("DE", "BY")
    assert carl.calendar_set_by_self is None
    assert "Carl is kept like that." in done.told
    log = await own_page(surface, "carl")
    assert "your home team, your part in Samlas and your calendar" in log
    assert "your home team and your calendar, and changed them" in log
    assert "Greta" in log


async def test_looking_alone_leaves_a_line(surface: SurfaceUnderTest) -> None:
    """Whoever opens another person's form is in that person's log, and in nobody else's; one's own leaves none."""
    await person(surface, "bo")
    await person(surface, "greta")

    line = "your home team, your part in Samlas and your calendar"
    assert line in await own_page(surface, "bo")
    assert "Nobody has looked at data about you." in await own_page(surface, "anna")
    assert "Nobody has looked at data about you." in await own_page(surface, "greta")


async def test_what_cannot_be_used_stands_at_its_field(surface: SurfaceUnderTest) -> None:
    """Each with its sentence, and nothing of the form has been kept; what was written is still there."""
    form = await person(surface, "bo")

    seen = await surface.submit(
        "greta",
        form,
        team="No home team",
        working_days="always",
        hours="8",
        zone="Gothenburg",
        country="Sweden",
        leave_from="2027-07-10",
        leave_to="2027-07-01",
    )

    assert seen.errors == {
        "working_days": "Please give weekdays, such as mon-fri, or Monday, Tuesday.",
        "hours": "Please give hours, such as 08:00-17:00.",
        "zone": "No time zone has this name. They are called after cities, such as Europe/Stockholm.",
        "country": "No public holidays are known of this country. Please give its two letters, such as SE.",
        "leave_to": "A leave cannot end before it begins.",
    }
    assert seen.opened.fields["hours"].value == "8"
    bo = await stored(surface, "bo")
    assert bo.home_team_id == surface.organisation.team_id
    assert (bo.working_days, bo.zone, bo.leave_from) == (None, "Europe/Stockholm", None)


async def test_a_stale_form(surface: SurfaceUnderTest) -> None:
    """Who was changed meanwhile stays so; the form comes back as it stands, with a sentence."""
    form = await person(surface, "bo")
    own = await own_calendar(surface, "bo")
    await surface.submit("bo", own, hours="10:00-18:00")

    seen = await surface.submit("greta", form, hours="07:00-15:00")

    told = " ".join([*seen.errors.values(), seen.told])
    assert "Somebody changed this since you opened it." in told
    assert seen.opened.fields["hours"].value == "10:00-18:00"
    assert "Set by Bo: working hours." in seen.opened.text
    bo = await stored(surface, "bo")
    assert (bo.work_start, bo.work_end) == (600, 1080)


async def test_others_do_not_change_people(surface: SurfaceUnderTest) -> None:
    """Nobody but a communications lead sees the forms or can send them, and no line is left."""
    form = await person(surface, "carl")
    of_team = await team(surface, "Sales, 3 people")

    looked = await surface.command("bo", "samlas", "people")
    sent = await surface.submit("bo", form, hours="07:00-15:00")
    ended = await surface.press("bo", of_team, "End this team")

    view = "This is the communications leads' view."
    for seen in (looked, sent, ended):
        assert view in " ".join([*seen.errors.values(), seen.told])
    assert "People and home teams" not in (await surface.open_home("bo")).buttons
    assert (await stored(surface, "carl")).work_start is None
    assert set(await teams(surface)) == {"Sales"}


async def test_a_home_team_from_beginning_to_end(surface: SurfaceUnderTest) -> None:
    """Begun, named anew, given its lead and its channel, and ended; what it was called stays free for it."""
    opened = await overview(surface)
    begun = (await surface.press("greta", opened, "Begin this team", begin="Oslo")).opened
    assert begun.fields["name"].value == "Oslo"

    again = (await surface.submit("greta", begun, name="Oslo and Bergen", lead="bo", channel="#allmant")).opened
    made = (await teams(surface))["Oslo and Bergen"]
    lead = await stored(surface, "bo")
    assert "Oslo and Bergen, 0 people" in again.fields["team"].options
    assert (made.lead_id, made.channel_id) == (lead.id, surface.organisation.channel_id)
    assert "which home team you lead, and changed it" in await own_page(surface, "bo")

    await surface.press("greta", await team(surface, "Sales, 3 people"), "End this team")
    assert set(await teams(surface)) == {"Oslo and Bergen"}
    assert (await stored(surface, "anna")).home_team_id is None
    assert "your home team, and ended it" in await own_page(surface, "anna")

    await surface.press("greta", await overview(surface), "Begin this team", begin="sales")
    assert (await teams(surface))["Sales"].id == surface.organisation.team_id


async def test_one_lead_a_team(surface: SurfaceUnderTest) -> None:
    """Another lead takes the place of the first; a team may be without one."""
    await surface.submit("greta", await team(surface, "Sales, 3 people"), lead="bo")
    form = await team(surface, "Sales, 3 people")
    assert form.fields["lead"].value == "bo"

    await surface.submit("greta", form, lead="eva")
    second = (await teams(surface))["Sales"].lead_id
    await surface.submit("greta", await team(surface, "Sales, 3 people"), lead_email="none")

    assert second == surface.organisation.members["eva"]
    assert (await teams(surface))["Sales"].lead_id is None


async def test_a_teams_form_that_cannot_be_used(surface: SurfaceUnderTest) -> None:
    """A name that another team has and a lead whom nobody knows get their sentences; a stale form the fresh one."""
    await surface.press("greta", await overview(surface), "Begin this team", begin="Oslo")
    taken = await surface.press("greta", await overview(surface), "Begin this team", begin=" OSLO ")
    nameless = await surface.press("greta", await overview(surface), "Begin this team")
    form = await team(surface, "Sales, 3 people")

    wrong = await surface.submit("greta", form, name="oslo", lead_email="who@example.com")
    await surface.submit("greta", form, name="Sales and more")
    stale = await surface.submit("greta", form, name="Fewer sales")

    assert taken.errors == {"begin": "Another home team is called that already."}
    assert nameless.errors == {"begin": "Please write something here."}
    assert wrong.errors == {
        "name": "Another home team is called that already.",
        "lead_email": "Nobody of this e-mail address is known here.",
    }
    assert "Somebody changed this since you opened it." in " ".join([*stale.errors.values(), stale.told])
    assert stale.opened.fields["name"].value == "Sales and more"
    assert set(await teams(surface)) == {"Oslo", "Sales and more"}


async def test_somebody_who_is_only_listed(surface: SurfaceUnderTest) -> None:
    """They are found by their e-mail address, changed as everybody else, and can lead a team."""
    async with surface.database.begin() as session:
        vera = ListedChange(None, "vera@example.com", None, {"name": "Vera"})
        await change_listed(session, surface.organisation.workspace_id, [vera], {}, surface.clock.now())
    nobody = await surface.submit("greta", await overview(surface), email="someone@example.com")
    neither = await surface.submit("greta", await overview(surface))

    form = (await surface.submit("greta", await overview(surface), email="Vera@example.com")).opened
    await surface.submit("greta", form, team="Sales", leave_from="2027-06-01")
    await surface.submit("greta", await team(surface, "Sales, 4 people"), lead_email="vera@example.com")
    again = await team(surface, "Sales, 4 people")

    assert nobody.errors == {"email": "Nobody of this e-mail address is known here."}
    assert neither.errors == {"who": "Please choose somebody here, or give their e-mail address."}
    assert "Only the organisation's list tells of Vera so far." in form.text
    assert again.fields["lead_email"].value == "vera@example.com"
    async with surface.database.read() as session:
        row = await find_member(session, surface.organisation.workspace_id, "vera@example.com")
    assert row is not None
    assert (row.home_team_id, row.leave_from) == (surface.organisation.team_id, date(2027, 6, 1))
    assert (await teams(surface))["Sales"].lead_id == row.id


async def test_ones_own_calendar(surface: SurfaceUnderTest) -> None:
    """From `/samlas me` and from Home; what is set is marked as the member's own, what is emptied no longer."""
    form = await own_calendar(surface, "eva")
    assert form.fields["hours"].value == ""
    assert "Empty: as the organisation, 08:00 to 17:00." in form.fields["hours"].hint

    done = await surface.submit("eva", form, working_days="mon, wed", hours="22:00-06:00", joined_on="2020-02-01")
    home = await surface.open_home("eva")
    again = (await surface.press("eva", home, "My calendar")).opened
    first = await stored(surface, "eva")
    await surface.submit("eva", again, hours="")

    assert "Your calendar is kept." in done.told
    assert again.fields["working_days"].value == "mon, wed"
    assert again.fields["hours"].value == "22:00-06:00"
    assert first.calendar_set_by_self == "days first_day hours"
    assert (first.working_days, first.work_start, first.work_end) == ("13", 1320, 360)
    after = await stored(surface, "eva")
    assert (after.work_start, after.work_end, after.calendar_set_by_self) == (None, None, "days first_day")
    assert "Nobody has looked at data about you." in await own_page(surface, "eva")


async def test_ones_own_calendar_that_cannot_be_used(surface: SurfaceUnderTest) -> None:
    """A sentence at its field, and nothing changed; a leave needs its first day, a region its country."""
    form = await own_calendar(surface, "eva")

    seen = await surface.submit("eva", form, leave_to="2027-07-01", region="BY", hours="08:00-16:00")

    assert set(seen.errors) == {"leave_from", "region"}
    assert seen.errors["leave_from"] == "Please give the first day of the leave too."
    assert (await stored(surface, "eva")).work_start is None


async def test_somebody_elses_calendar_button(surface: SurfaceUnderTest) -> None:
    """A member's form does nothing in another's hands."""
    form = await own_calendar(surface, "eva")

    seen = await surface.submit("bo", form, hours="08:00-16:00")

    assert "This is somebody else's" in " ".join([*seen.errors.values(), seen.told])
    assert (await stored(surface, "eva")).work_start is None
    assert (await stored(surface, "bo")).work_start is None


async def test_a_leave_in_chat_is_remembered(surface: SurfaceUnderTest) -> None:
    """Days of a leave that have gone by stay days away when the next one takes its place."""
    async with surface.database.begin() as session:
        await session.execute(
            update(Member)
            .where(col(Member.id) == surface.organisation.members["eva"])
            .values(leave_from=date(2027, 2, 1), leave_to=date(2027, 3, 31))
        )
    form = await own_calendar(surface, "eva")
    assert form.fields["leave_from"].value == "2027-02-01"

    await surface.submit("eva", form, leave_from="2027-06-01", leave_to="2027-06-30")

    async with surface.database.read() as session:
        [away] = (await session.execute(select(Away))).scalars().all()
    assert (away.first_day, away.last_day) == (date(2027, 2, 1), date(2027, 3, 2))
    eva = await stored(surface, "eva")
    assert (eva.leave_from, eva.leave_to) == (date(2027, 6, 1), date(2027, 6, 30))


async def test_pausing_until_a_day(surface: SurfaceUnderTest) -> None:
    """Asked for a day, which has to lie ahead; the page says until when, and that it can be ended."""
    [said] = (await surface.command("eva", "samlas", "me")).whispers
    opened = (await surface.press("eva", said, "Pause")).opened

    past = await surface.submit("eva", opened, until="2027-03-03")
    far = await surface.submit("eva", opened, until="2029-03-03")
    done = await surface.submit("eva", opened, until="2027-03-20")
    home = await surface.open_home("eva")
    during = await stored(surface, "eva")
    await surface.press("eva", home, "End the pause")

    assert "Please give a day after today" in past.errors["until"]
    assert "Please give a day after today" in far.errors["until"]
    assert "You have paused: no tips, reminders or digests before 20 March 2027." in done.told
    assert "You have paused: no tips, reminders or digests before 20 March 2027." in home.text
    assert during.paused_until == date(2027, 3, 20)
    assert (await stored(surface, "eva")).paused_until is None
    async with surface.database.read() as session:
        assert (await session.execute(select(Away))).scalars().all() == []


async def test_a_part_in_samlas_leaves_a_line(surface: SurfaceUnderTest) -> None:
    """Whoever is taken into the management group, or out of it, reads so."""
    home = await surface.open_home("greta")
    form = (await surface.press("greta", home, "Management group")).opened

    await surface.submit("greta", form, who="bo")

    assert "your part in Samlas, and changed it" in await own_page(surface, "bo")
    assert "Nobody has looked at data about you." in await own_page(surface, "eva")


async def test_listed_people_are_unreachable(surface: SurfaceUnderTest) -> None:
    """The preview says how many the chat has not seen, and the author's picture counts them as unreachable, and why."""
    async with surface.database.begin() as session:
        workspace_id, now = surface.organisation.workspace_id, surface.clock.now()
        listed = [ListedChange(None, f"{name}@example.com", None, {"name": name}) for name in ("Vera", "Ville")]
        await change_listed(session, workspace_id, listed, {}, now)
        await note_listed(session, workspace_id, now)

    shown = await preview(surface, "anna", NEWS)
    await surface.press("anna", shown, "Publish")
    await surface.settle()
    surface.clock.move(timedelta(minutes=2))
    await surface.settle()

    assert "Goes to 9 people, 2 of whom the chat has not seen yet; 5 of them get a direct message." in shown.text
    picture = await picture_of(surface, "anna", "New canteen")
    assert says_count(picture.text, "Unreachable", 2)
    assert says_count(picture.text, "No sign yet", 7)
    assert "not seen in the chat yet" in picture.text
