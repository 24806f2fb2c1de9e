"""What storage itself can refuse. Storage stands below `bot`, so these are not of the family in bot/errors.py;
the wiring turns them into sentences.
"""


class StorageError(Exception):
    """The database cannot be used as it is."""


class UnsupportedDatabase(StorageError):
    """The database address names an engine that this version of Samlas does not run on."""


class UnreachableDatabase(StorageError):
    """The database's file cannot be opened or written: its folder is missing, or not ours to write in."""


class DatabaseBehind(StorageError):
    """The database's tables are older than this program: `samlas migrate` brings them up."""


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


class CannotCommit(Exception):
    """The database does not take what is to be counted now (it is locked, full or away); the same may go later."""
