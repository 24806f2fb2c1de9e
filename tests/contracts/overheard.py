"""What a process tells whoever runs it, in log lines and figures, and what of people is never to stand there."""

import json
import logging
import re
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Any

import structlog
from sqlalchemy import select

from storage.database import Database
from storage.personal.forms import Written
from storage.personal.register import REGISTER
from storage.tables import Member, PageLink, metadata
from tests.slack.signing import SECRET, TOKEN, TOKEN_OF_ONE

TOKENS = (TOKEN, TOKEN_OF_ONE, SECRET)
# What the bot says, in the platforms' own forms: there the names of actions and messages stand, which are in the log.
NOT_WRITTEN_BY_PEOPLE = ("content", "checklist", "settings", "reference", "details")


@contextmanager
def overheard() -> Iterator[list[str]]:
    """Collect every line that is logged in a block, by the program and by the libraries that it is made of."""
    lines: list[str] = []

    def keep(_logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        whole = structlog.processors.format_exc_info(_logger, method, dict(event))
        lines.append(json.dumps(whole, default=str, ensure_ascii=False))
        return event

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(logging.Formatter().format(record))

    handler = Keeping()
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, keep, *_as_it_is()])
    logging.getLogger().addHandler(handler)
    try:
        yield lines
    finally:
        logging.getLogger().removeHandler(handler)
        structlog.reset_defaults()


def _as_it_is() -> Sequence[Any]:
    processors: Sequence[Any] = structlog.get_config()["processors"]
    return processors


async def kept_of_people(database: Database) -> frozenset[str]:
    """Return all names, addresses and sentences that people have written, as a database keeps them, and all tokens."""
    found: set[str] = set(TOKENS)
    async with database.read() as session:
        for name, kept in REGISTER.items():
            for column, held in kept.columns.items():
                if isinstance(held, Written) and column not in NOT_WRITTEN_BY_PEOPLE:
                    values = (await session.execute(select(metadata.tables[name].c[column]))).scalars()
                    found |= {words for value in values for words in sentences_in(value)}
        people = (await session.execute(select(Member))).scalars()
        found |= {word for member in people for word in (member.name, member.email) if word}
        found |= {link.secret for link in (await session.execute(select(PageLink))).scalars() if link.secret}
    return frozenset(found)


def sentences_in(value: Any) -> Iterator[str]:
    """Return the sentences in words or JSON: what has more than one word, and is nobody's but its writer's."""
    match value:
        case str() if " " in value.strip():
            yield value.strip()
        case dict():
            yield from (words for one in value.values() for words in sentences_in(one))
        case list():
            yield from (words for one in value for words in sentences_in(one))
        case _:
            return


def gives_away(lines: Iterable[str], words: Iterable[str]) -> list[str]:
    """Return the lines in which one of the words stands, whole, as it is or as JSON writes it."""
    forms = {form for word in words for form in (word, json.dumps(word)[1:-1])}
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(form)}(?!\w)" for form in sorted(forms)) or r"(?!)")
    return [line for line in lines if pattern.search(line)]
