"""Keeps each conversation below Teams' limits (limits.py), by remembering when something was last sent there."""

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence

from adapters.teams.limits import Window

# Conversations that are remembered; one that was last written to long ago needs no remembering.
MOST_REMEMBERED = 10_000


class Pace:
    """Tells how long to wait before the next message to a conversation. Times are monotonic, in seconds."""

    def __init__(self, windows: Sequence[Window], machine: Callable[[], float]) -> None:
        """Keep below all of the windows."""
        self._windows = windows
        self._machine = machine
        self._longest = max((window.most for window in windows), default=0)
        self._sent: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, conversation: str) -> float:
        """Return the seconds until something may be sent there; 0 for at once."""
        sent = self._sent.get(conversation)
        if not sent:
            return 0.0
        now = self._machine()
        waits = [
            sent[-window.most] + window.within.total_seconds() - now
            for window in self._windows
            if len(sent) >= window.most
        ]
        return max(0.0, *waits, 0.0)

    def sent(self, conversation: str, after: float = 0.0) -> None:
        """Remember that something is sent there in so many seconds."""
        times = self._sent.setdefault(conversation, deque(maxlen=self._longest))
        times.append(self._machine() + after)
        self._sent.move_to_end(conversation)
        if len(self._sent) > MOST_REMEMBERED:
            self._sent.popitem(last=False)
