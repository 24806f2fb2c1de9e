"""Moving the clock: what is due on the way happens, hour by hour, and the colleagues go on living."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.local.made_up.people import PEOPLE
from adapters.local.moving import to_next_hour
from bot.context import known
from storage.nudging import sign_spans
from storage.people import find_member
from storage.workspaces import find_workspace, product_offset
from tests.adapters.local.visiting import Lindvalla


async def start_the_rounds(lindvalla: Lindvalla) -> None:
    """Be the communications lead, look at the preview, and say go."""
    await lindvalla.say("sara-ahmadi", "/nudges")
    message = await lindvalla.newest("sara-ahmadi")
    [button] = (await lindvalla.log("sara-ahmadi")).all(f"#m-{message} .button.primary")
    about = button.attributes["hx-vals"] or ""
    row = about.partition('"row": ')[2].partition(",")[0]
    version = about.partition('"version": ')[2].partition(",")[0]
    await lindvalla.post("/as/sara-ahmadi/press", message=message, action="nudges.go", row=row, version=version)


async def last_sign(lindvalla: Lindvalla, person: str) -> date:
    """Return the last day on which somebody has given a sign."""
    async with lindvalla.database.read() as session:
        workspace_id = known(getattr(await find_workspace(session, "local", "local"), "id", None))
        member_id = known(getattr(await find_member(session, workspace_id, person), "id", None))
        spans = await sign_spans(session, workspace_id, [member_id], until=date.max)
    return spans[member_id].last or date.min


async def test_a_quiet_colleague_gets_a_tip_at_ten(lindvalla: Lindvalla) -> None:
    """After *Go* on a Wednesday, Tuesday's missed round comes the next working day, at ten where Nils is."""
    await start_the_rounds(lindvalla)
    assert (await lindvalla.log("nils-ekman")).all("article") == []

    await lindvalla.post("/as/sara-ahmadi/clock", days="7")

    log = await lindvalla.log("nils-ekman")
    [tip] = log.all("article")
    assert log.words(".new-day") == ["torsdag 4 mars"]
    assert [node.text() for node in tip.css(".message-head time")] == ["10:00"]
    assert log.words("article .button") == [
        "Jag läser med",
        "Tack, det hjälpte",
        "Inte nu",
        "Skicka inga fler sådana här",
    ]


@pytest.mark.soak
@pytest.mark.whole
@pytest.mark.timeout(300)
async def test_those_who_take_part_hear_nothing_and_some_come_back_once_invited(lindvalla: Lindvalla) -> None:
    """Four weeks on, those who had gone quiet have had a tip, and who still was then an invitation to a coach.

    Björn took part again after the tip, and hears no more; nobody else has heard anything.
    """
    await start_the_rounds(lindvalla)

    for _ in range(4):
        await lindvalla.post("/as/sara-ahmadi/clock", days="7")

    told = {person.external_id: len((await lindvalla.log(person.external_id)).all("article")) for person in PEOPLE}
    del told["sara-ahmadi"]
    still_quiet = dict.fromkeys(("nils-ekman", "oskar-lund", "fatima-haddad", "petra-jonsson"), 2)
    assert {person: count for person, count in told.items() if count} == {"bjorn-sten": 1, **still_quiet}
    assert await last_sign(lindvalla, "bjorn-sten") > date(2027, 3, 20)
    assert await last_sign(lindvalla, "nils-ekman") < date(2027, 3, 1)


async def test_two_visitors_moving_at_once_move_it_by_both(lindvalla: Lindvalla) -> None:
    """Each press moves the clock by what it says, and how far it has been moved is kept."""
    before = lindvalla.clock.now()

    await asyncio.gather(
        lindvalla.post("/as/anna-nystrom/clock", days="1"), lindvalla.post("/as/gustav-holm/clock", days="1")
    )

    assert lindvalla.clock.now() - before == timedelta(days=2)
    async with lindvalla.database.read() as session:
        assert await product_offset(session) == timedelta(days=2)


@pytest.mark.parametrize(
    ("now", "step"),
    [
        (datetime(2027, 3, 3, 9, 0, tzinfo=UTC), timedelta(hours=1)),
        (datetime(2027, 3, 3, 9, 47, tzinfo=UTC), timedelta(minutes=13)),
        (datetime(2027, 3, 3, 9, 59, 59, 999_000, tzinfo=UTC), timedelta(seconds=1)),
        (datetime(2027, 3, 3, 9, 0, 0, 1, tzinfo=UTC), timedelta(hours=1)),
    ],
)
def test_steps_end_on_the_hour_in_whole_seconds(now: datetime, step: timedelta) -> None:
    """So that what is due at ten comes at ten, and what is kept of the step is all of it."""
    assert to_next_hour(now) == step
