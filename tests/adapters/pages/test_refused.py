"""Whoever comes to the pages in a wrong way is refused, whatever their role, and it is written down without names."""

from datetime import timedelta
from http import HTTPStatus

import pytest

from bot.getting_in import LINK_LIVES
from storage.people import member_or_stub
from storage.tables import HomeTeam, Platform
from storage.workspaces import add_workspace
from tests.adapters.pages.conftest import Logged
from tests.adapters.pages.visiting import Browser, Site

# A member, the lead of Sales, and a communications lead; and what of the others' is not theirs.
ROLES = {
    "eva": ("/insights/team/{sales}", "/insights/team/{sales}/active.png", "/insights/all/active.csv"),
    "carl": ("/insights/all/active.svg", "/insights/all/teams.png", "/insights/all/reach.csv"),
    "greta": ("/insights/team/{sales}", "/insights/team/{sales}/active.csv"),
}
PAGES = ("/insights", "/insights/team/{sales}", "/insights/team/{sales}/active.png", "/insights/all/active.csv", "/me")
FORMS = ("/insights/leave", "/me/press", "/me/send")


def said_without_names(site: Site, logged: Logged, *secrets: str) -> list[object]:
    """Return why somebody was refused, each time; fails when a name or a secret stands there."""
    entries = logged()
    for word in [*(name.capitalize() for name in site.organisation.members), "Theirs", *secrets]:
        assert word not in repr(entries)
    return [entry["reason"] for entry in entries]


@pytest.mark.parametrize("person", ROLES)
async def test_what_is_others(lively: Site, refusals: Logged, person: str) -> None:
    """A team that they do not lead, the whole where they lead but a team: not there, and noted each time."""
    browser = await lively.come_in(person)

    pages = [await browser.get(path.format(sales=lively.organisation.team_id)) for path in ROLES[person]]

    assert {page.status for page in pages} == {HTTPStatus.NOT_FOUND}
    assert len(said_without_names(lively, refusals)) == len(pages)


@pytest.mark.parametrize("person", ROLES)
async def test_ids_of_another_workspace(lively: Site, refusals: Logged, person: str) -> None:
    """Whoever has a role here has none there, nor does a team of there open by its number."""
    async with lively.database.begin() as session:
        other = await add_workspace(session, Platform.LOCAL, "other", "Theirs", lively.clock.now(), {"language": "en"})
        lead = await member_or_stub(session, other.id or 0, person, lively.clock.now())
        theirs = HomeTeam(workspace_id=other.id or 0, name="Theirs", lead_id=lead.id)
        session.add(theirs)
        await session.flush()
    browser = await lively.come_in(person)

    pages = [await browser.get(f"/insights/team/{theirs.id}{file}") for file in ("", "/active.svg", "/active.csv")]

    assert [page.status for page in pages] == [HTTPStatus.NOT_FOUND] * 3
    assert all("Theirs" not in page.words for page in pages)
    assert said_without_names(lively, refusals) == ["not the lead of this team"] * 3


@pytest.mark.parametrize("person", ROLES)
async def test_links_that_are_not_good(lively: Site, refusals: Logged, person: str) -> None:
    """Somebody else's where one is signed in, one that was used, and one that is old: opened or pressed, none works."""
    browser = await lively.come_in(person)
    others = await lively.link("bo")
    used = await lively.link(person)
    await Browser(lively).post(used)
    old = await lively.link("hugo")

    anothers = await browser.post(others)
    lively.machine.move(LINK_LIVES + timedelta(seconds=1))
    gone = [
        page for path in (used, old) for page in (await Browser(lively).get(path), await Browser(lively).post(path))
    ]

    assert anothers.status == HTTPStatus.FORBIDDEN
    assert [page.status for page in gone] == [HTTPStatus.GONE] * 4
    secrets = [path.rsplit("/", 1)[1] for path in (others, used, old)]
    assert said_without_names(lively, refusals, *secrets) == ["somebody else's link", *["link is no good"] * 4]


@pytest.mark.parametrize("person", ROLES)
async def test_cookies_and_forms_that_are_not_good(lively: Site, refusals: Logged, person: str) -> None:
    """A forged cookie opens no page, and a form without its session's token does nothing in any role."""
    browser = await lively.come_in(person)
    forged = Browser(lively, secret="forged-by-somebody")

    pages = [await forged.get(path.format(sales=lively.organisation.team_id)) for path in PAGES]
    forms = [await browser.post(path, {"action": "own.uncount"}) for path in FORMS]

    assert {page.status for page in pages} == {HTTPStatus.UNAUTHORIZED}
    assert {form.status for form in forms} == {HTTPStatus.FORBIDDEN}
    assert (await browser.get("/me")).status == HTTPStatus.OK
    reasons = said_without_names(lively, refusals, "forged-by-somebody")
    assert reasons == ["no such session"] * len(PAGES) + ["no form of this session"] * len(FORMS)
