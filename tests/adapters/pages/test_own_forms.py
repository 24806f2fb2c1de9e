"""The forms of one's own page: erasing, pausing, topics and calendar, without a script, and nobody else's."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from sqlmodel import SQLModel, col, select, update

from adapters.pages.own_forms import Carried, presses_of, render_form
from bot.forms import (
    ChoiceField,
    DayField,
    Form,
    Option,
    PersonField,
    PictureField,
    TextField,
    TimeField,
)
from bot.messages import Button, Buttons, Style, Target, Words
from bot.texts import Voice
from storage.tables import Member, PageSession, Participation
from tests.adapters.pages.conftest import Logged
from tests.adapters.pages.visiting import Site


async def count_of(site: Site, table: type[SQLModel], person: str) -> int:
    """Return how many rows of a table a member has."""
    owner = Member.id if table is Member else table.member_id  # type: ignore[attr-defined]
    async with site.database.read() as session:
        found = await session.execute(select(table).where(col(owner) == site.organisation.members[person]))
        return len(found.all())


async def member(site: Site, person: str) -> Member:
    """Return a member as they are kept."""
    async with site.database.read() as session:
        return (
            await session.execute(select(Member).where(col(Member.id) == site.organisation.members[person]))
        ).scalar_one()


async def test_erasing_shows_what_goes_and_what_stays_first(lively: Site) -> None:
    """*Erase my data* is a page in plain words, and changes nothing yet."""
    eva = await lively.come_in("eva")

    page = await eva.press("own.erase")

    assert page.status == HTTPStatus.OK
    assert [one.text(strip=True) for one in page.tree.css(".form h2")] == ["What goes", "What stays"]
    assert "This cannot be undone." in page.words
    assert page.first(".form button").text(strip=True) == "Erase it now"
    assert page.first(".form button").attributes["class"] == "button danger"
    assert await count_of(lively, Participation, "eva") > 0


async def test_erasing_leaves_nothing_and_ends_the_session(lively: Site) -> None:
    """After the second yes nothing of the person is left, the page says so, and the browser is signed out."""
    eva = await lively.come_in("eva")
    page = await eva.press("own.erase")

    done = await eva.post("/me/send", page.filled())

    assert done.status == HTTPStatus.OK
    assert "It is done: Samlas keeps nothing about you any more." in done.words
    assert done.tree.css("form") == []
    assert eva.secret is None
    assert [await count_of(lively, table, "eva") for table in (Member, Participation, PageSession)] == [0, 0, 0]


async def test_another_browser_of_the_erased_is_signed_out_too(lively: Site) -> None:
    """The cookie that somebody still has opens nothing, and sending the form again does nothing."""
    eva = await lively.come_in("eva")
    page = await eva.press("own.erase")
    other = eva.copy()
    await eva.post("/me/send", page.filled())

    again = await other.post("/me/send", page.filled())

    assert again.status == HTTPStatus.UNAUTHORIZED
    assert (await other.get("/me")).status == HTTPStatus.UNAUTHORIZED


async def test_cancelling_keeps_everything(lively: Site) -> None:
    """*Cancel* leads back to one's own page, and all is as it was."""
    eva = await lively.come_in("eva")
    before = await count_of(lively, Participation, "eva")
    page = await eva.press("own.erase")

    back = await eva.get(str(page.first(".form a.button").attributes["href"]))

    assert "My page" in back.words
    assert await count_of(lively, Participation, "eva") == before


async def test_the_last_communications_lead_is_told_why_not(lively: Site) -> None:
    """What the chat would say stands on one's own page, once."""
    greta = await lively.come_in("greta")

    pressed = await greta.press("own.erase")
    page, next_time = await greta.get("/me"), await greta.get("/me")

    assert pressed.headers["Location"] == "/me"
    assert "You are the only communications lead here" in page.first(".said").text()
    assert next_time.tree.css(".said") == []
    assert await count_of(lively, Member, "greta") == 1


@pytest.mark.parametrize(
    ("forged", "status"),
    [
        ({"token": ""}, HTTPStatus.FORBIDDEN),
        ({"token": "å"}, HTTPStatus.FORBIDDEN),
        ({"press": "announcement.withdraw"}, HTTPStatus.NOT_FOUND),
        ({"press": "own.paused"}, HTTPStatus.NOT_FOUND),
        ({"press": ""}, HTTPStatus.NOT_FOUND),
        ({"opened": "own.erase_now"}, HTTPStatus.NOT_FOUND),
        ({"opened": ""}, HTTPStatus.NOT_FOUND),
        ({"version": "x"}, HTTPStatus.NOT_FOUND),
        ({"once": "x"}, HTTPStatus.NOT_FOUND),
    ],
)
async def test_a_forged_form_is_refused(
    lively: Site, refusals: Logged, forged: dict[str, str], status: HTTPStatus
) -> None:
    """Without this session's token, or with what does not stand in the form, nothing happens; it is written down."""
    eva = await lively.come_in("eva")
    page = await eva.press("own.erase")

    sent = await eva.post("/me/send", {**page.filled(), **forged})

    assert sent.status == status
    assert await count_of(lively, Member, "eva") == 1
    assert len(refusals()) == 1


async def test_a_form_of_somebody_else_erases_nobody(lively: Site) -> None:
    """What one person's page held, sent from another's browser, is refused."""
    eva, bo = await lively.come_in("eva"), await lively.come_in("bo")
    page = await eva.press("own.erase")

    sent = await bo.post("/me/send", page.filled())

    assert sent.status == HTTPStatus.FORBIDDEN
    assert [await count_of(lively, Member, who) for who in ("eva", "bo")] == [1, 1]


async def test_pausing_until_a_day(lively: Site) -> None:
    """It is kept, and one's own page says so in the sentence that the chat would say."""
    eva = await lively.come_in("eva")
    until = lively.clock.now().date() + timedelta(days=14)
    page = await eva.press("own.pause")

    sent = await eva.post("/me/send", page.filled(until=until.isoformat()))
    after = await eva.get("/me")

    assert sent.headers["Location"] == "/me"
    assert "You have paused" in after.first(".said").text()
    assert (await member(lively, "eva")).paused_until == until


@pytest.mark.parametrize(
    ("until", "sentence"), [("", "Please give a day"), ("soon", "Please give a day"), ("2020-01-01", "after today")]
)
async def test_a_day_that_cannot_be_is_told_at_its_field(lively: Site, until: str, sentence: str) -> None:
    """The form comes back with the sentence at the field, to eyes and to screen readers, and can be sent again."""
    eva = await lively.come_in("eva")
    page = await eva.press("own.pause")

    back = await eva.post("/me/send", page.filled(until=until))
    field = back.first("#field-until")
    good = await eva.post("/me/send", back.filled(until=(lively.clock.now().date() + timedelta(days=3)).isoformat()))

    assert field.attributes["aria-describedby"] == "error-until"
    assert field.attributes["aria-invalid"] == "true"
    assert field.attributes["value"] == until
    assert sentence in back.first("#error-until").text()
    assert good.headers["Location"] == "/me"


async def test_topics_and_calendar_can_be_chosen_there(lively: Site) -> None:
    """The other forms of one's own stand there too, and are kept as they were sent."""
    eva = await lively.come_in("eva")

    topics = await eva.press("own.topics")
    box = topics.first("fieldset input[type=checkbox]")
    kept = await eva.post("/me/send", topics.filled(topics=str(box.attributes["value"])))
    told = (await eva.get("/me")).first(".said").text()
    ticked = (await eva.press("own.topics")).tree.css("input[checked]")
    calendar = await eva.press("own.calendar")

    assert kept.headers["Location"] == "/me"
    assert told.startswith("You follow ")
    assert [one.attributes["value"] for one in ticked] == [box.attributes["value"]]
    assert calendar.first(".form button").text(strip=True) == "Keep"


async def test_forms_are_in_ones_language(lively: Site) -> None:
    """In Swedish for whoever speaks it."""
    async with lively.database.begin() as session:
        await session.execute(update(Member).where(col(Member.name) == "Eva").values(locale="sv-SE"))
    eva = await lively.come_in("eva")

    page = await eva.press("own.erase")

    assert page.first("html").attributes["lang"] == "sv"
    assert "Avbryt" in page.first(".form a.button").text()


def test_every_part_of_a_form_has_its_place() -> None:
    """Fields have labels and what was written is escaped; choosing people and pictures is left to the chat."""
    few = tuple(Option(str(number), f"No {number}") for number in range(3))
    many = tuple(Option(str(number), f"No {number}") for number in range(9))
    other = Button("Other", "own.other", Target(1, 2), Style.DANGER)
    form = Form(
        "own.sent",
        Target(1, 1),
        "Title",
        (
            Words("<b>"),
            TextField("one", "One", '"><script>', hint="Hint"),
            TextField("two", "Two", "</textarea>", multiline=True),
            ChoiceField("few", "Few", few, "1"),
            ChoiceField("many", "Many", many, "7"),
            DayField("day", "Day"),
            DayField("set", "Set", "2027-03-01"),
            TimeField("time", "Time", "09:30"),
            PersonField("who", "Who"),
            PictureField("picture", "Picture"),
            Buttons((other,)),
        ),
        "Send",
        "Cancel",
    )

    shown = str(render_form(form, Carried("t", "own.open", "o", {"one": "Wrong", "loose": "Also"}), Voice("en")))

    assert "<script" not in shown
    assert "&lt;/textarea&gt;" in shown
    assert 'aria-describedby="error-one hint-one" aria-invalid="true" autofocus' in shown
    assert '<p class="error">Also</p>' in shown
    assert "As it stands now: 1 March 2027" in shown
    assert "As it stands now: 09:30" in shown
    assert shown.count('type="radio"') == 3
    assert '<option value="7" selected>' in shown
    assert "In the chat, by /samlas me: Who." in shown
    assert presses_of(form) == {"own.sent": Target(1, 1), "own.other": Target(1, 2)}
