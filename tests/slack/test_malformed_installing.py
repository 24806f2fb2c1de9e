"""Whatever is brought back to the pages of installing is refused with a page: no crash, and nothing is installed."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.faults.firing import Connection, Request, dumped, is_flat
from tests.faults.malforming import Malforming
from tests.faults.quiet import Broken
from tests.slack.stage import Stage, begun
from tests.soak import report, times

pytestmark = pytest.mark.soak

SEED = 20270303
# Rounds of two requests each: one to either page.
ROUNDS = times(250, 100_000)


def brought_back(make: Malforming, state: str, cookie: str) -> Iterator[Request]:
    """Yield what no installation brings back: states, codes and cookies that do not belong together, other fields."""
    for _ in range(ROUNDS):
        half, other = state[: make.chosen(range(len(state) - 1))], make.text()
        said, kept = make.chosen(((state, ""), (state, half), (half, state), (other, other), (other, make.text())))
        fields = {"code": make.chosen(("code", make.text())), "state": said}
        if make.chosen((True, False)):
            fields[make.chosen(("error", "code", make.text()))] = make.text()
        query = make.chosen((urlencode(fields, errors="surrogatepass").encode(), make.form(fields)))
        cookies = make.chosen((f"{cookie}={_in_a_header(kept)}", f"{cookie}; {cookie}", make.header()))
        yield Request(f"/slack/oauth_redirect?{query.decode('ascii')}", b"", {"Cookie": cookies}, "GET")
        method = make.chosen(("GET", "POST", "PUT"))
        yield Request(f"/slack/install?{make.segment()}", make.noise(), {"Cookie": cookies}, method)


def _in_a_header(words: str) -> str:
    """Return words as far as a header can hold them."""
    return "".join(letter for letter in words if " " <= letter <= "\x7e")


async def test_nothing_is_installed_by_nonsense(many: Stage, broken: Broken) -> None:
    """What nobody has begun, or somebody else's browser has, installs nothing and leaves no trace."""
    state, cookies = await begun(many)
    before = dumped(many.database.path)
    connection = Connection(many.client)

    answers = await connection.fire(brought_back(Malforming(SEED), state, next(iter(cookies))))
    connection.close()

    assert broken() == ""
    assert answers.failures == []
    assert is_flat(answers)
    assert dumped(many.database.path) == before
    report("malformed requests to Slack, the pages of installing", seed=SEED, **answers.figures())
