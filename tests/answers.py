"""Overhears a served program: each answer that it gives over HTTP, and each line of its log, in every test.

What of people stood where it does not belong (tests/belonging.py) fails the test in which it was heard.
"""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import TraceConfig, TraceRequestChunkSentParams, web
from aiohttp.typedefs import Handler
from sqlmodel import col, select

from bot.context import known
from bot.getting_in import digest_of
from storage.database import Database, Session
from storage.personal.forms import Person
from storage.personal.register import REGISTER
from storage.tables import AnnouncementText, HomeTeam, Member, PageLink, PageSession, Topic, Workspace, metadata
from tests.belonging import (
    FILES,
    OF_THE_PAGES,
    Answer,
    Belongs,
    Known,
    misplaced,
    place_of,
    place_of_route,
    without_address,
)
from tests.contracts.overheard import TOKENS, gives_away, kept_of_people, overheard, sentences_in

FILE_NAME = re.compile(r'filename="([^"]*)"')
COOKIES = ("samlas", "__Host-samlas")
# So many answers are held until they are looked at.
MOST_HELD = 500
WORDS = ("text/", "application/json", "application/octet-stream", "image/svg+xml")


@dataclass
class Heard:
    """What was heard of a program while it was served: its answers, and what came with requests.

    `cookies` are browsers' secrets, `written` the sentences that people wrote in channels: what is kept nowhere.
    """

    database: Database
    # What was known of people by the last time that somebody looked.
    known: Known
    private: frozenset[str]
    # Those that are still to be looked at, each once.
    answers: set[Answer] = field(default_factory=set)
    cookies: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    misplaced: list[tuple[str, str]] = field(default_factory=list)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let an answer pass, and remember it."""
        reader = await self._reader(request)
        if len(self.answers) >= MOST_HELD:
            await self.look()
        try:
            answered = await handler(request)
        except web.HTTPException as refused:
            self._keep(request, refused, reader)
            raise
        self._keep(request, answered, reader)
        return answered

    async def look(self) -> None:
        """Hold what was answered since the last time against what is known of people until now."""
        answers, self.answers = self.answers, set()
        self.private |= await kept_of_people(self.database) | self.written
        now = await known_of_people(self.database)
        self.known = _both(self.known, now, self.private, frozenset(self.cookies))
        everything = self.known
        if any(place_of(answer) is Belongs.OWN for answer in answers):
            everything = await with_neighbours(self.database, everything)
        self.misplaced += misplaced(answers, everything)

    def tracing(self) -> TraceConfig:
        """Return what lets a client tell what it sends: the doors read a request's body themselves, and once."""

        async def sent(_session: Any, _context: Any, chunk: TraceRequestChunkSentParams) -> None:
            self.written |= set(sentences_in(channel_words(chunk.chunk)))

        config = TraceConfig()
        config.on_request_chunk_sent.append(sent)
        return config

    def _keep(self, request: web.Request, answered: web.StreamResponse, reader: int | None) -> None:
        body = answered.body if isinstance(answered, web.Response) else None
        if not isinstance(body, bytes) or not answered.content_type.startswith(WORDS):
            return
        resource = request.match_info.route.resource
        route = resource.canonical if resource is not None else request.path
        person = request.match_info.get("person")
        words = body.decode("utf-8", "replace")
        named = FILE_NAME.search(answered.headers.get("Content-Disposition", ""))
        belongs = None if named is None else FILES.get(named[1])
        answer = Answer(route, request.path, answered.status, words, reader, person, belongs)
        self.answers.add(without_address(answer))

    async def _reader(self, request: web.Request) -> int | None:
        secret = next((request.cookies[name] for name in COOKIES if name in request.cookies), None)
        if secret is None or not secret.isascii() or not request.path.startswith(OF_THE_PAGES):
            return None
        async with self.database.read() as session:
            found = await session.execute(select(PageSession).where(col(PageSession.digest) == digest_of(secret)))
            held = found.scalars().first()
        if held is None:
            return None
        self.cookies.add(secret)
        return held.member_id


def channel_words(body: bytes) -> str:
    """Return what somebody wrote in a channel, where a request of Slack's or Teams' tells of that."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    match told:
        case {"event": {"type": "message", "channel_type": "channel" | "group", "text": str(words)}}:
            return words
        case {"type": "message", "conversation": {"conversationType": "channel"}, "text": str(words)}:
            return words
        case _:
            return ""


@asynccontextmanager
async def heard_of(application: web.Application, database: Database) -> AsyncIterator[Heard]:
    """Overhear a program for the length of a block; fails where something was said that does not belong there."""
    for route in application.router.routes():
        if route.resource is not None:
            place_of_route(route.resource.canonical)
    heard = Heard(database, await known_of_people(database), await kept_of_people(database))
    application.middlewares.append(heard.middleware)
    with overheard() as lines:
        yield heard
        await heard.look()
    logged = gives_away(lines, heard.private)
    assert not logged, logged
    assert not heard.misplaced, heard.misplaced


async def everything_known(database: Database) -> Known:
    """Return what a database holds of people, with their sentences, and who has to do with whom."""
    private = await kept_of_people(database)
    now = await known_of_people(database)
    return await with_neighbours(database, _both(now, now, private, frozenset()))


async def known_of_people(database: Database) -> Known:
    """Return what a database holds of people, as it is now."""
    async with database.read() as session:
        people = list((await session.execute(select(Member))).scalars())
        titles: set[str] = set()
        for column in (AnnouncementText.title, HomeTeam.name, Topic.name_sv, Topic.name_en, Workspace.name):
            titles |= {str(title) for title in (await session.execute(select(column))).scalars() if title}
        links = (await session.execute(select(PageLink))).scalars()
        return Known(
            names={known(one.id): one.name for one in people if one.name},
            addresses={known(one.id): one.email for one in people if one.email},
            ids={one.external_id: known(one.id) for one in people},
            titles=frozenset(titles),
            links={link.digest: link.member_id for link in links},
        )


def _both(before: Known, after: Known, words: frozenset[str], cookies: frozenset[str]) -> Known:
    names = {**before.names, **after.names}
    addresses = {**before.addresses, **after.addresses}
    sentences = frozenset(
        word for word in words if " " in word and word not in {*names.values(), *addresses.values(), *TOKENS}
    )
    return replace(
        after,
        names=names,
        addresses=addresses,
        ids={**before.ids, **after.ids},
        sentences=sentences,
        titles=before.titles | after.titles,
        keys=frozenset(TOKENS) | cookies,
        links={**before.links, **after.links},
    )


async def with_neighbours(database: Database, known_of: Known) -> Known:
    """Add who has to do with whom: people who stand in the same row, or in rows of which one is part of the other."""
    near: dict[int, set[int]] = {}
    async with database.read() as session:
        within: dict[str, dict[int, set[int]]] = {}
        for name in REGISTER:
            for people in (await _people_by_row(session, name, within)).values():
                for one in people:
                    near.setdefault(one, set()).update(people)
    return replace(known_of, near={one: frozenset(others) for one, others in near.items()})


async def _people_by_row(session: Session, name: str, within: dict[str, dict[int, set[int]]]) -> dict[int, set[int]]:
    """Return who stands in each row of a table, those of what it is part of included; by row id, or by its place."""
    if name in within:
        return within[name]
    kept, table = REGISTER[name], metadata.tables[name]
    columns = [column for column, held in kept.columns.items() if isinstance(held, Person)]
    parents: dict[int, set[int]] = {}
    if kept.part_of is not None:
        parent = next(iter(table.c[kept.part_of].foreign_keys)).column.table.name
        parents = await _people_by_row(session, parent, within)
    found: dict[int, set[int]] = {}
    if columns or parents:
        rows: list[Any] = list((await session.execute(table.select())).mappings())
        for number, row in enumerate(rows):
            people = {row[column] for column in columns} - {None}
            people |= parents.get(row[kept.part_of], set()) if kept.part_of is not None else set()
            found[row.get("id", -number)] = people
    within[name] = found
    return found
