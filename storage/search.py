"""The words of published decisions, looked up in the database's own full-text index: the same answers on both.

What is a word, and its case, is decided here and not by the database: letters and digits, with the marks on them, and
letters with rings and dots are letters of their own.
"""

import unicodedata
from collections.abc import Iterator, Sequence

from sqlalchemy import (
    Column,
    ColumnElement,
    Executable,
    Integer,
    MetaData,
    Table,
    Text,
    cast,
    column,
    delete,
    false,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlmodel import col

from storage.database import Session
from storage.dialect import SQLITE, dialect_of, insert
from storage.tables import Decision

# Both are made by the first migration, by dialect, and are no part of the tables' own metadata: SQLite's is an FTS5
# table, in which a decision's row id is the row's.
_SQLITE = table("decision_search", column("rowid", Integer), column("words", Text))
_POSTGRESQL = Table(
    "decision_search",
    MetaData(),
    Column("decision_id", Integer, primary_key=True),
    Column("words", TSVECTOR),
)
# PostgreSQL keeps no longer ones, and nobody looks for them; and counts no further.
_LONGEST_WORD = 200
_LAST_POSITION = 16383


def index_statements(session: Session, decision: Decision, said: str) -> Sequence[Executable]:
    """Return what makes the index hold this of a decision, in place of what it held."""
    words = list(words_of(said))
    if dialect_of(session) == SQLITE:
        return (
            delete(_SQLITE).where(_SQLITE.c.rowid == decision.id),
            insert(_SQLITE).values(rowid=decision.id, words=" ".join(words)),
        )
    vector = cast(" ".join(f"'{word}':{min(at, _LAST_POSITION)}" for at, word in enumerate(words, 1)), TSVECTOR)
    adding = insert(_POSTGRESQL).values(decision_id=decision.id, words=vector)
    return (adding.on_conflict_do_update(index_elements=["decision_id"], set_={"words": vector}),)


def tidying_statements(session: Session) -> Sequence[Executable]:
    """Return what makes the index hold no words any more that are not found in it; SQLite tidies up later by itself."""
    if dialect_of(session) != SQLITE:
        return ()
    whole = table("decision_search", column("decision_search", Text))
    return (insert(whole).values(decision_search="optimize"),)


def found_by(session: Session, said: str) -> ColumnElement[bool]:
    """Whether a `Decision` says these words next to each other, the last of them perhaps only begun."""
    words = list(words_of(said))
    if not words:
        return false()
    if dialect_of(session) == SQLITE:
        phrase = f'"{" ".join(words)}"*'
        return col(Decision.id).in_(select(_SQLITE.c.rowid).where(_SQLITE.c.words.op("MATCH")(phrase)))
    phrase = " <-> ".join(f"'{word}'" for word in words) + ":*"
    return col(Decision.id).in_(
        select(_POSTGRESQL.c.decision_id).where(_POSTGRESQL.c.words.op("@@")(cast(phrase, TSQUERY)))
    )


def words_of(said: str) -> Iterator[str]:
    """Yield the words in the order in which they stand, without upper case."""
    word = ""
    for letter in said.casefold():
        kind = unicodedata.category(letter)
        if kind[0] in "LN" or kind == "Co" or (word and kind[0] == "M"):
            word += letter
        elif word:
            yield word[:_LONGEST_WORD]
            word = ""
    if word:
        yield word[:_LONGEST_WORD]
