"""The order of a digest: topics, one's own home team, decisions before news, the newest; and why."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.topics.interests import Interests
from nudges.relevance import Unread, Why, most_relevant_first

NOON = datetime(2027, 3, 3, 12, 0, tzinfo=UTC)
FOLLOWED, SHOWN, WAVED_ASIDE, OTHER = 1, 2, 3, 4
LIKES = Interests(frozenset({FOLLOWED}), frozenset({SHOWN}), frozenset({WAVED_ASIDE}))


def unread(row: int, *topics: int, own_team: bool = False, decision: bool = False, hours: int = 0) -> Unread:
    """Return an announcement, published so many hours after noon."""
    return Unread(row, frozenset(topics), own_team, decision, NOON + timedelta(hours=hours))


announcements = st.lists(
    st.builds(
        unread,
        st.integers(1, 99),
        st.sampled_from([FOLLOWED, SHOWN, WAVED_ASIDE, OTHER]),
        own_team=st.booleans(),
        decision=st.booleans(),
        hours=st.integers(0, 99),
    ),
    unique_by=lambda one: one.announcement_id,
)


def test_the_order() -> None:
    """A topic one follows, one shown to be liked, one's own team, decisions, news, and last what was waved aside."""
    found = most_relevant_first(
        [
            unread(1, WAVED_ASIDE, hours=9),
            unread(2, hours=1),
            unread(3, OTHER, hours=2),
            unread(4, decision=True),
            unread(5, own_team=True),
            unread(6, SHOWN),
            unread(7, FOLLOWED, WAVED_ASIDE),
            unread(8, FOLLOWED, own_team=True),
        ],
        LIKES,
    )

    assert [one.announcement_id for one in found] == [8, 7, 6, 5, 4, 3, 2, 1]


def test_the_reasons() -> None:
    """Each place has its reasons, the strongest first, with the topic that is liked; plain news has none."""
    [first, second, third] = most_relevant_first(
        [unread(1, SHOWN, FOLLOWED, own_team=True, decision=True), unread(2, SHOWN), unread(3, OTHER)], LIKES
    )

    assert (first.reasons, first.topic) == ([Why.FOLLOWS, Why.OWN_TEAM, Why.DECISION], FOLLOWED)
    assert (second.reasons, second.topic) == ([Why.SHOWN], SHOWN)
    assert (third.reasons, third.topic) == ([], None)


def test_waved_aside_is_not_hidden() -> None:
    """What is also on another topic is not put last, and one's own team comes before others' news all the same."""
    found = most_relevant_first(
        [unread(1, OTHER), unread(2, WAVED_ASIDE, OTHER, hours=1), unread(3, WAVED_ASIDE, own_team=True)], LIKES
    )

    assert [one.announcement_id for one in found] == [3, 2, 1]


@given(announcements, st.randoms())
def test_the_same_whatever_order_it_is_found_in(found: list[Unread], chance: Random) -> None:
    """Everything is named once, and the order is that of relevance alone."""
    shuffled = list(found)
    chance.shuffle(shuffled)

    ordered = most_relevant_first(found, LIKES)

    assert ordered == most_relevant_first(shuffled, LIKES)
    assert sorted(one.announcement_id for one in ordered) == sorted(one.announcement_id for one in found)


@given(announcements)
def test_topics_come_first(found: list[Unread]) -> None:
    """Nothing stands before what is on a followed topic but what is on one too, and so with those shown."""
    ordered = [one.reasons for one in most_relevant_first(found, LIKES)]

    liking = [0 if Why.FOLLOWS in reasons else 1 if Why.SHOWN in reasons else 2 for reasons in ordered]
    assert liking == sorted(liking)
