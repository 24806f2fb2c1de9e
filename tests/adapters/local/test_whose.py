"""Nobody sees or presses what is somebody else's: whispers, private channels, conversations with the bot."""

from tests.adapters.local.visiting import Lindvalla


async def test_a_whisper_is_seen_by_one(lindvalla: Lindvalla) -> None:
    """What is whispered to somebody stands in the channel for them alone; others see, press and dismiss nothing."""
    await lindvalla.say("anna-nystrom", "/samlas", "lunch")
    whisper = await lindvalla.newest("anna-nystrom", "lunch")

    seen = await lindvalla.log("gustav-holm", "lunch")
    pressed = await lindvalla.post("/as/gustav-holm/dismiss", message=whisper)
    reacted = await lindvalla.post("/as/gustav-holm/react", message=whisper, emoji="heart", on="yes")
    opened = await lindvalla.get(f"/as/gustav-holm/message/{whisper}")

    assert (await lindvalla.log("anna-nystrom", "lunch")).all(f"#m-{whisper}.whisper")
    assert seen.all(f"#m-{whisper}") == []
    assert [answer.status for answer in (pressed, reacted, opened)] == [404, 404, 404]
    assert (await lindvalla.log("anna-nystrom", "lunch")).all(f"#m-{whisper}.whisper")


async def test_a_whisper_is_let_go_by_its_reader(lindvalla: Lindvalla) -> None:
    """Whoever it was said to can let it go."""
    await lindvalla.say("anna-nystrom", "/samlas", "lunch")
    whisper = await lindvalla.newest("anna-nystrom", "lunch")

    await lindvalla.post("/as/anna-nystrom/dismiss", message=whisper)

    assert (await lindvalla.log("anna-nystrom", "lunch")).all(f"#m-{whisper}") == []


async def test_a_private_channel_is_not_there_for_others(lindvalla: Lindvalla) -> None:
    """Somebody outside does not find it in the list, by its address, by a message in it, or by joining it."""
    inside = await lindvalla.newest("karin-lindqvist", "ledningsgruppen")

    page = await lindvalla.get("/as/anna-nystrom/c/lunch")
    answers = [
        await lindvalla.get("/as/anna-nystrom/c/ledningsgruppen"),
        await lindvalla.get("/as/anna-nystrom/c/ledningsgruppen/log"),
        await lindvalla.get(f"/as/anna-nystrom/c/ledningsgruppen/thread/{inside}"),
        await lindvalla.get(f"/as/anna-nystrom/message/{inside}"),
        await lindvalla.get("/as/anna-nystrom/sidebar?channel=ledningsgruppen"),
        await lindvalla.post("/as/anna-nystrom/c/ledningsgruppen/join"),
        await lindvalla.say("anna-nystrom", "Hej", "ledningsgruppen"),
        await lindvalla.post("/as/anna-nystrom/react", message=inside, emoji="heart", on="yes"),
    ]

    assert "ledningsgruppen" not in page.text
    assert {answer.status for answer in answers} == {404}


async def test_a_conversation_with_the_bot_is_between_two(lindvalla: Lindvalla) -> None:
    """What the bot has told somebody is nobody else's to open, press or answer in."""
    await lindvalla.say("anna-nystrom", "Hej")
    told = await lindvalla.newest("anna-nystrom")

    answers = [
        await lindvalla.get(f"/as/gustav-holm/message/{told}"),
        await lindvalla.post("/as/gustav-holm/press", message=told, action="nudge.helped", row="1", version="1"),
        await lindvalla.say("gustav-holm", "Hej", thread=told),
    ]

    assert {answer.status for answer in answers} == {404}
    assert "Hej" not in " ".join((await lindvalla.log("gustav-holm")).words("article"))


async def test_looking_into_a_channel_is_not_being_in_it(lindvalla: Lindvalla) -> None:
    """A public channel can be read by everybody; to write or react there one joins first."""
    newest = await lindvalla.newest("nils-ekman", "produktion")

    page = await lindvalla.get("/as/nils-ekman/c/produktion")
    said = await lindvalla.say("nils-ekman", "Hej", "produktion")
    reacted = await lindvalla.post("/as/nils-ekman/react", message=newest, emoji="heart", on="yes")
    joined = await lindvalla.post("/as/nils-ekman/c/produktion/join")

    assert page.all(".join button")
    assert page.all("form.composer") == []
    assert (said.status, reacted.status) == (403, 403)
    assert joined.headers["HX-Refresh"] == "true"
    assert (await lindvalla.say("nils-ekman", "Hej", "produktion")).status == 204
