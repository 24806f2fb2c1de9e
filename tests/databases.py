"""Both kinds of database: a folder whose conftest.py imports `database_url` has each of its tests run on either.

One that imports `is_fleeting` too has SQLite as it is served: on a thread of its own, with commits that reach the disk.
"""

from collections.abc import Mapping

import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the address of a migrated database of the test's own, once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def is_fleeting() -> bool:
    """Whether nobody waits for the disk or another thread: not where that is what is tested."""
    return False


# What is said of PostgreSQL in `make test`: storage, counting, the outbox and its lanes, and rounds. The twins of all
# other tests take minutes more and are part of `make soak`.
ALWAYS_ON_BOTH = (
    "tests/storage/",
    "tests/bot/counting/",
    "tests/bot/sending/",
    "tests/nudges/test_round",
)


def is_twin_for_soak(node: str, parameters: Mapping[str, object]) -> bool:
    """Whether a test is one that runs on PostgreSQL in `make soak` only, by its node's name and its parameters."""
    return parameters.get("database_url") == "postgresql" and not node.startswith(ALWAYS_ON_BOTH)
