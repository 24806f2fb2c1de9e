"""The author's picture: parts that always sum to the audience."""

from hypothesis import given
from hypothesis import strategies as st

from bot.announcements.picture import Situation, picture_of, situation_of
from storage.recipients import RecipientCount
from storage.tables import Delivery

ROWS = st.builds(
    RecipientCount,
    has_read=st.booleans(),
    has_left=st.booleans(),
    delivery=st.sampled_from(Delivery),
    reason=st.sampled_from(["", "blocked the app", "no app"]),
    count=st.integers(1, 500),
)


@given(st.lists(ROWS))
def test_the_parts_always_sum_to_the_audience(rows: list[RecipientCount]) -> None:
    """However recipients are situated, each is in exactly one part."""
    picture = picture_of(rows)

    assert sum(picture.counts.values()) == picture.audience == sum(row.count for row in rows)


@given(ROWS)
def test_read_always_wins(row: RecipientCount) -> None:
    """Whoever has read is read: also if they left, or their copy failed, afterwards."""
    assert (situation_of(row) is Situation.READ) == row.has_read


def test_a_reason_is_told_once() -> None:
    """Two groups with the same cause share one explanation."""
    rows = [
        RecipientCount(has_read=False, has_left=False, delivery=Delivery.BLOCKED, reason="blocked the app", count=2),
        RecipientCount(has_read=True, has_left=False, delivery=Delivery.BLOCKED, reason="blocked the app", count=1),
    ]

    picture = picture_of(rows)

    assert picture.counts == {Situation.BLOCKED: 2, Situation.READ: 1}
    assert picture.reasons == {Situation.BLOCKED: ["blocked the app"]}
