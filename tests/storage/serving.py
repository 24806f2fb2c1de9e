"""A process that has the right to serve a database, and keeps it until it is killed."""

import signal
import sys

from storage.database import Database

if __name__ == "__main__":
    with Database(f"sqlite+aiosqlite:///{sys.argv[1]}").served_alone():
        print("serving", flush=True)
        signal.pause()
