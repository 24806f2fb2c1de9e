"""The driver of Slack: signs what Slack would send; reads Block Kit from acknowledgements and calls of the API."""

import itertools
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus
from time import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from adapters.slack.config import SlackConfig
from adapters.slack.surface import Slack
from bot.config import Config
from bot.events import WorkspaceKey
from bot.messages import Target
from bot.surface import Core, Surface
from bot.wiring import Room, Serving, wire
from storage.database import Database
from tests.conftest import StillClock
from tests.contracts.serving import Client, figures, served
from tests.contracts.slack_blocks import Here, Open, as_filled_in, form_in, message_in, pictures_in, state_of
from tests.contracts.slack_team import TEAM, id_of, team_of
from tests.contracts.surface import Seen, SeenForm, SeenMessage, SeenPicture, SurfaceUnderTest, all_words, filled
from tests.slack.signing import SECRET, TOKEN, signed
from tests.slack.standin import SlackStandIn
from tests.slack.team import File, Said, conversation, direct
from tests.support import Organisation, organisation


@dataclass(frozen=True)
class _Act:
    """What Slack sends: a form body or JSON, by whom, and in which open view."""

    person: str
    body: bytes
    is_json: bool
    view: Mapping[str, Any] | None = None
    form: SeenForm | None = None


@dataclass
class SlackSurface:
    """Implements tests.contracts.surface.SurfaceUnderTest."""

    client: Client
    serving: Serving
    slack: Slack
    standin: SlackStandIn
    database: Database
    organisation: Organisation
    clock: StillClock
    name: str = "slack"
    key: WorkspaceKey = field(default_factory=lambda: WorkspaceKey("slack", TEAM))
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    last: "_Act | None" = None
    # Whispers as they stand, by the address at which they were said.
    whispered: dict[str, SeenMessage] = field(default_factory=dict)

    def id_of(self, name: str) -> str:
        """Return Slack's id of a person or a channel."""
        return id_of(name)

    async def command(self, person: str, name: str, words: str = "", *, channel: str | None = None) -> Seen:
        """Write a slash command."""
        fields = {
            "command": f"/{name}",
            "text": words,
            "team_id": TEAM,
            "user_id": id_of(person),
            "channel_id": id_of(channel) if channel is not None else direct(id_of(person)),
            "trigger_id": f"trigger.{next(self.numbers)}",
            "response_url": self._response_url(id_of(channel) if channel is not None else direct(id_of(person))),
        }
        return await self._send(person, fields)

    async def submit(self, person: str, form: SeenForm, **values: str) -> Seen:
        """Press the modal's submit button."""
        assert form.reference.submit is not None, form
        view = self._filled(form, values)
        payload = {**self._who(person), "type": "view_submission", "view": view}
        return await self._interact(person, payload, form)

    async def press(self, person: str, on: SeenMessage | SeenForm, label: str, **values: str) -> Seen:
        """Press a button, which in a modal may be its submit button."""
        if isinstance(on, SeenForm) and label == on.reference.submit:
            return await self.submit(person, on, **values)
        return await self._press(person, on, on.reference.presses[label], values)

    async def press_made_up(self, person: str, on: SeenMessage, label: str, target: Target) -> Seen:
        """Press a button whose value somebody has changed."""
        element = {**on.reference.presses[label], "value": f"{target.row}.{target.version}"}
        return await self._press(person, on, element, {})

    async def write(self, person: str, words: str, *, channel: str, under: SeenMessage | None = None) -> SeenMessage:
        """Write in a channel or a thread."""
        ts = self._ts()
        event = {"type": "message", "channel": id_of(channel), "channel_type": "channel", "ts": ts, "text": words}
        if under is not None:
            event["thread_ts"] = under.reference.ts
        await self._event(person, {**event, "user": id_of(person), "team": TEAM})
        return SeenMessage(words, reference=Here(id_of(channel), ts))

    async def write_to_everybody(self, person: str, words: str, *, channel: str) -> Seen:
        """Write to @channel."""
        said = {"ts": self._ts(), "text": f"<!channel> {words}", "user": id_of(person), "team": TEAM}
        return await self._event(
            person, {"type": "message", "channel": id_of(channel), "channel_type": "channel", **said}
        )

    async def write_to_bot(self, person: str, words: str) -> Seen:
        """Write in the conversation with the bot."""
        event = {"type": "message", "channel": direct(id_of(person)), "channel_type": "im", "ts": self._ts()}
        return await self._event(person, {**event, "user": id_of(person), "team": TEAM, "text": words})

    async def delete_by_hand(self, message: SeenMessage) -> None:
        """Delete it, as an administrator of the workspace can."""
        here: Here = message.reference
        self.standin.said = [said for said in self.standin.said if (said.channel, said.ts) != (here.channel, here.ts)]

    async def put_picture(self, person: str, form: SeenForm, content: bytes, alt: str, **values: str) -> Seen:
        """Choose it in the modal, which uploads it to Slack."""
        file = f"F0PICKED{next(self.numbers)}"
        self.standin.pictures[file] = File(content)
        seen = await self.submit(person, form, **values, alt=alt, picture=file)
        # What follows the acknowledgement may have put the picture into the view.
        updates = [view for trigger, view in self.standin.opened if trigger == "update"]
        if seen.form is not None and updates and updates[-1]["id"] == form.reference.view["id"]:
            shown, _ = form_in({**updates[-1], "id": seen.form.reference.view["id"]})
            return replace(seen, form=shown)
        return seen

    async def pictures(self, shown: SeenMessage | SeenForm) -> Sequence[SeenPicture]:
        """Look at the files that Slack shows."""
        reference = shown.reference
        found = pictures_in(reference.view["blocks"]) if isinstance(shown, SeenForm) else reference.pictures
        return [SeenPicture(alt, self.standin.pictures[file].content) for file, alt in found]

    async def react(self, person: str, message: SeenMessage) -> None:
        """Put a thumb on a message."""
        await self._react(person, message, "reaction_added")

    async def take_reaction_back(self, person: str, message: SeenMessage) -> None:
        """Take it off again."""
        await self._react(person, message, "reaction_removed")

    async def open_home(self, person: str) -> SeenMessage:
        """Open the Home tab."""
        event = {"type": "app_home_opened", "user": id_of(person), "tab": "home", "event_ts": self._ts()}
        await self._event(person, event)
        return self._home(person)

    async def redeliver(self) -> Seen:
        """Send the same thing again, signed anew, as Slack does."""
        assert self.last is not None
        retry = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
        # A second later, so that the signature is another one.
        return await self._act(self.last, retry, later=1)

    async def direct(self, person: str) -> Sequence[SeenMessage]:
        """Look at the conversation with the bot. What answers something written there is a whisper."""
        return [_seen(said) for said in self.standin.said_to(id_of(person)) if "metadata" in said.body]

    async def in_channel(self, channel: str) -> Sequence[SeenMessage]:
        """Look at a channel."""
        return [_seen(said) for said in self.standin.said_in(id_of(channel)) if said.thread_ts is None]

    async def in_thread(self, message: SeenMessage) -> Sequence[SeenMessage]:
        """Look at a thread."""
        here = message.reference
        return [_seen(said) for said in self.standin.said_in(here.channel) if said.thread_ts == here.ts]

    async def together(self, *people: str) -> Sequence[SeenMessage]:
        """Look at the conversation with several people."""
        channel = conversation(",".join(id_of(person) for person in people))
        return [_seen(said) for said in self.standin.said_in(channel)]

    async def as_it_stands(self, person: str, message: SeenMessage) -> SeenMessage | None:
        """Look for it where it was said."""
        here: Here = message.reference
        if here.view is not None:
            return self._home(person)
        if here.response is not None:
            return self.whispered.get(here.response)
        stands = [*await self.direct(person), *(_seen(said) for said in self.standin.said_in(id_of("allmant")))]
        return next((seen for seen in stands if seen.reference == here), None)

    async def follow(self, person: str, message: SeenMessage, label: str) -> SeenMessage:  # noqa: ARG002 - the port's form
        """Follow a link to the message that it leads to."""
        path = urlsplit(message.reference.addresses[label]).path
        _, _, channel, stamp = path.split("/")
        [found] = [said for said in self.standin.said_in(channel) if f"p{said.ts.replace('.', '')}" == stamp]
        return _seen(found)

    async def whole(self, person: str, shown: SeenMessage | SeenForm) -> str:
        """Return everything; a shortened message has a button that opens all of it."""
        if isinstance(shown, SeenMessage) and "Show all of it" in shown.buttons:
            opened = await self.press(person, shown, "Show all of it")
            return all_words(shown) + " " + all_words(opened.opened)
        return all_words(shown)

    async def files(self, person: str) -> Sequence[bytes]:
        """Open the files in the conversation with the bot."""
        channel = direct(id_of(person))
        taken = [shared.content for shared in self.standin.shared if shared.channel == channel]
        self.standin.shared = [shared for shared in self.standin.shared if shared.channel != channel]
        return taken

    async def metrics(self) -> str:
        """Ask the process for its figures."""
        return await figures(self.client)

    async def settle(self) -> None:
        """Do and send what is due."""
        await self.slack.answering.done()
        await self.serving.core.do_due()

    async def send(self) -> None:
        """Send what is to be sent."""
        await self.slack.answering.done()
        await self.serving.sender.drain()

    def _home(self, person: str) -> SeenMessage:
        view = self.standin.homes[id_of(person)]
        return message_in(view["blocks"], Here(None, None, view={**view, "id": f"H{person}"}))

    async def _press(
        self, person: str, on: SeenMessage | SeenForm, element: Mapping[str, Any], values: Mapping[str, str]
    ) -> Seen:
        payload: dict[str, Any] = {**self._who(person), "type": "block_actions"}
        payload["actions"] = [{"type": "button", **element, "action_ts": self._ts()}]
        if isinstance(on, SeenForm):
            payload["view"] = self._filled(on, values)
            payload["container"] = {"type": "view", "view_id": payload["view"]["id"]}
            return await self._interact(person, payload, on)
        here: Here = on.reference
        if here.view is not None:
            payload["view"] = dict(here.view)
            payload["container"] = {"type": "view", "view_id": here.view["id"]}
            return await self._interact(person, payload, None)
        name = here.response or f"{here.channel}@{here.ts}"
        payload["response_url"] = self.standin.response_url(f"{name}@{next(self.numbers)}")
        payload["container"] = {
            "type": "message",
            "channel_id": here.channel,
            "message_ts": here.ts or self._ts(),
            "is_ephemeral": here.response is not None,
            **({"thread_ts": here.thread} if here.thread else {}),
        }
        return await self._interact(person, payload, None)

    async def _react(self, person: str, message: SeenMessage, kind: str) -> None:
        here: Here = message.reference
        item = {"type": "message", "channel": here.channel, "ts": here.ts}
        event = {"type": kind, "user": id_of(person), "reaction": "+1", "item": item, "event_ts": self._ts()}
        await self._event(person, event)

    async def _event(self, person: str, event: dict[str, Any]) -> Seen:
        envelope = {
            "type": "event_callback",
            "team_id": TEAM,
            "event_id": f"Ev{next(self.numbers)}",
            "authorizations": [{"team_id": TEAM, "enterprise_id": None, "is_enterprise_install": False}],
            "event": event,
        }
        return await self._act(_Act(person, json.dumps(envelope).encode(), is_json=True))

    async def _send(self, person: str, fields: Mapping[str, str]) -> Seen:
        return await self._act(_Act(person, _form_encoded(fields), is_json=False))

    async def _interact(self, person: str, payload: dict[str, Any], form: SeenForm | None) -> Seen:
        body = _form_encoded({"payload": json.dumps(payload)})
        return await self._act(_Act(person, body, is_json=False, view=payload.get("view"), form=form))

    async def _act(self, act: _Act, headers: Mapping[str, str] | None = None, *, later: float = 0) -> Seen:
        """Send one thing, wait for what follows the acknowledgement, and look at what the person then sees."""
        self.last = act
        opened, said, responses = len(self.standin.opened), len(self.standin.said), len(self.standin.responses)
        kind = "application/json" if act.is_json else "application/x-www-form-urlencoded"
        signatures = {**signed(act.body, at=time() + later), "Content-Type": kind, **(headers or {})}
        async with self.client.post("/slack/events", data=act.body, headers=signatures) as response:
            assert response.status == HTTPStatus.OK, (response.status, await response.text())
            text = await response.text()
        await self.slack.answering.done()
        acknowledged = json.loads(text) if text.startswith("{") else {}
        alone = [message for message in self.standin.said[said:] if "metadata" not in message.body]
        whispers = self._responded(self.standin.responses[responses:])
        if alone:
            whispers.append(self._whispered(alone[0].channel, alone[0].ts, [message.body for message in alone]))
        return self._seen(act, acknowledged, self.standin.opened[opened:], whispers)

    def _seen(
        self, act: _Act, acknowledged: Mapping[str, Any], opened: Sequence[tuple[str, Any]], whispers: list[SeenMessage]
    ) -> Seen:
        """Return what is open now: by a call, by the acknowledgement, or still."""
        match acknowledged.get("response_action"):
            case "errors":
                assert act.form is not None
                keys = {block: key for key, block in act.form.reference.blocks.items()}
                # What has been filled in stands there still.
                still = {**act.form.reference.view, **as_filled_in(act.view or {})}
                self.standin.views[still["id"]] = still
                form, _ = form_in(still)
                errors = {keys[block]: sentence for block, sentence in acknowledged["errors"].items()}
                return Seen(form, errors, tuple(whispers))
            case "update":
                view = {**acknowledged["view"], "id": f"V-{next(self.numbers)}"}
                self.standin.views[view["id"]] = view
                form, errors = form_in(view)
                return Seen(form, errors, tuple(whispers))
            case "clear":
                return Seen(None, {}, tuple(whispers))
        if opened:
            view = opened[-1][1]
            if view["callback_id"] == "said":
                # A window that only tells: a modal's last words, or what Home has instead of a whisper.
                told = message_in(view["blocks"], Here(None, None, view=view))
                return Seen(None, {}, (*whispers, told))
            form, errors = form_in(view)
            return Seen(form, errors, tuple(whispers))
        is_submission = act.view is not None and b"view_submission" in act.body
        return Seen(None if is_submission else act.form, {}, tuple(whispers))

    def _responded(self, responses: Sequence[tuple[str, Any]]) -> list[SeenMessage]:
        """Return what was whispered, several parts of it as one; what was replaced stands changed."""
        whispers: dict[str, list[Any]] = {}
        for name, body in responses:
            if not body.get("replace_original"):
                whispers.setdefault(name, []).append(body)
                continue
            original, _, _ = name.rpartition("@")
            if original in self.whispered:
                channel = self.whispered[original].reference.channel
                self.whispered[original] = message_in(body["blocks"], Here(channel, None, response=original))
            for said in self.standin.said:
                if f"{said.channel}@{said.ts}" == original:
                    said.body = {**said.body, "blocks": body["blocks"], "text": body["text"]}
        return [self._whispered(name.split("@")[0], None, bodies, name) for name, bodies in whispers.items()]

    def _whispered(
        self, channel: str, ts: str | None, bodies: Sequence[Mapping[str, Any]], name: str | None = None
    ) -> SeenMessage:
        blocks = [block for body in bodies for block in body["blocks"]]
        response = name or f"{channel}@{ts}"
        seen = message_in(blocks, Here(channel, None, response=response))
        self.whispered[response] = seen
        return seen

    def _filled(self, form: SeenForm, values: Mapping[str, str]) -> dict[str, Any]:
        reference: Open = form.reference
        state = state_of(form, filled(form, values), id_of)
        return {**self.standin.views.get(reference.view["id"], reference.view), "state": {"values": state}}

    def _who(self, person: str) -> dict[str, Any]:
        user = {"id": id_of(person), "team_id": TEAM}
        return {"user": user, "team": {"id": TEAM}, "api_app_id": "A1", "trigger_id": f"trigger.{next(self.numbers)}"}

    def _ts(self) -> str:
        return f"{int(self.clock.now().timestamp())}.{next(self.numbers):06}"

    def _response_url(self, channel: str) -> str:
        return self.standin.response_url(f"{channel}@{next(self.numbers)}")


def _seen(said: Said) -> SeenMessage:
    return message_in(said.body["blocks"], Here(said.channel, said.ts, said.thread_ts))


def _form_encoded(fields: Mapping[str, str]) -> bytes:
    return urlencode(fields).encode()


@asynccontextmanager
async def opened(database: Database, clock: StillClock, rooms: Sequence[Room]) -> AsyncIterator[SurfaceUnderTest]:
    """Serve one Slack workspace over HTTP, before a stand-in for Slack's Web API."""
    made = await organisation(database, clock, key=WorkspaceKey("slack", TEAM), id_of=id_of)
    standin = SlackStandIn()
    await standin.start()
    standin.add(team_of(made.members))
    config = SlackConfig(bot_token=TOKEN, signing_secret=SECRET, api_url=standin.api_url)
    kept: list[Slack] = []

    def surface(core: Core) -> Surface:
        slack = Slack(core, Config(), config)
        # Nobody waits for the second that Slack wants between two messages of a conversation.
        slack.gateway.spacing = timedelta()
        kept.append(slack)
        return Surface(slack.gateway, slack.mount, lifespan=slack.lifespan)

    serving = wire(database, clock, [surface], rooms)
    try:
        async with served(serving) as client:
            await kept[0].roster.do_due()
            yield SlackSurface(client, serving, kept[0], standin, database, made, clock)
    finally:
        await standin.stop()
