"""What people read from this room: kind in both languages, and all of it on one page of the documentation."""

import re
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directions import closed
from bot.messages import Buttons, Divider, Message, Tone, Words, buttons_of
from bot.texts import Voice
from nudges.messages import AnnouncementToLike, ChannelToLike, Choices, Said, Standing, contact_message, notice_message
from nudges.messages import tip as what_it_says
from nudges.quiet import Reason
from storage.tables import Because
from tests.support import words_of
from tools.showcase import PAGE, page

ENGLISH, SWEDISH = Voice("en"), Voice("sv")
NOT_BEFORE = date(2027, 4, 8)
FIKA = ChannelToLike("fika", "Where and when we have coffee", Because.HOME_TEAM)
# What would make somebody feel watched, counted or blamed.
UNKIND = re.compile(
    r"\b(inactiv|miss(ed|ing)|fail|never|only \d|\d+ days|\d+ messages|unread|should have|must|inaktiv|missat|måste"
    r"|borde|oläst|aldrig|sett till)",
    re.IGNORECASE,
)


def tip(reason: Reason, say: Voice, standing: Standing = Standing.NEW, name: str = "Eva Lind") -> Message:
    """Return a tip that suggests a channel."""
    return contact_message(7, name, [what_it_says(1, reason, FIKA, say)], standing, NOT_BEFORE, say)


@pytest.mark.parametrize("say", [ENGLISH, SWEDISH], ids=["en", "sv"])
@pytest.mark.parametrize("reason", Reason)
def test_a_tip_is_kind(reason: Reason, say: Voice) -> None:
    """Each tip greets by first name, blames nobody, counts nothing aloud, and does not shout."""
    said = words_of(tip(reason, say))

    assert "Eva" in said
    assert "Lind" not in said
    assert not UNKIND.search(said)
    assert "!" not in said


@pytest.mark.parametrize(("say", "opening"), [(ENGLISH, "Hello."), (SWEDISH, "Hej.")], ids=["en", "sv"])
@pytest.mark.parametrize("name", ["", "  "])
def test_somebody_whose_name_nobody_knows(say: Voice, opening: str, name: str) -> None:
    """A member without a name is greeted all the same."""
    assert opening in words_of(tip(Reason.NO_SIGN, say, name=name))


@pytest.mark.parametrize("say", [ENGLISH, SWEDISH], ids=["en", "sv"])
def test_each_reason_says_why(say: Voice) -> None:
    """The three reasons open differently, so that each reader learns why it is them."""
    assert len({words_of(tip(reason, say)) for reason in Reason}) == 3


@pytest.mark.parametrize(
    ("say", "how"),
    [
        (ENGLISH, "stops everything unasked for good"),
        (SWEDISH, "stoppar allt som Samlas skickar självmant, för gott"),
    ],
)
@pytest.mark.parametrize("reason", Reason)
def test_a_tip_says_how_to_stop_it(reason: Reason, say: Voice, how: str) -> None:
    """Under it stands, in a quiet voice, what it is, who sees it, and that one press stops all such messages."""
    quiet = [part.text for part in tip(reason, say).parts if isinstance(part, Words) and part.tone is Tone.QUIET]

    assert how in quiet[-1]


@pytest.mark.parametrize("say", [ENGLISH, SWEDISH], ids=["en", "sv"])
def test_a_tip_is_short(say: Voice) -> None:
    """It is read in half a minute: at most eighty words, buttons apart."""
    for reason, because in product(Reason, (Because.SAME_TOPIC, Because.HOME_TEAM, Because.SHARED_CHANNELS)):
        fika = replace(FIKA, because=because, topic="Social life")
        said = contact_message(7, "Eva", [what_it_says(1, reason, fika, say)], Standing.NEW, None, say)
        words = " ".join(part.text for part in said.parts if isinstance(part, Words))
        assert len(words.split()) <= 80


@pytest.mark.parametrize(
    ("because", "why"),
    [
        (Because.SAME_TOPIC, "several who follow Social life, as you do, are there"),
        (Because.HOME_TEAM, "several of your home team are there"),
        (Because.SHARED_CHANNELS, "several people you share other channels with are there"),
    ],
)
def test_a_tip_says_why_this_channel(because: Because, why: str) -> None:
    """There is life there, and people like the reader; who and how many is not said."""
    said = repr(what_it_says(1, Reason.NO_SIGN, ChannelToLike("fika", "", because, "Social life"), ENGLISH))

    assert "#fika" in said
    assert "it has been lively" in said
    assert why in said


@pytest.mark.parametrize(
    ("is_followed", "why"), [(True, "and you follow that"), (False, "and you have read about that before")]
)
def test_a_tip_says_why_this_announcement(is_followed: bool, why: str) -> None:  # noqa: FBT001 - a case
    """The topic that it is about, and whether the reader has chosen it or shown to like it."""
    courses = AnnouncementToLike("New courses", "Anna", "Training", is_followed=is_followed, way=())

    said = repr(what_it_says(1, Reason.NO_SIGN, courses, ENGLISH))

    assert "Anna has announced “New courses”" in said
    assert "it is about Training" in said
    assert why in said


@pytest.mark.parametrize("say", [ENGLISH, SWEDISH], ids=["en", "sv"])
@pytest.mark.parametrize("standing", Standing)
def test_there_is_always_a_next_press(standing: Standing, say: Voice) -> None:
    """However a tip stands, it ends in buttons that carry its row and nothing else; its item's carry the item's."""
    message = tip(Reason.FELL, say, standing)

    assert isinstance(message.parts[-1], Buttons)
    assert {button.target.row for button in buttons_of(message.parts[-1:])} == {7}
    assert {button.target.row for button in buttons_of(message.parts[:-1])} == {1}


def test_not_now_says_until_when() -> None:
    """A tip cannot stand at Not now without its day."""
    with pytest.raises(ValueError, match="until when"):
        contact_message(7, "Eva", [what_it_says(1, Reason.FELL, None, ENGLISH)], Standing.NOT_NOW, None, ENGLISH)


@given(name=st.text(max_size=80), channel=st.text(min_size=1, max_size=80), purpose=st.text(max_size=250))
def test_names_are_only_names(name: str, channel: str, purpose: str) -> None:
    """Whatever people call themselves or a channel, the tip can be made, and says it as it is."""
    says = what_it_says(1, Reason.NO_SIGN, ChannelToLike(channel, purpose, Because.HOME_TEAM), SWEDISH)
    message = contact_message(7, name, [says], Standing.NEW, None, SWEDISH)

    said = [part.text for part in message.parts if isinstance(part, Words)]
    # What is written from right to left is set apart from the sentence around it.
    shown = closed(channel)
    assert f"#{shown}" in said[2] or f"#\u2068{shown}\u2069" in said[2]
    assert (purpose in said) or not purpose


@pytest.mark.parametrize("say", [ENGLISH, SWEDISH], ids=["en", "sv"])
def test_the_notice_is_three_sentences_and_two_ways_to_say_no(say: Voice) -> None:
    """What is counted, why, how to say no; and the two buttons that do it."""
    message = notice_message(5, date(2027, 3, 16), Choices(is_counted=True, gets_nudges=True), say)

    sentences = [part.text for part in message.parts if isinstance(part, Words)]
    assert len(sentences) == 3
    assert all(len(re.findall(r"[.!?](\s|$)", sentence)) == 1 for sentence in sentences)
    assert say.day(date(2027, 3, 16)) in sentences[1]
    assert [button.target.row for button in buttons_of(message.parts)] == [5, 5]


@pytest.mark.parametrize("say", [ENGLISH, SWEDISH], ids=["en", "sv"])
def test_several_things_in_one_message(say: Voice) -> None:
    """One greeting, the items in their order with a line between, and one way to say no to all of it."""
    first = Said("What there is to read", (Words("Something to read."),))

    message = contact_message(7, "Eva", [first, what_it_says(1, Reason.FELL, FIKA, say)], Standing.NEW, None, say)

    assert message.summary == "What there is to read"
    assert [type(part) for part in message.parts] == [
        Words,
        Words,
        Divider,
        Words,
        Words,
        Words,
        Buttons,
        Words,
        Buttons,
    ]
    assert words_of(message).count("Eva") == 1
    assert len(buttons_of(message.parts[-1:])) == 3


def test_all_texts_stand_in_the_documentation() -> None:
    """docs/texts.md shows what the code says; `python -m tools.showcase` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == page()
