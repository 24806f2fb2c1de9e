"""The local chat's door: it has no login, so nobody comes in but over loopback and from its own pages."""

import pytest

from tests.adapters.local.visiting import FROM_OUR_PAGES, Lindvalla

SAY = "/as/anna-nystrom/c/lunch/say"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "lindvalla.local:8080", "[::2]:80", "", "[", "10.0.0.1"]
)
async def test_a_foreign_name_is_refused(lindvalla: Lindvalla, host: str) -> None:
    """Whoever comes under another name than loopback's gets a sentence and nothing else (DNS rebinding)."""
    answer = await lindvalla.get("/", {"Host": host})

    assert answer.status == 403
    assert "Anna" not in answer.text
    assert "127.0.0.1" in answer.text


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1:9", "[::1]:8080"])
async def test_loopback_is_let_in_under_each_of_its_names(lindvalla: Lindvalla, host: str) -> None:
    """The machine's own names are all right."""
    assert (await lindvalla.get("/", {"Host": host})).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        {"HX-Request": "true"},
    ],
)
async def test_another_page_cannot_act_here(lindvalla: Lindvalla, headers: dict[str, str]) -> None:
    """What does not come from the chat's own pages, or does not say where from, changes nothing."""
    answer = await lindvalla.post(SAY, headers=headers, text="I was never here")

    assert answer.status == 403
    assert "I was never here" not in (await lindvalla.log("anna-nystrom", "lunch")).text


async def test_our_own_pages_may_act_with_either_header(lindvalla: Lindvalla) -> None:
    """An older browser says only Origin, a newer one Sec-Fetch-Site; either is enough."""
    origin = f"http://{lindvalla.client.host}:{lindvalla.client.port}"

    for headers in ({"Origin": origin}, FROM_OUR_PAGES, {**FROM_OUR_PAGES, "Origin": origin}):
        assert (await lindvalla.post(SAY, headers=headers, text="Hej")).status == 204


async def test_a_page_runs_and_shows_only_what_is_ours(lindvalla: Lindvalla) -> None:
    """Every page says that nothing but its own files may run, be shown, be asked or frame it."""
    for path in ("/", "/as/anna-nystrom/c/lunch", "/as/nobody", "/static/chat.js"):
        headers = (await lindvalla.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] in ("no-store", "no-cache")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/as/nobody", 404),
        ("/as/samlas", 404),
        ("/as/anna-nystrom/c/nowhere", 404),
        ("/as/anna-nystrom/message/999999", 404),
        ("/as/anna-nystrom/message/²", 404),
        ("/as/anna-nystrom/message/99999999999999999999999", 404),
        ("/nothing", 404),
        ("/static/../surface.py", 404),
        ("/as/anna-nystrom/press", 405),
    ],
)
async def test_an_address_with_nothing_says_so(lindvalla: Lindvalla, path: str, status: int) -> None:
    """A wrong address gets a page with a sentence in the visitor's language, and a way back."""
    answer = await lindvalla.get(path, {"Accept-Language": "sv-SE,sv;q=0.9"})

    assert answer.status == status
    assert answer.words(".told .button") == ["Till listan med personer"]
    assert len(answer.words(".told p")[0]) > 10


async def test_a_piece_of_a_page_gets_bare_words(lindvalla: Lindvalla) -> None:
    """Where a page asks in the background, what went wrong comes as one sentence to show."""
    answer = await lindvalla.get("/as/anna-nystrom/c/nowhere/log", {"HX-Request": "true"})

    assert (answer.status, answer.text) == (404, "Den kanalen finns inte.")


async def test_too_much_at_once_is_refused(lindvalla: Lindvalla) -> None:
    """A body larger than any form of ours is not read."""
    answer = await lindvalla.say("anna-nystrom", "x" * 300_000, "lunch")

    assert answer.status == 413
    assert len((await lindvalla.log("anna-nystrom", "lunch")).text) < 100_000
