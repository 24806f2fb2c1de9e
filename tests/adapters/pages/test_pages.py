"""What each role sees on the pages, and that nobody sees more."""

import csv
import io
import json
from http import HTTPStatus

import pytest
from sqlmodel import col, select, update

from bot.getting_in import MY_PAGE
from storage.people import member_or_stub
from storage.tables import HomeTeam, Kind, Member, Participation, Platform, Workspace
from storage.workspaces import add_workspace
from tests.adapters.pages.conftest import Logged
from tests.adapters.pages.visiting import Page, Site, first

WHOLE = [
    "Members active per week",
    "How evenly participation is spread",
    "By home team",
    "Each announcement's reach over time",
    "Decisions by outcome",
    "After a tip",
    "What can be seen",
]
PNG = b"\x89PNG\r\n"


def rows(page: Page, chart: str) -> list[list[str]]:
    """Return a chart's table as it stands on the page."""
    [section] = [one for one in page.tree.css("section.chart") if first(one, "h2").attributes["id"] == chart]
    return [[cell.text(strip=True) for cell in row.css("th, td")] for row in section.css("tbody tr")]


async def test_a_communications_lead_sees_the_organisation(lively: Site) -> None:
    """In sums of whole weeks, with what the page shows and to whom, and without a single name."""
    greta = await lively.come_in("greta")

    page = await greta.get("/insights")

    assert page.charts() == WHOLE
    assert "What this page shows, and to whom" in page.words
    assert "Shown to communications leads" in page.words
    assert [week for week, _ in rows(page, "active")] == [
        "18 January 2027",
        "25 January 2027",
        "1 February 2027",
        "8 February 2027",
        "15 February 2027",
        "22 February 2027",
    ]
    assert {share for _, share in rows(page, "active")} == {"about 70 % of 11 people", "about 80 % of 11 people"}
    assert rows(page, "teams") == [["Sales", "about 70 %"]]
    names = [name.capitalize() for name in lively.organisation.members]
    assert [name for name in names if name in page.words] == []


async def test_a_lead_sees_their_own_team(lively: Site) -> None:
    """Carl, who leads Sales, is led to its page, and sees no other and not the whole."""
    carl = await lively.come_in("carl")

    page = await carl.get("/insights")
    whole = await carl.get("/insights/all/active.svg")

    assert page.charts() == ["Members active per week", "What can be seen"]
    assert "Shown to you as the lead of Sales" in page.words
    assert whole.status == HTTPStatus.NOT_FOUND
    links = {str(link.attributes["href"]) for link in page.tree.css("nav a")}
    assert links == {f"/insights/team/{lively.organisation.team_id}", "/me"}


async def test_a_lead_of_two_teams_sees_both(lively: Site) -> None:
    """Each on a page of its own, by its name."""
    async with lively.database.begin() as session:
        session.add(
            HomeTeam(
                workspace_id=lively.organisation.workspace_id,
                name="Design",
                lead_id=lively.organisation.members["carl"],
            )
        )
    carl = await lively.come_in("carl")

    page = await carl.get("/insights")
    other = await carl.get(str(page.tree.css("nav a")[1].attributes["href"]))

    assert [link.text(strip=True) for link in page.tree.css("nav a")] == ["Design", "Sales", "My page"]
    assert "as the lead of Design" in page.words
    assert "as the lead of Sales" in other.words


async def test_everybody_else_sees_their_own_page(lively: Site) -> None:
    """Insights lead them there, and nothing else is open to them."""
    eva = await lively.come_in("eva")

    page = await eva.get("/insights")
    others = [
        await eva.get(path)
        for path in (
            f"/insights/team/{lively.organisation.team_id}",
            "/insights/all/spread.csv",
            "/insights/all/reach.png",
        )
    ]

    assert "My page" in page.words
    assert "Eva" in page.words
    assert [other.status for other in others] == [HTTPStatus.NOT_FOUND] * 3
    assert all("nothing that is for you" in other.words for other in others)
    assert [str(other.first("main a").attributes["href"]) for other in others] == ["/me"] * 3


async def test_roles_are_those_of_the_moment(lively: Site, refusals: Logged) -> None:
    """Whoever is no longer a lead sees nothing of what they saw a moment ago; it is written down without names."""
    greta, carl = await lively.come_in("greta"), await lively.come_in("carl")
    team = f"/insights/team/{lively.organisation.team_id}"
    before = [await greta.get("/insights/all/active.csv"), await carl.get(team)]
    async with lively.database.begin() as session:
        await session.execute(update(Member).where(col(Member.name) == "Greta").values(is_communications_lead=False))
        await session.execute(update(HomeTeam).values(lead_id=lively.organisation.members["bo"]))

    after = [await greta.get("/insights/all/active.csv"), await carl.get(team), await carl.get(f"{team}/active.png")]

    assert [page.status for page in before] == [HTTPStatus.OK] * 2
    assert [page.status for page in after] == [HTTPStatus.NOT_FOUND] * 3
    assert [entry["reason"] for entry in refusals()] == [
        "not a communications lead",
        "not the lead of this team",
        "not the lead of this team",
    ]
    assert "Carl" not in repr(refusals())
    assert "Greta" not in repr(refusals())


async def test_ids_of_another_workspace_open_nothing(lively: Site) -> None:
    """Somebody who leads a team and communications elsewhere sees theirs, and nothing of this one."""
    async with lively.database.begin() as session:
        other = await add_workspace(session, Platform.LOCAL, "other", "Other", lively.clock.now(), {"language": "en"})
        lead = await member_or_stub(session, other.id or 0, "lena", lively.clock.now())
        theirs = HomeTeam(workspace_id=other.id or 0, name="Theirs", lead_id=lead.id)
        session.add(theirs)
        await session.flush()
    greta, carl = await lively.come_in("greta"), await lively.come_in("carl")

    pages = [
        await greta.get(f"/insights/team/{theirs.id}"),
        await carl.get(f"/insights/team/{theirs.id}/active.csv"),
        await carl.get("/insights/team/999999999999999999"),
    ]

    assert [page.status for page in pages] == [HTTPStatus.NOT_FOUND] * 3
    assert all("Theirs" not in page.words for page in pages)


async def test_a_team_under_five_is_not_shown_to_its_lead(lively: Site) -> None:
    """Nor is one of five, of whom one does not want to be counted. It says so, and nothing else."""
    async with lively.database.begin() as session:
        small = HomeTeam(
            workspace_id=lively.organisation.workspace_id, name="Small", lead_id=lively.organisation.members["david"]
        )
        session.add(small)
    david = await lively.come_in("david")

    page = await david.get("/insights")

    assert "Shown to you as the lead of Small" in page.words
    assert "for 5 people or more" in page.words
    assert page.tree.css("section.chart")[0].css("img") == []


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("width", ["wide", "narrow"])
async def test_each_picture_is_there(lively: Site, look: str, width: str) -> None:
    """In light and dark, for a desk and for a hand; without a script, and without an address of anybody else."""
    greta = await lively.come_in("greta")
    page = await greta.get("/insights")
    sources = [str(image.attributes["src"]) for image in page.tree.css("picture img")]

    pictures = [await greta.get(f"{source}?look={look}&width={width}") for source in sources]

    assert len(pictures) >= 3
    assert {picture.status for picture in pictures} == {HTTPStatus.OK}
    assert {picture.headers["Content-Type"] for picture in pictures} == {"image/svg+xml"}
    for picture in pictures:
        assert b"<svg" in picture.body
        assert b"<script" not in picture.body
        assert b"url(http" not in picture.body


async def test_every_picture_has_words_and_a_table(lively: Site) -> None:
    """For those who cannot see it: what it is, a sentence of what is to be seen, and each figure."""
    greta = await lively.come_in("greta")

    page = await greta.get("/insights")

    for section in page.tree.css("section.chart"):
        if section.css("picture"):
            assert "The table below has its figures" in str(first(section, "img").attributes["alt"])
            assert first(section, ".finding").text(strip=True)
            assert section.css("thead th[scope=col]")
            assert section.css("tbody th[scope=row]")


async def test_a_chart_can_be_taken_along(lively: Site) -> None:
    """As a picture and as a table, which no program that opens tables takes for formulas."""
    greta = await lively.come_in("greta")
    async with lively.database.begin() as session:
        await session.execute(update(HomeTeam).values(name="=HYPERLINK(1)"))

    picture = await greta.get("/insights/all/active.png")
    table = await greta.get("/insights/all/active.csv")
    teams = await greta.get("/insights/all/teams.csv")

    assert picture.body.startswith(PNG)
    assert 'filename="samlas-active.png"' in picture.headers["Content-Disposition"]
    [head, *lines] = list(csv.reader(io.StringIO(table.body.decode("utf-8-sig"))))
    assert head == ["Week that begins on", "Took part"]
    assert len(lines) == 6
    assert b"\n=HYPERLINK" not in teams.body


@pytest.mark.parametrize(
    "path",
    [
        "/insights/all/nothing.svg",
        "/insights/all/active.svg?look=red",
        "/insights/all/tips.csv",
        "/insights/all/active.gif",
    ],
)
async def test_what_there_is_not(lively: Site, path: str) -> None:
    """A chart, a look or a form that there is not is a page that says so."""
    greta = await lively.come_in("greta")

    page = await greta.get(path)

    assert page.status == HTTPStatus.NOT_FOUND
    assert "There is nothing at this address" in page.words


async def test_ones_own_page(lively: Site) -> None:
    """It says all that `/samlas me` says, draws one's own weeks, and is about nobody else."""
    eva = await lively.come_in("eva", MY_PAGE)

    page = await eva.get("/me")
    picture = await eva.get("/me/own.svg")

    assert "Shown to you alone" in page.words
    assert "Your participation" in page.words
    assert "You took part" in page.words
    assert "Nobody has looked at data about you." in page.words
    assert len(rows(page, "own")) == 12
    assert [button.text(strip=True) for button in page.tree.css(".own .button")] == [
        "Do not count me",
        "Yes, go on",
        "Pause",
        "No tips or reminders for me",
        "Do not involve my lead",
        "My calendar",
        "Choose topics",
        "Export my data",
        "Erase my data",
    ]
    assert b"<svg" in picture.body


async def test_ones_data_can_be_taken_along_from_ones_page(lively: Site) -> None:
    """*Export my data* is a download there: everything kept, as JSON."""
    eva = await lively.come_in("eva")

    file = await eva.post("/me/press", {"token": (await eva.get("/me")).token, "action": "own.export"})

    assert file.status == HTTPStatus.OK
    assert "attachment" in file.headers["Content-Disposition"]
    assert "Eva" in json.dumps(json.loads(file.body))


async def test_the_buttons_of_ones_own_page_work(lively: Site) -> None:
    """*Do not count me*, pressed there, is what it is in the chat: counts are gone, and one press takes it back."""
    eva = await lively.come_in("eva")
    page = await eva.get("/me")

    pressed = await eva.post("/me/press", {"token": page.token, "action": "own.uncount"})
    uncounted = await eva.get("/me")
    kept = await own_counts(lively, "eva")
    await eva.post("/me/press", {"token": uncounted.token, "action": "own.count"})

    assert pressed.headers["Location"] == "/me"
    assert "You are not counted" in uncounted.words
    assert kept == []
    assert "You are not counted" not in (await eva.get("/me")).words


@pytest.mark.parametrize("action", ["nudges.go", "announcement.withdraw", "", "pages.me", "own.count"])
async def test_only_the_buttons_that_stand_there_can_be_pressed(lively: Site, action: str) -> None:
    """An action by another name, or a button that is not there now, is refused and does nothing."""
    eva = await lively.come_in("eva")
    token = (await eva.get("/me")).token

    pressed = await eva.post("/me/press", {"token": token, "action": action})

    assert pressed.status == HTTPStatus.NOT_FOUND
    assert len(await own_counts(lively, "eva")) > 0


async def test_saying_no_changes_no_figure_that_was_shown(lively: Site) -> None:
    """After *Do not count me* the communications lead sees the very same weeks: nobody can tell who it was."""
    greta, eva = await lively.come_in("greta"), await lively.come_in("eva")
    before = rows(await greta.get("/insights"), "active")

    await eva.post("/me/press", {"token": (await eva.get("/me")).token, "action": "own.uncount"})
    await lively.serving.core.do_due()

    assert rows(await greta.get("/insights"), "active") == before


async def test_before_the_notice_there_is_nothing_to_see(office: Site) -> None:
    """Nobody is counted by name before everybody has been told, and the page says that."""
    async with office.database.begin() as session:
        await session.execute(update(Workspace).values(notice_given_at=None))
    greta = await office.come_in("greta")

    page = await greta.get("/insights")

    assert "Nobody is counted before the notice has been given." in page.words


async def test_everybody_reads_in_their_language(lively: Site) -> None:
    """Swedish for whoever speaks it, the numbers and days too; the sign-in page by what the browser asks for."""
    async with lively.database.begin() as session:
        await session.execute(update(Member).where(col(Member.name) == "Greta").values(locale="sv-SE"))
    greta = await lively.come_in("greta")

    page = await greta.get("/insights")
    button = await greta.get(await lively.link("bo"), **{"Accept-Language": "sv-SE,sv;q=0.9"})

    assert page.first("html").attributes["lang"] == "sv"
    assert "Hur många som deltar per vecka" in page.words
    assert "22 februari 2027" in page.words
    assert "Kom in" in button.words


async def own_counts(site: Site, person: str) -> list[int]:
    """Return a member's counts of messages."""
    async with site.database.read() as session:
        found = await session.execute(
            select(col(Participation.count)).where(
                col(Participation.member_id) == site.organisation.members[person],
                col(Participation.kind) == Kind.MESSAGE,
            )
        )
        return list(found.scalars())
