"""Coming in by a link that works once, and all the ways in which nobody comes in."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from sqlmodel import col, select, update

from bot.getting_in import IDLE, LINK_LIVES, LONGEST, MY_PAGE, digest_of
from storage.database import Database
from storage.tables import Member, MemberState, PageLink, PageSession
from tests.adapters.pages.conftest import Logged
from tests.adapters.pages.visiting import Browser, Site, site
from tests.conftest import StillClock

OLD = "This link does not work any more"
SIGNED_OUT = "You are not signed in here"
NOT_OURS = "That did not come from a page that was open here"


async def test_opening_a_link_uses_nothing_up(office: Site) -> None:
    """Whoever opens links before their reader does sees a button, without a name; the reader still comes in."""
    path = await office.link("greta")
    scanner = Browser(office, said={})

    opened = [await scanner.get(path) for _ in range(3)]
    entered = await Browser(office).post(path)

    assert [page.status for page in opened] == [HTTPStatus.OK] * 3
    assert "Come in" in opened[0].words
    assert "Greta" not in opened[0].words
    assert scanner.secret is None
    assert entered.status == HTTPStatus.SEE_OTHER


async def test_a_link_works_once(office: Site, refusals: Logged) -> None:
    """The second one to use it is told how to get another, and nothing of whose it was."""
    path = await office.link("greta")
    await Browser(office).post(path)
    second = Browser(office)

    used = await second.post(path)
    opened = await second.get(path)

    assert (used.status, opened.status) == (HTTPStatus.GONE, HTTPStatus.GONE)
    assert OLD in used.words
    assert second.secret is None
    assert [entry["reason"] for entry in refusals()] == ["link is no good"] * 2
    assert path.rsplit("/", 1)[1] not in repr(refusals())


async def test_a_link_lives_ten_minutes_of_the_machine(office: Site) -> None:
    """Moving the product's clock does not age it; ten minutes of the machine's do."""
    early, late = await office.link("greta"), await office.link("anna")
    office.clock.move(timedelta(days=3))
    office.machine.move(LINK_LIVES - timedelta(seconds=1))
    in_time = await Browser(office).post(early)
    office.machine.move(timedelta(seconds=1))

    too_late = await Browser(office).post(late)

    assert in_time.status == HTTPStatus.SEE_OTHER
    assert (too_late.status, OLD in too_late.words) == (HTTPStatus.GONE, True)


async def test_asking_again_ends_the_link_before(office: Site) -> None:
    """Only the newest of somebody's links works."""
    first = await office.link("greta")
    second = await office.link("greta")

    assert (await Browser(office).post(first)).status == HTTPStatus.GONE
    assert (await Browser(office).post(second)).status == HTTPStatus.SEE_OTHER


async def test_a_made_up_link_opens_nothing(office: Site) -> None:
    """It is told apart from an old one by nobody."""
    made_up = f"/insights/enter/{'a' * 43}"

    assert (await Browser(office).get(made_up)).status == HTTPStatus.GONE
    assert (await Browser(office).post(made_up)).status == HTTPStatus.GONE
    assert (await Browser(office).get("/insights/enter/../../me")).status == HTTPStatus.UNAUTHORIZED


async def test_somebody_elses_link_is_not_used_where_one_is_signed_in(office: Site, refusals: Logged) -> None:
    """Bo, who was handed Greta's link, stays Bo, is told, and can sign out; Greta can still use it."""
    bo = await office.come_in("bo")
    path = await office.link("greta")

    refused = await bo.post(path)

    assert refused.status == HTTPStatus.FORBIDDEN
    assert "made for somebody else" in refused.words
    assert "Bo" in (await bo.get("/me")).words
    assert (await bo.post("/insights/leave", {"token": refused.token})).status == HTTPStatus.SEE_OTHER
    assert (await Browser(office).post(path)).status == HTTPStatus.SEE_OTHER
    assert [(entry["reason"], entry["member"]) for entry in refusals()] == [
        ("somebody else's link", office.organisation.members["bo"])
    ]


async def test_nothing_that_opens_anything_is_kept(office: Site) -> None:
    """The tables hold hashes; neither the link nor the cookie stands in them."""
    path = await office.link("greta")
    browser = Browser(office)
    await browser.post(path)

    async with office.database.read() as session:
        [link] = (await session.execute(select(PageLink))).scalars()
        [held] = (await session.execute(select(PageSession))).scalars()

    secret = path.rsplit("/", 1)[1]
    assert (link.secret, link.digest) == (None, digest_of(secret))
    assert held.digest == digest_of(browser.secret or "")
    assert browser.secret != secret


@pytest.mark.parametrize("path", ["/insights", "/me", "/insights/all/active.svg", "/me/own.csv", "/insights/team/1"])
@pytest.mark.parametrize("secret", [None, "", "forged", "x" * 43, "a'b\"c"])
async def test_no_good_cookie_and_nothing_is_shown(office: Site, path: str, secret: str | None) -> None:
    """Without a cookie, with an empty one or a forged one, every page says how to get in."""
    page = await Browser(office, secret).get(path)

    assert page.status == HTTPStatus.UNAUTHORIZED
    assert SIGNED_OUT in page.words


async def test_a_session_ends_when_nobody_is_there(office: Site) -> None:
    """Half an hour without a sign ends it; a sign now and then keeps it, for twelve hours at most."""
    left_alone, used = await office.come_in("bo"), await office.come_in("eva")
    step = IDLE - timedelta(minutes=1)
    office.machine.move(step)
    assert (await used.get("/me")).status == HTTPStatus.OK
    office.machine.move(step)

    assert (await left_alone.get("/me")).status == HTTPStatus.UNAUTHORIZED
    statuses = []
    for _ in range(LONGEST // step):
        statuses.append((await used.get("/me")).status)
        office.machine.move(step)

    assert set(statuses[:-2]) == {HTTPStatus.OK}
    assert (await used.get("/me")).status == HTTPStatus.UNAUTHORIZED


async def test_signing_out_ends_the_session_wherever_its_cookie_is(office: Site) -> None:
    """Whoever copied the cookie is out too."""
    bo = await office.come_in("bo")
    copied = bo.copy()

    token = (await bo.get("/me")).token
    gone = await bo.post("/insights/leave", {"token": token})
    said = await bo.get(gone.headers["Location"])

    assert "You have signed out" in said.words
    assert bo.secret is None
    assert (await copied.get("/me")).status == HTTPStatus.UNAUTHORIZED


async def test_who_has_left_sees_nothing(office: Site, refusals: Logged) -> None:
    """From the moment they have left the organisation, whatever their cookie says."""
    bo = await office.come_in("bo")
    async with office.database.begin() as session:
        await session.execute(update(Member).where(col(Member.name) == "Bo").values(state=MemberState.LEFT))

    page = await bo.get("/me")

    assert (page.status, SIGNED_OUT in page.words) == (HTTPStatus.UNAUTHORIZED, True)
    assert [entry["reason"] for entry in refusals()] == ["not a member"]
    assert "Bo" not in repr(refusals())


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
    ids=["unsaid", "another site", "a sibling", "typed", "another origin", "no origin"],
)
async def test_a_form_from_elsewhere_changes_nothing(office: Site, said: dict[str, str]) -> None:
    """Neither coming in nor a button works from a page that is not ours."""
    bo = await office.come_in("bo")
    token = (await bo.get("/me")).token
    path = await office.link("greta")
    bo.said = said

    pressed = await bo.post("/me/press", {"token": token, "action": "own.uncount"})
    entered = await Browser(office, said=said).post(path)

    assert (pressed.status, entered.status) == (HTTPStatus.FORBIDDEN, HTTPStatus.FORBIDDEN)
    assert NOT_OURS in pressed.words
    assert await not_counted(office.database) == []


@pytest.mark.parametrize("token", [None, "", "0" * 64])
async def test_a_form_without_its_token_changes_nothing(office: Site, token: str | None, refusals: Logged) -> None:
    """Missing, empty or another session's: the button is not pressed and nobody is signed out."""
    bo, eva = await office.come_in("bo"), await office.come_in("eva")
    sent = {} if token is None else {"token": token or (await eva.get("/me")).token}

    pressed = await bo.post("/me/press", {**sent, "action": "own.uncount"})
    gone = await bo.post("/insights/leave", sent)

    assert (pressed.status, gone.status) == (HTTPStatus.FORBIDDEN, HTTPStatus.FORBIDDEN)
    assert NOT_OURS in pressed.words
    assert await not_counted(office.database) == []
    assert (await bo.get("/me")).status == HTTPStatus.OK
    assert {entry["reason"] for entry in refusals()} == {"no form of this session"}


async def test_headers(office: Site) -> None:
    """No script, no style of its own, nothing from elsewhere, no frame, no referrer, and nothing is kept."""
    greta = await office.come_in("greta")

    for page in (await greta.get("/insights"), await greta.get("/me"), await greta.get("/insights/nowhere")):
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert not page.tree.css("script, style, [style], [onclick]")


async def test_over_https_the_cookie_goes_nowhere_else(database: Database, clock: StillClock) -> None:
    """Secure, for this very host, out of reach of scripts and of other sites."""
    async with site(database, clock, "https://samlas.example") as safe:
        await safe.act("bo", MY_PAGE)
        await safe.serving.core.do_due()
        async with safe.database.read() as session:
            [link] = (await session.execute(select(PageLink))).scalars()
        secret = str(safe.gateway.said_to("bo")[-1].parts).split("/insights/enter/")[1].split("'")[0]
        entered = await Browser(safe).post(f"/insights/enter/{secret}")

    cookie = entered.headers["Set-Cookie"]
    assert link.goal == "me"
    assert entered.headers["Location"] == "/me"
    assert cookie.startswith("__Host-samlas=")
    assert all(part in cookie for part in ("HttpOnly", "Secure", "SameSite=Strict", "Path=/"))
    assert "Domain" not in cookie


async def not_counted(database: Database) -> list[str]:
    """Return who is not counted."""
    async with database.read() as session:
        found = await session.execute(select(Member.name).where(col(Member.not_counted).is_(True)))
        return list(found.scalars())
