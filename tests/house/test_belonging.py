"""The search for what does not belong finds it: it is held against every answer that any test gets over HTTP."""

import json

import pytest

from bot.getting_in import digest_of
from tests.answers import channel_words
from tests.belonging import Answer, Belongs, Known, misplaced, place_of, place_of_route, printed

ANNA, BO, CARL, VERA = 1, 2, 3, 4
SECRET = "s" * 43
KNOWN = Known(
    names={ANNA: "Anna Åberg", BO: "Bo", CARL: "Carl"},
    addresses={ANNA: "anna@example.com", VERA: "vera@example.com"},
    ids={"anna": ANNA, "bo": BO, "vera@example.com": VERA},
    near={ANNA: frozenset({ANNA, BO})},
    sentences=frozenset({"I would rather not", "We move in May"}),
    titles=frozenset({"We move in May"}),
    keys=frozenset({"xoxb-key"}),
    links={digest_of(SECRET): ANNA},
)
ANNAS_LINK = f"<a href='https://samlas.example/insights/enter/{SECRET}'>"


def answer(route: str, body: str, *, status: int = 200, reader: int | None = None, person: str | None = None) -> Answer:
    """Return an answer of a route."""
    return Answer(route, route, status, body, reader, person)


@pytest.mark.parametrize(
    "said",
    [
        answer("/healthz", "ok, says Bo"),
        answer("/metrics", 'samlas_events{way="anna@example.com"} 1'),
        answer("/metrics", 'samlas_events{way="We move in May"} 1'),
        answer("/slack/install", "Hello Bo"),
        answer("/insights", "<h1>Bo</h1>", reader=CARL),
        answer("/insights", "<h1>Carl</h1>", reader=CARL),
        answer("/insights/team/{team}/{key}.{kind}", "I would rather not", reader=CARL),
        answer("/insights", "<p>Anna &Aring;berg</p>"),
        answer("/insights/all/{key}.{kind}", '{"name": "Anna \\u00c5berg"}'),
        answer("/insights/enter/{secret}", "For Bo alone"),
        answer("/me", "<h1>Carl</h1>", reader=ANNA),
        answer("/me", "<h1>Anna Åberg</h1>", reader=None),
        answer("/me/press", '{"email": "anna@example.com"}', reader=BO),
        answer("/local/as/{person}/file/{key}", '{"name": "Carl"}', person="anna"),
        answer("/me/send", "Sorry, Anna Åberg", status=403, reader=ANNA),
        answer("/slack/events", '{"text": "anna@example.com"}'),
        answer("/api/messages", '{"value": "xoxb-key"}'),
        answer("/local/as/{person}", ANNAS_LINK, person="bo"),
        answer("/slack/events", ANNAS_LINK),
        printed(["participation", "--json"], "Bo: 12"),
        printed(["import", "people", "list.csv"], "I would rather not"),
        printed(["erase", "--member", "anna@example.com"], "What goes of Carl:"),
        printed(["export", "--member", "anna"], '{"tables": {"member": [{"name": "Carl"}]}}'),
        printed(["nudges", "preview"], "anna@example.com"),
    ],
    ids=lambda said: f"{said.route} {said.body[:30]}",
)
def test_what_does_not_belong_is_found(said: Answer) -> None:
    """A name, an address, a sentence, a key or a way in of somebody's, where it has no place."""
    assert len(misplaced([said], KNOWN)) == 1


@pytest.mark.parametrize(
    "said",
    [
        answer("/healthz", "ok"),
        answer("/insights", "Sales: We move in May", reader=CARL),
        answer("/insights", "Bosse", reader=CARL),
        answer("/me", "Anna Åberg, anna@example.com; Bo has looked", reader=ANNA),
        answer("/local/as/{person}/file/{key}", '{"name": "Anna \\u00c5berg", "by": "Bo"}', person="anna"),
        answer(
            "/api/messages", '"https://teams.microsoft.com/l/chat/0/0?users=anna@example.com,bo@example.com&message="'
        ),
        answer("/local/as/{person}", "What is kept about you: anna@example.com", person="anna"),
        answer("/slack/events", "vera@example.com is not in the chat yet"),
        answer("/slack/events", "Bo says: I would rather not"),
        answer("/local/as/{person}", ANNAS_LINK, person="anna"),
        printed(["erase", "--member", "anna@example.com"], "What goes of Anna Åberg:"),
        printed(["nudges", "preview"], "Bo: no sign for 15 working days"),
        printed(["import", "people", "list.csv"], "Line 3: anna@example.com"),
    ],
    ids=lambda said: f"{said.route} {said.body[:30]}",
)
def test_what_belongs_is_let_be(said: Answer) -> None:
    """One's own name on one's own page, what is announced, and what people say to each other in the chat."""
    assert misplaced([said], KNOWN) == []


@pytest.mark.parametrize(
    ("told", "heard"),
    [
        ({"event": {"type": "message", "channel_type": "channel", "text": "Lunch at noon"}}, "Lunch at noon"),
        ({"type": "message", "conversation": {"conversationType": "channel"}, "text": "Lunch"}, "Lunch"),
        ({"event": {"type": "message", "channel_type": "im", "text": "Lunch at noon"}}, ""),
        ([], ""),
    ],
)
def test_what_people_write_in_channels_is_heard(told: object, heard: str) -> None:
    """It is kept nowhere, and so has to be heard on its way in, to be looked for in the log."""
    assert channel_words(json.dumps(told).encode()) == heard
    assert channel_words(b"not JSON") == ""


def test_every_route_has_its_place() -> None:
    """The longest that fits is meant; a refusal holds nothing of anybody; a new route has to be put in the list."""
    assert place_of_route("/insights/static/{filename}") is Belongs.NOTHING
    assert place_of(answer("/me", "", status=404)) is Belongs.NOTHING
    with pytest.raises(AssertionError, match="say in PLACES"):
        place_of_route("/ranking")
