"""What somebody writes to trip a surface up is shown as they wrote it, and turns, hides and calls nobody else."""

from bot.messages import Check, Checks, Field, Fields, Heading, Link, Mark, Share, Shares, Tone, Words, Written
from tests.contracts.announcing import DECISION, preview, published
from tests.contracts.showroom import Showroom
from tests.contracts.surface import SurfaceUnderTest, words

OPENERS, ENDS = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068", "\u202c\u2069"
OVERRIDE, ISOLATE = "\u202e", "\u2066"
TURNED = [
    f"{OVERRIDE}turned round",
    f"{ISOLATE}kept apart",
    f"two {OVERRIDE}levels {ISOLATE}deep",
    "\u2069\u202c ends of nothing",
    f"line {OVERRIDE}one\nline two",
    "שלום עולם, مرحبا 12",
    f"ended {OVERRIDE}by itself\u202c again",
]
PILE = "Z" + "\u0300\u0316\u035c" * 40
TEXT = f"""{OVERRIDE}Turned round, and a pile: {PILE}

שלום עולם, مرحبا 12. Zero\u200bwidth\u200d\ufeff signs, &lt;b&gt; and 👩‍👩‍👧‍👦 🏳️‍🌈 :tada:

<!channel> <!here|here> <@U123> <!subteam^S1|@all> <at>Everyone</at> @channel @everyone

<img src=x onerror=alert(1)> [run](javascript:alert(1)) [**two _kinds ~~of~~_**](data:text/html,x)

| a | broken
|--
| table

> 1. - **nested `and

```
never ended <!channel>"""
SHOWN = (
    f"{OVERRIDE}Turned round, and a pile: {PILE}",
    "שלום עולם, مرحبا 12. Zero\u200bwidth\u200d\ufeff signs, &lt;b&gt; and 👩‍👩‍👧‍👦 🏳️‍🌈 :tada:",
    "<!channel> <!here|here> <@U123> <!subteam^S1|@all> <at>Everyone</at> @channel @everyone",
    "<img src=x onerror=alert(1)> ",
    "| a | broken |-- | table",
    "**nested `and",
    "never ended <!channel>",
)
TITLE = f"<!channel> {OVERRIDE}**We** move &lt;"


def open_at(said: str, piece: str) -> int:
    """Return how many turns of direction are still open where a piece of what was said begins."""
    found = 0
    for sign in said[: said.index(piece)]:
        found += (sign in OPENERS) - (sign in ENDS)
        assert found >= 0, said
    return found


async def test_nothing_turns_round_what_follows_it(surface: SurfaceUnderTest, showroom: Showroom) -> None:
    """However it is turned itself, in whichever part of a message: what comes after it runs as it did before."""
    for number, turned in enumerate(TURNED):
        seen = await showroom.post(
            surface,
            Words(f"0 {turned}"),
            Heading(f"1 {turned}"),
            Words(f"2 {turned}", Tone.STRONG),
            Words(f"3 {turned}", Tone.QUIET),
            Written(f"4 **{turned}** 5 `{turned}` 6"),
            Fields((Field(f"7 {turned}", f"8 {turned}"),)),
            Checks((Check(f"9 {turned}", Mark.OPEN, f"10 {turned}"),)),
            Shares(f"11 {turned}", (Share(f"12 {turned}", 1, f"13 {turned}"),)),
            Words("14 is the end."),
            Link(f"{turned}{number}", "https://example.org"),
        )

        assert [open_at(seen.text, f"{piece} ") for piece in range(15)] == [0] * 15
        if turned != TURNED[3]:
            first_line = words(turned.splitlines()[0])
            assert [piece for piece in range(14) if piece != 6 and f"{piece} {first_line}" not in seen.text] == []


async def test_an_announcement_of_hostile_words(surface: SurfaceUnderTest) -> None:
    """On its post, in a copy, and wherever its title stands in a sentence: as written, and a mention of nobody."""
    post = await published(surface, "anna", {"title": TITLE, "text": TEXT, "kind": "News", "audience": "Everyone"})
    [copy] = await surface.direct("eva")
    listed = (await surface.command("bo", "news")).told
    title = f"“\u2068{TITLE}\u202c\u2069”"
    [card] = [said for said in await surface.direct("anna") if f"How {title} is reaching people" in said.text]

    for shown in (await surface.whole("bo", post), await surface.whole("eva", copy)):
        assert [piece for piece in SHOWN if piece not in shown] == []
        assert TITLE in shown
        assert open_at(shown, "Anna to everyone") == 0
    assert post.links == ()
    assert open_at(card.text, "is reaching people") == 0
    assert TITLE in listed
    question = await surface.press("eva", copy, "Ask a question")
    await surface.submit("eva", question.opened, question=f"{OVERRIDE}Why? <!here>")
    await surface.settle()
    [in_thread] = await surface.in_thread(post)
    assert f"{OVERRIDE}Why? <!here>" in in_thread.text


async def test_a_decision_of_hostile_words(surface: SurfaceUnderTest) -> None:
    """Its answers, the reason for publishing it, and a concern about it, likewise."""
    decision, why = f"{OVERRIDE}We move <!channel>", f"{OVERRIDE}It ends *today*"
    shown = await preview(surface, "anna", {**DECISION, "title": TITLE}, decision=decision, decider=f"{ISOLATE}Anna")

    await surface.press("anna", shown, "Ask the management group first")
    await surface.settle()
    [card] = await surface.direct("carl")
    concern = await surface.press("carl", card, "I have a concern")
    await surface.submit("carl", concern.opened, concern=TEXT)
    await surface.press("anna", shown, "Publish anyway", why=why)
    await surface.settle()

    [post] = await surface.in_channel("allmant")
    [heard] = [said for said in await surface.direct("anna") if "Carl has a concern about" in said.text]
    for said in (card.text, post.text):
        assert decision in said
        assert open_at(said, "Who decided, where and when") == open_at(said, "Anna to everyone") == 0
    assert f"Published with this open because: \u2068{why}\u202c\u2069" in post.text
    assert [piece for piece in SHOWN if piece not in await surface.whole("anna", heard)] == []


async def test_words_that_nobody_can_see_are_no_words(surface: SurfaceUnderTest) -> None:
    """A title of space, direction and joiners alone is asked for again, and nothing is published."""
    opened = await surface.command("anna", "announce")

    sent = await surface.submit("anna", opened.opened, title="\u200b \u2060\ufeff", text=f"\u00ad{OVERRIDE}\u200d")

    assert sent.errors == {"title": "Please write something here.", "text": "Please write something here."}
