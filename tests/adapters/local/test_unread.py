"""The bell and the numbers in the list: what is new for somebody, until they look there."""

from tests.adapters.local.visiting import Answer, Lindvalla


async def beside(lindvalla: Lindvalla, person: str) -> Answer:
    """Return what stands beside somebody's conversation with the bot."""
    return await lindvalla.get(f"/as/{person}/sidebar")


def counts(shown: Answer) -> dict[str, str]:
    """Return the numbers in the list, by conversation."""
    names, numbers = shown.words(".entry.has-new .entry-name"), shown.words(".entry .count")
    return dict(zip(names, numbers, strict=True))


async def test_nobody_begins_with_unread_messages(lindvalla: Lindvalla) -> None:
    """What was said before one came is not held up as new."""
    shown = await beside(lindvalla, "nils-ekman")

    assert counts(shown) == {}
    assert shown.words("#bell .visually-hidden") == ["Inget nytt"]
    assert shown.words("#bell-list p") == ["Du har sett allt."]


async def test_what_others_write_is_new_until_one_looks(lindvalla: Lindvalla) -> None:
    """A message and a reply are two; having looked there, none. One's own are never new."""
    await lindvalla.say("gustav-holm", "Soppa i dag", "lunch")
    root = await lindvalla.newest("gustav-holm", "lunch")
    await lindvalla.say("gustav-holm", "Klockan **tolv**", "lunch", thread=root)

    mine, theirs = await beside(lindvalla, "gustav-holm"), await beside(lindvalla, "anna-nystrom")
    page = await lindvalla.get("/as/anna-nystrom/c/lunch")
    after = await beside(lindvalla, "anna-nystrom")

    assert counts(mine) == {}
    assert counts(theirs) == {"lunch": "2"}
    assert theirs.all("#bell")[0].attributes["data-unread"] == "2"
    assert theirs.words("#bell-list a") == ["#lunch 2 nya Klockan **tolv**"]
    assert page.words(".begins-new") == ["Nytt"]
    assert counts(after) == {}


async def test_only_ones_own_channels_ring(lindvalla: Lindvalla) -> None:
    """A channel one is not in, a private one above all, says nothing."""
    await lindvalla.say("karin-lindqvist", "Konfidentiellt", "ledningsgruppen")
    await lindvalla.say("peter-hedlund", "Skiftbyte", "produktion")

    shown = await beside(lindvalla, "anna-nystrom")

    assert counts(shown) == {}
    assert "Konfidentiellt" not in shown.text


async def test_a_whisper_does_not_ring(lindvalla: Lindvalla) -> None:
    """It was said to somebody who is there."""
    await lindvalla.say("anna-nystrom", "/samlas", "lunch")

    assert counts(await beside(lindvalla, "anna-nystrom")) == {}


async def test_the_newest_is_first_under_the_bell(lindvalla: Lindvalla) -> None:
    """The bell lists the conversations, the latest at the top."""
    await lindvalla.say("gustav-holm", "Först", "lunch")
    await lindvalla.say("gustav-holm", "Sedan", "it-hjalp")

    shown = await beside(lindvalla, "anna-nystrom")

    assert shown.words("#bell-list b") == ["#it-hjälp", "#lunch"]


async def test_a_long_message_begins_under_the_bell(lindvalla: Lindvalla) -> None:
    """Its beginning is enough, and no markup of it is drawn."""
    await lindvalla.say("gustav-holm", "<b>Hej</b> " + "mycket " * 100, "lunch")

    [line] = (await beside(lindvalla, "anna-nystrom")).words(".news-preview")

    assert line.startswith("<b>Hej</b> mycket")
    assert len(line) == 90
    assert line.endswith("…")
