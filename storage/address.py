"""Database addresses: which database SAMLAS_DATABASE_URL names, read without ever telling a password back."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.errors import UnsupportedDatabase

# So much of an address that cannot be read is told back: less than where a password may begin.
TOLD_BACK = 10


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """A SQLite database, for one serving process."""

    path: Path

    @property
    def is_to_be_made(self) -> bool:
        """Whether there is no file yet, in a folder that is there."""
        return self.path.parent.is_dir() and not self.path.exists()

    @property
    def whole(self) -> str:
        """The address as SAMLAS_DATABASE_URL would name it."""
        return f"sqlite+aiosqlite:///{self.path}"

    def __str__(self) -> str:
        """Return what a person would call it."""
        return str(self.path)


@dataclass(frozen=True, slots=True)
class PostgresqlDatabase:
    """A database on a PostgreSQL server, for any number of processes. `url` is for SQLAlchemy, on asyncpg."""

    url: URL

    @property
    def whole(self) -> str:
        """The address as SAMLAS_DATABASE_URL would name it, its password included."""
        return self.url.render_as_string(hide_password=False)

    def __str__(self) -> str:
        """Return what a person would call it, without its password."""
        return self.url.set(drivername="postgresql").render_as_string(hide_password=True)


Address = SqliteFile | PostgresqlDatabase


def address_of(url: str | Path) -> Address:
    """Return the database that an address names; a path is a SQLite file.

    A PostgreSQL address may be written as its own tools and hosts write it, `sslmode` included. Raises
    UnsupportedDatabase for an address that names neither.
    """
    if isinstance(url, Path):
        return SqliteFile(url)
    try:
        parsed = make_url(url)
    except ArgumentError as unreadable:
        # Not told back as a whole: there may be a password in it.
        raise UnsupportedDatabase(url if len(url) <= TOLD_BACK else f"{url[:TOLD_BACK]}…") from unreadable
    match parsed.get_backend_name():
        case "sqlite" if parsed.database and parsed.database != ":memory:":
            return SqliteFile(Path(parsed.database))
        case "postgresql" | "postgres" if parsed.database:
            return PostgresqlDatabase(_on_asyncpg(parsed))
        case _:
            raise UnsupportedDatabase(parsed.render_as_string(hide_password=True))


def _on_asyncpg(parsed: URL) -> URL:
    """Return the address as asyncpg understands it: what others call `sslmode` is its `ssl`."""
    query = dict(parsed.query)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return parsed.set(drivername="postgresql+asyncpg", query=query)
