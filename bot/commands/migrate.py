"""`samlas migrate`: bring the database's tables up to date."""

import argparse

from bot import __version__
from bot.errors import ConfigurationError
from bot.program import Program
from bot.texts import text
from storage.database import sqlite_path
from storage.errors import DatabaseAhead, UnsupportedDatabase
from storage.migrate import migrate


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""


async def run(args: argparse.Namespace, program: Program) -> int:  # noqa: ARG001 - as above
    """Migrate, and say whether anything changed."""
    changed = bring_up_to_date(program)
    print(program.say("The database is up to date now.") if changed else program.say("The database was up to date."))
    return 0


def bring_up_to_date(program: Program) -> bool:
    """Migrate the configured database; True when anything changed.

    Raises ConfigurationError when the database belongs to a newer Samlas, or is of a kind we do not run on.
    """
    try:
        return migrate(sqlite_path(program.config.database_url), __version__)
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
                "SAMLAS_DATABASE_URL: this version runs on a SQLite file, such as"
                " sqlite+aiosqlite:///samlas.db, and not on {url}.",
                url=str(unsupported),
            )
        ) from unsupported
