"""What storage itself can refuse. Storage stands below `bot`, so these are not of the family in bot/errors.py;
the wiring turns them into sentences.
"""

from collections.abc import Sequence
from enum import StrEnum


class Unreachable(StrEnum):
    """Why a database cannot be opened."""

    NOT_WRITABLE = "not_writable"
    NO_ANSWER = "no_answer"
    NOT_LET_IN = "not_let_in"
    NO_SUCH_DATABASE = "no_such_database"


class StorageError(Exception):
    """The database cannot be used as it is."""


class UnsupportedDatabase(StorageError):
    """The database address names an engine that this version of Samlas does not run on."""


class UnreachableDatabase(StorageError):
    """The database cannot be opened: its file cannot be, or its server is away or does not let us in."""

    def __init__(self, address: str, why: Unreachable) -> None:
        """Keep what cannot be opened, without a password, and why."""
        super().__init__(address)
        self.why = why


class DatabaseBehind(StorageError):
    """The database's tables are older than this program: `samlas migrate` brings them up."""


class NoDatabase(DatabaseBehind):
    """There is no SQLite file yet; its folder is there."""


class DatabaseAhead(StorageError):
    """The database was migrated by a newer Samlas that this program may no longer run beside."""

    def __init__(self, oldest_program: str) -> None:
        """Keep the oldest version that may still run."""
        super().__init__(oldest_program)
        self.oldest_program = oldest_program


class BrokenMigration(StorageError):
    """A migration would leave rows that refer to rows which are not there. Nothing has been changed."""


class AlreadyServed(StorageError):
    """Another process serves this SQLite database."""


class UnknownDriver(StorageError):
    """aiosqlite no longer has what storage/one_hop.py uses of it: install the version that constraints.txt names."""

    def __init__(self, version: str, missing: Sequence[str]) -> None:
        """Say which version there is, and what it lacks."""
        super().__init__(
            f"aiosqlite {version} lacks {', '.join(missing)}, which Samlas uses. Install the version that Samlas was"
            " tried with; constraints.txt names it."
        )


class Collided(Exception):
    """Two transactions wanted each other's rows, and this one was ended and left nothing. Done again, it may go."""


class CannotCommit(Exception):
    """The database does not take what is to be counted now (it is locked, full or away); the same may go later."""
