"""Writes migrations from what storage/tables says: the next one (make migration), or the first one anew.

Before the first release there is one migration: `python -m tools.migration --anew "the first tables"` replaces all
there are by one that makes every table.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from bot import __version__
from storage.migrate import MIGRATIONS, alembic_config, migrate

ANEW = "--anew"

# What no table declares, at the end of the first migration: the oldest program that may run on it, and the words of
# decisions, which each database looks up in an index of its own kind (storage/search.py).
FIRST_UPGRADE = """
    op.execute("INSERT INTO program_floor (id, oldest_program) VALUES (1, '0.1.0')")
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE TABLE decision_search ("
            "decision_id INTEGER PRIMARY KEY REFERENCES decision (id) ON DELETE CASCADE, words TSVECTOR NOT NULL)"
        )
        op.execute("CREATE INDEX ix_decision_search_words ON decision_search USING gin (words)")
    else:
        # Letters with rings and dots are letters of their own, so they are not taken for others.
        op.execute("CREATE VIRTUAL TABLE decision_search USING fts5(words, tokenize = 'unicode61 remove_diacritics 0')")
"""
FIRST_DOWNGRADE = """
    op.execute("DROP TABLE decision_search")
"""


def write_migration(message: str) -> Path | None:
    """Write the next migration and return its file; None when the tables are what the migrations make.

    Where there is none yet, it is the first one, with what no table declares.
    """
    with tempfile.TemporaryDirectory() as place:
        database = Path(place) / "migrated.db"
        is_first = not list((MIGRATIONS / "versions").glob("*.py"))
        if not is_first:
            migrate(database, __version__)
        engine = create_engine(f"sqlite:///{database}")
        with engine.begin() as connection:
            config = alembic_config()
            config.attributes["connection"] = connection
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
            script = command.revision(
                config,
                message=message,
                autogenerate=True,
                rev_id=f"{number:04}",
                process_revision_directives=_nothing_when_empty,
            )
        engine.dispose()
    if script is None or isinstance(script, list):
        return None
    path = Path(script.path)
    # Alembic's "please adjust" marks say nothing to a later reader.
    source = re.sub(r"\n *# ###[^\n]*", "", path.read_text(encoding="utf-8"))
    path.write_text(_with_the_rest(source) if is_first else source, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", path], check=True)
    return path


def write_first_migration(message: str) -> Path | None:
    """Replace all migrations by one that makes every table, and return its file."""
    for path in (MIGRATIONS / "versions").glob("*.py"):
        path.unlink()
    return write_migration(message)


def _with_the_rest(first: str) -> str:
    upgrade, downgrade = first.split("\n\n\ndef downgrade() -> None:\n")
    return f"{upgrade}{FIRST_UPGRADE}\n\ndef downgrade() -> None:{FIRST_DOWNGRADE}{downgrade}"


def _nothing_when_empty(_context: MigrationContext, _revision: object, directives: list[MigrationScript]) -> None:
    operations = directives[0].upgrade_ops
    if operations is None or operations.is_empty():
        directives.clear()


def main(arguments: list[str]) -> int:
    """Write the next migration, or with --anew the first; its message is the only other argument."""
    message = " ".join(word for word in arguments if word != ANEW).strip()
    if not message:
        print('Say what the migration is for: make migration MESSAGE="remember who withdrew"')
        return 2
    path = write_first_migration(message) if ANEW in arguments else write_migration(message)
    if path is None:
        print("The tables are what the migrations make: there is nothing to migrate.")
    else:
        print(f"Written: {path}. Read it before you keep it: expand first, and contract a release later.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
