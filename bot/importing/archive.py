"""A zip file from somewhere else, read with caution: nothing is unpacked to disk, and nothing it says is believed."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import orjson

from bot.errors import ImportRefused
from bot.texts import text

# More than any export of counts' worth of JSON; a small file that unpacks to more is made to do harm.
MOST_BYTES = 2 * 1024**3
# One JSON file is held in memory as a whole.
MOST_BYTES_OF_ONE = 512 * 1024**2
CHUNK = 1024**2
LONGEST_SHOWN = 120

# The ways in which an archive can be broken: its lists, one of its files, a name in no known letters.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    # What zipfile raises for a compression or an encryption it does not know.
    NotImplementedError,
    ValueError,
    struct.error,
)
# These unpack piece by piece, never more at a time than is asked for.
KNOWN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Archive:
    """An open zip file whose JSON files can be read one by one."""

    def __init__(self, opened: zipfile.ZipFile, most_bytes: int, most_bytes_of_one: int) -> None:
        """Read from `opened`, no more than so many bytes in all and of one file."""
        self._zip = opened
        self._left = most_bytes
        self._most_bytes_of_one = most_bytes_of_one
        # A name that stands twice is one file, the last. (is_dir() fails on a name of no letters.)
        self._files = {info.filename: info for info in opened.infolist() if not info.filename.endswith("/")}

    @property
    def names(self) -> list[str]:
        """The names of the files in it, sorted."""
        return sorted(self._files)

    def packed_bytes(self, name: str) -> int:
        """Return how much of the zip file this file takes up, for a progress bar; not to be relied on."""
        return self._files[name].compress_size

    def read_json(self, name: str) -> Any:
        """Return what a JSON file holds.

        Raises ImportRefused for one that is missing, broken, packed in an unusual way, too large, or not JSON.
        """
        if name not in self._files:
            raise ImportRefused(
                text("{name} is missing in the file, so it is not an export from Slack.", name=printable(name))
            )
        content = self._read(name)
        try:
            return orjson.loads(content)
        except orjson.JSONDecodeError as invalid:
            raise ImportRefused(
                text(
                    "{name} is not whole: it stops being JSON in line {line}. Please export again.",
                    name=printable(name),
                    line=invalid.lineno,
                )
            ) from invalid

    def _read(self, name: str) -> bytes:
        info = self._files[name]
        if info.compress_type not in KNOWN_METHODS:
            raise ImportRefused(
                text(
                    "{name} is packed in a way that exports from Slack are not. Please export again.",
                    name=printable(name),
                )
            )
        most = min(self._left, self._most_bytes_of_one)
        content = bytearray()
        try:
            with self._zip.open(info) as packed:
                # The size in the list of contents is only a claim: what counts is what comes out.
                while chunk := packed.read(CHUNK):
                    content += chunk
                    if len(content) > most:
                        raise _too_large(name)
        except BROKEN as broken:
            raise _broken() from broken
        self._left -= len(content)
        return bytes(content)


@contextmanager
def open_archive(
    path: Path, most_bytes: int = MOST_BYTES, most_bytes_of_one: int = MOST_BYTES_OF_ONE
) -> Iterator[Archive]:
    """Open a zip file for the length of a block.

    Raises ImportRefused when it is none, is broken, claims to unpack to more than `most_bytes`, or holds a name that
    leads out of its own folder.
    """
    try:
        opened = zipfile.ZipFile(path)
    except FileNotFoundError as missing:
        raise ImportRefused(text("There is no file {path}.", path=printable(str(path)))) from missing
    except zipfile.BadZipFile as other:
        raise ImportRefused(
            text(
                "{path} is not a whole zip file. Please give the file as Slack's export made it.",
                path=printable(str(path)),
            )
        ) from other
    except BROKEN as unreadable:
        raise ImportRefused(text("{path} cannot be read.", path=printable(str(path)))) from unreadable
    with opened:
        for info in opened.infolist():
            if leads_outside(info.filename):
                raise ImportRefused(
                    text(
                        "The name {name} leads out of the zip file's own folder. No export from Slack has such names,"
                        " and nothing of it is imported.",
                        name=printable(info.filename),
                    )
                )
        if sum(info.file_size for info in opened.infolist()) > most_bytes:
            raise _too_large(path.name)
        yield Archive(opened, most_bytes, most_bytes_of_one)


def printable(given: str) -> str:
    """Return what a file calls something as it may be shown on a terminal: nothing in it steers the terminal."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in given)
    return shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}..."


def leads_outside(name: str) -> bool:
    """Whether a name in an archive is absolute, on some system, or climbs out of the folder."""
    windows = PureWindowsPath(name)
    return bool(
        PurePosixPath(name).is_absolute() or windows.drive or windows.root or ".." in windows.parts or "\0" in name
    )


def _too_large(name: str) -> ImportRefused:
    return ImportRefused(
        text(
            "{name} unpacks to far more than any export from Slack does. Nothing of it is imported.",
            name=printable(name),
        )
    )


def _broken() -> ImportRefused:
    return ImportRefused(text("The zip file is broken. Please export again, or copy it again from where it came."))
