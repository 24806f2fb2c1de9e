"""Microsoft's `send_to_conversation`, one message after the other's answer in each of eight lines, as fast as it goes.

Given the stand-in's address. Told {"count"}, it answers with the seconds.
"""

import asyncio
import json
import sys
from itertools import count as counting
from time import perf_counter

from botbuilder.schema import Activity
from botframework.connector.aio import ConnectorClient

from benchmarks.floors.stock_teams import CARD, Held
from benchmarks.processes import tell_parent
from benchmarks.requests import APP_ID, PEOPLE, TENANT

SIDE_BY_SIDE = 8


async def send(client: ConnectorClient, count: int) -> float:
    """Return how long sending so many takes."""
    numbers = counting()

    async def line() -> None:
        while (number := next(numbers)) < count:
            card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}
            activity = Activity().deserialize({"type": "message", "attachments": [card]})
            await client.conversations.send_to_conversation(f"a:person{number % PEOPLE}", activity)

    begin = perf_counter()
    await asyncio.gather(*(line() for _ in range(SIDE_BY_SIDE)))
    return perf_counter() - begin


def main(url: str) -> None:
    """Send what is told."""
    client = ConnectorClient(Held(APP_ID, "secret", TENANT), base_url=url)
    with asyncio.Runner() as runner:
        tell_parent("ready")
        for line in sys.stdin:
            tell_parent(runner.run(send(client, json.loads(line)["count"])))


if __name__ == "__main__":
    main(sys.argv[1])
