"""A process that brings requests to a server over many connections, and tells how long it took.

On the bare protocol, so that it costs less than what it measures. Told which requests, from which number and how many
(benchmarks/requests.py), it prepares them, sends the next one on each connection as soon as the last was answered, and
answers with the seconds; with "rate", it sends so many a second, and answers with the seconds that each took.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from time import perf_counter
from typing import Any

from benchmarks import requests
from benchmarks.processes import tell_parent

HEAD_ENDS = b"\r\n\r\n"
LENGTH = b"content-length:"


class Connection(asyncio.Protocol):
    """One connection: sends a request, waits for the whole answer, and goes on with the next."""

    def __init__(self, waiting: Iterator[bytes], ended: asyncio.Event) -> None:
        """Take requests from those that wait."""
        self._waiting = waiting
        self._ended = ended
        self._heard = bytearray()
        self._transport: Any = None
        self.answered: asyncio.Future[None] | None = None

    def connection_made(self, transport: Any) -> None:
        """Keep the way to the server."""
        self._transport = transport

    def go_on(self) -> None:
        """Send the next request, if there is one."""
        request = next(self._waiting, None)
        if request is None:
            self._ended.set()
        else:
            self._transport.write(request)

    def send(self, request: bytes) -> "asyncio.Future[None]":
        """Send this request; the future is done with its answer."""
        self.answered = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self.answered

    def data_received(self, data: bytes) -> None:
        """Read an answer. One that is no yes ends the process."""
        self._heard += data
        head, found, body = self._heard.partition(HEAD_ENDS)
        if not found:
            return
        _, found, after = head.lower().partition(LENGTH)
        if len(body) < (int(after.partition(b"\r\n")[0]) if found else 0):
            return
        if not self._heard.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
            # asyncio would only log what is raised here.
            tell_parent({"refused": self._heard[:200].decode(errors="replace")})
            sys.exit(1)
        self._heard.clear()
        if self.answered is None:
            self.go_on()
        else:
            self.answered.set_result(None)


async def as_fast_as_answered(port: int, made: list[bytes], connections: int) -> float:
    """Return the seconds until the last request was answered, all connections busy all the time."""
    waiting = iter(made)
    ends = [asyncio.Event() for _ in range(connections)]
    opened = [await _opened(port, waiting, ended) for ended in ends]
    begin = perf_counter()
    for _, connection in opened:
        connection.go_on()
    for ended in ends:
        await ended.wait()
    took = perf_counter() - begin
    for transport, _ in opened:
        transport.close()
    return took


async def as_the_clock_strikes(port: int, made: list[bytes], rate: float, connections: int) -> list[float]:
    """Send `rate` requests a second, whether the last were answered or not; returns how long each waited."""
    waits: list[float] = []
    free: asyncio.Queue[Connection] = asyncio.Queue()
    opened = [await _opened(port, iter(()), asyncio.Event()) for _ in range(connections)]
    for _, connection in opened:
        free.put_nowait(connection)
    begin = perf_counter()

    async def ask(request: bytes, due: float) -> None:
        connection = await free.get()
        await connection.send(request)
        free.put_nowait(connection)
        # From when it was due, so that a server that stands still is not asked more kindly.
        waits.append(perf_counter() - due)

    asked = []
    for number, request in enumerate(made):
        due = begin + number / rate
        await asyncio.sleep(max(0.0, due - perf_counter()))
        asked.append(asyncio.create_task(ask(request, due)))
    await asyncio.gather(*asked)
    for transport, _ in opened:
        transport.close()
    return waits


async def _opened(port: int, waiting: Iterator[bytes], ended: asyncio.Event) -> tuple[Any, Connection]:
    return await asyncio.get_running_loop().create_connection(lambda: Connection(waiting, ended), "127.0.0.1", port)


def main() -> None:
    """Do what is told, line by line."""
    tell_parent("ready")
    for line in sys.stdin:
        told = json.loads(line)
        port, rate, connections = told.pop("port"), told.pop("rate", None), told.pop("connections")
        made = requests.make(**told)
        if rate is None:
            tell_parent(asyncio.run(as_fast_as_answered(port, made, connections)))
        else:
            tell_parent(asyncio.run(as_the_clock_strikes(port, made, rate, connections)))


if __name__ == "__main__":
    main()
