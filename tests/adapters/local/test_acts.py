"""What people do in the local chat: stored and told to the bot once, or refused with a sentence and without effect."""

import pytest
from sqlmodel import col, update

from bot.context import known
from storage.nudging import signs_by_day
from storage.people import add_channel_members, find_channel, find_member, member_or_stub
from storage.tables import Member, MemberState
from storage.workspaces import find_workspace
from tests.adapters.local.visiting import Lindvalla

LUNCH = "/as/anna-nystrom/c/lunch"


async def signs_today(lindvalla: Lindvalla, person: str) -> int:
    """Return how many signs of somebody have been counted today."""
    today = lindvalla.clock.now().date()
    async with lindvalla.database.read() as session:
        workspace_id = known(getattr(await find_workspace(session, "local", "local"), "id", None))
        member_id = known(getattr(await find_member(session, workspace_id, person), "id", None))
        found = await signs_by_day(session, workspace_id, [member_id], first=today, last=today)
    return found.get(member_id, {}).get(today, 0)


async def in_the_channel(lindvalla: Lindvalla, channel: str, people: int) -> None:
    """Let so many more people be in a channel."""
    async with lindvalla.database.begin() as session:
        workspace_id = known(getattr(await find_workspace(session, "local", "local"), "id", None))
        channel_id = known(getattr(await find_channel(session, workspace_id, channel), "id", None))
        ids = [
            known((await member_or_stub(session, workspace_id, f"guest-{number}", lindvalla.clock.now())).id)
            for number in range(people)
        ]
        await session.execute(update(Member).where(col(Member.id).in_(ids)).values(state=MemberState.ACTIVE))
        await add_channel_members(session, workspace_id, channel_id, ids)


async def test_a_message_stands_for_everybody_and_counts_once(lindvalla: Lindvalla) -> None:
    """What is written in a channel is there for the others, formatted, and is one sign of its writer."""
    answer = await lindvalla.say("anna-nystrom", "Soppa **i dag**", "lunch")

    assert answer.status == 204
    newest = (await lindvalla.log("gustav-holm", "lunch")).all("article")[-1]
    assert [node.text() for node in newest.css("strong")] == ["i dag"]
    assert await signs_today(lindvalla, "anna-nystrom") == 1


async def test_an_act_tried_again_under_its_name_acts_once(lindvalla: Lindvalla) -> None:
    """A page whose answer got lost tries again: the message stands once, and counts once."""
    for _ in range(3):
        await lindvalla.say("anna-nystrom", "Bara en gång", "lunch", once="the-same-act")

    said = [
        words for words in (await lindvalla.log("gustav-holm", "lunch")).words("article") if "Bara en gång" in words
    ]
    assert len(said) == 1
    assert await signs_today(lindvalla, "anna-nystrom") == 1


async def test_the_name_of_an_act_is_ones_own(lindvalla: Lindvalla) -> None:
    """Two people whose pages made up the same name both act."""
    await lindvalla.say("anna-nystrom", "Först", "lunch", once="the-same-act")
    await lindvalla.say("gustav-holm", "Sedan", "lunch", once="the-same-act")

    said = " ".join((await lindvalla.log("li-wei", "lunch")).words("article"))
    assert "Först" in said
    assert "Sedan" in said
    assert await signs_today(lindvalla, "gustav-holm") == 1


async def test_a_command_tried_again_opens_one_form(lindvalla: Lindvalla) -> None:
    """The second try of one command begins no second draft."""
    first = await lindvalla.say("anna-nystrom", "/announce Flytt", "lunch", once="the-same-act")
    second = await lindvalla.say("anna-nystrom", "/announce Flytt", "lunch", once="the-same-act")

    [title] = first.all("#field-title")
    assert title.attributes["value"] == "Flytt"
    assert (second.status, second.text) == (204, "")


@pytest.mark.parametrize(
    ("words", "is_offered"),
    [("Hej @channel, möte nu", True), ("@HERE", True), ("skriv till anna@here.example", False), ("@channels", False)],
)
async def test_who_addresses_everybody_is_asked_alone(lindvalla: Lindvalla, words: str, *, is_offered: bool) -> None:
    """In a channel of fifty or more; the message stands, and nobody else sees the question."""
    await in_the_channel(lindvalla, "allmant", 60)

    await lindvalla.say("anna-nystrom", words, "allmant")

    own = " ".join((await lindvalla.log("anna-nystrom", "allmant")).words("article"))
    others = " ".join((await lindvalla.log("gustav-holm", "allmant")).words("article"))
    assert ("Gör det till ett meddelande" in own) is is_offered
    assert words in others
    assert "Gör det till ett meddelande" not in others


@pytest.mark.parametrize("words", ["", "   ", "\n\n"])
async def test_nothing_is_no_message(lindvalla: Lindvalla, words: str) -> None:
    """An empty message is not sent, and nobody is told off for it."""
    before = len((await lindvalla.log("gustav-holm", "lunch")).all("article"))

    assert (await lindvalla.say("anna-nystrom", words, "lunch")).status == 204
    assert len((await lindvalla.log("gustav-holm", "lunch")).all("article")) == before


async def test_a_message_that_is_too_long_is_refused_whole(lindvalla: Lindvalla) -> None:
    """4,000 characters go, one more does not, and nothing is cut off in silence."""
    fits = await lindvalla.say("anna-nystrom", "å" * 4000, "lunch")
    too_long = await lindvalla.say("anna-nystrom", "ö" * 4001, "lunch")

    assert fits.status == 204
    assert (too_long.status, too_long.text) == (422, "Högst 4\N{NO-BREAK SPACE}000 tecken i ett meddelande.")
    assert "ö" * 100 not in (await lindvalla.log("gustav-holm", "lunch")).text


async def test_an_unknown_command_explains_itself_to_its_writer(lindvalla: Lindvalla) -> None:
    """A command that is not there is whispered about, and is not written into the channel."""
    await lindvalla.say("anna-nystrom", "/lunchroulette nu", "lunch")

    assert "/lunchroulette" in (await lindvalla.log("anna-nystrom", "lunch")).words("article.whisper")[-1]
    assert "lunchroulette" not in (await lindvalla.log("gustav-holm", "lunch")).text


async def test_a_path_is_not_taken_for_a_command(lindvalla: Lindvalla) -> None:
    """Only a word after the slash is one; what merely begins with a slash is said as it is."""
    await lindvalla.say("anna-nystrom", "/1 av 2 kom", "lunch")

    assert "/1 av 2 kom" in (await lindvalla.log("gustav-holm", "lunch")).words("article")[-1]


async def test_a_command_is_known_in_any_case(lindvalla: Lindvalla) -> None:
    """A phone's capital letter does no harm."""
    assert (await lindvalla.say("anna-nystrom", "/Announce", "lunch")).all("form.form")


async def test_what_is_written_to_the_bot_is_answered_and_not_counted(lindvalla: Lindvalla) -> None:
    """A message to the bot gets its help, and is no sign."""
    await lindvalla.say("anna-nystrom", "Hej på dig")

    assert "Hej, jag är Samlas" in (await lindvalla.log("anna-nystrom")).words("article")[-1]
    assert await signs_today(lindvalla, "anna-nystrom") == 0


async def test_a_reply_stands_in_its_thread_and_is_counted_under_the_message(lindvalla: Lindvalla) -> None:
    """A reply is found under its message, which says how many there are; it is not among the channel's messages."""
    root = await lindvalla.newest("anna-nystrom", "lunch")

    await lindvalla.say("anna-nystrom", "Jag vill med", "lunch", thread=root)

    thread = await lindvalla.get(f"{LUNCH}/thread/{root}")
    assert "Jag vill med" in thread.words("article")[-1]
    channel = await lindvalla.log("anna-nystrom", "lunch")
    assert "Jag vill med" not in channel.text
    assert channel.words(f"#m-{root} .replies b") == ["3 svar"]


async def test_a_thread_has_no_threads(lindvalla: Lindvalla) -> None:
    """One cannot reply under a reply, nor under a message of another channel."""
    elsewhere = await lindvalla.newest("anna-nystrom", "forsaljning")
    root = await lindvalla.newest("anna-nystrom", "lunch")
    reply = (await lindvalla.get(f"{LUNCH}/thread/{root}")).all("article")[-1].attributes["id"] or ""

    answers = [
        await lindvalla.say("anna-nystrom", "Hej", "lunch", thread=under)
        for under in (elsewhere, reply.removeprefix("t-"), "0", "x", "-1")
    ]

    assert {answer.status for answer in answers} == {404}


async def test_a_reaction_is_put_on_and_taken_off(lindvalla: Lindvalla) -> None:
    """A reaction shows who gave it and whether one did so oneself, and counts as one sign."""
    message = await lindvalla.newest("anna-nystrom", "lunch")

    await lindvalla.post("/as/anna-nystrom/react", message=message, emoji="heart", on="yes")
    mine, theirs = await lindvalla.log("anna-nystrom", "lunch"), await lindvalla.log("gustav-holm", "lunch")
    signs = await signs_today(lindvalla, "anna-nystrom")
    await lindvalla.post("/as/anna-nystrom/react", message=message, emoji="heart", on="")

    assert [node.attributes["aria-pressed"] for node in mine.all(f"#m-{message} .reaction")] == ["true"]
    assert [node.attributes["aria-pressed"] for node in theirs.all(f"#m-{message} .reaction")] == ["false"]
    assert theirs.all(f"#m-{message} .reaction")[0].attributes["title"] == "Anna Nyström"
    assert signs == 1
    assert (await lindvalla.log("anna-nystrom", "lunch")).all(f"#m-{message} .reaction") == []


@pytest.mark.parametrize("emoji", ["", "skull", "../../samlas", "<b>"])
async def test_only_the_reactions_that_are_offered_can_be_given(lindvalla: Lindvalla, emoji: str) -> None:
    """Anything else is refused with a sentence."""
    message = await lindvalla.newest("anna-nystrom", "lunch")

    answer = await lindvalla.post("/as/anna-nystrom/react", message=message, emoji=emoji, on="yes")

    assert (answer.status, answer.text) == (422, "Det går inte att sätta på det här meddelandet.")


@pytest.mark.parametrize(
    "changed",
    [
        {"action": "announce"},
        {"action": "wrote"},
        {"action": "opened_home"},
        {"action": ""},
        {"row": "one"},
        {"row": ""},
        {"version": "1.5"},
        {"once": "short"},
        {"once": "x" * 65},
        {"once": "with space"},
    ],
)
async def test_a_button_that_no_page_drew_does_nothing(lindvalla: Lindvalla, changed: dict[str, str]) -> None:
    """A press that is not put together as a page does it is told to load the page again."""
    pressed = {"action": "nudge.helped", "row": "1", "version": "1", "once": "one-of-ours", **changed}

    for where in ("press", "form"):
        answer = await lindvalla.post(f"/as/anna-nystrom/{where}", pressed)
        assert (answer.status, answer.text) == (400, "Sidan är inte aktuell längre. Ladda om den.")


async def test_an_unknown_button_explains_itself(lindvalla: Lindvalla) -> None:
    """A button of another version does nothing but say so, to the one who pressed it."""
    await lindvalla.say("anna-nystrom", "/samlas")
    message = await lindvalla.newest("anna-nystrom")

    await lindvalla.post("/as/anna-nystrom/press", message=message, action="old.button", row="1", version="1")

    assert "äldre version" in (await lindvalla.log("anna-nystrom")).words("article")[-1]


async def test_wrong_fields_are_said_beside_them_and_change_nothing(lindvalla: Lindvalla) -> None:
    """What is missing in a form is named by field, and the form stays."""
    opened = await lindvalla.say("anna-nystrom", "/announce", "lunch")
    hidden = {
        node.attributes["name"] or "": node.attributes["value"] or "" for node in opened.all("input[type=hidden]")
    }

    sent = {**hidden, "field.title": "", "field.text": " ", "field.kind": "news", "field.audience": "everyone:"}
    answer = await lindvalla.post("/as/anna-nystrom/form", sent)

    assert answer.headers["HX-Retarget"] == "#dialog .problems"
    assert [node.attributes["data-problem"] for node in answer.all("li")] == ["title", "text"]
    assert answer.words("li") == ["Skriv något här.", "Skriv något här."]


async def test_a_form_goes_on_to_its_next_step(lindvalla: Lindvalla) -> None:
    """A decision's form is followed by its checklist, in the same dialog."""
    opened = await lindvalla.say("anna-nystrom", "/announce", "lunch")
    hidden = {
        node.attributes["name"] or "": node.attributes["value"] or "" for node in opened.all("input[type=hidden]")
    }

    written = {"field.title": "Flytt", "field.text": "I juni", "field.kind": "decision", "field.audience": "everyone:"}
    answer = await lindvalla.post("/as/anna-nystrom/form", {**hidden, **written})

    assert answer.words("#dialog-title") == ["Om beslutet"]
    assert answer.all("#field-decider")


async def test_the_clock_moves_by_what_is_offered(lindvalla: Lindvalla) -> None:
    """A day or a week, once for each press; anything else is refused."""
    before = lindvalla.clock.now()

    for days in ("0", "2", "-1", "365", "", "seven"):
        refused = await lindvalla.post("/as/anna-nystrom/clock", days=days)
        assert (refused.status, refused.text) == (422, "Klockan kan flyttas en dag eller en vecka.")
    for _ in range(2):
        await lindvalla.post("/as/anna-nystrom/clock", days="1", once="the-same-act")

    assert (lindvalla.clock.now() - before).total_seconds() == 24 * 60 * 60
