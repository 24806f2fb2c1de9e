"""Whatever is asked of the pages, with a session or without, gets a page: no crash, no change by nonsense."""

from collections.abc import Iterator

import pytest

from bot.getting_in import MY_PAGE
from tests.adapters.pages.visiting import FROM_OUR_PAGE, Site
from tests.faults.firing import Connection, Request, dumped, is_flat
from tests.faults.malforming import Malforming
from tests.faults.quiet import Broken
from tests.soak import report, times

pytestmark = pytest.mark.soak

SEED = 20270303
# Each is asked for and sent to.
STRANGERS = times(100, 100_000)
# Each of somebody's own pages is put together from the database.
VISITORS = times(100, 100_000)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def by_strangers(make: Malforming) -> Iterator[Request]:
    """Yield visits without a session: made-up links, cookies and forms, and addresses that are none."""
    for _ in range(STRANGERS):
        step = make.segment()
        path = make.chosen(
            (
                f"/insights/enter/{step}",
                "/insights/enter/" + "a" * 40,
                f"/insights/{step}",
                f"/insights/team/{step}/weeks.svg",
                f"/insights/all/{step}.csv",
                f"/insights/static/{step}",
                "/insights/leave",
                f"/insights/leave?{step}",
                f"/me/{step}.svg",
                "/me/press",
                "/me/send",
                f"/me/{step}/{step}",
            )
        )
        fields = {"token": make.text(), "action": "mine.erase", "version": "1", "once": "0" * 32}
        headers = {**make.chosen((FROM_OUR_PAGE, {}, {"Origin": make.header()})), "Cookie": f"samlas={make.header()}"}
        yield Request(path, make.chosen((make.form(fields), make.noise())), {**FORM, **headers})
        yield Request(path, b"", headers, "GET")


def by_visitors(make: Malforming, secret: str, token: str) -> Iterator[Request]:
    """Yield what somebody who is signed in might send: bent forms, under the session's own token."""
    for _ in range(VISITORS):
        fields = {
            "token": token,
            "action": make.chosen(("me.calendar", "me.topics", "nudges.pause", make.text())),
            "opened": make.chosen(("me.calendar", "me.topics", make.text())),
            "row": make.text(),
            "version": make.text(),
            "press": make.text(),
            "once": "0" * 32,
            "field.zone": make.text(),
        }
        headers = {**FORM, **FROM_OUR_PAGE, "Cookie": f"samlas={secret}; samlas-told={make.header()}"}
        yield Request(make.chosen(("/me/press", "/me/send")), make.form(fields), headers)
        yield Request(make.chosen(("/me", "/insights", f"/me/{make.segment()}.svg")), b"", headers, "GET")


async def test_strangers_change_nothing(office: Site, broken: Broken) -> None:
    """Whoever has no session gets a page that says so, whatever they send, and leaves no trace."""
    before = dumped(office.database.path)
    connection = Connection(office.client)

    answers = await connection.fire(by_strangers(Malforming(SEED)))
    connection.close()

    assert broken() == ""
    assert answers.failures == []
    assert is_flat(answers)
    assert dumped(office.database.path) == before
    report("malformed requests to the pages, without a session", seed=SEED, **answers.figures())


async def test_visitors_do_no_harm(office: Site, broken: Broken) -> None:
    """A session's own forms, bent, are refused with a page."""
    browser = await office.come_in("anna", MY_PAGE)
    page = await browser.get("/me")
    connection = Connection(office.client)

    answers = await connection.fire(by_visitors(Malforming(SEED), browser.secret or "", page.token))
    connection.close()

    assert broken() == ""
    assert answers.failures == []
    assert is_flat(answers)
    assert (await browser.get("/me")).status == 200
    report("malformed requests to the pages, with a session", seed=SEED, **answers.figures())
