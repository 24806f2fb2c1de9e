"""What is asked again and again of one moment is asked of the database once."""

from collections.abc import Sequence

from storage.database import Database, Session
from storage.moment import MOST_KEPT, asked_once


class Query:
    """A query that counts how often it is asked."""

    def __init__(self) -> None:
        """Begin with not at all."""
        self.asked: list[int] = []

    async def __call__(self, _session: Session, workspace_id: int) -> Sequence[int]:
        """Answer with what was asked."""
        self.asked.append(workspace_id)
        return [workspace_id]


async def test_one_moment_is_asked_once(database: Database) -> None:
    """In a transaction that only reads, the first answer stays the answer."""
    query = Query()
    once = asked_once(query.__call__)

    async with database.read() as session:
        answers = [await once(session, workspace) for workspace in (1, 2, 1)]

    assert answers == [[1], [2], [1]]
    assert query.asked == [1, 2]


async def test_the_next_moment_is_asked_anew(database: Database) -> None:
    """Another transaction may see something else."""
    query = Query()
    once = asked_once(query.__call__)

    for _ in range(2):
        async with database.read() as session:
            await once(session, 1)

    assert query.asked == [1, 1]


async def test_what_may_change_is_asked_each_time(database: Database) -> None:
    """A transaction that writes asks again: it may have written what it asks for."""
    query = Query()
    once = asked_once(query.__call__)

    async with database.begin() as session:
        await once(session, 1)
        await once(session, 1)

    assert query.asked == [1, 1]


async def test_a_long_look_keeps_no_more_than_some_answers(database: Database) -> None:
    """However many things are asked, what is kept of them stays small."""
    query = Query()
    once = asked_once(query.__call__)

    async with database.read() as session:
        for workspace in (*range(MOST_KEPT + 1), 0):
            await once(session, workspace)

    assert query.asked[-1] == 0
    assert len(query.asked) == MOST_KEPT + 2
