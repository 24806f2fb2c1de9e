"""The floor of sending in Slack: aiohttp posts a message as soon as an answer has come, in each of eight lines.

Given the stand-in's address. Told {"count"}, it answers with the seconds.
"""

import asyncio
import json
import sys
from itertools import count as counting
from time import perf_counter

import aiohttp

from benchmarks.messages import NOTE
from benchmarks.processes import tell_parent
from benchmarks.requests import PEOPLE

SIDE_BY_SIDE = 8
BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": line}} for line in NOTE]


async def send(session: aiohttp.ClientSession, url: str, count: int) -> float:
    """Return how long sending so many takes."""
    numbers = counting()

    async def line() -> None:
        while (number := next(numbers)) < count:
            message = {"channel": f"U{number % PEOPLE}", "text": NOTE[0], "blocks": BLOCKS}
            async with session.post(f"{url}chat.postMessage", json=message) as answer:
                await answer.json()

    begin = perf_counter()
    await asyncio.gather(*(line() for _ in range(SIDE_BY_SIDE)))
    return perf_counter() - begin


async def main(url: str) -> None:
    """Send what is told."""
    async with aiohttp.ClientSession(headers={"Authorization": "Bearer xoxb-1"}) as session:
        tell_parent("ready")
        while line := await asyncio.to_thread(sys.stdin.readline):
            tell_parent(await send(session, url, json.loads(line)["count"]))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
