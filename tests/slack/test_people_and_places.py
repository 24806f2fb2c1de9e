"""The organisation's people and channels are known as Slack has them."""

from datetime import timedelta
from typing import Any

import pytest

from adapters.slack.config import SlackConfig
from bot.config import Config
from bot.directory import begin_directory
from bot.secrets import Vault
from storage.database import Database
from storage.installations import store_installation
from storage.tables import Platform
from storage.workspaces import add_workspace
from tests.conftest import StillClock
from tests.slack.counts import channel_sums, rows_of
from tests.slack.signing import SECRET
from tests.slack.stage import KEY, Stage, message, one_workspace, slack_stage, team_of, user
from tests.slack.standin import Failure, SlackStandIn


async def people(database: Database) -> dict[str, dict[str, Any]]:
    """Return the stored people by external id."""
    return {str(row["external_id"]): row for row in await rows_of(database, "member")}


async def in_channel(database: Database, channel: str = "C1") -> set[str]:
    """Return who is stored as being in a channel."""
    names = {row["id"]: str(row["external_id"]) for row in await rows_of(database, "member")}
    channels = {row["id"]: row["external_id"] for row in await rows_of(database, "channel")}
    return {
        names[row["member_id"]]
        for row in await rows_of(database, "channel_member")
        if channels[row["channel_id"]] == channel
    }


async def test_everybody_is_known_from_the_first_minute(stage: Stage) -> None:
    """Names, addresses in small letters, languages and zones; bots as bots; channels, and who is in them."""
    known = await people(stage.database)

    assert {person["name"] for person in known.values()} == {"Anna", "Bo", "Bot"}
    assert known["UANNA"]["email"] == "anna@example.com"
    assert (known["UANNA"]["zone"], known["UANNA"]["locale"]) == ("Europe/Stockholm", "sv-SE")
    assert known["UBOT"]["is_bot"] == 1
    channels = {row["external_id"]: row["bot_is_in"] for row in await rows_of(stage.database, "channel")}
    assert channels == {"C1": 1, "C2": 0}
    assert await in_channel(stage.database) == {"UANNA", "UBO", "UBOT"}


async def test_long_lists_are_read_page_by_page_and_wait_when_asked_to(
    database: Database, clock: StillClock, standin: SlackStandIn
) -> None:
    """A large workspace comes in pages; on 429 the reading waits as long as Slack says and goes on where it was."""
    team = standin.add(team_of())
    standin.page_size = 7
    team.users.extend(user(f"U{number}") for number in range(40))
    team.members["C1"] = [person["id"] for person in team.users]
    standin.fail("users.list", Failure(), Failure(status=429, error="ratelimited", retry_after=0))
    standin.failures["users.list"].popleft()

    async with slack_stage(database, clock, standin, one_workspace(standin)):
        pass

    assert len(await people(database)) == 43
    assert len(await in_channel(database)) == 43
    assert len(standin.calls_of("users.list")) == 8


async def test_a_workspace_that_cannot_be_read_is_read_again_later(
    database: Database, clock: StillClock, standin: SlackStandIn
) -> None:
    """Slack is in trouble: serving begins all the same, and half an hour later the people are asked for again."""
    standin.add(team_of())
    standin.fail("users.list", Failure(error="fatal_error"))

    async with slack_stage(database, clock, standin, one_workspace(standin)) as stage:
        assert await people(database) == {}
        clock.move(timedelta(minutes=31))
        await stage.slack.roster.do_due()

        assert set(await people(database)) == {"UANNA", "UBO", "UBOT"}


async def test_the_night_brings_what_events_did_not(stage: Stage) -> None:
    """Nothing is asked for twice a day; after the next night, what has changed is known."""
    stage.standin.teams["xoxb-one"].users.append(user("UCARL"))
    await stage.slack.roster.do_due()
    assert "UCARL" not in await people(stage.database)

    stage.clock.move(timedelta(days=1))
    await stage.slack.roster.do_due()

    assert "UCARL" in await people(stage.database)


async def test_events_keep_people_up_to_date(stage: Stage) -> None:
    """Whoever joins, changes their name or leaves is known as such at once; who comes back is back."""
    await stage.event({"type": "team_join", "user": user("UCARL")})
    await stage.event({"type": "user_change", "user": user("UBO", profile={"real_name": "Bo Berg"})})
    await stage.event({"type": "user_change", "user": user("UANNA", deleted=True)})

    known = await people(stage.database)
    assert known["UCARL"]["state"] == "active"
    assert known["UBO"]["name"] == "Bo Berg"
    assert (known["UANNA"]["state"], known["UANNA"]["left_on"] is not None) == ("left", True)
    assert await in_channel(stage.database) == {"UBO", "UBOT"}

    await stage.event({"type": "user_change", "user": user("UANNA")})

    back = (await people(stage.database))["UANNA"]
    assert (back["state"], back["left_on"]) == ("active", None)


async def test_events_keep_channels_up_to_date(stage: Stage) -> None:
    """Renamed, archived, taken up again, deleted; people come and go; each may be told twice."""
    for _ in range(2):
        await stage.event({"type": "channel_rename", "channel": {"id": "C1", "name": "everyone"}})
        await stage.event({"type": "channel_archive", "channel": "C2", "user": "UANNA"})
        await stage.event({"type": "channel_created", "channel": {"id": "C3", "name": "new"}})
        await stage.event({"type": "member_left_channel", "channel": "C1", "user": "UBO"})
        await stage.event({"type": "member_joined_channel", "channel": "C2", "user": "UBO"})

    channels = {row["external_id"]: row for row in await rows_of(stage.database, "channel")}
    assert channels["C1"]["name"] == "everyone"
    assert channels["C2"]["is_archived"] == 1
    assert (channels["C3"]["name"], channels["C3"]["bot_is_in"]) == ("new", 0)
    assert await in_channel(stage.database) == {"UANNA", "UBOT"}
    assert await in_channel(stage.database, "C2") == {"UBO"}

    await stage.event({"type": "channel_unarchive", "channel": "C2", "user": "UANNA"})
    await stage.event({"type": "channel_left", "channel": "C1"})

    channels = {row["external_id"]: row for row in await rows_of(stage.database, "channel")}
    assert channels["C2"]["is_archived"] == 0
    assert channels["C1"]["bot_is_in"] == 0


async def test_slack_need_not_wait_for_long_lists(stage: Stage) -> None:
    """Slack cannot be asked just then: what changed is taken and counts at once, and is asked for until it is known."""
    team = stage.standin.teams["xoxb-one"]
    team.channels[1]["is_member"] = True
    team.members["C2"], team.groups = ["UBO", "UBOT"], [GROUP]
    for method in ("conversations.members", "usergroups.list"):
        stage.standin.fail(method, Failure(error="fatal_error"))

    assert await stage.event({"type": "member_joined_channel", "channel": "C2", "user": "UBOT"}) == 200
    assert await stage.event({"type": "subteam_created", "subteam": GROUP}) == 200
    await stage.event(message("1.2", channel="C2"))
    await stage.slack.roster.do_due()
    assert await channel_sums(stage.database) == {"T1/C2": 1}
    assert len(await rows_of(stage.database, "directory_part")) == 2
    stage.clock.move(timedelta(minutes=31))
    await stage.slack.roster.do_due()

    assert await in_channel(stage.database, "C2") == {"UBO", "UBOT"}
    assert await in_groups(stage.database) == {"Parents": {"UANNA", "UBO"}}
    assert await rows_of(stage.database, "directory_part") == []


@pytest.mark.parametrize("kind", ["rename", "archive", "unarchive", "deleted", "left"])
async def test_a_private_channel_is_never_taken_for_a_public_one(stage: Stage, kind: str) -> None:
    """Not even one that was not heard of before something became of it."""
    channel = {"id": "G9", "name": "layoffs"} if kind == "rename" else "G9"

    assert await stage.event({"type": f"group_{kind}", "channel": channel}) == 200

    channels = {row["external_id"]: row["is_private"] for row in await rows_of(stage.database, "channel")}
    assert channels == {"C1": 0, "C2": 0, "G9": 1}


async def test_counting_begins_and_ends_with_the_bots_own_membership(stage: Stage) -> None:
    """Let into a channel, it knows who is there and counts; taken out, it counts no more."""
    team = stage.standin.teams["xoxb-one"]
    team.channels[1]["is_member"] = True
    team.members["C2"] = ["UBO", "UBOT"]
    await stage.event(message("1.1", channel="C2"))

    await stage.event({"type": "member_joined_channel", "channel": "C2", "user": "UBOT"})
    await stage.slack.roster.do_due()
    await stage.event(message("1.2", channel="C2"))
    await stage.event({"type": "member_left_channel", "channel": "C2", "user": "UBOT"})
    await stage.event(message("1.3", channel="C2"))

    assert await channel_sums(stage.database) == {"T1/C2": 1}
    assert await in_channel(stage.database, "C2") == {"UBO", "UBOT"}


async def test_a_newcomer_is_a_person_with_a_name_after_their_first_command(stage: Stage) -> None:
    """The form opens at once, and then Slack is asked who they are."""
    stage.standin.teams["xoxb-one"].users.append(user("UNEW"))

    await stage.command("UNEW", "announce")

    assert len(stage.standin.opened) == 1
    assert (await people(stage.database))["UNEW"]["name"] == "New"


async def test_a_workspace_whose_round_breaks_leaves_the_others_theirs(
    database: Database, clock: StillClock, standin: SlackStandIn
) -> None:
    """What one of them answers cannot be read at all; the people of the next are known all the same."""
    standin.add(team_of("T1", "xoxb-one"))
    standin.add(team_of("T2", "xoxb-two"))
    vault = Vault([KEY])
    async with database.begin() as session:
        for team_id, token in (("T1", "xoxb-one"), ("T2", "xoxb-two")):
            workspace = await add_workspace(session, Platform.SLACK, team_id, team_id, clock.now(), {})
            await store_installation(
                session,
                workspace.id or 0,
                team_id,
                details={"team_id": team_id, "bot_user_id": "UBOT"},
                secret=vault.lock(token),
                now=clock.now(),
            )
            await begin_directory(session, workspace.id or 0, clock.now())
    del standin.teams["xoxb-one"].users[0]["id"]
    slack = SlackConfig(client_id="1.2", client_secret="secret", signing_secret=SECRET, api_url=standin.api_url)
    config = Config(secret_key=KEY, base_url="https://samlas.example.com")

    async with slack_stage(database, clock, standin, slack, config):
        pass

    done = {row["workspace_id"]: row["done_at"] is not None for row in await rows_of(database, "directory")}
    assert done == {1: False, 2: True}
    assert {row["external_id"] for row in await rows_of(database, "member") if row["workspace_id"] == 2} == {
        "UANNA",
        "UBO",
        "UBOT",
    }


async def test_named_admins_are_communications_leads(
    database: Database, clock: StillClock, standin: SlackStandIn
) -> None:
    """SAMLAS_ADMINS names them by e-mail address."""
    standin.add(team_of())
    config = Config(admins="BO@example.com, somebody@example.com")

    async with slack_stage(database, clock, standin, one_workspace(standin), config):
        pass

    leads = {name for name, row in (await people(database)).items() if row["is_communications_lead"]}
    assert leads == {"UBO"}


GROUP = {"id": "S1", "handle": "parents", "name": "Parents", "users": ["UANNA", "UBO", "UBOT", "UGUEST"]}


async def in_groups(database: Database) -> dict[str, set[str]]:
    """Return who is in which group that is there."""
    names = {row["id"]: str(row["external_id"]) for row in await rows_of(database, "member")}
    inside = await rows_of(database, "group_member")
    return {
        str(group["name"]): {names[row["member_id"]] for row in inside if row["group_id"] == group["id"]}
        for group in await rows_of(database, "people_group")
        if not group["is_gone"]
    }


async def test_user_groups_are_known_without_bots_and_strangers(
    database: Database, clock: StillClock, standin: SlackStandIn
) -> None:
    """From the first minute; an event says that one has changed or gone, and the list says how."""
    team = standin.add(team_of())
    team.groups = [GROUP]

    async with slack_stage(database, clock, standin, one_workspace(standin)) as stage:
        assert await in_groups(database) == {"Parents": {"UANNA", "UBO"}}
        team.groups = [{**GROUP, "name": "Parents and others", "users": ["UBO"]}]
        assert await stage.event({"type": "subteam_updated", "subteam": team.groups[0]}) == 200
        await stage.slack.roster.do_due()
        assert await in_groups(database) == {"Parents and others": {"UBO"}}
        team.groups = []
        assert await stage.event({"type": "subteam_updated", "subteam": {"id": "S1", "date_delete": 1}}) == 200
        await stage.slack.roster.do_due()
        assert await in_groups(database) == {}


async def test_a_plan_without_user_groups_is_read_all_the_same(
    database: Database, clock: StillClock, standin: SlackStandIn
) -> None:
    """Slack says that they are for paid plans; people and channels are there."""
    standin.add(team_of())
    standin.fail("usergroups.list", Failure(error="paid_teams_only"))

    async with slack_stage(database, clock, standin, one_workspace(standin)):
        pass

    assert set(await people(database)) == {"UANNA", "UBO", "UBOT"}
    assert (await rows_of(database, "directory"))[0]["done_at"] is not None
