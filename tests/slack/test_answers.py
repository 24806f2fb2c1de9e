"""What people do is acknowledged with what they see next, and whatever Slack's API then says, nothing is lost."""

import asyncio
from datetime import timedelta
from typing import Any

from adapters.slack.views import values_of
from bot.events import Event, Place, Reply, WorkspaceKey
from bot.messages import Message, Words
from bot.wiring import rooms
from storage.database import Database
from storage.tables import Kind
from tests.conftest import StillClock
from tests.contracts.announcing import NEWS, picture_of, published
from tests.contracts.kept import counted
from tests.contracts.slack_surface import SlackSurface, opened
from tests.contracts.surface import says_count
from tests.slack.counts import rows_of
from tests.slack.stage import Stage
from tests.slack.standin import Failure

HELLO = Message("Hello", (Words("Hello"),))


async def announced(stage: Stage, person: str = "UANNA") -> dict[str, Any]:
    """Run /announce; returns the modal that opened."""
    assert await stage.command(person, "announce", "Hello") == 200
    return stage.standin.opened[-1][1]


def filled(view: dict[str, Any], **values: Any) -> dict[str, Any]:
    """Return a view with its fields filled in; by default with what they show."""
    state: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        key, element = block["block_id"].split("~")[0], block["element"]
        kind = element["type"]
        told: dict[str, Any] = {"type": kind}
        if kind == "plain_text_input":
            told["value"] = values.get(key, element.get("initial_value"))
        elif kind == "radio_buttons":
            wanted = values.get(key, element.get("initial_option", {}).get("value"))
            told["selected_option"] = next((one for one in element["options"] if one["value"] == wanted), None)
        elif kind == "checkboxes":
            told["selected_options"] = element.get("initial_options", [])
        state[block["block_id"]] = {"value": told}
    return {**view, "state": {"values": state}}


async def test_errors_are_in_the_acknowledgement(stage: Stage) -> None:
    """Slack shows them under the fields they name, within the three seconds that it waits."""
    view = await announced(stage)

    response = await stage.interact("UANNA", {"type": "view_submission", "view": filled(view, title="", text=" ")})

    answer = await response.json()
    assert answer["response_action"] == "errors"
    assert {block.split("~")[0] for block in answer["errors"]} == {"title", "text"}
    assert set(answer["errors"]) <= {block.get("block_id") for block in view["blocks"]}


async def test_the_next_step_is_in_the_acknowledgement(stage: Stage) -> None:
    """It takes the place of the first, so that no stack of windows grows."""
    view = await announced(stage)

    response = await stage.interact("UANNA", {"type": "view_submission", "view": filled(view, text="All of it")})

    answer = await response.json()
    assert answer["response_action"] == "update"
    assert stage.standin.calls_of("views.push") == []


async def test_a_form_that_came_too_late_is_told(stage: Stage) -> None:
    """Slack takes a form for three seconds after the press; whoever pressed is asked to try once more."""
    stage.standin.fail("views.open", Failure(error="expired_trigger_id"))

    await stage.command("UANNA", "announce", "Hello")

    assert stage.standin.opened == []
    assert "försök en gång till" in stage.standin.responses[-1][1]["text"].lower()
    [draft] = await rows_of(stage.database, "announcement")
    assert draft["state"] == "draft"


async def test_slack_away_after_the_acknowledgement_breaks_nothing(stage: Stage) -> None:
    """The command was taken; that its form could not be shown is in the log, and the next command works."""
    stage.standin.fail("views.open", Failure(status=500), Failure(error="internal_error"))

    assert await stage.command("UANNA", "announce") == 200
    assert await stage.command("UANNA", "announce") == 200
    assert await stage.command("UANNA", "announce") == 200

    assert len(stage.standin.opened) == 1


async def test_what_cannot_be_whispered_in_a_channel_is_said_in_private(stage: Stage) -> None:
    """A form may have been asked for in a channel that Samlas is not in; its answer then comes in private."""
    await stage.event({"type": "channel_left", "channel": "C1"})
    [connection] = await stage.slack.connections.all_of(1)
    event = Event("form", WorkspaceKey("slack", "T1"), "UANNA", "i", stage.clock.now(), Place(channel="C2"))

    await stage.slack.answering.to_event(connection, event, Reply(whisper=HELLO))

    assert [said.body["text"] for said in stage.standin.said_to("UANNA")] == ["Hello"]


async def test_a_value_nobody_offered_is_no_way_in(stage: Stage) -> None:
    """A form whose values somebody has made up changes nothing that is not theirs."""
    view = await announced(stage)
    forged = {**view, "private_metadata": "{}", "state": {"values": {}}}

    response = await stage.interact("UANNA", {"type": "view_submission", "view": forged})

    assert response.status == 200
    assert {row["text"] for row in await rows_of(stage.database, "announcement_text")} == {""}


async def test_an_event_that_breaks_comes_again(stage: Stage) -> None:
    """What could not be done is answered 500, so that Slack sends it again; then it is done, once."""
    stage.standin.fail("users.info", Failure(error="fatal_error"))
    stage.standin.teams["xoxb-one"].users.append({"id": "UNEW", "team_id": "T1", "name": "new"})
    home = {"type": "app_home_opened", "user": "UNEW", "tab": "home", "event_ts": "5.1"}

    first = await stage.event(home)
    again = await stage.event(home)

    assert (first, again) == (500, 200)
    assert "UNEW" in stage.standin.homes


async def test_a_link_button_and_a_chosen_option_ask_for_nothing(stage: Stage) -> None:
    """Slack tells of them all the same; they are acknowledged."""
    payload = {"type": "block_actions", "container": {"type": "message"}, "actions": [{"action_id": "value"}]}

    response = await stage.interact("UANNA", payload)

    assert response.status == 200
    assert stage.standin.responses == []


async def test_many_at_once_are_all_answered(stage: Stage) -> None:
    """Fifty people ask at the same moment, and each gets their form."""
    team = stage.standin.teams["xoxb-one"]
    team.users.extend({"id": f"U{number}", "team_id": "T1", "name": f"n{number}"} for number in range(50))

    statuses = await asyncio.gather(*(stage.command(f"U{number}", "announce") for number in range(50)))

    assert statuses == [200] * 50
    assert len(stage.standin.opened) == 50


def test_the_pieces_of_a_long_text_are_one_text() -> None:
    """A text of two fields comes back as one value."""
    values = {
        "text~a.1.1": {"value": {"type": "plain_text_input", "value": "First"}},
        "text+2~a.1.1": {"value": {"type": "plain_text_input", "value": "Second"}},
        "when~a.1.1": {"value": {"type": "datepicker", "selected_date": None}},
    }

    assert values_of({"state": {"values": values}}) == {"text": "First\nSecond", "when": ""}


async def test_a_reaction_on_ones_own_copy_is_having_read(database: Database, clock: StillClock) -> None:
    """Slack tells of it, though nothing there is counted: whoever puts a thumb on it has read it."""
    async with opened(database, clock, rooms()) as surface:
        assert isinstance(surface, SlackSurface)
        await published(surface, "anna", NEWS)
        [copy] = await surface.direct("eva")

        await surface.react("eva", copy)
        await surface.redeliver()
        clock.move(timedelta(minutes=2))
        await surface.settle()

        assert says_count((await picture_of(surface, "anna", "New canteen")).text, "Read", 1)
        assert await counted(surface, "eva") == {Kind.READ: 1}
