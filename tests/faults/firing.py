"""Sends requests by the thousand to a server of this process, and looks at what it is left with."""

import asyncio
import resource
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient

# So many are written before the first answer is read.
SIDE_BY_SIDE = 25
SERVER_ERROR = 500
# What a bot does not know is said to be so: Teams asks for this status (docs/teams.md).
NOT_KNOWN = 501
# What a process may hold more after the later half of some requests than after the earlier: what Python's own heap and
# the database's cache go up and down by. A kilobyte left behind by each of 100,000 would be 50 megabytes.
MOST_GROWN_KILOBYTES = 8_000
# Connections that are opened anew, and those whose end is still on its way, to us and to the database.
MOST_OPENED = 25
# In the place of a status: the server hung up on a request without a word.
NO_ANSWER = 599


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as its bytes are."""

    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"

    def wire(self) -> bytes:
        """Return what goes over the wire."""
        headers = {"Host": "127.0.0.1", "Content-Length": str(len(self.body)), **self.headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{self.method} {self.path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + self.body


@dataclass
class Answers:
    """The statuses that came back, the first requests that the server could not cope with, and what it held."""

    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[tuple[int, Request]] = field(default_factory=list)
    # After every few requests: the kilobytes in memory, the files and connections.
    held: list[tuple[int, int]] = field(default_factory=list)

    def note(self, request: Request, status: int) -> None:
        """Note one answer."""
        self.statuses[status] += 1
        if status >= SERVER_ERROR and len(self.failures) < 5:
            self.failures.append((status, request))

    @property
    def grown_kilobytes(self) -> int:
        """Return how much more memory was held in the last quarter than in the second one, at the least of each.

        In the first, caches fill; and at its least, what waits for being thrown away is not among it.
        """
        return self._grown([kilobytes for kilobytes, _ in self.held])

    @property
    def grown_open(self) -> int:
        """Return how many more files and connections were open in the last quarter than in the second one."""
        return self._grown([open_ones for _, open_ones in self.held])

    def _grown(self, measured: list[int]) -> int:
        quarter = len(measured) // 4
        return min(measured[-quarter:]) - min(measured[quarter : 2 * quarter])

    def figures(self) -> dict[str, int]:
        """Return them for a report."""
        server_errors = sum(
            count for status, count in self.statuses.items() if status >= SERVER_ERROR and status != NOT_KNOWN
        )
        refused = sum(count for status, count in self.statuses.items() if status >= 400) - server_errors
        return {
            "requests": self.statuses.total(),
            "refused": refused,
            "server_errors": server_errors,
            "held_kilobytes": self.held[-1][0],
            "grown_kilobytes_in_the_later_half": self.grown_kilobytes,
        }


class Connection:
    """A connection to a server, opened anew whenever the server has closed it."""

    def __init__(self, client: TestClient[web.Request, web.Application]) -> None:
        """Go to where this client goes."""
        self._host, self._port = client.host, client.port
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def fire(self, requests: Iterable[Request], after: Callable[[], Awaitable[None]] | None = None) -> Answers:
        """Send requests one after the other, and return what they were answered; `after` some, `after` is done."""
        answers = Answers()
        waiting: list[Request] = []
        for request in requests:
            waiting.append(request)
            if len(waiting) == SIDE_BY_SIDE:
                await self._send(waiting, answers)
                waiting = []
                if after is not None:
                    await after()
                answers.held.append(held())
        await self._send(waiting, answers)
        return answers

    async def _send(self, requests: list[Request], answers: Answers) -> None:
        """Send some; what stood behind one after which the server hung up is sent again."""
        while requests:
            is_new = self._open is None
            reader, writer = self._open or await asyncio.open_connection(self._host, self._port)
            self._open = reader, writer
            writer.write(b"".join(request.wire() for request in requests))
            answered = 0
            for request in requests:
                try:
                    status, goes_on = await _answer(reader)
                except (asyncio.IncompleteReadError, ConnectionResetError):
                    # Behind one whose body it did not read, a server answers nothing more.
                    if is_new and not answered:
                        answers.note(request, NO_ANSWER)
                        answered = 1
                    goes_on = False
                else:
                    answers.note(request, status)
                    answered += 1
                if not goes_on:
                    self.close()
                    break
            requests = requests[answered:]

    def close(self) -> None:
        """Hang up."""
        if self._open is not None:
            self._open[1].close()
            self._open = None


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """Return an answer's status, and whether the server listens on."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = int(head.split(" ", 2)[1])
    length = next((int(line[15:]) for line in head.split("\r\n") if line.startswith("content-length:")), None)
    if length is not None:
        await reader.readexactly(length)
    elif "transfer-encoding: chunked" in head:
        while (size := int(await reader.readline(), 16)) > 0:
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    return status, "connection: close" not in head


def dumped(path: Path) -> str:
    """Return everything that a SQLite database holds, as text."""
    connection = sqlite3.connect(path)
    try:
        return "\n".join(connection.iterdump())
    finally:
        connection.close()


def held() -> tuple[int, int]:
    """Return how many kilobytes this process holds in memory, and how many files and connections."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 1024, len(list(Path("/proc/self/fd").iterdir()))


def is_flat(answers: Answers) -> bool:
    """Whether the later half of some requests left nothing behind: no memory, no connection."""
    return answers.grown_kilobytes <= MOST_GROWN_KILOBYTES and answers.grown_open <= MOST_OPENED
