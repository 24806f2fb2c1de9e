"""An organisation's settings: who sees and changes them, what can be used, and that nothing is overwritten unseen."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlmodel import col, select, update

from bot.events import OPENED_HOME, Reply
from bot.forms import Form
from bot.messages import Button, Message, Target
from bot.organisation.settings import CHANGE
from bot.organisation.settings_form import CHANGED, as_weeks
from bot.settings import OrganisationSettings
from storage.tables import Channel, Member, Workspace
from tests.bot.announcements.conftest import Scene, scene
from tests.support import button, words_of

__all__ = ["scene"]

SENT = {
    "language": "sv",
    "zone": "Europe/Berlin",
    "country": "de",
    "region": "DE-BY",
    "day_1": "",
    "day_6": "yes",
    "work_start": "07:30",
    "work_end": "00:00",
    "announcement_channel": "",
    "anchoring_rule": "all",
    "quiet_weeks": "52, 28\u201330, 1",
    "round_weekday": "4",
    "round_minute": "13:15",
    "quiet_fell": "",
    "quiet_no_sign_working_days": "20",
}


async def home_of(scene: Scene, person: str) -> Message:
    """Let a person open Home."""
    home = (await scene.people.act(person, OPENED_HOME)).home
    assert home is not None
    return home


async def opened(scene: Scene, person: str = "greta") -> Form:
    """Open the form from Home."""
    reply = await scene.people.press(person, button(await home_of(scene, person), "Change settings"))
    assert reply.form is not None
    return reply.form


async def workspace(scene: Scene) -> Workspace:
    """Return the workspace's row as it is."""
    async with scene.database.read() as session:
        return (await session.execute(select(Workspace))).scalar_one()


async def settings(scene: Scene) -> OrganisationSettings:
    """Return the settings as they are."""
    return OrganisationSettings.model_validate((await workspace(scene)).settings)


async def test_home_says_what_is_set(scene: Scene) -> None:
    """To a communications lead, in a few lines; to nobody else."""
    lead = words_of(await home_of(scene, "greta"))
    member = words_of(await home_of(scene, "anna"))

    assert "Monday, Tuesday, Wednesday, Thursday and Friday, 08:00 to 17:00" in lead
    assert "#allmant" in lead
    assert "28-32" in lead
    assert "Tuesday at 10:00" in lead
    assert "Settings" not in member


async def test_what_is_sent_is_kept(scene: Scene) -> None:
    """With a new version, who and when; Home shows it at once, and what the form does not ask stays as it was."""
    form = await opened(scene)
    async with scene.database.begin() as session:
        await session.execute(
            update(Workspace).values(settings={**(await workspace(scene)).settings, "notice_days": 30})
        )

    reply = await scene.people.send("greta", form, **SENT)

    row, kept = await workspace(scene), await settings(scene)
    assert reply.close
    assert reply.home is not None
    assert "Europe/Berlin, DE, BY" in words_of(reply.home)
    assert (row.settings_version, row.settings_changed_at) == (1, scene.clock.now())
    assert row.settings_changed_by == scene.organisation.members["greta"]
    assert kept == OrganisationSettings(
        language="sv",
        zone="Europe/Berlin",
        country="DE",
        region="BY",
        working_days="23456",
        work_start=7 * 60 + 30,
        work_end=24 * 60,
        announcement_channel=None,
        anchoring_rule="all",
        quiet_weeks=(1, 28, 29, 30, 52),
        round_weekday=4,
        round_minute=13 * 60 + 15,
        quiet_fell=False,
        quiet_no_sign_working_days=20,
        notice_days=30,
    )


async def test_sent_as_it_opened_it_changes_nothing(scene: Scene) -> None:
    """The form holds what is set, the day's end at midnight included."""
    await scene.people.send("greta", await opened(scene), **SENT)
    before = await settings(scene)

    await scene.people.send("greta", await opened(scene))

    assert await settings(scene) == before


@pytest.mark.parametrize(
    ("field", "given", "sentence"),
    [
        ("zone", "Sweden", "No time zone has this name."),
        ("zone", "../../etc/passwd", "No time zone has this name."),
        ("zone", "", "Please write something here."),
        ("country", "XX", "No public holidays are known of this country."),
        ("country", "HolidayBase", "No public holidays are known of this country."),
        ("region", "BY", "No region of this country has public holidays of its own."),
        ("work_start", "8", "Please give a time"),
        ("work_end", "08:00", "The working day has to end at another time than it begins."),
        ("announcement_channel", "elsewhere", "Please choose one of these."),
        ("anchoring_rule", "none", "Please choose one of these."),
        ("round_weekday", "8", "Please choose one of these."),
        ("quiet_weeks", "28-", "Please give week numbers from 1 to 53"),
        ("quiet_weeks", "32-28", "Please give week numbers from 1 to 53"),
        ("quiet_weeks", "54", "Please give week numbers from 1 to 53"),
        ("quiet_no_sign_working_days", "many", "A whole number from 5 to 60, please."),
        ("quiet_no_sign_working_days", "61", "A whole number from 5 to 60, please."),
        ("quiet_never_started_days", "13", "A whole number from 14 to 60, please."),
    ],
)
async def test_what_cannot_be_used(scene: Scene, field: str, given: str, sentence: str) -> None:
    """Each has a sentence at its field, and nothing is changed, the rest of the form neither."""
    form = await opened(scene)

    reply = await scene.people.send("greta", form, language="sv", **{field: given})

    assert list(reply.errors) == [field]
    assert reply.errors[field].startswith(sentence)
    assert (await workspace(scene)).settings_version == 0


async def test_all_that_is_wrong_is_said_at_once(scene: Scene) -> None:
    """A sentence at each field, in the person's own language, and what was typed stays."""
    async with scene.database.begin() as session:
        await session.execute(
            update(Member).where(col(Member.id) == scene.organisation.members["greta"]).values(locale="sv")
        )
    home = await home_of(scene, "greta")
    form = (await scene.people.press("greta", button(home, "Ändra inställningar"))).form
    assert form is not None
    none = {f"day_{number}": "" for number in range(1, 8)}

    reply = await scene.people.send(
        "greta", form, zone="Sverige", country="DE", region="ZZ", quiet_never_started_days="1", **none
    )

    assert set(reply.errors) == {"zone", "region", "day_1", "quiet_never_started_days"}
    assert reply.errors["quiet_never_started_days"] == "Ett heltal från 14 till 60, tack."
    assert reply.form is not None
    assert reply.form.values()["zone"] == "Sverige"


async def test_only_communications_leads(scene: Scene) -> None:
    """Neither opening the form nor sending one is anybody else's, also for who was one when they opened it."""
    form = await opened(scene)
    forged = Button("", CHANGE, Target(scene.organisation.workspace_id, 0))

    looked = await scene.people.press("anna", forged)
    sent = await scene.people.send("anna", form, **SENT)
    async with scene.database.begin() as session:
        await session.execute(update(Member).values(is_communications_lead=False))
    too_late = await scene.people.send("greta", form, **SENT)

    for reply in (looked, sent, too_late):
        assert reply.form is None
        assert "communications leads' view" in said(reply)
    assert (await workspace(scene)).settings_version == 0


async def test_somebody_else_was_faster(scene: Scene) -> None:
    """Who sends a form that the settings have left behind is told, and gets it as it stands now."""
    form = await opened(scene)
    await scene.people.send("greta", form, zone="Europe/Oslo")

    reply = await scene.people.send("greta", form, zone="Europe/Berlin")

    assert "were changed since you opened them" in said(reply)
    assert reply.form is not None
    assert reply.form.values()["zone"] == "Europe/Oslo"
    assert (await settings(scene)).zone == "Europe/Oslo"


async def test_a_form_of_another_organisation(scene: Scene) -> None:
    """What was opened elsewhere is not taken here."""
    form = await opened(scene)
    elsewhere = Target(form.target.row + 1, form.target.version)

    await scene.people.act("greta", CHANGED, target=elsewhere, values=_values(form, zone="Europe/Oslo"))

    assert (await workspace(scene)).settings_version == 0


async def test_a_private_channel_is_not_named(scene: Scene) -> None:
    """A lead who is not in it sees neither its name on Home nor in the form, and keeps it by sending the form."""
    async with scene.database.begin() as session:
        await session.execute(update(Channel).values(is_private=True, name="secret-plans"))

    home, form = await home_of(scene, "greta"), await opened(scene)
    await scene.people.send("greta", form, zone="Europe/Oslo")

    assert "secret-plans" not in words_of(home) + words_of(form)
    assert (await settings(scene)).announcement_channel == "allmant"


@pytest.mark.parametrize(
    ("weeks", "words"), [((), ""), ((28, 29, 30), "28-30"), ((52, 1, 28, 29), "1, 28-29, 52"), ((7, 7), "7")]
)
def test_weeks_in_few_words(weeks: tuple[int, ...], words: str) -> None:
    """Neighbours stand as a range."""
    assert as_weeks(weeks) == words


def said(reply: Reply) -> str:
    """Return what a reply whispers."""
    return "" if reply.whisper is None else reply.whisper.summary


def _values(form: Form, **values: Any) -> dict[str, str]:
    held: Mapping[str, str] = form.values()
    return {**held, **values}
