"""Which of Slack's messages address everybody in their channel: read from text or blocks, and nothing else is kept."""

from typing import Any

import pytest

from adapters.slack.payloads import is_to_everybody, wrote


def message(**more: Any) -> dict[str, Any]:
    """Return a message event of a channel."""
    return {"type": "message", "channel": "C1", "channel_type": "channel", "user": "U1", "ts": "1.1", **more}


def rich_text(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the blocks of a message with these elements in an item of a list."""
    item = {"type": "rich_text_section", "elements": list(elements)}
    return [{"type": "rich_text", "elements": [{"type": "rich_text_list", "elements": [item]}]}]


@pytest.mark.parametrize("words", ["<!channel> lunch", "lunch <!here>", "<!everyone|@everyone>: lunch"])
def test_each_of_the_three_is_seen(words: str) -> None:
    """Wherever it stands, and with the words that Slack shows it by."""
    assert is_to_everybody(message(text=words))


@pytest.mark.parametrize(
    "words",
    ["", "lunch", "&lt;!channel&gt;", "@channel", "<!subteam^S1|@cooks>", "<!date^1^{date}|today>", "<!channels>"],
)
def test_what_addresses_some_or_only_looks_so_is_not(words: str) -> None:
    """A group, a date, and what somebody typed by hand."""
    assert not is_to_everybody(message(text=words))


def test_a_message_of_blocks_alone_is_looked_into() -> None:
    """A broadcast in a list of rich text is one; a person's mention is not, and what Slack never sends is no error."""
    broadcast, person = {"type": "broadcast", "range": "here"}, {"type": "user", "user_id": "U2"}

    assert is_to_everybody(message(text="", blocks=rich_text(person, broadcast)))
    assert not is_to_everybody(message(text="", blocks=rich_text(person)))
    assert not is_to_everybody(message(blocks=[None, {"elements": {"type": "broadcast"}}, "x"]))


def test_what_was_seen_has_the_flag_and_no_words() -> None:
    """In a channel; in a thread Slack lets nobody address everybody, and in private there is nobody to."""
    said = "<!channel> lunch is ready"

    events = [
        wrote(message(text=said), "T1"),
        wrote(message(text=said, thread_ts="1.0"), "T1"),
        wrote(message(text=said, channel="D1", channel_type="im"), "T1"),
    ]

    assert [event is not None and event.to_everybody for event in events] == [True, False, False]
    assert [said in repr(event) for event in events[:2]] == [False, False]
