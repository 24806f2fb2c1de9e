"""Whatever is asked of the local chat's pages is answered with a sentence: no crash, no change by nonsense."""

from collections.abc import Iterator

import pytest

from tests.adapters.local.visiting import FROM_OUR_PAGES, Lindvalla
from tests.faults.firing import Connection, Request, dumped, is_flat
from tests.faults.malforming import Malforming
from tests.faults.quiet import Broken
from tests.soak import report, times

pytestmark = pytest.mark.soak

SEED = 20270303
# Rounds of nine requests each.
STRANGE = times(50, 100_000)
# What is done in somebody's name meets the whole program.
DONE = times(60, 100_000)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ACTS = ("press", "form", "react", "dismiss", "clock", "samlas/say", "c/lunch/say", "c/lunch/join")


def strange(make: Malforming) -> Iterator[Request]:
    """Yield addresses that are none, acts of nobody, and forms that no page of the chat has made."""
    for _ in range(STRANGE):
        step, other = make.segment(), make.segment()
        act = make.chosen(ACTS)
        fields = {"once": make.text()[:7], "action": make.text(), "row": make.text(), "message": make.text()}
        headers = make.chosen(({}, {"Origin": make.header()}, {"Sec-Fetch-Site": "cross-site"}))
        yield Request(f"/local/as/ingen{step}/{act}", make.form(fields), {**FORM, **FROM_OUR_PAGES})
        yield Request(f"/local/as/anna-nystrom/{act}", make.one_of(make.noise, make.json), {**FORM, **headers})
        yield Request(f"/local/{step}/{other}", b"", {}, "GET")
        yield Request(f"/local/as/{step}/c/{other}/log", b"", {}, "GET")
        yield Request(f"/local/as/anna-nystrom/message/{step}", b"", {"Accept-Language": make.header()}, "GET")
        yield Request(f"/images/1/{step}", b"", {}, "GET")
        for machines in ("/metrics", "/healthz", "/readyz"):
            yield Request(f"{machines}?{step}", make.noise(), {}, "GET")


def done(make: Malforming) -> Iterator[Request]:
    """Yield what somebody of the organisation does, bent: forms, buttons, words, and files that are none."""
    for number in range(DONE):
        once = f"act-{number:08}"
        fields = {
            "once": once,
            "action": make.chosen(("announcement.new", "announcement.read", "me.calendar", "settings.save", "show.me")),
            "row": make.chosen(("1", "99999999999999999999999", "-1", make.text())),
            "version": make.chosen(("1", "9" * 30, make.text())),
            "message": make.chosen(("1", "2", make.text())),
            "field.text": make.text(),
            "field.day": make.text(),
            "emoji": make.text(),
        }
        kind, body = FORM["Content-Type"], make.form(fields)
        if number % 5 == 0:
            kind = "multipart/form-data; boundary=b"
            body = b'--b\r\nContent-Disposition: form-data; name="field.text"\r\n\r\n' + make.noise()
        path = f"/local/as/anna-nystrom/{make.chosen(ACTS[:4])}"
        yield Request(path, body, {"Content-Type": kind, **FROM_OUR_PAGES})
        words = make.form(
            {"once": f"say-{number:08}", "text": make.chosen(("/announce ", "/samlas ", "")) + make.text()}
        )
        yield Request("/local/as/anna-nystrom/samlas/say", words, {**FORM, **FROM_OUR_PAGES})


async def test_what_is_strange_changes_nothing(lindvalla: Lindvalla, broken: Broken) -> None:
    """Nobody's acts, other pages' forms and addresses that are none are refused, and leave no trace."""
    before = dumped(lindvalla.database.path)
    connection = Connection(lindvalla.client)

    answers = await connection.fire(strange(Malforming(SEED)))
    connection.close()

    assert broken() == ""
    assert answers.failures == []
    assert is_flat(answers)
    assert dumped(lindvalla.database.path) == before
    report("malformed requests to the local chat", seed=SEED, **answers.figures())


async def test_what_is_bent_does_no_harm(lindvalla: Lindvalla, broken: Broken) -> None:
    """What somebody does with forms, buttons and words of any kind never makes us fail."""
    connection = Connection(lindvalla.client)

    answers = await connection.fire(done(Malforming(SEED)))
    connection.close()

    assert broken() == ""
    assert answers.failures == []
    assert is_flat(answers)
    assert (await lindvalla.log("anna-nystrom")).status == 200
    report("malformed acts in the local chat", seed=SEED, **answers.figures())
