"""What a test lives through, no other test in this process lives through again.

From the same rows, and with the same standing on the platform, the same days bring about the same. So what they brought
about is kept, and put in place when another test comes to where they began.
"""

import hashlib
import sqlite3
import zlib
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from storage.database import Database
from tests.support import RecordingGateway, Standing

# SQLite's file format: which journal it has. In memory there is no write-ahead log.
JOURNAL = slice(18, 20)
NO_LOG = b"\x01\x01"


@dataclass(frozen=True)
class Past:
    """What days have brought about: the database, packed, and what stands on the platform."""

    rows: bytes
    standing: dict[str, Standing]
    edits: int


class Lived:
    """All that tests have lived through, by where they began and where to."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._pasts: dict[tuple[bytes, int, int, datetime, datetime], Past] = {}

    async def through(
        self,
        database: Database,
        gateway: RecordingGateway,
        begin: datetime,
        end: datetime,
        live: Callable[[], Awaitable[None]],
    ) -> None:
        """Let the days between two moments have been lived through: by `live`, the first time."""
        if database.is_shared or not database.is_fleeting or gateway.on_the_way is not None:
            # Where others have the database too, or the platform has a will of its own, each time is a new one.
            await live()
            return
        rows = _rows_of(database.path)
        key = hashlib.sha256(rows).digest(), len(gateway.standing), gateway.edits, begin, end
        if key not in self._pasts:
            await live()
            self._pasts[key] = Past(
                zlib.compress(_rows_of(database.path), 1),
                {name: replace(standing) for name, standing in gateway.standing.items()},
                gateway.edits,
            )
        past = self._pasts[key]
        # The first time too: else its file would hold the same in another order, and be another beginning.
        _put(database.path, zlib.decompress(past.rows))
        gateway.standing = {name: replace(standing) for name, standing in past.standing.items()}
        gateway.edits = past.edits


def _rows_of(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        whole = bytearray(connection.serialize())
    whole[JOURNAL] = NO_LOG
    return bytes(whole)


def _put(path: Path, rows: bytes) -> None:
    with closing(sqlite3.connect(":memory:")) as source, closing(sqlite3.connect(path)) as file:
        source.deserialize(rows)
        source.backup(file)
