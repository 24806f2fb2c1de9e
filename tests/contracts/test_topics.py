"""Topics on every surface: edited by a communications lead, chosen by an author, shown, and found by them."""

from datetime import timedelta

from tests.contracts.surface import SeenForm, SeenMessage, SurfaceUnderTest
from tests.contracts.test_announcing import DECISION, NEWS, preview, published

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
