"""What the bot has said is kept as JSON, and comes back as it was."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.local.message_json import from_json, to_json
from bot.messages import Button, Buttons, Message, Share, Shares, Style, Target
from tests.adapters.local.messages import HOSTILE, message


@given(st.text(min_size=1).filter(str.strip))
def test_every_message_comes_back_as_it_was(words: str) -> None:
    """Every part, in each of its looks, survives being kept, whatever its words."""
    said = message(words)

    assert from_json(json.loads(json.dumps(to_json(said)))) == said


@given(st.integers(0, 2**53), st.integers(0, 2**31), st.integers(0, 10**6))
def test_numbers_come_back_as_numbers(row: int, version: int, count: int) -> None:
    """Rows, versions and counts stay whole numbers."""
    said = Message(
        "summary",
        (
            Buttons((Button("Go", "test.act", Target(row, version), Style.DANGER),)),
            Shares("all", (Share("some", count),)),
        ),
    )

    assert from_json(json.loads(json.dumps(to_json(said)))) == said


def test_a_part_of_a_later_version_is_named() -> None:
    """What this version does not know is refused by name, rather than shown as something else."""
    kept = {**to_json(message(HOSTILE)), "parts": [{"part": "hologram"}]}

    with pytest.raises(ValueError, match="hologram"):
        from_json(kept)


def test_nothing_is_kept_but_plain_json() -> None:
    """What is kept can be read without this program."""
    kept = to_json(replace(message("words"), summary="a summary"))

    assert json.loads(json.dumps(kept)) == kept
    assert kept["summary"] == "a summary"
