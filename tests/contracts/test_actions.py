"""Whatever a person does comes back as the same event on every surface, and what it is answered is seen."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from bot.events import Event, Reply, whisper
from bot.forms import (
    ChoiceField,
    ChoicesField,
    DayField,
    Form,
    FormPart,
    Option,
    PersonField,
    TextField,
    TickField,
    TimeField,
)
from bot.messages import Buttons, Heading, Target, Words
from tests.contracts.showroom import COMMAND, PRESSED, SENT, TARGET, Showroom, form, message, press_me
from tests.contracts.surface import Seen, SeenMessage, SurfaceUnderTest

PRESS = Buttons((press_me(),))
TITLE = TextField("title", "Title", "New canteen")


def check(surface: SurfaceUnderTest, event: Event, action: str, target: Target | None) -> None:
    """Check what every event says: what was done to what, by whom, when and where on the platform."""
    assert event.action == action
    assert event.target == target
    assert event.workspace == surface.key
    assert event.person == surface.id_of("anna")
    assert abs(event.at - surface.clock.now()) <= timedelta(seconds=1)
    assert event.identity


async def opened(surface: SurfaceUnderTest, showroom: Showroom, *parts: FormPart, channel: str | None = None) -> Seen:
    """Let anna open a form of these parts; what comes next is answered with nothing unless the test says so."""
    showroom.reply = Reply(form=form(*parts))
    seen = await surface.command("anna", COMMAND, channel=channel)
    showroom.reply = Reply()
    showroom.events.clear()
    return seen


@pytest.mark.parametrize("channel", [None, "allmant"], ids=["to the bot", "in a channel"])
async def test_a_command(surface: SurfaceUnderTest, showroom: Showroom, channel: str | None) -> None:
    """Its name is the action, what follows it the text; answered to this person alone."""
    showroom.reply = whisper("Here you are.")

    seen = await surface.command("anna", COMMAND, "Some title, with *stars* & <brackets>", channel=channel)

    [event] = showroom.events
    check(surface, event, COMMAND, None)
    assert event.text == "Some title, with *stars* & <brackets>"
    assert event.place.channel == (surface.id_of(channel) if channel else None)
    assert seen.told == "Here you are."
    assert seen.form is None
    assert await surface.in_channel("allmant") == []


async def test_a_button_of_a_direct_message(surface: SurfaceUnderTest, showroom: Showroom) -> None:
    """It brings what it is about; the place is the conversation with the bot."""
    sent = await showroom.send(surface, Words("Well?"), PRESS)

    await surface.press("anna", sent, "Press me")

    [event] = showroom.events
    check(surface, event, PRESSED, TARGET)
    assert event.place.channel is None


async def test_a_button_in_a_channel(surface: SurfaceUnderTest, showroom: Showroom) -> None:
    """It brings what it is about, and the channel; anybody there can press it, and it is theirs."""
    post = await showroom.post(surface, Words("Well?"), PRESS)

    await surface.press("anna", post, "Press me")
    await surface.press("bo", post, "Press me")

    by_anna, by_bo = showroom.events
    check(surface, by_anna, PRESSED, TARGET)
    assert by_anna.place.channel == surface.id_of("allmant")
    assert by_bo.person == surface.id_of("bo")
    assert by_bo.identity != by_anna.identity


async def test_a_button_on_home(surface: SurfaceUnderTest, showroom: Showroom) -> None:
    """Home's buttons work as a message's do, and what they answer is told."""
    showroom.home = (Words("Well?"), PRESS)
    home = await surface.open_home("anna")
    showroom.reply = whisper("Here you are.")

    seen = await surface.press("anna", home, "Press me")

    [event] = showroom.events
    check(surface, event, PRESSED, TARGET)
    assert seen.told == "Here you are."


@pytest.mark.parametrize("channel", [None, "allmant"], ids=["to the bot", "in a channel"])
async def test_a_button_of_a_whisper(surface: SurfaceUnderTest, showroom: Showroom, channel: str | None) -> None:
    """What only one person sees can be pressed by them, and leads on."""
    showroom.reply = Reply(whisper=message(Words("Well?"), PRESS))
    [said] = (await surface.command("anna", COMMAND, channel=channel)).whispers
    showroom.events.clear()
    showroom.reply = Reply(form=form(TITLE))

    seen = await surface.press("anna", said, "Press me")

    [event] = showroom.events
    check(surface, event, PRESSED, TARGET)
    assert (event.asked_in or event.place).channel == (surface.id_of(channel) if channel else None)
    assert seen.opened.fields["title"].value == "New canteen"


ASKED = (
    TITLE,
    TextField("lines", "Lines", "a", multiline=True),
    TextField("untouched", "Untouched", "as it was"),
    TextField("nothing", "Nothing"),
    ChoiceField("kind", "Kind", (Option("news", "News"), Option("decision", "A decision")), "news"),
    ChoiceField("open", "Open", (Option("", "Open for now"), Option("yes", "Yes")), "yes", required=False),
    ChoiceField("where", "Where", tuple(Option(f"floor:{n}", f"Floor {n}") for n in range(12)), "floor:7"),
    ChoicesField("some", "Some", tuple(Option(str(n), f"Topic {n}") for n in range(12)), "3,7"),
    ChoicesField("kept", "Kept", (Option("1", "One"), Option("2", "Two")), "1,2"),
    ChoicesField("none", "None", (Option("1", "One"), Option("2", "Two")), "1,2"),
    TickField("confirm", "Confirm"),
    TickField("important", "Important", value=True),
    DayField("day", "Day"),
    TimeField("time", "Time"),
    PersonField("who", "Who"),
)
FILLED = {
    "title": "A “title” with <b>*signs*</b> & emoji 🎉",
    "lines": "First\n\n  second",
    "kind": "A decision",
    "open": "Open for now",
    "where": "Floor 11",
    "some": "Topic 7\nTopic 11",
    "none": "",
    "confirm": "yes",
    "important": "",
    "day": "2027-09-01",
    "time": "09:30",
    "who": "bo",
}


def values_of(surface: SurfaceUnderTest) -> dict[str, str]:
    """Return what FILLED comes back as."""
    return {
        **FILLED,
        "untouched": "as it was",
        "nothing": "",
        "kind": "decision",
        "open": "",
        "where": "floor:11",
        "some": "7,11",
        "kept": "1,2",
        "who": surface.id_of("bo"),
    }


def trimmed(values: Mapping[str, str], keys: Mapping[str, str]) -> dict[str, str]:
    """Return the values under these keys; a platform may leave an empty one out, and end lines in its own way."""
    return {key: values.get(key, "").replace("\r\n", "\n") for key in keys}


@pytest.mark.parametrize("channel", [None, "allmant"], ids=["to the bot", "in a channel"])
async def test_a_form_that_is_sent(surface: SurfaceUnderTest, showroom: Showroom, channel: str | None) -> None:
    """Every kind of field comes back by its key as the core knows it, changed or not, from where it was asked for."""
    seen = await opened(surface, showroom, *ASKED, channel=channel)
    showroom.reply = Reply(close=True, whisper=message(Words("Thank you.")))

    sent = await surface.submit("anna", seen.opened, **FILLED)

    [event] = showroom.events
    check(surface, event, SENT, TARGET)
    assert trimmed(event.values, values_of(surface)) == values_of(surface)
    assert (event.asked_in or event.place).channel == (surface.id_of(channel) if channel else None)
    assert sent.form is None
    assert sent.told == "Thank you."


async def test_a_button_in_a_form(surface: SurfaceUnderTest, showroom: Showroom) -> None:
    """It brings its own action, and the fields as they stand."""
    seen = await opened(surface, showroom, *ASKED, Buttons((press_me("Save draft"),)))
    showroom.reply = Reply(close=True, whisper=message(Words("Saved.")))

    pressed = await surface.press("anna", seen.opened, "Save draft", **FILLED)

    [event] = showroom.events
    check(surface, event, PRESSED, TARGET)
    assert trimmed(event.values, values_of(surface)) == values_of(surface)
    assert pressed.form is None
    assert pressed.told == "Saved."


async def test_a_form_leads_to_the_next(surface: SurfaceUnderTest, showroom: Showroom) -> None:
    """The next step takes the place of the first, by its submit as by its buttons, as often as it takes."""
    first = await opened(surface, showroom, TITLE, Buttons((press_me("Back"),)))
    showroom.reply = Reply(form=form(TextField("why", "Why?"), Buttons((press_me("Back"),)), title="The next step"))

    second = await surface.submit("anna", first.opened)
    showroom.reply = Reply(form=form(TITLE, Buttons((press_me("Back"),)), title="The first step"))
    third = await surface.press("anna", second.opened, "Back")
    showroom.reply = Reply(
        form=Form("show.sent", TARGET, "The last step", (Heading("So be it"), PRESS), None, "Cancel")
    )
    last = await surface.submit("anna", third.opened)

    assert second.opened.title == "The next step"
    assert list(second.opened.fields) == ["why"]
    assert third.opened.title == "The first step"
    assert last.opened.title == "The last step"
    assert "So be it" in last.opened.text
    assert last.opened.submit is None
    assert [event.action for event in showroom.events] == [SENT, PRESSED, SENT]


@pytest.mark.parametrize("by", ["submit", "button"])
async def test_errors_stand_by_their_fields(surface: SurfaceUnderTest, showroom: Showroom, by: str) -> None:
    """Each sentence at the field it is about; what was filled in still stands, and can be sent anew."""
    seen = await opened(surface, showroom, TITLE, TickField("confirm", "Confirm"), Buttons((press_me("Save draft"),)))
    showroom.reply = Reply(errors={"title": "At most 150 characters, please.", "confirm": "Please <decide>."})

    async def send(to: Seen, **values: str) -> Seen:
        if by == "submit":
            return await surface.submit("anna", to.opened, **values)
        return await surface.press("anna", to.opened, "Save draft", **values)

    refused = await send(seen, title="A very long title", confirm="yes")
    showroom.reply = Reply(close=True)
    taken = await send(refused)

    assert refused.errors == {"title": "At most 150 characters, please.", "confirm": "Please <decide>."}
    assert refused.whispers == ()
    assert refused.opened.fields["title"].value == "A very long title"
    assert refused.opened.fields["confirm"].value == "yes"
    assert taken.form is None
    assert trimmed(showroom.events[-1].values, {"title": "", "confirm": ""}) == {
        "title": "A very long title",
        "confirm": "yes",
    }


@pytest.mark.parametrize("by", ["submit", "button"])
async def test_a_refusal_is_seen_where_the_person_is(surface: SurfaceUnderTest, showroom: Showroom, by: str) -> None:
    """A sentence that answers an open form is not hidden behind it: it stands in it, or the form makes way."""
    seen = await opened(surface, showroom, TITLE, Buttons((press_me("Save draft"),)))
    showroom.reply = whisper("This was changed since you opened it here.")

    if by == "submit":
        refused = await surface.submit("anna", seen.opened)
    else:
        refused = await surface.press("anna", seen.opened, "Save draft")

    assert "This was changed since you opened it here." in (
        refused.errors.values() if refused.form is not None else [refused.told]
    )


async def test_a_form_opened_by_a_button(surface: SurfaceUnderTest, showroom: Showroom) -> None:
    """A message's button can open a form, in a channel too, and the form knows where it was asked for."""
    post = await showroom.post(surface, Words("Well?"), PRESS)
    showroom.reply = Reply(form=form(TITLE))
    seen = await surface.press("anna", post, "Press me")
    showroom.reply = Reply(close=True, whisper=message(Words("Thank you.")))

    sent = await surface.submit("anna", seen.opened)

    assert sent.told == "Thank you."
    assert showroom.events[-1].place.channel == surface.id_of("allmant")
    assert len(await surface.in_channel("allmant")) == 1


async def test_a_pressed_message_can_change(surface: SurfaceUnderTest, showroom: Showroom) -> None:
    """What takes its place stands where it stood, with its own buttons, and a whisper may come with it."""
    sent = await showroom.send(surface, Words("Well?"), PRESS)
    showroom.reply = Reply(
        refreshed=message(Words("You pressed."), Buttons((press_me("Press again"),))),
        whisper=message(Words("Noted.")),
    )

    seen = await surface.press("anna", sent, "Press me")

    [now] = await surface.direct("anna")
    assert now.reference == sent.reference
    assert now.text == "You pressed."
    assert now.buttons == ("Press again",)
    assert seen.told == "Noted."


async def test_a_whisper_can_change(surface: SurfaceUnderTest, showroom: Showroom) -> None:
    """Also what only one person sees shows afterwards what they have pressed."""
    said = await showroom.whisper(surface, Words("Well?"), PRESS)
    showroom.reply = Reply(refreshed=message(Words("You pressed.")))

    seen = await surface.press("anna", said, "Press me")

    assert "You pressed." in await surface_now(surface, "anna", said, seen)


async def surface_now(surface: SurfaceUnderTest, person: str, said: SeenMessage, seen: Seen) -> str:
    """Return what a whisper says now: changed where it stands, or said anew where a platform cannot change it."""
    changed = await surface.as_it_stands(person, said)
    return f"{changed.text if changed is not None else ''} {seen.told}"


async def test_a_form_beside_a_whisper(surface: SurfaceUnderTest, showroom: Showroom) -> None:
    """Both are seen when both are answered."""
    showroom.reply = Reply(form=form(TITLE), whisper=message(Words("You have a draft."), PRESS))

    seen = await surface.command("anna", COMMAND)

    assert seen.opened.fields["title"].value == "New canteen"
    assert seen.told == "You have a draft."
