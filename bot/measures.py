"""What one serving process counts about itself, for `/metrics` (Prometheus).

Numbers and technical names only: no workspace, no person, no text. What stands in the database is asked for when
somebody looks (bot/commands/serve.py); what only this process knows is counted here as it happens.
"""

from collections.abc import Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from storage.health import Waiting

# Seconds. A commit takes milliseconds on a good disk; one of ten seconds is a database that is in trouble.
COMMIT_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
# Prometheus' word for a figure that there is none of.
NOT_KNOWN: Final = float("nan")


class Measures:
    """One process's figures, in a registry of their own."""

    def __init__(self) -> None:
        """Start at nothing."""
        self._registry = CollectorRegistry(auto_describe=True)
        self._events = Counter(
            "samlas_events", "Events taken in: only counted, or handled.", ["way"], registry=self._registry
        )
        # Added up when somebody looks: a counter of theirs takes a lock each time, and this is done for each event.
        self._events_since = {"counted": 0, "handled": 0}
        self._signs = Counter(
            "samlas_signs",
            "Signs of taking part: counted, duplicate (told again), ignored (not to be counted), or not_taken (by the"
            " database; they come again).",
            ["result"],
            registry=self._registry,
        )
        self._commit = Histogram(
            "samlas_count_commit_seconds",
            "How long committing a batch of signs took.",
            buckets=COMMIT_BUCKETS,
            registry=self._registry,
        )
        self._sends = Counter(
            "samlas_sends",
            "What became of each try to send: an outbox state, queued for one that is tried again.",
            ["platform", "result"],
            registry=self._registry,
        )
        self._rate_limited = Counter(
            "samlas_rate_limited", "How often a platform asked us to wait (429).", ["platform"], registry=self._registry
        )
        self._ticks = Counter("samlas_ticks", "Rounds of everything that may be due.", registry=self._registry)
        self._job_failures = Counter(
            "samlas_job_failures", "Jobs that failed and will be tried again.", ["job"], registry=self._registry
        )
        self._database_answers = Gauge(
            "samlas_database_answers", "Whether the database answers: 1 or 0.", registry=self._registry
        )
        self._waiting = Gauge(
            "samlas_outbox_waiting", "Rows of the outbox that are not settled.", ["state"], registry=self._registry
        )
        self._oldest = Gauge(
            "samlas_outbox_oldest_due_seconds",
            "For how long the row that should have gone first has been due.",
            registry=self._registry,
        )
        self._lanes = Gauge(
            "samlas_lanes_held",
            "Workspaces' lanes, by the process that holds them.",
            ["owner"],
            registry=self._registry,
        )

    def event(self, way: str) -> None:
        """Note an event: "counted" or "handled"."""
        self._events_since[way] += 1

    def batch(self, seconds: float, *, counted: int, duplicates: int, ignored: int) -> None:
        """Note a batch of signs that has been committed."""
        self._commit.observe(seconds)
        for result, number in (("counted", counted), ("duplicate", duplicates), ("ignored", ignored)):
            self._signs.labels(result).inc(number)

    def not_taken(self, signs: int) -> None:
        """Note signs that the database did not take; their platforms were not told that we have them."""
        self._signs.labels("not_taken").inc(signs)

    def send(self, platform: str, result: str, *, rate_limited: bool) -> None:
        """Note what became of one try to send."""
        self._sends.labels(platform, result).inc()
        if rate_limited:
            self._rate_limited.labels(platform).inc()

    def tick(self) -> None:
        """Note that everything which may be due has been looked at once."""
        self._ticks.inc()

    def job_failed(self, job: str) -> None:
        """Note a job that failed."""
        self._job_failures.labels(job).inc()

    def exposition(self, waiting: Waiting, holders: Mapping[str, int]) -> bytes:
        """Return everything in Prometheus' text format, with what stands in the database at this moment."""
        self._database_answers.set(1)
        self._waiting.labels("queued").set(waiting.queued)
        self._waiting.labels("sending").set(waiting.sending)
        self._oldest.set(waiting.oldest_due_seconds)
        self._lanes.clear()
        for owner, lanes in holders.items():
            self._lanes.labels(owner).set(lanes)
        return self._written()

    def exposition_without_database(self) -> bytes:
        """Return what only this process knows, and that its database does not answer."""
        self._database_answers.set(0)
        self._waiting.clear()
        self._oldest.set(NOT_KNOWN)
        self._lanes.clear()
        return self._written()

    def _written(self) -> bytes:
        for way, number in self._events_since.items():
            self._events.labels(way).inc(number)
            self._events_since[way] = 0
        return generate_latest(self._registry)
