"""Whom and what the bot knows of in Teams: people of the organisation and its channels, and nobody from outside."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from adapters.teams.roster import next_night
from bot.platform import To
from storage.tables import Channel, ChannelMember, ClosedWay, Member, Participation
from tests.teams.conftest import BOT, LUNCH, TEAM, Tenant
from tests.teams.issuer import TENANT
from tests.teams.service import Failure, rostered


async def members(tenant: Tenant) -> dict[str, Member]:
    """Return who is stored, by their id in the directory."""
    async with tenant.database.read() as session:
        return {member.external_id: member for member in (await session.execute(select(Member))).scalars()}


async def channels(tenant: Tenant) -> dict[str, Channel]:
    """Return the channels that are stored, by Teams' ids."""
    async with tenant.database.read() as session:
        return {channel.external_id: channel for channel in (await session.execute(select(Channel))).scalars()}


async def people_in(tenant: Tenant, channel: str) -> list[str]:
    """Return who is stored as being in a channel."""
    async with tenant.database.read() as session:
        found = await session.execute(
            select(Member.external_id)
            .join(ChannelMember, col(ChannelMember.member_id) == col(Member.id))
            .join(Channel, col(Channel.id) == col(ChannelMember.channel_id))
            .where(Channel.external_id == channel)
            .order_by(Member.external_id)
        )
        return list(found.scalars())


def installed(tenant: Tenant, **more: Any) -> dict[str, Any]:
    """Return that the app was added to the team."""
    return tenant.in_team("conversationUpdate", membersAdded=[{"id": BOT}], **more)


async def test_installing_for_oneself_says_hello_once(tenant: Tenant) -> None:
    """Teams tells of it twice; whoever did it is known from then on."""
    await tenant.take(tenant.activity("installationUpdate", action="add"))
    await tenant.take(tenant.activity("conversationUpdate", membersAdded=[{"id": BOT}]))

    assert len(tenant.said_to("anna")) == 1
    assert (await members(tenant))["anna"].email == "anna@company.example"


async def test_an_hour_that_ends_makes_no_second_hello(tenant: Tenant) -> None:
    """What Teams tells twice may be told by two hours' names."""
    await tenant.take(tenant.activity("installationUpdate", action="add"))
    tenant.clock.move(timedelta(hours=1))
    await tenant.take(tenant.activity("conversationUpdate", membersAdded=[{"id": BOT}]))

    assert len(tenant.said_to("anna")) == 1


async def test_another_version_of_the_app_says_nothing(tenant: Tenant) -> None:
    """Days later too: everybody has it, and would be greeted anew with each upgrade."""
    await tenant.take(tenant.activity("installationUpdate", action="add"))
    tenant.clock.move(timedelta(days=9))

    await tenant.take(tenant.activity("installationUpdate", action="remove-upgrade"))
    await tenant.take(tenant.activity("installationUpdate", action="add-upgrade"))

    assert len(tenant.said_to("anna")) == 1


async def test_whoever_takes_the_app_away_and_adds_it_again_is_greeted_again(tenant: Tenant) -> None:
    """Within the same hour too."""
    for action in ("add", "remove", "add"):
        await tenant.take(tenant.activity("installationUpdate", action=action))

    assert len(tenant.said_to("anna")) == 2


async def test_installing_in_a_team_brings_its_channels_and_people(tenant: Tenant) -> None:
    """Page by page; guests are left out, and nothing is said in the channel."""
    tenant.service.page_size = 2
    tenant.service.rosters[TEAM] += [rostered("greta", tenant=TENANT), rostered("otto", tenant="another")]

    await tenant.take(installed(tenant))

    known = await members(tenant)
    assert sorted(known) == ["anna", "bo", "greta"]
    assert known["greta"].is_communications_lead
    assert {id_: channel.name for id_, channel in (await channels(tenant)).items()} == {
        TEAM: "Samlas AB",
        LUNCH: "Samlas AB / Lunch",
    }
    assert await people_in(tenant, LUNCH) == ["anna", "bo", "greta"]
    assert tenant.service.standing == []


async def test_zone_and_language_come_from_what_people_send(tenant: Tenant) -> None:
    """A roster has neither."""
    client = {"type": "clientInfo", "locale": "sv-SE", "country": "SE", "timezone": "Europe/Helsinki"}

    await tenant.take(tenant.activity(text="help", locale="sv-SE", entities=[client]))

    anna = (await members(tenant))["anna"]
    assert (anna.locale, anna.zone) == ("sv-SE", "Europe/Helsinki")
    assert "Hej" in str(tenant.said_to("anna"))


async def test_guests_are_neither_stored_nor_counted_nor_answered(tenant: Tenant) -> None:
    """Whatever they do, wherever they do it."""
    await tenant.take(installed(tenant))
    before = await members(tenant)

    await tenant.take(tenant.activity(person="gus", text="help"))
    await tenant.take(tenant.in_team(person="gus", text="Hello"))
    await tenant.take(tenant.in_team("messageReaction", "gus", replyToId="1", reactionsAdded=[{"type": "like"}]))
    await tenant.take(tenant.in_team("conversationUpdate", membersAdded=[{"id": "29:gus", "aadObjectId": "gus"}]))
    data = {"action": "announcement.read", "row": 1, "version": 1}
    pressed = tenant.in_team("invoke", "gus", name="adaptiveCard/action", value={"action": {"data": data}})
    refused = await tenant.post(pressed)

    assert refused.status == 403
    assert (await members(tenant)).keys() == before.keys()
    async with tenant.database.read() as session:
        assert (await session.execute(select(Participation))).first() is None
    assert tenant.said_to("gus") == []


async def test_somebody_of_whom_teams_says_nothing_is_to_come_again(tenant: Tenant) -> None:
    """Rather than being taken for one of the organisation."""
    tenant.service.script["/members/"].append(Failure(502))

    first = await tenant.post(tenant.activity(text="help"))

    assert first.status == 503
    assert await members(tenant) == {}
    assert (await tenant.post(tenant.activity(text="help"))).status == 200


async def test_people_come_and_go(tenant: Tenant) -> None:
    """Who leaves a team is still in the organisation."""
    await tenant.take(installed(tenant))
    tenant.service.rosters[TEAM].append(rostered("eva", tenant=TENANT))

    await tenant.take(tenant.in_team("conversationUpdate", membersAdded=[{"id": "29:eva", "aadObjectId": "eva"}]))
    came = await people_in(tenant, LUNCH)
    await tenant.take(tenant.in_team("conversationUpdate", membersRemoved=[{"id": "29:bo", "aadObjectId": "bo"}]))

    assert came == ["anna", "bo", "eva"]
    assert await people_in(tenant, LUNCH) == ["anna", "eva"]
    assert "bo" in await members(tenant)


@pytest.mark.parametrize("kind", ["private", "shared"])
async def test_a_private_channel_is_for_those_in_it(tenant: Tenant, kind: str) -> None:
    """It has people of its own, whoever is in its team; and who comes into the team is not in it."""
    tenant.service.channels[TEAM].append({"id": "19:board", "name": "Board", "type": kind})
    tenant.service.rosters["19:board"] = [rostered("anna", tenant=TENANT), rostered("otto", tenant="another")]
    tenant.service.rosters[TEAM].append(rostered("eva", tenant=TENANT))

    await tenant.take(installed(tenant))
    await tenant.take(tenant.in_team("conversationUpdate", membersAdded=[{"id": "29:eva", "aadObjectId": "eva"}]))

    assert {id_: it.is_private for id_, it in (await channels(tenant)).items()} == {
        TEAM: False,
        LUNCH: False,
        "19:board": True,
    }
    assert await people_in(tenant, "19:board") == ["anna"]
    assert await people_in(tenant, LUNCH) == ["anna", "bo", "eva"]


async def test_a_channel_of_which_nothing_is_known_is_taken_for_private(tenant: Tenant) -> None:
    """Until Teams says that it is open."""
    await tenant.take(tenant.in_team(text="Hello"))
    before = (await channels(tenant))[LUNCH].is_private

    await tenant.take(installed(tenant))
    await tenant.take(tenant.in_team(person="bo", text="Hello"))

    assert before
    assert not (await channels(tenant))[LUNCH].is_private


async def test_a_team_is_renamed_changed_and_deleted(tenant: Tenant) -> None:
    """Its channels follow."""
    await tenant.take(installed(tenant))
    tenant.service.teams[TEAM]["name"] = "Samlas Nord"
    tenant.service.channels[TEAM] = [{"id": TEAM}, {"id": "19:new", "name": "New"}]

    await tenant.take(tenant.in_team("conversationUpdate", channelData={"eventType": "teamRenamed"}))
    renamed = {id_: (it.name, it.is_archived) for id_, it in (await channels(tenant)).items()}
    await tenant.take(tenant.in_team("conversationUpdate", channelData={"eventType": "teamDeleted"}))

    assert renamed == {
        TEAM: ("Samlas Nord", False),
        "19:new": ("Samlas Nord / New", False),
        LUNCH: ("Samlas AB / Lunch", True),
    }
    assert all(it.is_archived and not it.bot_is_in for it in (await channels(tenant)).values())


async def test_uninstalling_is_remembered(tenant: Tenant) -> None:
    """By a person, who is then *blocked* for the bot until they add it again; and in a team."""
    await tenant.take(tenant.activity("installationUpdate", action="add"))
    await tenant.take(installed(tenant))

    await tenant.take(tenant.activity("installationUpdate", action="remove"))
    await tenant.take(tenant.in_team("conversationUpdate", membersRemoved=[{"id": BOT}]))
    gone = await tenant.kept()
    await tenant.take(tenant.activity("installationUpdate", action="add"))

    assert gone.count('"removed": true') == 3
    assert (await tenant.kept()).count('"removed": true') == 2
    assert not any(it.bot_is_in for it in (await channels(tenant)).values())


async def test_rosters_are_read_again_each_night(tenant: Tenant) -> None:
    """Once a night by the organisation's own clock."""
    await tenant.take(installed(tenant))
    rosters = tenant.rosters()
    await rosters.bring_all()
    tenant.service.rosters[TEAM].append(rostered("eva", tenant=TENANT))

    await rosters.bring_all()
    same_day = await people_in(tenant, LUNCH)
    tenant.clock.move(timedelta(hours=14))
    await rosters.bring_all()

    assert same_day == ["anna", "bo"]
    assert await people_in(tenant, LUNCH) == ["anna", "bo", "eva"]


async def test_a_round_in_which_a_team_did_not_answer_comes_again(tenant: Tenant) -> None:
    """Half an hour later and not the next night; what another process is reading is left alone."""
    await tenant.take(installed(tenant))
    tenant.service.rosters[TEAM].append(rostered("eva", tenant=TENANT))
    tenant.service.script["/pagedmembers"].append(Failure(502))

    await tenant.rosters().bring_all()
    await tenant.rosters().bring_all()
    at_once = await people_in(tenant, LUNCH)
    tenant.clock.move(timedelta(minutes=30))
    await tenant.rosters().bring_all()

    assert at_once == ["anna", "bo"]
    assert await people_in(tenant, LUNCH) == ["anna", "bo", "eva"]


async def test_a_guest_is_asked_about_once(tenant: Tenant) -> None:
    """Also after a restart: a hash of them is kept, and nothing else."""
    await tenant.take(installed(tenant))
    asked = len(tenant.service.requests)

    await tenant.take(tenant.in_team(person="gus", text="Hello"))

    assert len(tenant.service.requests) == asked
    assert "gus" not in await tenant.kept()


def test_night_is_where_the_organisation_is() -> None:
    """Two o'clock, at least half a day after the last one, also when summer time begins."""
    assert next_night(datetime(2027, 3, 3, 12, tzinfo=UTC), "Europe/Stockholm") == datetime(2027, 3, 4, 1, tzinfo=UTC)
    assert next_night(datetime(2027, 3, 27, 2, tzinfo=UTC), "Europe/Stockholm").astimezone(UTC).day == 28


async def test_a_message_months_later_arrives_after_any_restart(tenant: Tenant) -> None:
    """All it takes is what is kept as plain JSON: the service, the conversation and the bot."""
    await tenant.take(tenant.activity("installationUpdate", action="add"))

    sent = await tenant.gateway().post(TENANT, To(member="anna"), tenant.note("Good morning"), "1")

    assert sent.key == tenant.service.in_conversation("a:29:anna")[-1].key
    assert sent.place == "direct:anna"


@pytest.mark.parametrize("met", [True, False], ids=["met in a team", "never met"])
async def test_the_conversation_is_made_where_there_is_none(tenant: Tenant, met: bool) -> None:  # noqa: FBT001 - a parameter
    """With the tenant in both places; it is made once."""
    if met:
        await tenant.take(installed(tenant))
    else:
        await tenant.take(tenant.activity(text="help"))
    gateway = tenant.gateway()

    await gateway.post(TENANT, To(member="bo"), tenant.note("Good morning"), "1")
    await gateway.post(TENANT, To(member="bo"), tenant.note("Good evening"), "2")

    [created] = tenant.service.created
    assert created["members"] == [{"id": "29:bo" if met else "bo"}]
    assert created["tenantID"] == created["channelData"]["tenant"]["id"] == TENANT
    assert created["bot"] == {"id": BOT}


async def test_how_many_from_outside_are_in_a_channel_is_a_number(tenant: Tenant) -> None:
    """Guests and people of other organisations, by channel; it changes when one comes or goes."""
    tenant.service.channels[TEAM].append({"id": "19:board", "name": "Board", "type": "shared"})
    tenant.service.rosters["19:board"] = [rostered("anna", tenant=TENANT)]
    tenant.service.rosters["19:board"] += [rostered(name, tenant="another") for name in ("otto", "olga")]
    gus = {"id": "29:gus", "aadObjectId": "gus"}

    async def outsiders() -> dict[str, int]:
        return {id_: channel.outsiders for id_, channel in (await channels(tenant)).items()}

    await tenant.take(installed(tenant))
    first = await outsiders()
    guest = tenant.service.rosters[TEAM].pop()
    await tenant.take(tenant.in_team("conversationUpdate", membersRemoved=[gus]))
    gone = await outsiders()
    tenant.service.rosters[TEAM].append(guest)
    await tenant.take(tenant.in_team("conversationUpdate", membersAdded=[gus]))

    assert first == {TEAM: 1, LUNCH: 1, "19:board": 2}
    assert gone == {TEAM: 0, LUNCH: 0, "19:board": 2}
    assert await outsiders() == first


async def test_whoever_takes_the_app_away_is_known_as_blocked(tenant: Tenant) -> None:
    """Before anything is sent to them in vain; and not any more when they have added it again."""
    await tenant.take(tenant.activity("installationUpdate", action="add"))
    await tenant.take(tenant.activity("installationUpdate", action="remove"))
    removed = await closed(tenant)

    await tenant.take(tenant.activity("installationUpdate", action="add"))

    assert removed == ["blocked"]
    assert await closed(tenant) == []


async def closed(tenant: Tenant) -> list[str]:
    """Return why nothing gets through to people."""
    async with tenant.database.read() as session:
        return list((await session.execute(select(ClosedWay.why))).scalars())
