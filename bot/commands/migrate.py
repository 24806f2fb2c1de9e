"""`samlas migrate`: bring the database's tables up to date."""

import argparse

from bot import __version__
from bot.program import Program, storage_explained
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

    Raises ConfigurationError when the database belongs to a newer Samlas or another program, or cannot be opened.
    """
    with storage_explained():
        return migrate(program.config.database_url, __version__)
