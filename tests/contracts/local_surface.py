"""The driver of the local web chat: asks for its pages and sends what its pages send, and reads their HTML."""

import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import parse_qsl, quote, urlencode

from aiohttp import FormData
from sqlmodel import col, delete

from adapters.local.chat import ERASED, WORKSPACE
from adapters.local.gateway import together
from adapters.local.surface import local_surface
from bot.clock import MovableClock
from bot.events import WorkspaceKey
from bot.messages import Target
from bot.platform import To
from bot.wiring import Room, Serving, wire
from storage.database import Database
from storage.tables import LocalMessage
from tests.conftest import StillClock
from tests.contracts.local_pages import (
    Here,
    article,
    bot_articles,
    form_in,
    home_in,
    newest_id,
    problems_in,
    refilled,
    sent_by,
)
from tests.contracts.serving import Client, figures, served
from tests.contracts.surface import (
    FieldKind,
    Seen,
    SeenForm,
    SeenMessage,
    SeenPicture,
    SurfaceUnderTest,
    all_words,
    filled,
    words,
)
from tests.support import Organisation, organisation, own_name

# What htmx and a browser say of a request that a page of ours makes.
FROM_A_PAGE = {
    "HX-Request": "true",
    "Sec-Fetch-Site": "same-origin",
    "Content-Type": "application/x-www-form-urlencoded",
}
CHANNELS = ("allmant",)


class _Still(MovableClock):
    """The local chat's movable clock, over the test's."""

    def __init__(self, clock: StillClock) -> None:
        super().__init__()
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now()

    def move(self, step: timedelta) -> None:
        self._clock.move(step)


@dataclass(frozen=True)
class _Act:
    """A request of a page: by whom, below which address, with what (None: it only asks), and from which form."""

    person: str
    path: str
    data: Mapping[str, str | list[str]] | None
    form: SeenForm | None = None
    picture: bytes | None = None


@dataclass
class LocalSurface:
    """Implements tests.contracts.surface.SurfaceUnderTest."""

    client: Client
    serving: Serving
    database: Database
    organisation: Organisation
    clock: StillClock
    name: str = "local"
    key: WorkspaceKey = WORKSPACE
    # Messages that came as whispers: the conversation with the bot shows them among the others.
    whispered: set[int] = field(default_factory=set)
    last: "_Act | None" = None
    # Where the page was led to, to be downloaded.
    downloads: list[str] = field(default_factory=list)

    def id_of(self, name: str) -> str:
        """Return the platform's own id of a person or a channel."""
        return own_name(name)

    async def command(self, person: str, name: str, words: str = "", *, channel: str | None = None) -> Seen:
        """Write a line that begins with a slash."""
        return await self._say(person, f"/{name} {words}".strip(), channel, None)

    async def submit(self, person: str, form: SeenForm, **values: str) -> Seen:
        """Press the form's submit button."""
        assert form.submit is not None, form
        return await self._send_form(person, form, {}, values)

    async def press(self, person: str, on: SeenMessage | SeenForm, label: str, **values: str) -> Seen:
        """Press a button."""
        about = on.reference.presses[label]
        if isinstance(on, SeenForm):
            return await self._send_form(person, on, about, values)
        return await self._act(_Act(person, "press", about))

    async def press_made_up(self, person: str, on: SeenMessage, label: str, target: Target) -> Seen:
        """Press a button after changing it in the browser."""
        about = on.reference.presses[label]
        return await self._act(_Act(person, "press", {**about, "row": str(target.row), "version": str(target.version)}))

    async def write(self, person: str, words: str, *, channel: str, under: SeenMessage | None = None) -> SeenMessage:
        """Write in a channel or a thread."""
        await self._say(person, words, channel, under)
        page = f"c/{channel}/log" if under is None else f"c/{channel}/thread/{under.reference.message}"
        return SeenMessage(words, reference=Here(newest_id(await self._page(person, page))))

    async def write_to_everybody(self, person: str, words: str, *, channel: str) -> Seen:
        """Write to @everyone."""
        return await self._say(person, f"@everyone {words}", channel, None)

    async def write_to_bot(self, person: str, words: str) -> Seen:
        """Write in the conversation with the bot."""
        return await self._say(person, words, None, None)

    async def delete_by_hand(self, message: SeenMessage) -> None:
        """Let it be gone: the local chat itself has no way to delete a message."""
        async with self.database.begin() as session:
            await session.execute(delete(LocalMessage).where(col(LocalMessage.id) == message.reference.message))

    async def put_picture(self, person: str, form: SeenForm, content: bytes, alt: str, **values: str) -> Seen:
        """Choose it in the form."""
        shown = filled(form, {**values, "alt": alt})
        data = {**form.reference.hidden, **sent_by(form, shown)}
        return await self._act(_Act(person, "form", data, refilled(form, shown), content))

    async def pictures(self, shown: SeenMessage | SeenForm) -> Sequence[SeenPicture]:
        """Fetch what the page shows."""
        return [SeenPicture(alt, await self._fetched(address)) for address, alt in shown.reference.pictures]

    async def _fetched(self, address: str) -> bytes:
        async with self.client.get(address) as response:
            return await response.read() if response.status == HTTPStatus.OK else b""

    async def react(self, person: str, message: SeenMessage) -> None:
        """Choose the thumb."""
        await self._react(person, message, "yes")

    async def take_reaction_back(self, person: str, message: SeenMessage) -> None:
        """Press one's thumb again."""
        await self._react(person, message, "")

    async def open_home(self, person: str) -> SeenMessage:
        """Go to the Home tab."""
        self.last = _Act(person, "samlas/home", None)
        return home_in(await self._page(person, "samlas/home"))

    async def redeliver(self) -> Seen:
        """Send the same request again, as a page does whose answer never came."""
        assert self.last is not None
        if self.last.data is None:
            await self._page(self.last.person, self.last.path)
            return Seen()
        return await self._act(self.last)

    async def direct(self, person: str) -> Sequence[SeenMessage]:
        """Look at the conversation with the bot."""
        shown = bot_articles(await self._page(person, "samlas/log"))
        return [message for message in shown if message.reference.message not in self.whispered]

    async def in_channel(self, channel: str) -> Sequence[SeenMessage]:
        """Look at a channel."""
        return bot_articles(await self._page("anna", f"c/{channel}/log"), whispers=False)

    async def in_thread(self, message: SeenMessage) -> Sequence[SeenMessage]:
        """Look at a thread in the channel that there is."""
        page = await self._page("anna", f"c/{CHANNELS[0]}/thread/{message.reference.message}")
        return [reply for reply in bot_articles(page, whispers=False) if reply.reference != message.reference]

    async def together(self, *people: str) -> Sequence[SeenMessage]:
        """Look at the conversation with several people, as the first of them; it is there when it is in their list."""
        path = f"c/{quote(together(To(member=people[0], others=people[1:])), safe='')}"
        if f"/local/as/{people[0]}/{path}" not in await self._page(people[0], "samlas"):
            return ()
        return bot_articles(await self._page(people[0], f"{path}/log"))

    async def as_it_stands(self, person: str, message: SeenMessage) -> SeenMessage | None:
        """Look for it where it may be. Home is drawn anew by the page itself, after whatever was done on it."""
        if message.reference.message is None:
            return home_in(await self._page(person, "samlas/home"))
        return next((seen for seen in await self._visible(person) if seen.reference == message.reference), None)

    async def follow(self, person: str, message: SeenMessage, label: str) -> SeenMessage:
        """Follow a link to a page, and look where its address points to on it."""
        path = message.reference.addresses[label].partition("/message/")[2]
        async with self.client.get(f"/local/as/{person}/message/{path}") as response:
            assert response.status == HTTPStatus.OK, response.status
            led_to = response.history[-1].headers["Location"]
            return article(await response.text(), led_to.partition("#")[2])

    async def whole(self, person: str, shown: SeenMessage | SeenForm) -> str:  # noqa: ARG002 - the port's form
        """Return everything: this surface shows all of it at once."""
        return all_words(shown)

    async def files(self, person: str) -> Sequence[bytes]:
        """Follow the page to the downloads that it was led to, and every link to a file for a calendar."""
        taken = []
        for message in await self.direct(person):
            for address in message.reference.addresses.values():
                if address.endswith(".ics"):
                    async with self.client.get(address) as response:
                        assert response.headers["Content-Type"].startswith("text/calendar")
                        taken.append(await response.read())
        while self.downloads:
            async with self.client.get(self.downloads.pop(0)) as response:
                assert response.status == HTTPStatus.OK, response.status
                assert response.headers["Content-Disposition"].startswith("attachment;")
                taken.append(await response.read())
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

    async def _say(self, person: str, words: str, channel: str | None, under: SeenMessage | None) -> Seen:
        data = {"text": words}
        if under is not None:
            data["thread"] = str(under.reference.message)
        return await self._act(_Act(person, f"{f'c/{channel}' if channel is not None else 'samlas'}/say", data))

    async def _react(self, person: str, message: SeenMessage, is_on: str) -> None:
        data = {"message": str(message.reference.message), "emoji": "thumbs-up", "on": is_on}
        await self._act(_Act(person, "react", data))

    async def _send_form(
        self, person: str, form: SeenForm, about: Mapping[str, str], values: Mapping[str, str]
    ) -> Seen:
        shown = filled(form, values)
        data = {**form.reference.hidden, **sent_by(form, shown), **about}
        return await self._act(_Act(person, "form", data, refilled(form, shown)))

    async def _act(self, act: _Act) -> Seen:
        """Send what a page sends, and look at what the person then sees."""
        assert act.data is not None, act
        data = act.data if "once" in act.data else {**act.data, "once": uuid.uuid4().hex}
        self.last = act = replace(act, data=data)
        before = {message.reference.message for message in await self._visible(act.person)}
        sent: str | FormData = urlencode(data, doseq=True)
        headers = FROM_A_PAGE
        if act.form is not None and any(seen.kind is FieldKind.PICTURE for seen in act.form.fields.values()):
            # As a browser sends a form with a field for files, whether one was chosen or not.
            sent = FormData(parse_qsl(sent, keep_blank_values=True))
            name = "" if act.picture is None else "picture.jpg"
            sent.add_field("field.picture", act.picture or b"", filename=name, content_type="image/jpeg")
            headers = {name: said for name, said in FROM_A_PAGE.items() if name != "Content-Type"}
        async with self.client.post(f"/local/as/{act.person}/{act.path}", data=sent, headers=headers) as response:
            answer = await response.text()
            status, retargeted = response.status, "HX-Retarget" in response.headers
            led_to = response.headers.get("HX-Redirect", "")
        if led_to == ERASED:
            # Nobody of that name is there any more.
            async with self.client.get(led_to) as response:
                return Seen(whispers=(SeenMessage(words(await response.text())),))
        if "/file/" in led_to:
            self.downloads.append(led_to)
        new = [message for message in await self._visible(act.person) if message.reference.message not in before]
        self.whispered |= {message.reference.message for message in new}
        if status >= HTTPStatus.BAD_REQUEST:
            # The page shows it as a note that goes away.
            return Seen(act.form, whispers=(SeenMessage(answer),))
        if retargeted:
            return Seen(act.form, problems_in(answer), tuple(new))
        if status == HTTPStatus.NO_CONTENT:
            return Seen(act.form, whispers=tuple(new))
        return Seen(form_in(answer, list(self.organisation.members)), whispers=tuple(new))

    async def _visible(self, person: str) -> list[SeenMessage]:
        pages = ["samlas/log", *(f"c/{channel}/log" for channel in CHANNELS)]
        return [message for page in pages for message in bot_articles(await self._page(person, page))]

    async def _page(self, person: str, path: str) -> str:
        async with self.client.get(f"/local/as/{person}/{path}") as response:
            assert response.status == HTTPStatus.OK, (path, response.status)
            return await response.text()


@asynccontextmanager
async def opened(database: Database, clock: StillClock, rooms: Sequence[Room]) -> AsyncIterator[SurfaceUnderTest]:
    """Serve the local chat."""
    made = await organisation(database, clock, key=WORKSPACE)
    serving = wire(database, clock, [lambda core: local_surface(core, _Still(clock))], rooms)
    async with served(serving) as client:
        yield LocalSurface(client, serving, database, made, clock)
