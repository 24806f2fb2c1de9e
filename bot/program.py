"""What every command is given: the configuration, the clock, a voice for the terminal, and the database."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final

from bot import __version__
from bot.clock import Clock
from bot.config import Config
from bot.errors import ConfigurationError
from bot.texts import Text, Voice, language_of, text
from storage.address import Address, PostgresqlDatabase, SqliteFile, address_of
from storage.database import Database
from storage.errors import (
    DatabaseAhead,
    DatabaseBehind,
    NoDatabase,
    Unreachable,
    UnreachableDatabase,
    UnsupportedDatabase,
)
from storage.migrate import check

NO_DATABASE: Final = text(
    "There is no database yet. It begins with samlas serve, or with samlas import slack-export FILE.zip"
)


@dataclass(frozen=True, slots=True)
class Program:
    """One run of the command line."""

    config: Config
    clock: Clock
    say: Voice

    def is_shared(self) -> bool:
        """Whether several processes may serve the configured database: on PostgreSQL.

        Raises ConfigurationError for an address of neither kind.
        """
        return isinstance(self._address(), PostgresqlDatabase)

    def has_no_database_yet(self) -> bool:
        """Whether the configured database is a SQLite file that nothing has made yet.

        Raises ConfigurationError for an address of neither kind.
        """
        address = self._address()
        return isinstance(address, SqliteFile) and address.is_to_be_made

    def _address(self) -> Address:
        with storage_explained():
            return address_of(self.config.database_url)

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        """Open the configured database for the length of a block.

        Raises ConfigurationError when this program and the database do not fit together, with what to do.
        """
        url = self.config.database_url
        with storage_explained():
            check(url, __version__)
            database = Database(url)
        try:
            yield database
        finally:
            await database.close()


@contextmanager
def storage_explained() -> Iterator[None]:
    """Turn what storage refuses in a block into a ConfigurationError that says what to do."""
    try:
        yield
    except NoDatabase as missing:
        raise ConfigurationError(NO_DATABASE) from missing
    except DatabaseBehind as behind:
        raise ConfigurationError(
            text("The database is not up to date with this version. Run: samlas migrate")
        ) from behind
    except DatabaseAhead as ahead:
        raise ConfigurationError(
            text(
                "The database is used by a newer Samlas. This is version {here}; at least {needed} is needed.",
                here=__version__,
                needed=ahead.oldest_program,
            )
        ) from ahead
    except UnsupportedDatabase as unsupported:
        raise ConfigurationError(
            text(
                "SAMLAS_DATABASE_URL: Samlas runs on a SQLite file of its own, such as sqlite+aiosqlite:///samlas.db,"
                " or on a PostgreSQL database of its own, such as postgresql://samlas:password@host/samlas. It cannot"
                " use this one: {url}",
                url=str(unsupported),
            )
        ) from unsupported
    except UnreachableDatabase as unreachable:
        raise ConfigurationError(_why(unreachable)) from unreachable


def _why(unreachable: UnreachableDatabase) -> Text:
    address = str(unreachable)
    match unreachable.why:
        case Unreachable.NOT_WRITABLE:
            return text(
                "SAMLAS_DATABASE_URL: {path} cannot be opened. Its folder has to be there, and Samlas has to be allowed"
                " to write in it.",
                path=address,
            )
        case Unreachable.NO_ANSWER:
            return text(
                "SAMLAS_DATABASE_URL: there is no answer from {address}. See whether PostgreSQL runs there, and whether"
                " the host and the port are right.",
                address=address,
            )
        case Unreachable.NOT_LET_IN:
            return text(
                "SAMLAS_DATABASE_URL: PostgreSQL does not let this user in at {address}. See whether the user and the"
                " password are right, and whether pg_hba.conf lets them in from here.",
                address=address,
            )
        case Unreachable.NO_SUCH_DATABASE:
            return text(
                "SAMLAS_DATABASE_URL: PostgreSQL has no such database: {address}. Make an empty one first (createdb),"
                " and run: samlas migrate",
                address=address,
            )


def terminal_voice() -> Voice:
    """Return a voice in the language that the terminal's environment asks for."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "en"
    return Voice(language_of(locale))
