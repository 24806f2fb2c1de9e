"""Writes the next migration from what storage/tables says and the migrations so far do not (make migration)."""

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
from storage.migrate import alembic_config, migrate


def write_migration(message: str) -> Path | None:
    """Write the next migration and return its file; None when the tables are what the migrations make."""
    with tempfile.TemporaryDirectory() as place:
        database = Path(place) / "migrated.db"
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
    source = path.read_text(encoding="utf-8")
    # Alembic's "please adjust" marks say nothing to a later reader.
    path.write_text(re.sub(r"\n *# ###[^\n]*", "", source), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", path], check=True)
    return path


def _nothing_when_empty(_context: MigrationContext, _revision: object, directives: list[MigrationScript]) -> None:
    operations = directives[0].upgrade_ops
    if operations is None or operations.is_empty():
        directives.clear()


def main(arguments: list[str]) -> int:
    """Write the next migration; its message is the only argument."""
    message = " ".join(arguments).strip()
    if not message:
        print('Say what the migration is for: make migration MESSAGE="remember who withdrew"')
        return 2
    path = write_migration(message)
    if path is None:
        print("The tables are what the migrations make: there is nothing to migrate.")
    else:
        print(f"Written: {path}. Read it before you keep it: expand first, and contract a release later.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
