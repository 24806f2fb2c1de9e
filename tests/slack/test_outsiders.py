"""People from elsewhere are left alone, however they come; of whom it is not known yet, Slack is asked."""

from datetime import timedelta
from typing import Any

import pytest

from storage.database import Database
from storage.tables import Announcement, Question
from tests.conftest import StillClock
from tests.slack.counts import channel_sums, rows_of
from tests.slack.stage import Stage, message, one_workspace, reaction, slack_stage, team_of, user
from tests.slack.standin import Failure, SlackStandIn
from tests.slack.test_people_and_places import in_channel, people

SHORTCUT = {
    "type": "message_action",
    "callback_id": "announce_this",
    "channel": {"id": "C1"},
    "message": {"ts": "1.1", "text": "We move on Monday."},
}


@pytest.mark.parametrize(
    "stranger",
    [
        user("UGUEST", is_restricted=True),
        user("UGUEST", is_ultra_restricted=True),
        user("UGUEST", team="T9"),
        user("UGUEST", is_stranger=True),
    ],
)
async def test_people_from_elsewhere_are_neither_stored_nor_counted(stage: Stage, stranger: dict[str, Any]) -> None:
    """Guests and people of other organisations: met by an event, asked about once, and remembered only as a hash."""
    stage.standin.teams["xoxb-one"].users.append(stranger)

    for number in range(3):
        await stage.event(message(f"1.{number}", user="UGUEST"))
        await stage.event(reaction(f"2.{number}", user="UGUEST"))
    await stage.event({"type": "member_joined_channel", "channel": "C1", "user": "UGUEST"})
    await stage.event({"type": "app_home_opened", "user": "UGUEST", "tab": "home", "event_ts": "3.1"})

    assert "UGUEST" not in await people(stage.database)
    assert await channel_sums(stage.database) == {}
    assert stage.standin.homes == {}
    assert [call["user"] for call in stage.standin.calls_of("users.info")] in ([], ["UGUEST"])
    remembered = repr(await rows_of(stage.database, "outsider"))
    assert "UGUEST" not in remembered


async def test_a_message_that_says_where_its_writer_belongs_needs_no_asking(stage: Stage) -> None:
    """In a shared channel Slack tells the writer's own workspace."""
    await stage.event(message("1.1", user="USTRANGE", user_team="T9"))

    assert await channel_sums(stage.database) == {}
    assert stage.standin.calls_of("users.info") == []
    assert "USTRANGE" not in await people(stage.database)


@pytest.mark.parametrize("error", ["user_not_found", "user_not_visible"])
async def test_of_whom_slack_tells_nothing_nothing_is_kept(stage: Stage, error: str) -> None:
    """Their events are acknowledged, since to be told again would not mend it; what the next one does is counted."""
    stage.standin.fail("users.info", Failure(error=error))

    unseen = await stage.event(message("1.1", user="UUNSEEN"))
    await stage.event(message("1.2", user="UANNA"))

    assert unseen == 200
    assert "UUNSEEN" not in await people(stage.database)
    assert await channel_sums(stage.database) == {"T1/C1": 1}


async def test_a_guest_who_runs_a_command_is_told_kindly(stage: Stage) -> None:
    """Nothing is opened, and nothing is kept of them."""
    stage.standin.teams["xoxb-one"].users.append(user("UGUEST", is_restricted=True))
    await stage.event(message("1.1", user="UGUEST"))

    assert await stage.command("UGUEST", "announce") == 200

    [(_, told)] = stage.standin.responses
    assert "hör till organisationen" in told["text"]
    assert stage.standin.opened == []
    assert "UGUEST" not in await people(stage.database)


async def test_a_guest_whose_first_word_is_a_command_is_forgotten(stage: Stage) -> None:
    """No platform is asked before a form opens; right after, the row that was made for them goes again."""
    stage.standin.teams["xoxb-one"].users.append(user("UGUEST", is_restricted=True))

    await stage.command("UGUEST", "samlas")

    assert "UGUEST" not in await people(stage.database)
    assert await stage.command("UGUEST", "announce") == 200
    assert stage.standin.opened == []


@pytest.mark.parametrize("how", ["shortcut", "press", "form"])
async def test_a_guest_who_goes_on_otherwise_is_found_out(stage: Stage, how: str) -> None:
    """Slack had no answer at first; a message's menu, a button and a form that is sent lead to the same question."""
    stage.standin.teams["xoxb-one"].users.append(user("UGUEST", is_restricted=True))
    stage.standin.fail("users.info", Failure(error="fatal_error"))
    await stage.command("UGUEST", "announce")
    [(_, view)] = stage.standin.opened
    done: dict[str, dict[str, Any]] = {
        "shortcut": SHORTCUT,
        "press": {"type": "block_actions", "actions": [{"action_id": "announcement.new", "value": "0.0"}]},
        "form": {"type": "view_submission", "view": view},
    }
    assert (await people(stage.database))["UGUEST"]["state"] == "stub"

    assert (await stage.interact("UGUEST", done[how])).status == 200

    assert (await people(stage.database)).get("UGUEST", {"state": "left"})["state"] == "left"
    assert len(await rows_of(stage.database, "outsider")) == 1


@pytest.mark.parametrize("is_whole", [True, False])
async def test_on_a_grid_a_stranger_is_turned_away_and_a_colleague_tries_once_more(
    database: Database,
    clock: StillClock,
    standin: SlackStandIn,
    is_whole: bool,  # noqa: FBT001 - a parameter
) -> None:
    """Whoever is not known yet, from another workspace: nothing opens before Slack has said that they are ours."""
    team = standin.add(team_of())
    team.enterprise_id, team.is_enterprise_install, team.teams = "E1", is_whole, ["T1"]
    for person in team.users:
        person["enterprise_user"] = {"enterprise_id": "E1"}
    async with slack_stage(database, clock, standin, one_workspace(standin)) as stage:
        team.users.append(user("USTRANGE", "T666", enterprise_user={"enterprise_id": "E666"}))
        team.users.append(user("UNEW", "T7", enterprise_user={"enterprise_id": "E1"}))
        told = {**SHORTCUT, "team": {"id": "T1"}, "enterprise": {"id": "E1"}}

        for _ in range(2):
            await stage.interact("USTRANGE", {**told, "user": {"id": "USTRANGE", "team_id": "T666"}})
        assert standin.opened == []
        assert "USTRANGE" not in await people(database)
        await stage.interact("UNEW", {**told, "user": {"id": "UNEW", "team_id": "T7"}})
        assert standin.opened == []
        await stage.interact("UNEW", {**told, "user": {"id": "UNEW", "team_id": "T7"}})

        assert len(standin.opened) == 1
        assert (await people(database))["UNEW"]["state"] == "active"
        said = [body["text"] for _, body in standin.responses]
        assert ["hör till organisationen" in words for words in said] == [True, True, False]
        assert "en gång till" in said[2]


async def test_a_guest_who_is_hired_counts(stage: Stage) -> None:
    """What somebody was is no reason to leave them out of what they are."""
    stage.standin.teams["xoxb-one"].users.append(user("UGUEST", is_restricted=True))
    await stage.event(message("1.1", user="UGUEST"))

    await stage.event({"type": "user_change", "user": user("UGUEST")})
    await stage.event(message("1.2", user="UGUEST"))

    assert await channel_sums(stage.database) == {"T1/C1": 1}
    assert (await people(stage.database))["UGUEST"]["state"] == "active"


async def test_a_member_who_becomes_a_guest_leaves_what_they_wrote_and_stops_nobody(stage: Stage) -> None:
    """Their question goes on standing without their name; the event is taken, and the night's round gets to the end."""
    known = await people(stage.database)
    author, asker = int(known["UBO"]["id"]), int(known["UANNA"]["id"])
    workspace_id, now = int(known["UBO"]["workspace_id"]), stage.clock.now()
    async with stage.database.begin() as session:
        news = Announcement(workspace_id=workspace_id, author_id=author, kind="news", created_at=now)
        session.add(news)
        await session.flush()
        question = Question(
            workspace_id=workspace_id, announcement_id=news.id or 0, member_id=asker, text="Why?", asked_at=now
        )
        session.add(question)
    team = stage.standin.teams["xoxb-one"]
    guest = user("UANNA", is_restricted=True)
    team.users = [guest, *team.users[1:], user("UCARL")]

    assert await stage.event({"type": "user_change", "user": guest}) == 200
    stage.clock.move(timedelta(days=1))
    await stage.slack.roster.do_due()

    known = await people(stage.database)
    assert (known["UANNA"]["state"], known["UANNA"]["name"], known["UANNA"]["email"]) == ("left", "", None)
    assert [row["text"] for row in await rows_of(stage.database, "question")] == ["Why?"]
    assert await in_channel(stage.database) == {"UBO", "UBOT"}
    assert "UCARL" in known


async def test_how_many_from_elsewhere_are_in_a_channel_is_a_number_and_no_names(stage: Stage) -> None:
    """A guest and somebody of another organisation count, the bot does not; who comes and goes changes the number."""
    team = stage.standin.teams["xoxb-one"]
    team.users.append(user("UGUEST", is_restricted=True))

    async def outsiders_with(*others: str) -> list[int]:
        team.members["C1"] = ["UANNA", "UBO", "UBOT", *others]
        await stage.slack.roster.do_due()
        return [
            int(str(row["outsiders"])) for row in await rows_of(stage.database, "channel") if row["external_id"] == "C1"
        ]

    stage.clock.move(timedelta(days=1))
    at_night = await outsiders_with("UGUEST", "USTRANGE")
    await stage.event({"type": "member_left_channel", "channel": "C1", "user": "UGUEST"})
    one_left = await outsiders_with("USTRANGE")
    await stage.event({"type": "member_joined_channel", "channel": "C1", "user": "UGUEST"})
    back = await outsiders_with("UGUEST", "USTRANGE")

    assert (at_night, one_left, back) == ([2], [1], [2])
    assert {"UGUEST", "USTRANGE"}.isdisjoint(await people(stage.database))
