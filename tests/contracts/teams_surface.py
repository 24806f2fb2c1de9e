"""The driver of Microsoft Teams: sends activities as Teams does, and reads what the bot answers and sends to Teams."""

import itertools
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from adapters.teams.cards import CARD_TYPE
from adapters.teams.config import TeamsConfig
from adapters.teams.files import CONSENT
from adapters.teams.surface import teams_surface
from bot.events import WorkspaceKey
from bot.messages import Target
from bot.wiring import Room, Serving, wire
from storage.database import Database
from storage.references import EVERYBODY, channel, keep_reference
from tests.conftest import StillClock
from tests.contracts.serving import Client, figures, served
from tests.contracts.surface import Seen, SeenForm, SeenMessage, SeenPicture, SurfaceUnderTest, all_words, filled
from tests.contracts.teams_cards import Stood, errors_in, form_in, is_form, message_in, sent_by
from tests.contracts.teams_tenant import BOT, CHANNELS, KEY, TEAM, TENANT, id_of
from tests.support import Organisation, organisation
from tests.teams.service import ConnectorService, Stands, connector_service, rostered

BASE_URL = "https://samlas.example.com"
# Words that stand in a message of the bot's own that leads back to the channel: not what was answered.
WAY_BACK = ("You asked me this in a channel.", "This is about what you wrote in a channel.")

Json = dict[str, Any]


@dataclass
class TeamsSurface:
    """Implements tests.contracts.surface.SurfaceUnderTest."""

    client: Client
    service: ConnectorService
    serving: Serving
    database: Database
    organisation: Organisation
    clock: StillClock
    name: str = "teams"
    key: WorkspaceKey = KEY
    whispered: set[str] = field(default_factory=set)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1_600_000_000_001))
    last: tuple[Json, str, SeenForm | None] | None = None

    def id_of(self, name: str) -> str:
        """Return the platform's own id of a person or a channel."""
        return id_of(name)

    async def command(self, person: str, name: str, words: str = "", *, channel: str | None = None) -> Seen:
        """Write the command's name: in a channel after a mention of the bot."""
        return await self._say(person, f"{name} {words}".strip(), channel, mention=True)

    async def submit(self, person: str, form: SeenForm, **values: str) -> Seen:
        """Press the form's submit button."""
        assert form.submit is not None, form
        return await self._press_in_form(person, form, form.submit, values)

    async def press(self, person: str, on: SeenMessage | SeenForm, label: str, **values: str) -> Seen:
        """Press a button."""
        if isinstance(on, SeenForm):
            return await self._press_in_form(person, on, label, values)
        return await self._press(person, on, on.reference.presses[label])

    async def press_made_up(self, person: str, on: SeenMessage, label: str, target: Target) -> Seen:
        """Press a button after changing what it carries."""
        action = on.reference.presses[label]
        made_up = {**action["data"], "row": target.row, "version": target.version}
        return await self._press(person, on, {**action, "data": made_up})

    async def write(self, person: str, words: str, *, channel: str, under: SeenMessage | None = None) -> SeenMessage:
        """Write in a channel or a thread."""
        seen = self._activity(person, "message", channel, under.reference.key if under is not None else None)
        seen["text"] = words
        await self._deliver(seen, person, None)
        return SeenMessage(words, reference=Stood(CHANNELS[channel], seen["id"]))

    async def write_to_everybody(self, person: str, words: str, *, channel: str) -> Seen:
        """Write with a mention of the channel."""
        activity = self._activity(person, "message", channel)
        at = f"<at>{channel}</at>"
        activity["text"] = f"{at} {words}"
        activity["entities"] = [
            {"type": "mention", "text": at, "mentioned": {"id": CHANNELS[channel], "name": channel}}
        ]
        return await self._deliver(activity, person, None)

    async def write_to_bot(self, person: str, words: str) -> Seen:
        """Write in the personal chat."""
        return await self._say(person, words, None, mention=False)

    async def delete_by_hand(self, message: SeenMessage) -> None:
        """Delete it, as an owner of the team can."""
        self.service.standing = [it for it in self.service.standing if it.key != message.reference.key]

    async def put_picture(self, person: str, form: SeenForm, content: bytes, alt: str, **values: str) -> Seen:
        """Save the draft, send the picture in the personal chat, say what it is for and what it shows, and go on."""
        preview = await self.submit(person, form, **values)
        await self.press(person, preview.opened, "Save draft")
        await self.settle()
        asked = await self.send_picture(person, content)
        [whisper] = asked.whispers
        if not whisper.buttons:
            return asked
        describing = await self.press(person, whisper, whisper.buttons[0])
        described = await self.submit(person, describing.opened, alt=alt)
        if described.errors:
            return described
        saved = (await self.direct(person))[-1]
        again = await self.press(person, saved, "Continue")
        return await self.submit(person, again.opened)

    async def send_picture(self, person: str, content: bytes) -> Seen:
        """Attach a file to a message in the personal chat."""
        name = f"picture-{next(self.numbers)}.jpg"
        self.service.files[name] = content
        activity = self._activity(person, "message", None)
        file = {"downloadUrl": f"{self.service.url}files/{name}", "uniqueId": name, "fileType": "jpg"}
        kind = "application/vnd.microsoft.teams.file.download.info"
        activity["attachments"] = [{"contentType": kind, "content": file, "name": name}]
        return await self._deliver(activity, person, None)

    async def pictures(self, shown: SeenMessage | SeenForm) -> Sequence[SeenPicture]:
        """Fetch what the card shows, as Teams' servers do: from outside, without a login."""
        found: list[SeenPicture] = []
        for address, alt in shown.reference.pictures:
            assert address.startswith(BASE_URL), address
            async with self.client.get(address.removeprefix(BASE_URL)) as response:
                found.append(SeenPicture(alt, await response.read() if response.status == HTTPStatus.OK else b""))
        return found

    async def react(self, person: str, message: SeenMessage) -> None:
        """Put a thumb on a message."""
        await self._react(person, message, "reactionsAdded")

    async def take_reaction_back(self, person: str, message: SeenMessage) -> None:
        """Take one's thumb off."""
        await self._react(person, message, "reactionsRemoved")

    async def open_home(self, person: str) -> SeenMessage:
        """Ask for Home in the personal chat."""
        seen = await self._say(person, "home", None, mention=False)
        return seen.whispers[-1]

    async def redeliver(self) -> Seen:
        """Post the same activity again."""
        assert self.last is not None
        return await self._deliver(*self.last)

    async def direct(self, person: str) -> Sequence[SeenMessage]:
        """Look at the personal chat."""
        return [seen for seen in self._messages(_chat(person)) if seen.reference.key not in self.whispered]

    async def in_channel(self, channel: str) -> Sequence[SeenMessage]:
        """Look at a channel."""
        return self._messages(CHANNELS[channel])

    async def in_thread(self, message: SeenMessage) -> Sequence[SeenMessage]:
        """Look at a thread."""
        return self._messages(f"{message.reference.conversation};messageid={message.reference.key}")

    async def together(self, *people: str) -> Sequence[SeenMessage]:  # noqa: ARG002 - the port's form
        """Return nothing: each of them opens the chat themselves."""
        return ()

    async def as_it_stands(self, person: str, message: SeenMessage) -> SeenMessage | None:  # noqa: ARG002 - the port's form
        """Look for it where it stands."""
        found = self._messages(message.reference.conversation)
        return next((seen for seen in found if seen.reference == message.reference), None)

    async def follow(self, person: str, message: SeenMessage, label: str) -> SeenMessage:  # noqa: ARG002 - anybody can
        """Open a message by its address in Teams."""
        address = urlsplit(message.reference.addresses[label])
        channel, key = (unquote(part) for part in address.path.split("/")[-2:])
        root = parse_qs(address.query)["parentMessageId"][0]
        conversation = channel if root == key else f"{channel};messageid={root}"
        return next(seen for seen in self._messages(conversation) if seen.reference.key == key)

    async def whole(self, person: str, shown: SeenMessage | SeenForm) -> str:  # noqa: ARG002 - the port's form
        """Return everything: a card that is too large loses its looks before any of its words."""
        return all_words(shown)

    async def files(self, person: str) -> Sequence[bytes]:
        """Accept what is offered in the personal chat; what stood there leads to the file then."""
        for it in self.service.in_conversation(_chat(person)):
            [shown] = it.activity["attachments"]
            if shown["contentType"] == CONSENT:
                activity = self._activity(person, "invoke", None)
                activity |= {"name": "fileConsent/invoke", "replyToId": it.key}
                activity["value"] = {
                    "type": "fileUpload",
                    "action": "accept",
                    "context": shown["content"]["acceptContext"],
                    "uploadInfo": {
                        "contentUrl": f"https://test.sharepoint.com/{shown['name']}",
                        "uploadUrl": f"{self.service.url.rstrip('/')}/upload/{it.key}",
                        "name": shown["name"],
                        "uniqueId": it.key,
                        "fileType": "json",
                    },
                }
                await self._deliver(activity, person, None)
        taken, self.service.uploads = list(self.service.uploads), []
        return taken

    async def metrics(self) -> str:
        """Ask the process for its figures."""
        return await figures(self.client)

    async def settle(self) -> None:
        """Do and send what is due."""
        await self.serving.core.do_due()

    async def send(self) -> None:
        """Send what is to be sent."""
        await self.serving.sender.drain()

    async def _say(self, person: str, words: str, channel: str | None, *, mention: bool) -> Seen:
        activity = self._activity(person, "message", channel)
        activity["text"] = words
        if channel is not None and mention:
            at = "<at>Samlas</at>"
            escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            activity["text"] = f"{at} {escaped}"
            activity["entities"] = [{"type": "mention", "text": at, "mentioned": {"id": BOT, "name": "Samlas"}}]
        return await self._deliver(activity, person, None)

    async def _react(self, person: str, message: SeenMessage, kind: str) -> None:
        activity = self._activity(person, "messageReaction", "allmant")
        activity |= {"replyToId": message.reference.key, kind: [{"type": "like"}]}
        await self._deliver(activity, person, None)

    async def _press(self, person: str, on: SeenMessage, action: Json, form: SeenForm | None = None) -> Seen:
        stood: Stood = on.reference if form is None else form.reference
        name = _channel_of(stood.conversation)
        activity = self._activity(person, "invoke", name, stood.key if name is not None else None)
        if stood.key is not None:
            activity["replyToId"] = stood.key
        if action["type"] == "Action.Execute":
            activity["name"] = "adaptiveCard/action"
            activity["value"] = {"action": {**action, "id": "x"}, "trigger": "manual"}
        elif stood.in_dialog:
            activity["name"], activity["value"] = "task/submit", {"data": action["data"]}
        else:
            assert action["data"]["msteams"] == {"type": "task/fetch"}, action
            activity["name"], activity["value"] = "task/fetch", {"data": action["data"]}
        return await self._deliver(activity, person, form)

    async def _press_in_form(self, person: str, form: SeenForm, label: str, values: Mapping[str, str]) -> Seen:
        shown = filled(form, values)
        action = form.reference.presses[label]
        ids = {name: id_of(name) for name in self.organisation.members}
        data = {**action["data"], **sent_by(form, shown, ids)}
        kept = replace(form, fields={key: replace(seen, value=shown[key]) for key, seen in form.fields.items()})
        return await self._press(person, SeenMessage(""), {**action, "data": data}, kept)

    def _activity(self, person: str, kind: str, channel: str | None, root: str | None = None) -> Json:
        number = str(next(self.numbers))
        conversation: Json = {"id": _chat(person), "conversationType": "personal", "tenantId": TENANT}
        data: Json = {"tenant": {"id": TENANT}}
        if channel is not None:
            id_ = CHANNELS[channel]
            conversation = {
                "id": f"{id_};messageid={root or number}",
                "conversationType": "channel",
                "tenantId": TENANT,
                "isGroup": True,
            }
            data |= {"team": {"id": TEAM}, "channel": {"id": id_}}
        return {
            "type": kind,
            "id": number,
            "timestamp": self.clock.now().isoformat(),
            "channelId": "msteams",
            "serviceUrl": self.service.url,
            "from": {"id": f"29:{person}", "name": person.capitalize(), "aadObjectId": id_of(person)},
            "recipient": {"id": BOT, "name": "Samlas"},
            "conversation": conversation,
            "channelData": data,
        }

    async def _deliver(self, activity: Json, person: str, form: SeenForm | None) -> Seen:
        """Post an activity, and look at what the person then sees: the answer, and what is new in their chat."""
        self.last = activity, person, form
        before = {it.key for it in self.service.in_conversation(_chat(person))}
        async with self.client.post("/api/messages", json=activity) as response:
            status, body = response.status, await response.text()
        assert status == 200, (status, body, activity)
        new = [it for it in self._cards(_chat(person)) if it.key not in before]
        self.whispered |= {it.key for it in new}
        seen = self._answered(json.loads(body) if body else None, activity, form)
        for it in new:
            card, where = it.activity["attachments"][0]["content"], Stood(it.conversation, it.key)
            if is_form(card):
                seen = replace(seen, form=form_in(card, where, self._people()), errors=errors_in(card))
            elif not (message := message_in(card, where)).text.startswith(WAY_BACK):
                seen = replace(seen, whispers=(*seen.whispers, message))
        return seen

    def _answered(self, answer: Json | None, activity: Json, form: SeenForm | None) -> Seen:
        """Read the response to an invoke."""
        if activity["type"] != "invoke" or answer is None:
            return Seen()
        where = Stood(activity["conversation"]["id"].partition(";")[0], activity.get("replyToId"))
        if "statusCode" in answer:
            return self._executed(answer, where, form)
        task = answer.get("task")
        if task is None:
            return Seen()
        if task["type"] == "message":
            return Seen(whispers=(SeenMessage(task["value"]),))
        value = task["value"]
        card = value["card"]["content"]
        in_dialog = replace(where, in_dialog=True)
        if not is_form(card):
            return Seen(whispers=(message_in(card, in_dialog),))
        return Seen(form_in(card, in_dialog, self._people(), value["title"]), errors_in(card))

    def _executed(self, answer: Json, where: Stood, form: SeenForm | None) -> Seen:
        value = answer["value"]
        if isinstance(value, str):
            # A note of the client's own, beside which the same may stand as a message.
            return Seen(form)
        if is_form(value):
            return Seen(form_in(value, where, self._people()), errors_in(value))
        changed = any(it.key == where.key and it.activity["attachments"][0]["content"] == value for it in self._all())
        if changed and form is None:
            # It stands where the button stood, for everybody to look at.
            return Seen()
        noted = message_in(value, where)
        standing = next(
            (seen for seen in self._messages(where.conversation) if seen.reference == noted.reference), None
        )
        if standing is not None and _channel_of(where.conversation) is not None:
            # This person sees what stands for everybody, and below it what is said to them alone.
            noted = replace(noted, text=noted.text.removeprefix(standing.text).strip())
        return Seen(whispers=(noted,))

    def _cards(self, conversation: str) -> Sequence[Stands]:
        """Return what stands there, files and offers of files left out."""
        return [
            it
            for it in self.service.in_conversation(conversation)
            if it.activity["attachments"][0]["contentType"] == CARD_TYPE
        ]

    def _all(self) -> Sequence[Any]:
        return self.service.standing

    def _messages(self, conversation: str) -> list[SeenMessage]:
        found = [
            (it.activity["attachments"][0]["content"], Stood(it.conversation.partition(";")[0], it.key))
            for it in self._cards(conversation)
        ]
        return [message_in(card, where) for card, where in found]

    def _people(self) -> Mapping[str, str]:
        return {id_of(name): name for name in self.organisation.members}


def _chat(person: str) -> str:
    return f"a:29:{person}"


def _channel_of(conversation: str) -> str | None:
    plain = conversation.partition(";")[0]
    return next((name for name, id_ in CHANNELS.items() if id_ == plain), None)


@asynccontextmanager
async def opened(database: Database, clock: StillClock, rooms: Sequence[Room]) -> AsyncIterator[SurfaceUnderTest]:
    """Serve Teams for an organisation whose team has been read; everybody has the app."""
    made = await organisation(database, clock, key=KEY, id_of=id_of, app_for_each=True, tells_what_is_open=False)
    async with connector_service() as service:
        async with database.begin() as session:
            way = {"service_url": service.url, "bot": BOT}
            await keep_reference(session, made.workspace_id, EVERYBODY, way, clock.now())
            for name in made.members:
                own = {**way, "user": f"29:{name}", "conversation": _chat(name)}
                await keep_reference(session, made.workspace_id, f"person:{id_of(name)}", own, clock.now())
                person = {**rostered(name, tenant=TENANT), "objectId": id_of(name), "aadObjectId": id_of(name)}
                service.rosters[CHANNELS["allmant"]].append(person)
            team = {**way, "conversation": CHANNELS["allmant"], "team": TEAM}
            await keep_reference(session, made.workspace_id, channel(CHANNELS["allmant"]), team, clock.now())
        serving = wire(database, clock, [lambda core: teams_surface(core, TeamsConfig(), (), base_url=BASE_URL)], rooms)
        async with served(serving) as client:
            yield TeamsSurface(client, service, serving, database, made, clock)
