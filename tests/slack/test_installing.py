"""Installing by OAuth: checked, encrypted, for workspaces and whole organisations, and undone when Slack says so."""

from datetime import timedelta
from typing import Any

import pytest

from bot.messages import Message, Words
from bot.platform import NotSent, To
from bot.secrets import Vault
from tests.slack.counts import channel_sums, rows_of
from tests.slack.stage import KEY, Stage, begun, message, team_of, user
from tests.slack.team import Team

HELLO = Message("Hello", (Words("Hello"),))


async def installed(stage: Stage, team: Team) -> int:
    """Install Samlas in a workspace from beginning to end; returns the last page's status."""
    stage.standin.codes["code"] = team
    state, cookies = await begun(stage)
    stage.client.session.cookie_jar.clear()
    response = await stage.client.get(
        "/slack/oauth_redirect",
        params={"code": "code", "state": state},
        headers={"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())},
    )
    await stage.slack.roster.do_due()
    return response.status


async def test_a_workspace_installs_samlas(many: Stage) -> None:
    """The token is kept encrypted, whoever installed it leads, the people are known, and things can be said."""
    assert await installed(many, team_of("T1", "xoxb-one")) == 200

    [kept] = await rows_of(many.database, "installation")
    assert kept["external_id"] == "T1"
    assert "xoxb-one" not in repr(kept)
    people = {row["external_id"]: row["is_communications_lead"] for row in await rows_of(many.database, "member")}
    assert people["UINSTALLER"] == 1
    assert people["UANNA"] == 0
    await many.slack.gateway.post("T1", To(member="UANNA"), HELLO, "d1")
    assert len(many.standin.said_to("UANNA")) == 1


@pytest.mark.parametrize("wrong", ["state", "cookie", "none", "late", "twice"])
async def test_an_installation_that_we_did_not_begin_is_refused(many: Stage, wrong: str) -> None:
    """A state that is wrong, from another browser, missing, old or used up installs nothing."""
    many.standin.codes["code"] = team_of("T1", "xoxb-one")
    state, cookies = await begun(many)
    many.client.session.cookie_jar.clear()
    params = {"code": "code", "state": "made-up" if wrong == "state" else state}
    if wrong == "none":
        del params["state"]
    if wrong == "late":
        many.clock.move(timedelta(minutes=11))
    given = "another" if wrong == "cookie" else params.get("state", "")
    headers = {"Cookie": f"{next(iter(cookies))}={given}"}
    if wrong == "twice":
        await many.client.get("/slack/oauth_redirect", params={**params, "code": "invalid"}, headers=headers)

    response = await many.client.get("/slack/oauth_redirect", params=params, headers=headers)

    assert response.status in (400, 401)
    assert await rows_of(many.database, "installation") == []
    assert await rows_of(many.database, "workspace") == []


async def test_looking_at_the_install_page_leaves_nothing_behind(many: Stage) -> None:
    """Anybody may open it, however often; only what is brought back is kept, while it could come again."""
    for _ in range(20):
        await begun(many)
        many.client.session.cookie_jar.clear()
    assert await rows_of(many.database, "installing_state") == []

    await installed(many, team_of("T1", "xoxb-one"))
    many.clock.move(timedelta(minutes=11))
    await installed(many, team_of("T2", "xoxb-two"))

    assert len(await rows_of(many.database, "installing_state")) == 1


async def test_what_else_is_encrypted_is_no_state(many: Stage) -> None:
    """A token under the same key installs nothing."""
    many.standin.codes["code"] = team_of("T1", "xoxb-one")
    _, cookies = await begun(many)
    many.client.session.cookie_jar.clear()
    token = Vault([KEY]).lock("xoxb-one")

    response = await many.client.get(
        "/slack/oauth_redirect",
        params={"code": "code", "state": token},
        headers={"Cookie": f"{next(iter(cookies))}={token}"},
    )

    assert response.status in (400, 401)
    assert await rows_of(many.database, "installation") == []


async def test_two_workspaces_never_mix(many: Stage) -> None:
    """The same ids in two workspaces are two people, and each is spoken to with its own token."""
    await installed(many, team_of("T1", "xoxb-one"))
    await installed(many, team_of("T2", "xoxb-two"))

    await many.event(message("1.1"), team="T1")
    await many.event(message("1.1", team="T2"), team="T2")
    await many.slack.gateway.post("T2", To(member="UANNA"), HELLO, "d1")
    await many.command("UANNA", "announce", "Only in one", team="T1")

    assert await channel_sums(many.database) == {"T1/C1": 1, "T2/C1": 1}
    assert [said.user_token for said in many.standin.said] == ["xoxb-two"]
    homes = {row["id"]: row["external_id"] for row in await rows_of(many.database, "workspace")}
    [draft] = await rows_of(many.database, "announcement")
    assert homes[draft["workspace_id"]] == "T1"


async def test_both_sides_of_a_shared_channel_count_their_own(many: Stage) -> None:
    """Slack tells of a message once, for one side; where the other side let Samlas in, its people count there."""
    for team_id, channel in (("T1", "C1"), ("T2", "C1"), ("T3", "C9")):
        team = team_of(team_id, f"xoxb-{team_id}")
        team.users = [user(f"U{team_id}", team_id), user("UBOT", team_id, is_bot=True)]
        team.channels = [{"id": channel, "name": "shared", "is_member": True, "is_private": False}]
        team.members = {channel: [f"U{team_id}"]}
        await installed(many, team)

    for number, home in enumerate(("T1", "T2", "T3", "T4")):
        assert await many.event(message(f"1.{number}", user=f"U{home}", user_team=home), team="T1") == 200

    assert await channel_sums(many.database) == {"T1/C1": 1, "T2/C1": 1}
    assert {row["external_id"] for row in await rows_of(many.database, "member")} >= {"UT1", "UT2", "UT3"}


async def test_a_button_from_another_workspace_does_nothing(many: Stage) -> None:
    """The row that a button names is looked for in the presser's own workspace, whatever it says."""
    await installed(many, team_of("T1", "xoxb-one"))
    await installed(many, team_of("T2", "xoxb-two"))
    await many.command("UANNA", "announce", "Only in one", team="T1")
    [draft] = await rows_of(many.database, "announcement")
    forged = {"type": "block_actions", "container": {"type": "message", "channel_id": "DUANNA", "message_ts": "1.1"}}
    action = {"action_id": "announcement.edit", "type": "button", "value": f"{draft['id']}.{draft['version']}"}

    response = await many.interact("UANNA", {**forged, "actions": [action]}, team="T2")

    assert response.status == 200
    assert len(many.standin.opened) == 1
    assert "finns inte längre" in many.standin.responses[-1][1]["text"]


async def test_uninstalling_removes_the_token(many: Stage) -> None:
    """Whichever event Slack sends: the token is gone, nothing can be said, and what people did stays."""
    for team, event in (
        ("T1", {"type": "app_uninstalled"}),
        ("T2", {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UBOT"]}}),
    ):
        await installed(many, team_of(team, f"xoxb-{team}"))
        assert await many.event(event, team=team) == 200

        assert await rows_of(many.database, "installation") == []
        with pytest.raises(NotSent):
            await many.slack.gateway.post(team, To(member="UANNA"), HELLO, "d1")
    assert len(await rows_of(many.database, "workspace")) == 2


async def test_a_revoked_token_of_a_person_changes_nothing(many: Stage) -> None:
    """Only the bot's own token is ours."""
    await installed(many, team_of("T1", "xoxb-one"))

    await many.event({"type": "tokens_revoked", "tokens": {"oauth": ["UANNA"], "bot": []}}, team="T1")

    assert len(await rows_of(many.database, "installation")) == 1


async def test_installed_again_it_goes_on_where_it_was(many: Stage) -> None:
    """The same workspace is the same organisation, with its people and what they did."""
    await installed(many, team_of("T1", "xoxb-one"))
    await many.event(message("1.1"), team="T1")
    await many.event({"type": "app_uninstalled"}, team="T1")
    await many.event(message("1.2"), team="T1")

    await installed(many, team_of("T1", "xoxb-new"))
    await many.event(message("1.3"), team="T1")
    await many.slack.gateway.post("T1", To(member="UANNA"), HELLO, "d1")

    assert await channel_sums(many.database) == {"T1/C1": 2}
    assert many.standin.said[-1].user_token == "xoxb-new"
    assert len(await rows_of(many.database, "workspace")) == 1


async def test_news_of_an_end_that_come_late_leave_the_new_installation_alone(many: Stage) -> None:
    """Uninstalled, installed again, and told of the first once more: the new token speaks on."""
    ends: list[dict[str, Any]] = [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["UBOT"]}}]
    await installed(many, team_of("T1", "xoxb-one"))
    many.clock.move(timedelta(minutes=1))
    ended = many.clock.now()
    for event in ends:
        await many.event(event, team="T1", at=ended)
    many.clock.move(timedelta(minutes=1))
    await installed(many, team_of("T1", "xoxb-new"))

    for event in ends:
        assert await many.event(event, team="T1", at=ended) == 200

    await many.slack.gateway.post("T1", To(member="UANNA"), HELLO, "d1")
    assert many.standin.said[-1].user_token == "xoxb-new"


async def test_the_end_in_one_workspace_told_twice_leaves_its_grid_alone(many: Stage) -> None:
    """Installed in a workspace and in its whole Grid, and taken out of the workspace only: the Grid's token stays."""
    for team_id, token, is_whole in (("T1", "xoxb-one", False), ("T2", "xoxb-grid", True)):
        team = team_of(team_id, token)
        team.enterprise_id, team.is_enterprise_install, team.teams = "E1", is_whole, ["T1", "T2"]
        for person in team.users:
            person["enterprise_user"] = {"enterprise_id": "E1"}
        await installed(many, team)
    assert {row["external_id"] for row in await rows_of(many.database, "installation")} == {"T1", "E1"}

    ends: list[dict[str, Any]] = [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["UBOT"]}}]
    for event in ends * 2:
        assert await many.event(event, team="T1", grid="E1") == 200

    assert {row["external_id"] for row in await rows_of(many.database, "installation")} == {"E1"}


async def test_a_whole_grid_installs_samlas(many: Stage) -> None:
    """One installation for the organisation: events of any of its workspaces are its own."""
    grid = team_of("T1", "xoxb-grid")
    grid.enterprise_id, grid.is_enterprise_install = "E1", True
    grid.teams = ["T1", "T7"]
    for person in grid.users:
        person["enterprise_user"] = {"enterprise_id": "E1"}

    assert await installed(many, grid) == 200
    await many.event(message("1.1"), team="T1", grid="E1")
    await many.event(message("1.2", team="T7"), team="T7", grid="E1")

    [workspace] = await rows_of(many.database, "workspace")
    assert workspace["external_id"] == "E1"
    assert await channel_sums(many.database) == {"E1/C1": 2}
    assert [call.get("team_id") for call in many.standin.calls_of("users.list")] == ["T1", "T7"]
    assert {row["name"] for row in await rows_of(many.database, "member")} >= {"Anna", "Bo"}


async def test_one_person_in_two_workspaces_of_a_grid_is_one(many: Stage) -> None:
    """Installed in each by itself, it is one organisation all the same; a channel is spoken to by who is in it."""
    for team_id, token, channel in (("T1", "xoxb-one", "C1"), ("T2", "xoxb-two", "C5")):
        team = team_of(team_id, token)
        team.enterprise_id = "E1"
        team.channels = [{"id": channel, "name": channel.lower(), "is_member": True}]
        team.members = {channel: ["UANNA"]}
        for person in team.users:
            person["enterprise_user"] = {"enterprise_id": "E1"}
        await installed(many, team)
        many.clock.move(timedelta(days=1))
        await many.slack.roster.do_due()

    await many.event(message("1.1", channel="C1"), team="T1", grid="E1")
    await many.event(message("1.2", channel="C5", team="T2"), team="T2", grid="E1")
    await many.slack.gateway.post("E1", To(channel="C5"), HELLO, "d1")
    await many.slack.gateway.post("E1", To(channel="C1"), HELLO, "d2")

    [workspace] = await rows_of(many.database, "workspace")
    assert workspace["external_id"] == "E1"
    assert await channel_sums(many.database) == {"E1/C1": 1, "E1/C5": 1}
    assert sum(row["external_id"] == "UANNA" for row in await rows_of(many.database, "member")) == 1
    assert [said.user_token for said in many.standin.said] == ["xoxb-two", "xoxb-one"]
