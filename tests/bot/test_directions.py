"""Signs that turn words round turn only those they stand in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.addresses import may_be_followed
from bot.directions import closed, is_seen, isolated
from bot.texts import Voice

SIGNS = st.text(st.sampled_from("ab\n\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"), max_size=12)
PAIRS = {"\u202c": "\u202a\u202b\u202d\u202e", "\u2069": "\u2066\u2067\u2068"}


def is_whole(line: str) -> bool:
    """Whether everything that is opened in a line is ended in it, in order, and nothing else is."""
    opened: list[str] = []
    for sign in line:
        if sign in PAIRS:
            if not opened or opened.pop() not in PAIRS[sign]:
                return False
        elif sign not in "ab":
            opened.append(sign)
    return not opened


@given(SIGNS)
def test_each_line_ends_what_it_opens(words: str) -> None:
    """Whatever the signs and their order; the letters stay, and what is whole already stays as it is."""
    ended = closed(words)

    assert closed(ended) == ended
    assert [sign for sign in ended if sign in "ab\n"] == [sign for sign in words if sign in "ab\n"]
    assert all(is_whole(line) for line in ended.split("\n"))


def test_a_value_is_kept_apart_only_where_it_runs_otherwise() -> None:
    """Most words are said as they are; Arabic, and words that say which way they run, stand in an isolate."""
    say = Voice("en")

    assert isolated("Nytt på Östermalm") == "Nytt på Östermalm"
    assert say("“{title}” is published.", title="سمك 12") == "“\u2068سمك 12\u2069” is published."
    assert say("“{title}” is published.", title="a\u202eb") == "“\u2068a\u202eb\u202c\u2069” is published."


@pytest.mark.parametrize(
    ("words", "seen"), [("", False), (" \u200b\u202e\u2060\xad", False), ("\u200b.", True), ("🏳️‍🌈", True)]
)
def test_what_can_be_seen(words: str, *, seen: bool) -> None:
    """Space, direction and joiners alone are nothing to see."""
    assert is_seen(words) is seen


@pytest.mark.parametrize(
    ("address", "followed"),
    [
        ("https://example.org", True),
        ("mailto:anna@example.org?subject=Hi", True),
        ("mailto:anna@example.org,bo@example.org", True),
        # What a chat calls a group looks like mail to Markdown.
        ("mailto:!subteam%5ES1%7C@all", False),
        ("javascript:alert(1)", False),
        ("/local/as/anna", False),
        ("http://[", False),
    ],
)
def test_where_links_may_lead(address: str, *, followed: bool) -> None:
    """To the web and to somebody's mail."""
    assert may_be_followed(address) is followed
