"""How often somebody may invite: a pure rule, for whatever they have sent before."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudges.inviting.rules import MOST_A_DAY, PAIR_PAUSE, TooOften, is_closed, too_often
from storage.tables import Channel, Workspace

NOW = datetime(2027, 3, 3, 12, 0, tzinfo=UTC)
EVA = 7
hours_ago = st.integers(0, 20 * 24)


@given(st.lists(st.tuples(st.integers(1, 12), hours_ago), max_size=12))
def test_politeness(sent: list[tuple[int, int]]) -> None:
    """The same colleague once a week, five colleagues a day at most; and whenever neither holds, it is allowed."""
    invited = [(person, NOW - timedelta(hours=hours)) for person, hours in sent]

    found = too_often(invited, EVA, NOW)

    lately = [moment for person, moment in invited if person == EVA and moment > NOW - PAIR_PAUSE]
    today = [moment for _, moment in invited if moment > NOW - timedelta(days=1)]
    expected = TooOften.PERSON if lately else TooOften.DAY if len(today) >= MOST_A_DAY else None
    assert found == expected


@pytest.mark.parametrize(
    ("tells_what_is_open", "is_private", "closed"),
    [(True, False, False), (True, True, True), (False, False, True), (False, True, True)],
)
def test_closed_channels(tells_what_is_open: bool, is_private: bool, closed: bool) -> None:  # noqa: FBT001 - a case
    """A private channel is for those in it, and so is every one where nobody tells which are open, as in Teams."""
    workspace = Workspace(
        platform="chat", external_id="W1", name="W", created_at=NOW, tells_what_is_open=tells_what_is_open
    )

    assert is_closed(Channel(workspace_id=1, external_id="C1", is_private=is_private), workspace) is closed
