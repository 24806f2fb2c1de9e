"""Queries that are asked again and again while one moment is looked at, as when an announcement is put to its readers.

In a transaction that only reads (`Database.read`) everything stands still, so that the first answer stays the answer.
"""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession as Session

# In the `info` of a session that sees one moment: the answers that were given in it.
ANSWERS = "answers"
# More are not kept, however long somebody looks.
MOST_KEPT = 500

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def asked_once(
    query: Callable[Concatenate[Session, Asked], Coroutine[Any, Any, Answer]],
) -> Callable[Concatenate[Session, Asked], Coroutine[Any, Any, Answer]]:
    """Let a query whose arguments can be hashed be asked once, where its session sees one moment; else each time.

    Nobody changes what they are given.
    """

    @wraps(query)
    async def answer(session: Session, /, *args: Asked.args, **named: Asked.kwargs) -> Answer:
        answers: dict[Any, Answer] | None = session.info.get(ANSWERS)
        if answers is None:
            return await query(session, *args, **named)
        key = (query, args, tuple(named.items()))
        if key not in answers:
            if len(answers) >= MOST_KEPT:
                answers.clear()
            answers[key] = await query(session, *args, **named)
        return answers[key]

    return answer
