"""The one thing that a tip points to. All but eva have been here lately, and the round comes on Tuesday at ten."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select, update

from bot.topics.interests import Interests
from nudges.liking import FEWEST_PEERS, Liked, Peers, announcement_to_like, channel_to_like
from storage.interests import UnreadOnTopic, follow
from storage.people import add_channel_members
from storage.tables import Because, Channel, ChannelParticipation, Kind, Topic
from tests.databases import database_url
from tests.nudges.announcing import change_announcement, published
from tests.nudges.conftest import RECENTLY, TUESDAY_AT_TEN, Scene
from tests.support import button, words_of

__all__ = ["database_url"]

MINUTE = timedelta(minutes=1)
SEVERAL = ("anna", "bo", "carl", "cecilia", "david")
FEW = SEVERAL[:4]
FOLLOWED, SHOWN, OTHER = 1, 2, 3
LIKES = Interests(frozenset({FOLLOWED}), frozenset({SHOWN}))


async def lively(scene: Scene, name: str, people: Sequence[str], *, signs: int = 20, **values: Any) -> int:
    """Make a channel in which a lot has been going on, and these people are; returns its row id."""
    made = scene.organisation
    async with scene.database.begin() as session:
        channel = Channel(
            workspace_id=made.workspace_id, external_id=name, name=name, purpose=f"About {name}", **values
        )
        session.add(channel)
        await session.flush()
        assert channel.id is not None
        await add_channel_members(session, made.workspace_id, channel.id, [made.members[who] for who in people])
        session.add(
            ChannelParticipation(
                workspace_id=made.workspace_id, channel_id=channel.id, day=RECENTLY, kind=Kind.MESSAGE, count=signs
            )
        )
        return channel.id


async def in_one_team(scene: Scene, *people: str) -> None:
    """Let these people and eva be a home team."""
    for person in (*people, "eva"):
        await scene.change(person, home_team_id=scene.organisation.team_id)


async def topic_called(scene: Scene, name: str) -> int:
    """Return a topic's row id."""
    async with scene.database.read() as session:
        return (await session.execute(select(Topic.id).where(col(Topic.name_en) == name))).scalar_one() or 0


async def followers(scene: Scene, name: str, *people: str) -> int:
    """Let people follow a topic; returns its row id."""
    # Somebody has looked at the topics, so that they are there.
    await scene.people.command("anna", "announce")
    topic = await topic_called(scene, name)
    async with scene.database.begin() as session:
        for person in people:
            await follow(session, scene.organisation.workspace_id, scene.organisation.members[person], [topic])
    return topic


async def tip_to_eva(scene: Scene) -> str:
    """Live until eva has her tip; returns what it says."""
    await scene.until(TUESDAY_AT_TEN)
    return words_of(scene.gateway.said_to("eva")[-1])


async def test_an_announcement_on_a_topic_she_follows(quiet_eva: Scene) -> None:
    """It is named with its topic and why, and with the way there, though a channel is lively too."""
    topic = await followers(quiet_eva, "Training", "eva")
    await in_one_team(quiet_eva, *SEVERAL)
    await lively(quiet_eva, "busy", SEVERAL)
    await published(quiet_eva, confirm="", title="New courses", topics=str(topic))

    said = await tip_to_eva(quiet_eva)

    assert "Anna has announced “New courses”, which you may like: it is about Training, and you follow that." in said
    assert "Open the post" in said
    assert "#busy" not in said


async def test_what_the_digest_names_is_not_named_twice(quiet_eva: Scene) -> None:
    """Where the same message names the announcement anyway, with its reason, the tip points to something else."""
    topic = await followers(quiet_eva, "Training", "eva")
    await published(quiet_eva, confirm="", title="New courses", topics=str(topic))
    await change_announcement(quiet_eva, published_at=quiet_eva.clock.now() - timedelta(days=3))

    said = await tip_to_eva(quiet_eva)

    assert said.count("New courses") == 1
    assert "You follow Training." in said
    assert "Something small" in said


async def test_an_announcement_that_is_not_there_any_more(quiet_eva: Scene) -> None:
    """Withdrawn between planning and sending, it is not named; something small is, instead."""
    topic = await followers(quiet_eva, "Training", "eva")
    await published(quiet_eva, confirm="", title="New courses", topics=str(topic))
    await quiet_eva.until(TUESDAY_AT_TEN - MINUTE)
    await change_announcement(quiet_eva, state="withdrawn")

    said = await tip_to_eva(quiet_eva)

    assert "New courses" not in said
    assert "Something small" in said


async def test_a_channel_that_her_team_is_in(quiet_eva: Scene) -> None:
    """The liveliest public one that she is not in and five or more of her team are; it says so, and names nobody."""
    await in_one_team(quiet_eva, *SEVERAL)
    await lively(quiet_eva, "busy", (*SEVERAL, "eva"), signs=90)
    await lively(quiet_eva, "secret", SEVERAL, signs=80, is_private=True)
    await lively(quiet_eva, "old", SEVERAL, signs=70, is_archived=True)
    await lively(quiet_eva, "lunch", SEVERAL, signs=30)
    await lively(quiet_eva, "books", SEVERAL, signs=20)

    said = await tip_to_eva(quiet_eva)

    assert "Have a look at #lunch" in said
    assert "several of your home team are there" in said
    assert "About lunch" in said
    assert not any(person.capitalize() in said for person in SEVERAL)


async def test_fewer_than_five_are_not_spoken_of(quiet_eva: Scene) -> None:
    """Four of her team in a channel are no reason to point to it."""
    await in_one_team(quiet_eva, *SEVERAL)
    await lively(quiet_eva, "lunch", FEW)

    said = await tip_to_eva(quiet_eva)

    assert "#lunch" not in said
    assert "Something small" in said


async def test_a_channel_in_which_little_goes_on(quiet_eva: Scene) -> None:
    """It is not called lively."""
    await in_one_team(quiet_eva, *SEVERAL)
    await lively(quiet_eva, "lunch", SEVERAL, signs=9)

    assert "#lunch" not in await tip_to_eva(quiet_eva)


async def test_a_channel_of_people_who_follow_the_same(quiet_eva: Scene) -> None:
    """Five who follow a topic that she follows say more than her team, which is in a livelier one."""
    following = ("bo", "carl", "cecilia", "david", "farid")
    await followers(quiet_eva, "Training", "eva", *following)
    await in_one_team(quiet_eva, *SEVERAL)
    await lively(quiet_eva, "lunch", SEVERAL, signs=90)
    await lively(quiet_eva, "learning", following, signs=20)

    said = await tip_to_eva(quiet_eva)

    assert "Have a look at #learning" in said
    assert "several who follow Training, as you do, are there" in said


async def test_a_channel_of_people_she_shares_others_with(quiet_eva: Scene) -> None:
    """Five who are in two other channels together with her, private ones among them, whose names are not told."""
    await lively(quiet_eva, "secret", (*SEVERAL, "eva"), is_private=True)
    await lively(quiet_eva, "fika", (*SEVERAL, "eva"), signs=1)
    await lively(quiet_eva, "books", SEVERAL)

    said = await tip_to_eva(quiet_eva)

    assert "Have a look at #books" in said
    assert "several people you share other channels with are there" in said
    assert "secret" not in said


async def test_a_channel_closed_since_is_not_named(quiet_eva: Scene) -> None:
    """A channel that has become private between planning and sending is not named."""
    await in_one_team(quiet_eva, *SEVERAL)
    merger = await lively(quiet_eva, "merger", SEVERAL)
    await quiet_eva.until(TUESDAY_AT_TEN - MINUTE)
    async with quiet_eva.database.begin() as session:
        await session.execute(update(Channel).where(col(Channel.id) == merger).values(is_private=True))

    said = await tip_to_eva(quiet_eva)

    assert [(item.subject_id, item.because) for item in await quiet_eva.items()] == [(merger, Because.HOME_TEAM)]
    assert "merger" not in said
    assert "Something small" in said


async def test_no_channel_where_nobody_tells_what_is_open(quiet_eva: Scene) -> None:
    """On Teams, whose teams may be private ones, a channel's name may already be too much: it is not named."""
    await in_one_team(quiet_eva, *SEVERAL)
    await lively(quiet_eva, "lunch", SEVERAL)
    await quiet_eva.change_workspace(tells_what_is_open=False)
    await quiet_eva.until(TUESDAY_AT_TEN - MINUTE)

    assert [(item.subject_id, item.because) for item in await quiet_eva.items()] == [(0, None)]


async def test_something_small_where_nothing_fits(quiet_eva: Scene) -> None:
    """Where only the announcement channel is lively, and nothing is announced, the tip names something small."""
    assert "Something small" in await tip_to_eva(quiet_eva)


async def test_it_stands_as_it_was_chosen(quiet_eva: Scene) -> None:
    """After a press the tip still points to the same, though she has joined the channel meanwhile."""
    await in_one_team(quiet_eva, *SEVERAL)
    lunch = await lively(quiet_eva, "lunch", SEVERAL)
    await quiet_eva.until(TUESDAY_AT_TEN)
    [tip] = quiet_eva.gateway.said_to("eva")
    made = quiet_eva.organisation
    async with quiet_eva.database.begin() as session:
        await add_channel_members(session, made.workspace_id, lunch, [made.members["eva"]])

    after = (await quiet_eva.people.press("eva", button(tip, "Thanks, that helped"))).refreshed

    assert after is not None
    assert "Have a look at #lunch" in words_of(after)


unread = st.lists(
    st.builds(UnreadOnTopic, st.integers(1, 99), st.frozensets(st.sampled_from([FOLLOWED, SHOWN, OTHER]), min_size=1)),
    unique_by=lambda one: one.announcement_id,
)
numbers = st.integers(0, 2 * FEWEST_PEERS)
peers = st.builds(Peers, st.dictionaries(st.sampled_from([FOLLOWED, SHOWN, OTHER]), numbers), numbers, numbers)
channels = st.lists(st.tuples(st.integers(1, 99), peers), unique_by=lambda one: one[0])


@given(unread)
def test_what_is_followed_goes_before_what_is_shown(found: list[UnreadOnTopic]) -> None:
    """The newest on a followed topic, else the newest on one shown to be liked, else none; the reason is true."""
    liked = announcement_to_like(found, LIKES)

    on = [[one.announcement_id for one in found if topic in one.topics] for topic in (FOLLOWED, SHOWN)]
    expected = [Liked(Because.FOLLOWED, row, FOLLOWED) for row in on[0]]
    expected += [Liked(Because.SHOWN, row, SHOWN) for row in on[1]]
    assert liked == (expected[0] if expected else None)


@given(channels)
def test_nobody_is_spoken_of_in_a_group_under_five(found: list[tuple[int, Peers]]) -> None:
    """Whatever channel is chosen, five or more people are the reason; and none is left out that has so many."""
    liked = channel_to_like(found, LIKES)

    enough = {
        Because.SAME_TOPIC: [row for row, near in found if near.followers.get(FOLLOWED, 0) >= FEWEST_PEERS],
        Because.HOME_TEAM: [row for row, near in found if near.team >= FEWEST_PEERS],
        Because.SHARED_CHANNELS: [row for row, near in found if near.companions >= FEWEST_PEERS],
    }
    if liked is None:
        assert not any(enough.values())
    else:
        # The liveliest of those for this reason, and none is there for a better one.
        assert liked.row == enough[liked.because][0]
        assert not any(enough[better] for better in list(enough)[: list(enough).index(liked.because)])
