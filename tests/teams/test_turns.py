"""What only Teams has: mentions, words instead of slashes, dialogs, message extensions, and answers in private."""

from typing import Any

import pytest
from sqlmodel import col, select

from adapters.teams.wire import Entity
from adapters.teams.words import Asked, asked_for, without_mention
from bot.context import known
from storage.people import add_channel_members
from storage.tables import (
    Announcement,
    AnnouncementState,
    AudienceKind,
    Channel,
    Kind,
    Member,
    Participation,
    Question,
)
from tests.teams.conftest import BOT, LUNCH, TEAM, Tenant
from tests.teams.service import Failure

KNOWN = ("announce", "news", "samlas", "nudges", "decisions", "decision-path", "coach", "invite-in", "show")

WRITTEN = {
    "announce": Asked("announce", ""),
    "Announce We move in June": Asked("announce", "We move in June"),
    "/announce: We move": Asked("announce", "We move"),
    "meddela Vi flyttar": Asked("announce", "Vi flyttar"),
    "NYHETER": Asked("news", ""),
    "beslut flytt": Asked("decisions", "flytt"),
    "beslutsväg": Asked("decision-path", ""),
    "decision path": Asked("decision-path", ""),
    "bjud in Bo": Asked("invite-in", "Bo"),
    "invite in Bo": Asked("invite-in", "Bo"),
    "hjälp": Asked("samlas", ""),
    "me": Asked("samlas", "me"),
    "mina uppgifter": Asked("samlas", "me"),
    "samlas me": Asked("samlas", "me"),
    "show it": Asked("show", "it"),
    "newspaper": None,
    "announced yesterday": None,
    "helpful": None,
    "me too": None,
    "": None,
    "what is the news?": None,
    "home": None,
}


@pytest.mark.parametrize("text", WRITTEN)
def test_plain_words_are_commands(text: str) -> None:
    """In both languages, with or without a slash; a word that only begins like one is none."""
    assert asked_for(text, KNOWN) == WRITTEN[text]


def test_only_known_commands_are_asked_for() -> None:
    """A word of a command that the program does not have is a word."""
    assert asked_for("beslut", ("announce",)) is None


def test_the_bots_mention_is_taken_away_and_others_stay() -> None:
    """As their names, without markup."""
    bot = Entity(type="mention", text="<at>Samlas</at>", mentioned={"id": BOT})
    text = "<at>Samlas</at>&nbsp;invite in <at>Bo Ek</at> &lt;now&gt;"

    assert without_mention(text, [bot], BOT) == ("invite in Bo Ek <now>", True)
    assert without_mention("hello", [], BOT) == ("hello", False)


def mention(text: str) -> dict[str, Any]:
    """Return what a mention of the bot adds to an activity."""
    at = "<at>Samlas</at>"
    return {"text": f"{at} {text}", "entities": [{"type": "mention", "text": at, "mentioned": {"id": BOT}}]}


async def test_a_command_in_a_channel_is_answered_in_private(tenant: Tenant) -> None:
    """With the way back; the channel stays as it was."""
    await tenant.take(tenant.in_team(**mention("help")))

    answer, way_back = tenant.said_to("anna")
    assert "Hello, I am Samlas" in str(answer)
    assert "https://teams.microsoft.com/l/message/" in str(way_back)
    assert tenant.service.in_conversation(LUNCH) == []
    assert [created["members"][0]["id"] for created in tenant.service.created] == ["29:anna"]


async def test_whoever_has_no_chat_with_the_bot_is_asked_to_add_it(tenant: Tenant) -> None:
    """In the thread, and without the answer."""
    await tenant.take(tenant.in_team(text="Hello"))
    tenant.service.script["/v3/conversations"].append(Failure(403, "ForbiddenOperationException"))
    asked = tenant.in_team(**mention("help"))

    await tenant.take(asked)

    [told] = tenant.service.in_conversation(f"{LUNCH};messageid={asked['id']}")
    assert "Please add Samlas for yourself first" in str(told.activity)
    assert "Hello, I am Samlas" not in str(told.activity)


def mention_of(id_: str, text: str = "<at>Lunch</at>") -> dict[str, Any]:
    """Return what a mention of a channel, a team or a tag adds to an activity."""
    return {"text": f"{text} is ready", "entities": [{"type": "mention", "text": text, "mentioned": {"id": id_}}]}


async def test_a_mention_of_the_channel_or_the_team_is_to_everybody(tenant: Tenant) -> None:
    """A person's or a tag's mention is not; and without a chat of their own nobody is told anything, nowhere."""
    await tenant.take(tenant.in_team(text="Hello"))
    await tenant.take(tenant.in_team(person="bo", text="Hello"))
    await fill_channel_of(tenant, 50)
    for id_ in ("29:bo", "tag-of-cooks", "19:another@thread.tacv2"):
        await tenant.take(tenant.in_team(**mention_of(id_)))
    assert tenant.said_to("anna") == []

    await tenant.take(tenant.in_team(**mention_of(TEAM)))
    tenant.service.script["/v3/conversations"].append(Failure(403, "ForbiddenOperationException"))
    unmet = tenant.in_team(person="bo", **mention_of(LUNCH))
    await tenant.take(unmet)

    offer, way_back = tenant.said_to("anna")
    assert "This reaches 50 people." in str(offer)
    assert "This is about what you wrote in a channel." in str(way_back)
    assert tenant.said_to("bo") == []
    assert tenant.service.in_conversation(f"{LUNCH};messageid={unmet['id']}") == []


async def fill_channel_of(tenant: Tenant, people: int) -> None:
    """Let so many people be in the channel, those who are in it among them."""
    async with tenant.database.begin() as session:
        channel = (await session.execute(select(Channel).where(Channel.external_id == LUNCH))).scalar_one()
        # Whose roster has not been read, so that nobody is known to be in it.
        others = [
            Member(
                workspace_id=channel.workspace_id, external_id=f"one-of-many-{number}", created_at=tenant.clock.now()
            )
            for number in range(people - 2)
        ]
        session.add_all(others)
        await session.flush()
        those = [
            *others,
            *(await session.execute(select(Member).where(col(Member.external_id).in_(["anna", "bo"])))).scalars(),
        ]
        await add_channel_members(
            session, channel.workspace_id, known(channel.id), [known(member.id) for member in those]
        )


async def test_a_group_chat_is_answered_and_not_counted(tenant: Tenant) -> None:
    """Only a mention is for the bot."""
    group = "19:group@thread.v2"
    chat = {"id": group, "conversationType": "groupChat", "isGroup": True, "tenantId": "tenant-1"}
    tenant.service.rosters[group] = tenant.service.rosters[LUNCH]

    await tenant.take(tenant.activity(text="Lunch?", conversation=chat))
    await tenant.take(tenant.activity(conversation=chat, **mention("help")))

    assert "Hello, I am Samlas" in str(tenant.said_to("anna"))
    async with tenant.database.read() as session:
        found = (await session.execute(select(Participation.kind))).scalars().all()
    assert set(found) <= {Kind.COMMAND}


async def test_an_answer_is_tried_a_few_times(tenant: Tenant) -> None:
    """A passing failure does not cost somebody their answer; one whose outcome is unknown is not said twice."""
    tenant.service.script["/activities"].extend([Failure(412), Failure(429, retry_after=1)])

    await tenant.take(tenant.activity(text="help"))

    assert len(tenant.said_to("anna")) == 1


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_an_answer_that_may_stand_is_not_said_twice(tenant: Tenant, status: int) -> None:
    """A gateway gave up on it, which does not tell whether it arrived."""
    tenant.service.script["/activities"].append(Failure(status, done=True))

    await tenant.take(tenant.activity(text="help"))

    assert len(tenant.said_to("anna")) == 1


async def asked_of_message(tenant: Tenant, command: str, text: str) -> Any:
    """Choose a command in a message's menu."""
    value = {"commandId": command, "messagePayload": {"id": "77", "body": {"contentType": "html", "content": text}}}
    return await tenant.take(tenant.in_team("invoke", name="composeExtension/fetchTask", value=value, locale="sv-SE"))


async def test_a_message_becomes_an_announcement(tenant: Tenant) -> None:
    """From its menu: the dialog begins with what it says, and goes on step by step with errors at their fields."""
    opened = await asked_of_message(tenant, "announceThis", "<div><p>We move in <at>June</at> &amp; soon</p></div>")

    dialog = opened["task"]["value"]
    assert dialog["title"] == "Nytt meddelande"
    words = next(each for each in dialog["card"]["content"]["body"] if each.get("id") == "field.text")
    assert words["value"] == "We move in June & soon"

    refused = await sent(tenant, dialog, **{"field.title": "We move", "field.text": ""})
    body = refused["task"]["value"]["card"]["content"]["body"]
    kinds = [each.get("id") or each.get("inlines", [{}])[0].get("text", "") for each in body]
    assert kinds[kinds.index("field.text") - 1].startswith("⚠ ")
    assert next(each for each in body if each.get("id") == "field.title")["value"] == "We move"

    shown = await sent(tenant, refused["task"]["value"], **{"field.text": "In June."})
    assert shown["task"]["value"]["title"] == "Förhandsvisning"


async def sent(tenant: Tenant, dialog: dict[str, Any], **values: str) -> Any:
    """Send a dialog by its last button, with what its inputs hold and these values."""
    body = dialog["card"]["content"]["body"]
    data = {each["id"]: each.get("value", "") for each in body if str(each["type"]).startswith("Input.")}
    action = next(each for each in reversed(body) if each["type"] == "ActionSet")["actions"][-1]
    value = {"commandId": "announceThis", "data": {**action["data"], **data, **values}}
    asked = tenant.in_team("invoke", name="composeExtension/submitAction", value=value, locale="sv-SE")
    return await tenant.take(asked)


async def test_inviting_somebody_in(tenant: Tenant) -> None:
    """From a message's menu the dialog asks only whom: into which conversation is known."""
    answer = await asked_of_message(tenant, "inviteIn", "Hello")

    inputs = [each for each in answer["task"]["value"]["card"]["content"]["body"] if each["type"].startswith("Input.")]
    assert [each["id"] for each in inputs] == ["choice.who", "form"]


async def test_a_replayed_activity_counts_and_acts_once(tenant: Tenant) -> None:
    """Word for word the same, as Teams sends what it thinks was lost."""
    await tenant.take(tenant.activity("installationUpdate", action="add"))
    before = len(tenant.said_to("anna"))
    activity = tenant.activity(text="news")

    for _ in range(3):
        await tenant.take(activity)

    assert len(tenant.said_to("anna")) == before + 1


async def test_a_plain_submit_is_answered_by_a_message(tenant: Tenant) -> None:
    """Where a client opens no dialog, what it sends instead leads on all the same."""
    data = {"action": "announcement.edit", "row": 1, "version": 1, "msteams": {"type": "task/fetch"}}

    await tenant.take(tenant.activity(value=data))

    assert len(tenant.said_to("anna")) == 1


async def test_what_other_bots_and_the_bot_itself_write_is_nothing(tenant: Tenant) -> None:
    """Neither are edits and typing."""
    by_bot = tenant.in_team(text="Hello")
    by_bot["from"] = {"id": "28:another", "name": "Another"}
    before = await tenant.kept()

    for activity in (by_bot, tenant.in_team("typing"), tenant.in_team("messageUpdate", text="x")):
        await tenant.take(activity)

    assert await tenant.kept() == before


async def test_a_button_gives_nobody_sight_of_a_channel(tenant: Tenant) -> None:
    """Where it says it was asked for is the client's word: who is not in it is told nothing of it."""
    await tenant.take(tenant.in_team(text="Hello"))
    announcement = await announced_in_lunch(tenant)
    data = {"action": "announcement.question", "row": announcement, "version": 1, "field.question": "Is it true?"}
    value = {"data": {**data, "channel": LUNCH}}

    answer = await tenant.take(tenant.activity("invoke", "bo", name="task/submit", value=value))

    assert "not there any more" in str(answer)
    async with tenant.database.read() as session:
        assert (await session.execute(select(Question))).first() is None


async def announced_in_lunch(tenant: Tenant) -> int:
    """Return an announcement of anna's that is for *Lunch* and stands there."""
    async with tenant.database.begin() as session:
        channel = (await session.execute(select(Channel).where(Channel.external_id == LUNCH))).scalar_one()
        anna = (await session.execute(select(Member).where(Member.external_id == "anna"))).scalar_one()
        announcement = Announcement(
            workspace_id=channel.workspace_id,
            author_id=known(anna.id),
            state=AnnouncementState.PUBLISHED,
            audience_kind=AudienceKind.CHANNEL,
            audience_id=channel.id,
            home_channel_id=channel.id,
            revision=1,
            created_at=tenant.clock.now(),
            published_at=tenant.clock.now(),
        )
        session.add(announcement)
        await session.flush()
        return known(announcement.id)
