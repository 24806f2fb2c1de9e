"""Topics on every surface: edited by a communications lead, chosen by an author, shown, and found by them."""

from datetime import timedelta

from bot.topics.editing import MOST_TOPICS
from bot.topics.listing import FIRST_TOPICS
from storage.topics import add_topic
from tests.contracts.announcing import DECISION, NEWS, preview, published
from tests.contracts.surface import SeenForm, SeenMessage, SurfaceUnderTest
from tests.contracts.test_nudging import FIRST_TUESDAY, given_notice, until

ON_TRAINING = {**NEWS, "title": "New courses", "topics": "IT and tools\nTraining"}


async def topics_form(surface: SurfaceUnderTest) -> SeenForm:
    """Open the topics, as greta who leads communications."""
    home = await surface.open_home("greta")
    return (await surface.press("greta", home, "Topics")).opened


async def edited(surface: SurfaceUnderTest, post: SeenMessage, **values: str) -> SeenMessage:
    """Let anna edit what she has published; returns its post as it then stands."""
    home = await surface.open_home("anna")
    opened = await surface.press("anna", home, "Edit")
    await surface.submit("anna", opened.opened, **values)
    await surface.settle()
    found = await surface.as_it_stands("bo", post)
    assert found is not None
    return found


async def test_an_author_chooses_topics(surface: SurfaceUnderTest) -> None:
    """Any number of those that there are; a quiet line on the post and on each copy says which."""
    opened = (await surface.command("anna", "announce")).opened
    assert opened.fields["topics"].options == (
        "Clients and work",
        "Finance",
        "IT and tools",
        "Offices",
        "People and benefits",
        "Security and privacy",
        "Social life",
        "Training",
    )

    shown = await preview(surface, "anna", ON_TRAINING)
    await surface.press("anna", shown, "Publish")
    await surface.settle()

    assert "Topics: IT and tools, Training" in shown.text
    [post] = await surface.in_channel("allmant")
    [copy] = await surface.direct("eva")
    assert "Topics: IT and tools, Training" in post.text
    assert "Topics: IT and tools, Training" in copy.text


async def test_topics_stay_with_what_they_are_about(surface: SurfaceUnderTest) -> None:
    """A draft keeps them while it is edited, a duplicate has them too, and they can be changed on what is published."""
    shown = await preview(surface, "anna", ON_TRAINING)
    again = await surface.press("anna", shown, "Edit")
    assert again.opened.fields["topics"].value == "IT and tools\nTraining"
    shown = (await surface.submit("anna", again.opened)).opened
    await surface.press("anna", shown, "Publish")
    await surface.settle()
    [post] = await surface.in_channel("allmant")

    after = await edited(surface, post, topics="Finance")
    surface.clock.move(timedelta(seconds=1))
    home = await surface.open_home("anna")
    copied = await surface.press("anna", home, "Duplicate")

    assert "Topics: Finance" in after.text
    # Its words are the same.
    assert "Edited" not in after.text
    assert copied.opened.fields["topics"].value == "Finance"


async def test_news_and_decisions_are_found_by_topic(surface: SurfaceUnderTest) -> None:
    """A word of a topic's name finds what is about it, in either language, though nothing in its text says so."""
    await published(surface, "anna", ON_TRAINING)
    await published(surface, "anna", {**NEWS, "title": "New bicycles"})
    about = {**DECISION, "topics": "Offices"}
    shown = await preview(surface, "anna", about, decision="We move", decider="Anna")
    await surface.press("anna", shown, "Publish as a proposal")
    await surface.settle()

    [by_topic] = (await surface.command("bo", "news", "training")).whispers
    [in_swedish] = (await surface.command("bo", "news", "utbildning courses")).whispers
    [none] = (await surface.command("bo", "news", "finance")).whispers
    [decided] = (await surface.command("bo", "decisions", "offices")).whispers
    [not_decided] = (await surface.command("bo", "decisions", "training")).whispers

    assert "New courses" in by_topic.text
    assert "Topics: IT and tools, Training" in by_topic.text
    assert "New bicycles" not in by_topic.text
    assert "New courses" in in_swedish.text
    assert "New courses" not in none.text
    assert "We move in June" in decided.text
    assert "We move in June" not in not_decided.text


async def test_a_lead_edits_the_topics(surface: SurfaceUnderTest) -> None:
    """Added, renamed and retired in one form, which says what it means; authors are offered what there then is."""
    opened = await topics_form(surface)
    assert "everybody chooses which ones to follow" in opened.text
    assert "followed by nobody yet" in opened.text
    refused = await surface.submit("greta", opened, name_sv="Utbildning", name_en="Courses")
    assert refused.errors == {"name_sv": "Another topic is called that already."}

    added = (await surface.submit("greta", refused.opened, name_sv="Hållbarhet", name_en="A sustainable firm")).opened
    # The first in the list: "A sustainable firm".
    renaming = (await surface.press("greta", added, "Rename")).opened
    assert renaming.fields["name_en"].value
    await surface.submit("greta", renaming, name_sv="Klimat", name_en="Climate")

    offered = (await surface.command("anna", "announce")).opened.fields["topics"].options
    assert "Climate" in offered
    assert len(offered) == 9


async def test_others_do_not_edit_topics(surface: SurfaceUnderTest) -> None:
    """Nobody but a communications lead has the button, or can send the form."""
    opened = await topics_form(surface)

    refused = await surface.submit("bo", opened, name_sv="Mitt", name_en="Mine")

    assert "This is the communications leads' view." in refused.errors[""]
    assert "Topics" not in (await surface.open_home("bo")).buttons
    assert "Mine" not in (await surface.command("anna", "announce")).opened.fields["topics"].options


async def test_a_member_chooses_what_to_follow(surface: SurfaceUnderTest) -> None:
    """From what `/samlas me` shows, and from Home; each then says so where it stands."""
    [said] = (await surface.command("bo", "samlas", "me", channel="allmant")).whispers
    opened = await surface.press("bo", said, "Choose topics")
    assert opened.opened.fields["topics"].value == ""

    chosen = await surface.submit("bo", opened.opened, topics="Finance\nTraining")
    surface.clock.move(timedelta(seconds=1))
    home = await surface.open_home("bo")
    again = await surface.press("bo", home, "Choose topics")
    fewer = await surface.submit("bo", again.opened, topics="Training")

    assert "You follow Finance and Training." in chosen.told
    assert chosen.form is None
    assert "You follow Finance and Training." in home.text
    assert again.opened.fields["topics"].value == "Finance\nTraining"
    assert "You follow Training." in fewer.told
    surface.clock.move(timedelta(seconds=1))
    assert "You follow Training." in (await surface.open_home("bo")).text


async def test_what_is_learnt_is_told(surface: SurfaceUnderTest) -> None:
    """Reading and waving aside teach topics, told in words to the reader alone; *Do not count me* deletes it."""
    await published(surface, "anna", ON_TRAINING)
    await published(surface, "anna", {**ON_TRAINING, "title": "More courses"})
    await published(surface, "anna", {**NEWS, "title": "The budget", "topics": "Finance"})
    for copy, press in zip(
        await surface.direct("eva"), ("I have read this", "I have read this", "Not relevant to me"), strict=True
    ):
        await surface.press("eva", copy, press)

    [said] = (await surface.command("eva", "samlas", "me")).whispers
    await surface.press("eva", said, "Do not count me")
    after = await surface.as_it_stands("eva", said)

    assert "By what you have read, you seem to like IT and tools and Training." in said.text
    assert "Lately you have called something about Finance not relevant to you." in said.text
    assert "never from what anybody writes" in said.text
    assert after is not None
    assert "you seem to like" not in after.text
    assert "Finance" not in after.text


async def test_a_tip_points_to_what_one_follows(surface: SurfaceUnderTest) -> None:
    """Who has gone quiet is pointed to what was announced on a topic that they follow, and is told why."""
    await given_notice(surface)
    [said] = (await surface.command("eva", "samlas", "me")).whispers
    form = await surface.press("eva", said, "Choose topics")
    await surface.submit("eva", form.opened, topics="Training")
    await until(surface, FIRST_TUESDAY - timedelta(days=1))
    await published(surface, "anna", ON_TRAINING)

    await until(surface, FIRST_TUESDAY)

    tip = (await surface.direct("eva"))[-1]
    assert "“New courses”, which you may like: it is about Training, and you follow that." in tip.text
    assert tip.links == ("Open the post",)


async def test_thirty_topics_are_there_to_be_edited(surface: SurfaceUnderTest) -> None:
    """As many as there may be, each with its buttons, in one form on every platform."""
    await topics_form(surface)
    async with surface.database.begin() as session:
        for number in range(MOST_TOPICS - len(FIRST_TOPICS)):
            await add_topic(session, surface.organisation.workspace_id, f"Ett ämne till {number}", f"Topic {number}")
    surface.clock.move(timedelta(seconds=1))

    form = await topics_form(surface)
    whole = await surface.whole("greta", form)

    assert [n for n in range(MOST_TOPICS - len(FIRST_TOPICS)) if f"Topic {n} / " not in form.text] == []
    assert whole.count(", followed by nobody yet") == MOST_TOPICS
