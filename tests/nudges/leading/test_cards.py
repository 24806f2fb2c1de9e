"""A lead's card, from the round to the press: whom it names, whom never, what it leaves behind."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from sqlmodel import col, delete

from bot.messages import Buttons, Words
from nudges.leading.suggesting import NAMED
from storage.tables import LastSign, LeadCardState, MemberState, Participation
from tests.nudges.leading.conftest import THIRD_TUESDAY, Led
from tests.support import button, words_of

JUST_BEFORE = timedelta(minutes=1)
REFUSAL = "This message was not written to you"


async def test_two_weeks_after_the_invitation(led: Led) -> None:
    """One card to the lead: the name, ideas, four answers; no number, no date, no reason."""
    await led.to_the_third_step()

    [card] = led.cards()
    words = words_of(card)
    labels = [found.label for part in card.parts if isinstance(part, Buttons) for found in part.buttons]
    assert "Eva" in words
    assert "Some ideas" in words
    assert labels == ["I will", "Fine as it is", "Invite a coach", "Snooze"]
    said = " ".join(part.text for part in card.parts if isinstance(part, Words))
    assert not any(sign.isdigit() for sign in said)
    assert "sign" not in said
    assert [name.member_id for name in await led.names()] == [led.scene.organisation.members["eva"]]


async def test_a_line_in_the_log(led: Led) -> None:
    """The named member reads who has read their name, before anybody else could have."""
    await led.to_the_third_step()

    seen = [look for look in await led.scene.looks() if look.what == NAMED]
    home = await led.scene.people.command("eva", "samlas me")

    members = led.scene.organisation.members
    assert [(look.about_member_id, look.by_member_id) for look in seen] == [(members["eva"], members["anna"])]
    assert home.whisper is not None
    assert "that you may welcome an invitation, by name and without any number" in words_of(home.whisper)


async def test_once_a_quarter_and_never_from_the_budget(led: Led) -> None:
    """Eva is named once, and the lead's own budget is untouched."""
    await led.scene.until(THIRD_TUESDAY + timedelta(days=50))

    assert len(led.cards()) == 1
    assert await led.scene.contacts("anna") == []


async def test_off_until_turned_on(led: Led) -> None:
    """Without the organisation's yes nobody is named, however long they are quiet."""
    await led.turn(suggest_to_leads=False, suggest_to_leads_from=None)

    await led.scene.until(THIRD_TUESDAY + timedelta(days=14))

    assert led.cards() == []
    assert await led.card_rows() == []


async def test_an_invitation_that_did_not_tell_of_it(led: Led) -> None:
    """Who was invited before it was turned on has not been asked about their lead, and is not named."""
    await led.turn(suggest_to_leads=True, suggest_to_leads_from="2027-03-24")

    await led.scene.until(THIRD_TUESDAY + timedelta(days=14))

    assert led.cards() == []


@pytest.mark.parametrize(
    "change",
    [
        {"lead_not_involved": True},
        {"nudges_off": True},
        {"nudges_snoozed_until": date(2027, 5, 1)},
        {"paused_until": date(2027, 5, 1)},
        {"reading_along_until": date(2027, 9, 1)},
        {"not_counted": True},
        {"leave_from": date(2027, 4, 6), "leave_to": date(2027, 4, 20)},
        {"state": MemberState.LEFT},
        {"home_team_id": None},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_what_is_said_in_the_last_minute_counts(led: Led, change: Mapping[str, object]) -> None:
    """What holds when the card goes decides, not what held when it was planned; no line is left."""
    await led.scene.until(THIRD_TUESDAY - JUST_BEFORE)
    assert len(await led.card_rows()) == 1
    await led.scene.change("eva", **change)

    await led.to_the_third_step()

    assert led.cards() == []
    assert [card.state for card in await led.card_rows()] == [LeadCardState.GIVEN_BACK]
    assert [look for look in await led.scene.looks() if look.what == NAMED] == []


async def test_a_sign_in_the_last_minute(led: Led) -> None:
    """Who is back is not named."""
    await led.scene.until(THIRD_TUESDAY - JUST_BEFORE)
    await led.scene.signs("eva", THIRD_TUESDAY.date() - timedelta(days=1))

    await led.to_the_third_step()

    assert led.cards() == []


async def test_a_team_under_five(led: Led) -> None:
    """In a team of four nobody is named, also when it was five until a minute before."""
    await led.scene.until(THIRD_TUESDAY - JUST_BEFORE)
    await led.scene.change("david", state=MemberState.LEFT)

    await led.to_the_third_step()

    assert led.cards() == []


@pytest.mark.parametrize("lead", ["eva", None, "bo"])
async def test_who_leads_when_the_card_goes(led: Led, lead: str | None) -> None:
    """A lead who is the member, nobody, or somebody else than planned: the card that was planned does not go."""
    await led.scene.until(THIRD_TUESDAY - JUST_BEFORE)
    await led.lead_by(lead)

    await led.to_the_third_step()

    assert led.cards() == []
    assert led.cards("eva") == []
    assert led.cards("bo") == []


@pytest.mark.parametrize(
    "change", [{"state": MemberState.LEFT}, {"nudges_off": True}, {"nudges_snoozed_until": date(2027, 5, 1)}]
)
async def test_the_lead_is_gone_or_wants_nothing_unasked(led: Led, change: Mapping[str, object]) -> None:
    """Then there is no card at all."""
    await led.scene.until(THIRD_TUESDAY - JUST_BEFORE)
    await led.scene.change("anna", **change)

    await led.to_the_third_step()

    assert led.cards() == []


async def test_stop_everything(led: Led) -> None:
    """What a communications lead has stopped does not go, also what was planned."""
    await led.scene.until(THIRD_TUESDAY - JUST_BEFORE)
    await led.scene.change_workspace(rounds_on_at=None, stopped_at=led.scene.clock.now())

    await led.to_the_third_step()

    assert led.cards() == []


async def test_it_waits_for_the_leads_own_hours(led: Led) -> None:
    """A lead who does not work on Tuesdays has it on Wednesday."""
    await led.scene.change("anna", working_days="345")

    await led.to_the_third_step()
    on_tuesday = len(led.cards())
    await led.scene.until(THIRD_TUESDAY + timedelta(days=1))

    assert (on_tuesday, len(led.cards())) == (0, 1)


async def test_by_the_alphabet(led: Led) -> None:
    """Several names stand in the order of the alphabet, each with its own answers."""
    await led.scene.change("eva", name="Östen Berg")
    await led.scene.change("david", name="adam Ek")
    async with led.scene.database.begin() as session:
        for table in (LastSign, Participation):
            await session.execute(delete(table).where(col(table.member_id) == led.scene.organisation.members["david"]))
    await led.scene.signs("david", date(2026, 12, 9))

    await led.to_the_third_step()

    words = words_of(led.cards()[0])
    assert words.index("adam Ek") < words.index("Östen Berg")
    assert len(led.cards()) == 1


async def test_i_will(led: Led) -> None:
    """It thanks, and stands so; pressing twice changes nothing."""
    await led.to_the_third_step()
    will = led.press("I will")

    seen = (await led.scene.people.press("anna", will)).refreshed
    again = (await led.scene.people.press("anna", will)).refreshed

    assert seen is not None
    assert "You will. Thank you." in words_of(seen)
    assert again == seen
    assert [name.answer for name in await led.names()] == ["will"]


async def test_fine_as_it_is_keeps_only_a_snooze(led: Led) -> None:
    """What is kept is until when the name does not come back: half a year; and that holds for the next ladder too."""
    await led.to_the_third_step()

    seen = (await led.scene.people.press("anna", led.press("Fine as it is"))).refreshed
    await led.scene.until(THIRD_TUESDAY + timedelta(days=150))

    assert seen is not None
    assert "You will not see this name here for half a year." in words_of(seen)
    [name] = await led.names()
    assert (name.answer, name.answered_at) == (None, None)
    assert name.snoozed_until == THIRD_TUESDAY.date() + timedelta(days=180)
    assert len(led.cards()) == 1


async def test_snooze(led: Led) -> None:
    """No card for 30 days, also about others."""
    await led.to_the_third_step()

    seen = (await led.scene.people.press("anna", led.press("Snooze"))).refreshed

    assert seen is not None
    assert "Nothing like this before 6 May 2027." in words_of(seen)
    assert (await led.card_rows())[0].snoozed_until == date(2027, 5, 6)


async def test_somebody_elses_card(led: Led) -> None:
    """Nobody answers for a lead."""
    await led.to_the_third_step()

    for label in ("I will", "Fine as it is", "Invite a coach", "Snooze"):
        seen = await led.scene.people.press("bo", led.press(label))
        assert seen.whisper is not None
        assert REFUSAL in seen.whisper.summary
    assert [name.answer for name in await led.names()] == [None]


async def test_a_name_goes_when_its_owner_says_so(led: Led) -> None:
    """*Do not involve my lead* takes the name off the card that stands; the lead's press is refused kindly."""
    await led.to_the_third_step()
    will = led.press("I will")
    own = (await led.scene.people.command("eva", "samlas me")).whisper
    assert own is not None

    await led.scene.people.press("eva", button(own, "Do not involve my lead"))
    led.scene.clock.move(timedelta(minutes=2))
    await led.scene.tick()
    pressed = await led.scene.people.press("anna", will)

    assert "Nobody is named here any more." in words_of(led.cards()[0])
    assert pressed.whisper is not None
    assert "This has changed since you opened it." in pressed.whisper.summary


async def test_invite_a_coach(led: Led) -> None:
    """The colleague is asked first, in private and from their budget; the lead hears no more of it."""
    await led.to_the_third_step()
    before = len(led.scene.gateway.said_to("eva"))

    seen = (await led.scene.people.press("anna", led.press("Invite a coach"))).refreshed
    await led.scene.until(THIRD_TUESDAY + timedelta(days=8))

    assert seen is not None
    assert "What they answer is theirs" in words_of(seen)
    offer = led.scene.gateway.said_to("eva")[-1]
    assert len(led.scene.gateway.said_to("eva")) == before + 1
    assert "Anna, who leads your team, thought that you might like to talk with somebody." in words_of(offer)
    opened = await led.scene.people.press("eva", button(offer, "Yes please"))
    assert opened.form is not None
    await led.scene.people.send("eva", opened.form, about="")
    await led.scene.tick()
    assert "Farid will gladly talk with you." in words_of(led.scene.gateway.said_to("eva")[-1])
    assert "You have said yes" not in words_of(led.cards()[0])


async def test_invite_a_coach_waits_for_room(led: Led) -> None:
    """Where the colleague's budget has no room, they are asked when it has, and once."""
    await led.to_the_third_step()
    for days in (1, 8):
        await led.scene.contacted_on(THIRD_TUESDAY.date() + timedelta(days=days))
    await led.scene.people.press("anna", led.press("Invite a coach"))
    await led.scene.tick()
    assert [item.kind for item in await led.scene.items()].count("coach_offer") == 1

    await led.scene.until(THIRD_TUESDAY + timedelta(days=40))

    offers = [message for message in led.scene.gateway.said_to("eva") if "who leads your team" in words_of(message)]
    assert len(offers) == 1


async def test_no_coach(led: Led) -> None:
    """Where nobody is a coach, nobody is offered one: the button is not there, and a late press says so."""
    await led.to_the_third_step()
    coach = led.press("Invite a coach")
    await led.scene.change("farid", is_coach=False)

    pressed = await led.scene.people.press("anna", coach)

    assert pressed.whisper is not None
    assert "Nobody is a coach here just now." in pressed.whisper.summary
    assert pressed.refreshed is not None
    assert "Invite a coach" not in words_of(pressed.refreshed)


async def test_the_preview_shows_the_third_step(led: Led) -> None:
    """A communications lead sees who would be named, and why; nobody with a lead who may not be told."""
    await led.scene.until(THIRD_TUESDAY - timedelta(days=2))

    seen = (await led.scene.people.command("greta", "nudges")).whisper

    assert seen is not None
    assert "1 person would be named to their team lead:" in words_of(seen)
    assert "a word to their lead: no sign for 15 of their working days, after a tip and an invitation" in words_of(seen)


async def test_cards_are_forgotten(led: Led) -> None:
    """After 30 weeks nothing says any more who was named to whom."""
    await led.to_the_third_step()
    led.scene.clock.move(timedelta(weeks=31))

    await led.scene.tick()

    assert await led.names() == []
