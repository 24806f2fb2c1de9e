"""Every part of a message and every field of a form shows what it says, on every surface."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.events import Reply
from bot.forms import (
    ChoiceField,
    ChoicesField,
    DayField,
    FormPart,
    Option,
    PersonField,
    TextField,
    TickField,
    TimeField,
)
from bot.messages import (
    Button,
    Buttons,
    Check,
    Checks,
    Divider,
    Field,
    Fields,
    Heading,
    Link,
    Mark,
    Part,
    Share,
    Shares,
    Style,
    Tone,
    Words,
    Written,
)
from tests.contracts.showroom import COMMAND, PRESSED, TARGET, Showroom, form, press_me
from tests.contracts.surface import FieldKind, SeenField, SeenForm, SeenMessage, SurfaceUnderTest, all_words, words

Show = Callable[..., Awaitable[SeenMessage | SeenForm]]


async def open_form(showroom: Showroom, surface: SurfaceUnderTest, *parts: FormPart) -> SeenForm:
    """Let anna have a form of these parts open."""
    showroom.reply = Reply(form=form(*parts))
    return (await surface.command("anna", COMMAND)).opened


@pytest.fixture(params=["whisper", "direct message", "post", "edited post", "home", "form"])
def show(request: pytest.FixtureRequest, surface: SurfaceUnderTest, showroom: Showroom) -> Show:
    """Return what shows parts in one of the places where a surface shows parts."""

    async def edited(*parts: Part) -> SeenMessage:
        before = await showroom.post(surface, Words("Before"))
        await showroom.change(surface, *parts)
        after = (await surface.in_channel("allmant"))[-1]
        assert after.reference == before.reference
        return after

    async def at_home(*parts: Part) -> SeenMessage:
        showroom.home = parts
        # Opened at another moment, it is opened another time.
        surface.clock.move(timedelta(seconds=1))
        return await surface.open_home("anna")

    async def shown(*parts: Part) -> SeenMessage | SeenForm:
        match request.param:
            case "whisper":
                return await showroom.whisper(surface, *parts)
            case "direct message":
                return await showroom.send(surface, *parts)
            case "post":
                return await showroom.post(surface, *parts)
            case "edited post":
                return await edited(*parts)
            case "home":
                return await at_home(*parts)
            case _:
                return await open_form(showroom, surface, *parts)

    return shown


PARTS: dict[str, tuple[Part, list[str]]] = {
    "heading": (Heading("We move in June"), ["We move in June"]),
    "words": (Words("Goes to 7 people."), ["Goes to 7 people."]),
    "strong words": (Words("Not yet anchored", Tone.STRONG), ["Not yet anchored"]),
    "quiet words": (Words("Only you see this.", Tone.QUIET), ["Only you see this."]),
    "words in lines": (Words("First line\nSecond line"), ["First line Second line"]),
    "written": (
        Written("It opens on **Monday**, *at last*.\n\n- soup\n- bread\n\nSee [the menu](https://example.org/menu)."),
        ["It opens on Monday, at last.", "soup", "bread", "See the menu."],
    ),
    "written code": (Written("Run `make run` first."), ["Run make run first."]),
    "fields": (
        Fields((Field("Decided by", "Anna"), Field("Takes effect", "1 June"))),
        ["Decided by", "Anna", "1 June"],
    ),
    "done": (Checks((Check("Who decided", Mark.DONE, "The board"),)), ["Who decided", "The board", "Done"]),
    "open": (Checks((Check("Who was consulted", Mark.OPEN),)), ["Who was consulted", "Open"]),
    "no": (Checks((Check("Anchored", Mark.NO),)), ["Anchored", "No"]),
    "shares": (
        Shares("Audience: 12 people", (Share("Read", 9, "pressed or asked"), Share("Not yet", 3))),
        ["Audience: 12 people", "Read", "9", "pressed or asked", "Not yet", "3"],
    ),
    "divider": (Divider(), []),
}


async def test_a_part_shows_what_it_says(show: Show) -> None:
    """Wherever it stands, all its words are there, between those of its neighbours."""
    missing: dict[str, list[str]] = {}
    for name, (part, said) in PARTS.items():
        seen = await show(Words("Before it."), part, Words("After it."))
        _, _, rest = seen.text.partition("Before it.")
        between, after, _ = rest.partition("After it.")
        missing[name] = [piece for piece in said if piece not in between]
        missing[name] += [] if after else ["After it."]

    assert {name: found for name, found in missing.items() if found} == {}


async def test_buttons_and_links_can_be_seen(show: Show) -> None:
    """Each with its label, in order; a question asked before a press counts is seen too."""
    seen = await show(
        Words("Choose."),
        Buttons(
            (
                Button("Publish", PRESSED, TARGET, Style.PRIMARY),
                Button("Edit", PRESSED, TARGET),
                Button("Stop everything", PRESSED, TARGET, Style.DANGER, "Stop it for everybody?"),
            )
        ),
        Link("Open the page", "https://example.org/page"),
    )

    # Home has buttons of other sections too.
    mine = ("Publish", "Edit", "Stop everything")
    assert tuple(label for label in seen.buttons if label in mine) == mine
    if isinstance(seen, SeenMessage):
        assert seen.links == ("Open the page",)
        assert seen.questions["Stop everything"] == "Stop it for everybody?"


HOSTILE = [
    "<script>alert(1)</script>",
    "<b>bold</b> & <i>italics</i> &amp; &lt;",
    "*stars* _lines_ ~waves~ `ticks` **two** __two__",
    "[a link](https://example.org) ![a picture](https://example.org/x.png)",
    "<!channel> <!everyone> @channel @here @everyone <@U000ANNA> <#C000|allmant>",
    "<at>Everyone</at> <https://example.org|click>",
    "${name} {{DATE(2027-03-03T12:00:00Z,SHORT)}} {name} %s",
    "# no heading",
    "1. no list",
    "- no list",
    "> no quote",
    "\\*backslashes\\* \\n",
    ":tada: :)",
    "quotes \"double\" and 'single'",
]


async def test_hostile_text_stays_text(show: Show) -> None:
    """What the bot says as plain text is shown character by character: no markup, no mention, no link."""
    missing: dict[str, list[int]] = {}
    for hostile in HOSTILE:
        seen = await show(
            Words("Before it."),
            Words(hostile),
            Heading(f"1 {hostile}"),
            Words(f"2 {hostile}"),
            Words(f"3 {hostile}", Tone.STRONG),
            Words(f"4 {hostile}", Tone.QUIET),
            Fields((Field(f"5 {hostile}", f"6 {hostile}"),)),
            Checks((Check(f"7 {hostile}", Mark.OPEN, f"8 {hostile}"),)),
            Shares(f"9 {hostile}", (Share(f"10 {hostile}", 1, f"11 {hostile}"),)),
            Buttons((press_me(f"12 {hostile}"),)),
            Link(f"13 {hostile}", "https://example.org/page"),
        )
        said = all_words(seen)
        missing[hostile] = [number for number in range(1, 14) if f"{number} {words(hostile)}" not in said]
        missing[hostile] += [] if f"Before it. {words(hostile)} 1 " in said else [0]

    assert {name: found for name, found in missing.items() if found} == {}


WRITTEN = {
    "<script>alert(1)</script> and more": "<script>alert(1)</script> and more",
    "<b>bold</b> & more": "<b>bold</b> & more",
    "<!channel> <@U000ANNA>": "<!channel> <@U000ANNA>",
    "@channel @everyone": "@channel @everyone",
    "<at>Everyone</at>": "<at>Everyone</at>",
    "{{DATE(2027-03-03T12:00:00Z,SHORT)}} ${name}": "{{DATE(2027-03-03T12:00:00Z,SHORT)}} ${name}",
    r"\*not bold\*": "*not bold*",
}


async def test_what_people_write_formats_itself_and_nothing_else(show: Show) -> None:
    """Markdown is the one thing that is read in it: HTML, mentions and a platform's own signs stay what they are."""
    shown = {written: (await show(Written(written), Words("After it."))).text for written in WRITTEN}

    assert [written for written, said in WRITTEN.items() if f"{said} After it." not in shown[written]] == []


async def test_a_link_that_could_run_something_is_none(show: Show) -> None:
    """Its words are shown, in the bot's link and in what people write, and lead nowhere."""
    for address in ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"):
        seen = await show(Written(f"See [here]({address})."), Link("Open it", address))

        assert "here" in seen.text
        assert "Open it" in seen.text
        if isinstance(seen, SeenMessage):
            assert seen.links == ()


LONG: dict[str, Part] = {
    "heading": Heading(f"{'Long heading ' * 40}END"),
    "words": Words(f"{'Many words. ' * 1000}END"),
    "one long word": Words(f"{'x' * 9000} END"),
    "lines": Words("\n".join(["line"] * 2000 + ["END"])),
    "written": Written(f"{'Many *words*. ' * 700}END"),
    "paragraphs": Written("\n\n".join(["A paragraph, and **more**."] * 350 + ["END"])),
    "signs": Written(f"{'&<>' * 3000} END"),
    "field": Fields((Field("Label", f"{'value ' * 400}END"),)),
    "fields": Fields((*(Field(f"Label {n}", f"value {n}") for n in range(60)), Field("Last", "END"))),
    "checks": Checks((*(Check(f"Item {n}", Mark.OPEN, "words " * 100) for n in range(40)), Check("END", Mark.DONE))),
    "shares": Shares("Whole", (*(Share(f"Part {n}", n, "note " * 60) for n in range(40)), Share("END", 1))),
    "link": Link(f"{'A long label ' * 40}END", "https://example.org/page"),
    "button": Buttons((press_me(f"{'Press me ' * 30}END"),)),
    "buttons": Buttons((*(press_me(f"Press {n}") for n in range(30)), press_me("END"))),
}


async def test_what_is_too_long_is_never_dropped_silently(surface: SurfaceUnderTest, show: Show) -> None:
    """It is there to its end, or a way to the rest stands in its place; and what comes after it is there too."""
    lost: dict[str, list[str]] = {}
    for name, part in LONG.items():
        whole = await surface.whole("anna", await show(part, Words("After it.")))
        lost[name] = [piece for piece in ("END", "After it.") if piece not in whole]

    assert {name: found for name, found in lost.items() if found} == {}


FIELDS = (
    TextField("title", "Title", "New canteen", "At most a line"),
    TextField("text", "Text", "It opens\non *Monday*.", "Markdown works: **bold**", multiline=True),
    TextField("empty", "Nothing yet"),
    ChoiceField(
        "kind", "What is it?", (Option("news", "News"), Option("decision", "A decision")), "decision", "Choose"
    ),
    ChoiceField("open", "Anchored?", (Option("", "Open for now"), Option("yes", "Yes")), "", required=False),
    ChoiceField("where", "Where?", tuple(Option(f"floor:{n}", f"Floor {n}") for n in range(12)), "floor:7"),
    ChoicesField("topics", "Topics", tuple(Option(str(n), f"Topic {n}") for n in range(12)), "3,7", "Any number"),
    ChoicesField("few", "Which?", (Option("1", "One"), Option("2", "Two"))),
    TickField("confirm", "Ask readers to confirm", hint="The post says so.", value=True),
    TickField("important", "Important"),
    DayField("day", "When to look at it again", "2027-09-01", "A working day"),
    DayField("no_day", "No day"),
    TimeField("time", "At what time", "09:30", "Where you are"),
    TimeField("no_time", "No time"),
)


async def test_a_field_shows_its_label_its_hint_and_what_it_holds(
    surface: SurfaceUnderTest, showroom: Showroom
) -> None:
    """Of each kind; of a choice what can be chosen, in order, and what is chosen."""
    seen = await open_form(
        showroom,
        surface,
        *FIELDS,
        PersonField("who", "Who?", surface.id_of("bo"), "A colleague"),
        PersonField("none", "Nobody?"),
    )

    floors, topics = (tuple(f"{name} {n}" for n in range(12)) for name in ("Floor", "Topic"))
    expected = [
        SeenField("title", FieldKind.TEXT, "Title", "New canteen", "At most a line"),
        SeenField("text", FieldKind.TEXT, "Text", "It opens\non *Monday*.", "Markdown works: **bold**"),
        SeenField("empty", FieldKind.TEXT, "Nothing yet"),
        SeenField("kind", FieldKind.CHOICE, "What is it?", "A decision", "Choose", ("News", "A decision")),
        SeenField("open", FieldKind.CHOICE, "Anchored?", "Open for now", "", ("Open for now", "Yes")),
        SeenField("where", FieldKind.CHOICE, "Where?", "Floor 7", "", floors),
        SeenField("topics", FieldKind.CHOICES, "Topics", "Topic 3\nTopic 7", "Any number", topics),
        SeenField("few", FieldKind.CHOICES, "Which?", "", "", ("One", "Two")),
        SeenField("confirm", FieldKind.TICK, "Ask readers to confirm", "yes", "The post says so."),
        SeenField("important", FieldKind.TICK, "Important"),
        SeenField("day", FieldKind.DAY, "When to look at it again", "2027-09-01", "A working day"),
        SeenField("no_day", FieldKind.DAY, "No day"),
        SeenField("time", FieldKind.TIME, "At what time", "09:30", "Where you are"),
        SeenField("no_time", FieldKind.TIME, "No time"),
        SeenField("who", FieldKind.PERSON, "Who?", "bo", "A colleague"),
        SeenField("none", FieldKind.PERSON, "Nobody?"),
    ]
    assert list(seen.fields.values()) == expected
    assert seen.title == "Something to fill in"
    assert seen.submit == "Send it"


async def test_hostile_text_stays_text_in_fields_too(surface: SurfaceUnderTest, showroom: Showroom) -> None:
    """Labels, hints, options and what a field holds are shown character by character."""
    for hostile in HOSTILE:
        seen = await open_form(
            showroom,
            surface,
            TextField("text", f"1 {hostile}", f"2 {hostile}", f"3 {hostile}"),
            TextField("lines", "Lines", f"4\n{hostile}\n", multiline=True),
            ChoiceField("choice", f"5 {hostile}", (Option("a", f"6 {hostile}"), Option("b", f"7 {hostile}")), "b"),
            ChoicesField("choices", f"5 {hostile}", (Option("a", f"6 {hostile}"), Option("b", f"7 {hostile}")), "a"),
            TickField("tick", f"8 {hostile}", hint=f"9 {hostile}"),
        )

        text, lines, choice, choices, tick = seen.fields.values()
        shown = hostile if text.label == f"1 {hostile}" else words(hostile)
        assert (text.label, text.value, text.hint) == (f"1 {shown}", f"2 {hostile}", f"3 {shown}")
        assert lines.value.rstrip("\n") == f"4\n{hostile}"
        assert (choice.label, choice.options) == (f"5 {shown}", (f"6 {shown}", f"7 {shown}"))
        assert choice.value == f"7 {shown}"
        assert (choices.label, choices.options, choices.value) == (choice.label, choice.options, f"6 {shown}")
        assert (tick.label, tick.hint) == (f"8 {shown}", f"9 {shown}")


async def test_a_form_that_is_too_long_for_a_platform_is_whole(surface: SurfaceUnderTest, showroom: Showroom) -> None:
    """Its title, labels, hints and options are there to their ends, or the way to the rest is; all can be chosen."""
    many = tuple(Option(f"floor:{n}", f"Floor {n}") for n in range(250))
    long = tuple(Option(f"option:{n}", f"{n} {'long option ' * 12}END {n}") for n in range(6))
    showroom.reply = Reply(
        form=form(
            ChoiceField("many", "Which floor?", many, "floor:249"),
            ChoiceField("long", "Which one?", long),
            ChoicesField("several", "Which floors?", many, "floor:3,floor:249"),
            TextField("text", f"{'Long label ' * 30}END 6", "x" * 2900, f"{'Long hint ' * 300}END 7"),
            *(TextField(f"more{n}", f"More {n}") for n in range(40)),
            title=f"{'A long title ' * 8}END 8",
            submit=f"{'Send it all ' * 3}END 9",
        )
    )
    seen = (await surface.command("anna", COMMAND)).opened

    whole = await surface.whole("anna", seen)
    assert [n for n in range(10) if f"END {n}" not in whole] == []
    assert seen.fields["many"].options == tuple(f"Floor {n}" for n in range(250))
    assert seen.fields["many"].value == "Floor 249"
    assert seen.fields["several"].value == "Floor 3\nFloor 249"
    assert len(seen.fields["long"].options) == 6
    assert len([key for key in seen.fields if key.startswith("more")]) == 40
