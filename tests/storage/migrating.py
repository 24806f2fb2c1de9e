"""A process that migrates a database with the migrations of a folder."""

import sys
from pathlib import Path

import storage.migrate
from bot import __version__

if __name__ == "__main__":
    storage.migrate.MIGRATIONS = Path(sys.argv[2])
    print("ready", flush=True)
    sys.stdin.readline()
    print(storage.migrate.migrate(sys.argv[1], __version__), flush=True)
