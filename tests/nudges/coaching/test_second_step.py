"""The ladder's second step: an invitation to talk with a coach, to whoever is quiet still after the tip."""

from datetime import date, timedelta

import pytest

from bot.calendars import calendar_of
from bot.messages import Message
from nudges.ladder import Quiet, Step, next_step
from nudges.quiet import Reason
from storage.tables import ContactState
from storage.workspaces import change_settings
from tests.nudges.conftest import TUESDAY_AT_TEN, Scene
from tests.nudges.people import SETTINGS, somebody
from tests.support import button, words_of

MONDAY = date(2027, 3, 22)
TIP = date(2027, 3, 9)
QUARTER = timedelta(days=91)
THREE_TIPS = tuple(MONDAY - number * QUARTER for number in (3, 2, 1))
# Two weeks after the tip.
SECOND_TUESDAY = TUESDAY_AT_TEN + timedelta(days=14)


def quiet(reason: Reason = Reason.NO_SIGN, last: date | None = date(2026, 12, 8), as_of: date = MONDAY) -> Quiet:
    """Return somebody who counts as quiet."""
    member = somebody()
    return Quiet(member, calendar_of(member, SETTINGS), reason, as_of, last)


def last_to_eva(scene: Scene) -> Message:
    """Return what eva was sent last."""
    return scene.gateway.said_to("eva")[-1]


@pytest.fixture
async def coached(tipped_eva: Scene) -> Scene:
    """Return the organisation with a coach, on the Tuesday of eva's tip; the others go on giving signs."""
    await tipped_eva.change("bo", is_coach=True)
    await tipped_eva.everybody_was_here(*(date(2027, 3, day) for day in (10, 17, 24, 31)))
    return tipped_eva


@pytest.mark.parametrize(
    ("one", "tips", "invitations", "may_talk", "step"),
    [
        (quiet(), [], [], True, Step.TIP),
        (quiet(), [TIP], [], True, Step.INVITATION),
        (quiet(Reason.NEVER_STARTED, None), [TIP], [], True, Step.INVITATION),
        (quiet(), [TIP], [], False, None),
        (quiet(as_of=TIP + timedelta(days=6)), [TIP], [], True, None),
        (quiet(), [TIP], [MONDAY - timedelta(days=70)], True, None),
        (quiet(last=TIP), [TIP], [], True, None),
        (quiet(Reason.FELL, MONDAY), [TIP], [], True, Step.INVITATION),
        (quiet(), [TIP - timedelta(days=90)], [], True, Step.TIP),
    ],
    ids=[
        "no tip yet",
        "two weeks after the tip",
        "never started",
        "nobody to talk with",
        "in the round after the tip",
        "invited less than a quarter ago",
        "back on the day of the tip, then quiet again",
        "still far less than usual",
        "a quarter after the tip, from the beginning",
    ],
)
def test_next_step(one: Quiet, tips: list[date], invitations: list[date], may_talk: bool, step: Step | None) -> None:  # noqa: FBT001 - a case
    """The tip comes first; the invitation two rounds later, once a quarter, unless somebody was back in between."""
    assert next_step(one, tips, invitations, may_talk=may_talk) == step


@pytest.mark.parametrize(
    ("last", "tips", "step"),
    [
        (date(2026, 1, 8), [*THREE_TIPS[1:]], Step.TIP),
        (date(2026, 1, 8), [*THREE_TIPS], None),
        (None, [*THREE_TIPS], None),
        (THREE_TIPS[0], [*THREE_TIPS], Step.TIP),
        (THREE_TIPS[2] + timedelta(days=1), [*THREE_TIPS], Step.TIP),
    ],
    ids=[
        "two with no sign since",
        "three with no sign since",
        "three, and nobody ever heard from them",
        "a sign on the day of the first",
        "a sign after the third, then quiet again",
    ],
)
def test_the_ladder_ends(last: date | None, tips: list[date], step: Step | None) -> None:
    """After three tips in a row that nobody answered it rests, until the next sign."""
    one = quiet(last=last) if last else quiet(Reason.NEVER_STARTED, None)

    assert next_step(one, tips, [], may_talk=True) == step


def test_the_third_tip_is_followed_as_the_others() -> None:
    """What follows a tip within its quarter is not a further tip."""
    tips = [TIP - 2 * QUARTER, TIP - QUARTER, TIP]

    assert next_step(quiet(last=None), tips, [], may_talk=True) is Step.INVITATION


async def test_two_weeks_after_the_tip(coached: Scene) -> None:
    """Said kindly, with yes and the three answers that everything unasked carries; nobody else gets it."""
    await coached.until(SECOND_TUESDAY - timedelta(minutes=1))
    before = len(coached.gateway.standing)

    await coached.until(SECOND_TUESDAY)

    [sent] = list(coached.gateway.standing.values())[before:]
    assert sent.to.member == "eva"
    assert "Would you like to talk with somebody?" in words_of(sent.message)
    labels = [found.label for part in sent.message.parts for found in getattr(part, "buttons", ())]
    assert labels == ["Yes please", "Thanks, that helped", "Not now", "Do not send me these"]
    assert "lead" not in words_of(sent.message)


async def test_once_a_quarter(coached: Scene) -> None:
    """However long somebody is quiet: a tip, an invitation, and a quarter later a tip again."""
    await coached.until(TUESDAY_AT_TEN + timedelta(days=92))

    days = [contact.local_date for contact in await coached.contacts("eva") if contact.state == ContactState.SENT]
    assert days[:2] == [date(2027, 3, 9), date(2027, 3, 23)]
    assert len(days) == 3
    assert days[2] - days[0] >= timedelta(days=90)


async def test_not_without_a_coach(tipped_eva: Scene) -> None:
    """Where nobody has offered to talk, nobody is invited to."""
    await tipped_eva.until(SECOND_TUESDAY + timedelta(days=7))

    assert len(await tipped_eva.contacts("eva")) == 1


async def test_not_to_a_coach(coached: Scene) -> None:
    """Somebody who is there for others is not invited to be talked to."""
    await coached.change("eva", is_coach=True)

    await coached.until(SECOND_TUESDAY)

    assert len(await coached.contacts("eva")) == 1


@pytest.mark.parametrize("label", ["Thanks, that helped", "Not now", "Do not send me these", "I am reading along"])
async def test_any_answer_to_the_tip_stops_the_ladder(coached: Scene, label: str) -> None:
    """Whoever has pressed anything is heard from."""
    await coached.people.press("eva", button(last_to_eva(coached), label))

    await coached.until(SECOND_TUESDAY + timedelta(days=7))

    assert len(await coached.contacts("eva")) == 1


async def test_the_last_coach_steps_down_in_the_last_minute(coached: Scene) -> None:
    """Then there is nothing to invite to, and the budget gets it back."""
    await coached.until(SECOND_TUESDAY - timedelta(minutes=1))
    await coached.change("bo", is_coach=False)

    await coached.until(SECOND_TUESDAY)

    assert [contact.state for contact in await coached.contacts("eva")] == [ContactState.SENT, ContactState.GIVEN_BACK]


async def test_yes_please(coached: Scene) -> None:
    """It asks what about, finds the coach, and the invitation says that yes was said."""
    await coached.until(SECOND_TUESDAY)
    opened = await coached.people.press("eva", button(last_to_eva(coached), "Yes please"))
    assert opened.form is not None

    await coached.people.send("eva", opened.form, about="Where to begin")
    await coached.tick()

    invitation, card = coached.gateway.said_to("eva")[-2:]
    assert "You have said yes." in words_of(invitation)
    assert "Bo will gladly talk with you." in words_of(card)
    assert [contact.state for contact in await coached.contacts("eva")] == [ContactState.SENT, ContactState.SENT]


async def test_the_third_step_is_told_where_there_is_one(coached: Scene) -> None:
    """With a way to keep one's lead out of it, and back; both say so where they were pressed."""
    workspace = await coached.workspace()
    async with coached.database.begin() as session:
        changed = {**workspace.settings, "suggest_to_leads": True}
        await change_settings(
            session,
            coached.organisation.workspace_id,
            changed,
            coached.clock.now(),
            coached.organisation.members["greta"],
        )
    await coached.until(SECOND_TUESDAY)
    invitation = last_to_eva(coached)

    out = (await coached.people.press("eva", button(invitation, "Do not involve my lead"))).refreshed
    assert out is not None
    not_involved = (await coached.member("eva")).lead_not_involved
    back = (await coached.people.press("eva", button(out, "My lead may be told"))).refreshed
    assert back is not None

    assert "There is one more step after this one" in words_of(invitation)
    assert "Your lead is not involved." in words_of(out)
    assert not_involved
    assert "Your lead is not involved." not in words_of(back)
    assert not (await coached.member("eva")).lead_not_involved


async def test_a_preview_tells_the_steps_apart(coached: Scene) -> None:
    """A communications lead sees who would be invited to talk, why, and no date."""
    await coached.until(SECOND_TUESDAY - timedelta(days=2))

    seen = (await coached.people.command("greta", "nudges")).whisper

    assert seen is not None
    assert "1 person would be invited to talk with a coach:" in words_of(seen)
    assert "an invitation: no sign for 15 of their working days, after a tip" in words_of(seen)
    assert "friendly tip" not in words_of(seen)


async def test_somebody_elses_invitation(coached: Scene) -> None:
    """Nobody says yes, or no to a lead, for somebody else."""
    await coached.until(SECOND_TUESDAY)
    yes = button(last_to_eva(coached), "Yes please")

    seen = await coached.people.press("carl", yes)

    assert seen.form is None
    assert seen.whisper is not None
    assert "This message was not written to you" in seen.whisper.summary
