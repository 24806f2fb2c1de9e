"""Wakes the browsers that are looking: the gateway and the acts tell what has changed, each open tab hears of it.

Only places are told, never what is in them: a tab that is concerned asks for the place again, as its person.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

# Everything may look different: the clock has moved, or somebody has joined a channel.
EVERYWHERE = "everywhere"


def channel_place(external_id: str) -> str:
    """Return a channel's name among places."""
    return f"channel:{external_id}"


# The person's own conversation with the bot.
DIRECT = "direct"


class Tab:
    """One open tab: what has changed since it was last told."""

    def __init__(self, person: str) -> None:
        """Listen for a person, by external id."""
        self.person = person
        self._changed: dict[str, None] = {}
        self._woken = asyncio.Event()

    def hear(self, place: str) -> None:
        """Note that a place has changed."""
        self._changed[place] = None
        self._woken.set()

    async def changes(self, patience: float) -> list[str]:
        """Wait at most `patience` seconds, then return the places that have changed, oldest first."""
        try:
            await asyncio.wait_for(self._woken.wait(), patience)
        except TimeoutError:
            return []
        self._woken.clear()
        changed, self._changed = list(self._changed), {}
        return changed


class Live:
    """The open tabs of all people."""

    def __init__(self) -> None:
        """Begin with nobody looking."""
        self._tabs: set[Tab] = set()
        self.closing = False

    @contextmanager
    def tab(self, person: str) -> Iterator[Tab]:
        """Keep a tab among the listeners for the length of a block."""
        tab = Tab(person)
        self._tabs.add(tab)
        try:
            yield tab
        finally:
            self._tabs.discard(tab)

    def tell(self, place: str, person: str | None = None) -> None:
        """Tell everybody, or one person's tabs, that a place has changed."""
        for tab in self._tabs:
            if person is None or tab.person == person:
                tab.hear(place)

    def close(self) -> None:
        """Let every tab go, so that the server can stop."""
        self.closing = True
        self.tell(EVERYWHERE)
