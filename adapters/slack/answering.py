"""Shows a person what the core answers to what they did: a form, errors by field, a whisper, a refreshed message.

What can be said in the acknowledgement is said there; the rest follows it by calls of its own, in the background, since
by then everything has been committed and Slack wants its answer within three seconds.
"""

import asyncio
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from typing import Any, Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack import views
from adapters.slack.api import SEND_TIMEOUT_SECONDS, SlackApi
from adapters.slack.blocks import Rendered, render, render_whisper
from adapters.slack.connections import Connection
from adapters.slack.files import Files
from adapters.slack.limits import VIEWS_ON_STACK
from adapters.slack.pictures import Pictures
from adapters.slack.reach import error_of
from adapters.slack.voices import voice_of
from bot.events import Event, Place, Reply
from bot.forms import Form
from bot.messages import Message, Words
from bot.texts import Voice
from storage.database import Database

log = structlog.get_logger()

Payload = Mapping[str, Any]
# Slack took the form for too late: whoever pressed has to press once more.
EXPIRED: Final = frozenset({"expired_trigger_id", "exchanged_trigger_id", "trigger_exchanged"})


class Answering:
    """Answers one workspace's people. `later` keeps what follows an acknowledgement until it is done."""

    def __init__(self, database: Database, api: SlackApi, pictures: Pictures) -> None:
        """Speak through Slack's Web API."""
        self._database = database
        self._api = api
        self._files = Files(api)
        self._pictures = pictures
        self._under_way: set[asyncio.Task[None]] = set()

    def later(self, answer: Coroutine[Any, Any, None]) -> None:
        """Let an answer follow the acknowledgement."""
        task = asyncio.create_task(_told(answer))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def done(self) -> None:
        """Return when everything that is under way has been said."""
        while self._under_way:
            await asyncio.wait(list(self._under_way))

    async def voice(self, connection: Connection, person: str) -> Voice:
        """Return the voice for a person."""
        return await voice_of(self._database, connection.key, person)

    async def to_event(self, connection: Connection, event: Event, reply: Reply) -> None:
        """Answer what somebody did without asking for an answer: wrote, reacted, opened Home."""
        reply = await self._pictures.reply_placed(connection, reply)
        say = await self.voice(connection, event.person)
        await self._publish(connection, event, reply, say)
        if reply.whisper is not None:
            await self._whisper(connection, event.person, event.place, reply.whisper, say)

    async def to_command(self, connection: Connection, body: Payload, event: Event, reply: Reply) -> None:
        """Answer a slash command or a shortcut: open its form, and whisper where it was given."""
        say = await self.voice(connection, event.person)
        if reply.form is not None:
            await self._open(connection, body, await asyncio.to_thread(views.modal, reply.form, say, event.place), say)
        reply = await self._pictures.reply_placed(connection, reply)
        said = _said(reply)
        if said is not None:
            await self._respond(body, said, say)
        await self._publish(connection, event, reply, say)

    async def to_press(self, connection: Connection, body: Payload, event: Event, reply: Reply) -> None:
        """Answer a pressed button, where it stands: in a message, on Home, or in a form."""
        say = await self.voice(connection, event.person)
        if reply.form is None:
            # What a form opens with is soon too late.
            reply = await self._pictures.reply_placed(connection, reply)
        view = body.get("view")
        if reply.file is not None:
            await self._files.hand_over(connection, event.person, reply.file, say)
        if view is None:
            await self._to_message_press(connection, body, event, reply, say)
        elif view.get("type") == "home":
            await self._to_home_press(connection, body, event, reply, say)
        else:
            await self._to_form_press(connection, body, event, reply, say)
        # After what a trigger opens, which is soon too old.
        await self._publish(connection, event, reply, say)

    async def acknowledge_form(
        self, connection: Connection, body: Payload, event: Event, reply: Reply
    ) -> dict[str, Any] | None:
        """Return what acknowledges a sent form: errors by field, the next step, or its end. None: it just closes.

        What is whispered beside that follows the acknowledgement.
        """
        say = await self.voice(connection, event.person)
        view = body["view"]
        if reply.home is not None:
            self.later(self._publish(connection, event, reply, say))
        if reply.errors:
            fields = views.field_blocks(view)
            if all(key in fields for key in reply.errors):
                return {
                    "response_action": "errors",
                    "errors": {fields[key]: sentence for key, sentence in reply.errors.items()},
                }
            return {"response_action": "update", "view": views.with_problems(view, reply.errors)}
        if reply.whisper is not None:
            if not reply.close and reply.form is None:
                # It says why the form is not taken, and would stand behind it, where nobody sees it.
                return {"response_action": "update", "view": views.with_problems(view, {"": reply.whisper.summary})}
            self.later(self._whisper(connection, event.person, event.place, reply.whisper, say))
        if reply.form is not None:
            self.later(self._show_pictures(connection, body, event, reply.form, say))
            return {
                "response_action": "update",
                "view": await asyncio.to_thread(views.modal, reply.form, say, event.place),
            }
        return {"response_action": "clear"} if reply.close else None

    async def refuse(self, connection: Connection, body: Payload) -> None:
        """Tell somebody from another organisation, kindly, that this is not for them."""
        say = await self.voice(connection, "")
        sentence = say(
            "Samlas is for the people of the organisation that installed it, and keeps nothing about others."
        )
        await self._respond(body, Message(sentence, (Words(sentence),)), say)

    async def ask_to_repeat(self, connection: Connection, body: Payload) -> None:
        """Ask somebody of whom nothing was known to do once more what they did."""
        say = await self.voice(connection, "")
        sentence = say("I did not know you yet, and have asked Slack who you are. Please try once more.")
        await self._respond(body, Message(sentence, (Words(sentence),)), say)

    async def _to_message_press(
        self, connection: Connection, body: Payload, event: Event, reply: Reply, say: Voice
    ) -> None:
        if reply.form is not None:
            await self._open(connection, body, await asyncio.to_thread(views.modal, reply.form, say, event.place), say)
        if reply.refreshed is not None:
            await self._respond(body, reply.refreshed, say, replace=True)
        said = _said(reply)
        if said is not None:
            await self._respond(body, said, say)

    async def _to_home_press(
        self, connection: Connection, body: Payload, event: Event, reply: Reply, say: Voice
    ) -> None:
        if reply.form is not None:
            await self._open(connection, body, await asyncio.to_thread(views.modal, reply.form, say, event.place), say)
            if reply.whisper is not None:
                await self._whisper(connection, event.person, event.place, reply.whisper, say)
            return
        said = _said(reply) or reply.refreshed
        if said is not None:
            # Home has no place for a whisper; a window that only tells is the nearest there is.
            await self._open(connection, body, await asyncio.to_thread(views.said, said, "Samlas", say), say)

    async def _to_form_press(
        self, connection: Connection, body: Payload, event: Event, reply: Reply, say: Voice
    ) -> None:
        view, client = body["view"], self._api.sending
        if reply.errors:
            # The form that comes with them is the one that is open.
            shown = views.with_problems(view, reply.errors)
        elif reply.form is not None:
            form = await self._pictures.placed_in_form(connection, reply.form) or reply.form
            shown = await asyncio.to_thread(views.modal, form, say, event.place)
            if reply.whisper is not None:
                await self._whisper(connection, event.person, event.place, reply.whisper, say)
        elif reply.close:
            # Slack closes a window only when its form is sent; a pressed button can but put its last words there.
            done = say("That is done. You can close this window.")
            said = reply.whisper or Message(done, (Words(done),))
            shown = await asyncio.to_thread(views.said, said, "Samlas", say)
        elif reply.whisper is not None:
            told = await asyncio.to_thread(views.said, reply.whisper, "Samlas", say)
            if _depth(view) < VIEWS_ON_STACK:
                await client.views_push(token=connection.token, trigger_id=body["trigger_id"], view=told)
                return
            shown = views.with_problems(view, {"": reply.whisper.summary})
        else:
            return
        await client.views_update(token=connection.token, view_id=view["id"], view=shown)

    async def _show_pictures(self, connection: Connection, body: Payload, event: Event, form: Form, say: Voice) -> None:
        """Put a form's pictures into it once Slack can show them; by its acknowledgement that had no time for it."""
        placed = await self._pictures.placed_in_form(connection, form)
        if placed is not None:
            view = await asyncio.to_thread(views.modal, placed, say, event.place)
            await self._api.sending.views_update(token=connection.token, view_id=body["view"]["id"], view=view)

    async def _publish(self, connection: Connection, event: Event, reply: Reply, say: Voice) -> None:
        if reply.home is not None:
            view = await asyncio.to_thread(views.home, reply.home, say)
            await self._api.sending.views_publish(token=connection.token, user_id=event.person, view=view)

    async def _open(self, connection: Connection, body: Payload, view: dict[str, Any], say: Voice) -> None:
        try:
            await self._api.sending.views_open(token=connection.token, trigger_id=body["trigger_id"], view=view)
        except SlackApiError as refused:
            log.warning("slack.form_not_opened", workspace=connection.workspace_id, error=error_of(refused))
            late = say("Slack did not wait for the form. Please try once more; nothing you wrote is lost.")
            if error_of(refused) in EXPIRED:
                await self._respond(body, Message(late, (Words(late),)), say)

    async def _respond(self, body: Payload, message: Message, say: Voice, *, replace: bool = False) -> None:
        """Answer by the address that came with what was done: seen by this person alone, or in the message's place."""
        url = body.get("response_url")
        if not url:
            return
        webhook = AsyncWebhookClient(str(url), session=self._api.session, timeout=SEND_TIMEOUT_SECONDS)
        shown = [await asyncio.to_thread(render, message, say)] if replace else await _whispered(message, say)
        for rendered in shown:
            answer = await webhook.send(
                text=rendered.text,
                blocks=rendered.blocks,
                response_type=None if replace else "ephemeral",
                replace_original=replace,
                unfurl_links=False,
                unfurl_media=False,
            )
            if answer.status_code >= 300:  # noqa: PLR2004 - HTTP's own boundary
                log.warning("slack.not_answered", status=answer.status_code)

    async def _whisper(self, connection: Connection, person: str, place: Place, message: Message, say: Voice) -> None:
        """Tell one person something where they are, or in their own conversation with the bot."""
        for rendered in await _whispered(message, say):
            said: dict[str, Any] = {"token": connection.token, "text": rendered.text, "blocks": rendered.blocks}
            if place.channel is not None:
                try:
                    await self._api.sending.chat_postEphemeral(
                        channel=place.channel, user=person, thread_ts=place.thread, **said
                    )
                except SlackApiError as refused:
                    # A form can be asked for in a channel that the bot is not in; then it is said in private.
                    log.info("slack.not_whispered", workspace=connection.workspace_id, error=error_of(refused))
                else:
                    continue
            thread = place.thread if place.channel is None else None
            await self._api.sending.chat_postMessage(
                channel=person, thread_ts=thread, unfurl_links=False, unfurl_media=False, **said
            )


async def _whispered(message: Message, say: Voice) -> Sequence[Rendered]:
    """Return what is whispered, made beside the event loop as everything that can be long."""
    return await asyncio.to_thread(render_whisper, message, say)


async def _told(answer: Awaitable[None]) -> None:
    try:
        await answer
    except SlackApiError as refused:
        log.warning("slack.not_answered", error=error_of(refused))
    except (aiohttp.ClientError, TimeoutError) as lost:
        log.warning("slack.not_answered", error=type(lost).__name__)
    except Exception:
        log.exception("slack.answer_broke")


def _said(reply: Reply) -> Message | None:
    """Return what is whispered; errors that have no form to stand in are simply said."""
    if reply.errors:
        sentence = " ".join(reply.errors.values())
        return Message(sentence, (Words(sentence),))
    return reply.whisper


def _depth(view: Payload) -> int:
    """Return at which place on the stack a view is, from 1."""
    if view.get("root_view_id") in (None, view.get("id")):
        return 1
    return 2 if view.get("previous_view_id") == view.get("root_view_id") else 3
