"""A people CSV as spreadsheets write it: read line by line, in bounded memory, with every mistake by line and column.

UTF-8 with or without a mark, UTF-16 with one; commas, semicolons or tabs; a first line `sep=;`; empty lines and
columns.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO, TypeVar

from bot.errors import ImportRefused
from bot.people.columns import Column, Line, Mistake, column_named, read_line
from bot.texts import Text, text

Read = TypeVar("Read")

# A cell longer than this is no cell: a quotation mark was opened and never closed.
LONGEST_CELL: Final = 10_000
MOST_BYTES: Final = 512 * 1024**2
# More mistakes than this help nobody; how many more there are is said.
MOST_SHOWN: Final = 20
_SEPARATORS: Final = ",;\t"
_SAYS_SEPARATOR: Final = re.compile(r"sep=([,;|\t])\r?\n?", re.IGNORECASE)
# Excel's way of keeping a cell as text.
_AS_TEXT: Final = re.compile(r'="(.*)"', re.DOTALL)


@dataclass(slots=True)
class Mistakes:
    """What is wrong in a file: the first ones, and how many there are."""

    first: list[Mistake] = field(default_factory=list)
    count: int = 0

    def add(self, mistake: Mistake) -> None:
        """Take one more."""
        self.count += 1
        if len(self.first) < MOST_SHOWN:
            self.first.append(mistake)


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """An open file with its headings; `lines` may be gone through again and again."""

    opened: TextIO
    begins_at: int
    separator: str
    headings: Mapping[Column, str]
    at: Mapping[Column, int]
    first_line: int
    unknown: Sequence[str]

    def lines(self) -> Iterator[Line | list[Mistake]]:
        """Go through the people, one line each; what is wrong with a line comes in its place.

        Raises ImportRefused where the file cannot be read any further.
        """
        self.opened.seek(self.begins_at)
        reader = _reader(self.opened, self.separator)
        while True:
            number = self.first_line + reader.line_num
            row = _next(reader, number)
            if row is None:
                return
            if not any(cell.strip() for cell in row):
                continue
            written = {column: _cell(row, place) for column, place in self.at.items()}
            yield read_line(number, written, self.headings)


@contextmanager
def open_people(path: Path) -> Iterator[PeopleFile]:
    """Open a people CSV and read its headings.

    Raises ImportRefused for a file that is none, with what would do.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ImportRefused(text("{file} is too large for a list of people.", file=path.name))
        with path.open("rb") as raw:
            encoding = _encoding(raw.read(4))
        with path.open(encoding=encoding, newline="") as opened:
            yield _begun(opened, path.name)
    except OSError as missing:
        raise ImportRefused(text("{file} cannot be opened.", file=str(path))) from missing


def _encoding(begins: bytes) -> str:
    return "utf-16" if begins[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def _begun(opened: TextIO, name: str) -> PeopleFile:
    first = _readable(opened.readline, 1)
    said = _SAYS_SEPARATOR.fullmatch(first)
    skipped = 0
    if said is None:
        separator = max(_SEPARATORS, key=first.count)
    else:
        separator, skipped = said[1], 1
        first = _readable(opened.readline, 2)
    row = _next(_reader(io.StringIO(first), separator), skipped + 1) or []
    headings: dict[Column, str] = {}
    at: dict[Column, int] = {}
    unknown: list[str] = []
    for place, cell in enumerate(row):
        heading = _cell(row, place)
        column = column_named(cell)
        if column is None:
            unknown += [heading] if heading else []
        elif column in at:
            raise ImportRefused(
                text(
                    "{file}: {first} and {second} are the same column.",
                    file=name,
                    first=headings[column],
                    second=heading,
                )
            )
        else:
            headings[column], at[column] = heading, place
    if Column.EMAIL not in at:
        raise ImportRefused(
            text(
                "{file}: the first line has to name the columns, and one of them has to be e-mail. It names: {names}",
                file=name,
                names=", ".join(cell.strip() for cell in row if cell.strip())[:200] or "-",
            )
        )
    return PeopleFile(opened, opened.tell(), separator, headings, at, skipped + 2, unknown)


class _Lines:
    """A file's lines with their number. Reading by `readline` lets `tell` say where the headings end."""

    def __init__(self, opened: TextIO) -> None:
        self._opened = opened

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._opened.readline()
        if not line:
            raise StopIteration
        return line


class _Reader:
    def __init__(self, opened: TextIO, separator: str) -> None:
        self._reader = csv.reader(_Lines(opened), delimiter=separator, strict=True)

    @property
    def line_num(self) -> int:
        return self._reader.line_num

    def row(self) -> list[str] | None:
        return next(self._reader, None)


def _reader(opened: TextIO, separator: str) -> _Reader:
    csv.field_size_limit(LONGEST_CELL)
    return _Reader(opened, separator)


def _next(reader: _Reader, number: int) -> list[str] | None:
    return _readable(reader.row, number)


def _readable(read: Callable[[], Read], number: int) -> Read:
    try:
        return read()
    except UnicodeError as foreign:
        raise ImportRefused(
            text("This file is not written in UTF-8. In Excel, save it as CSV UTF-8 (comma delimited).")
        ) from foreign
    except csv.Error as broken:
        raise ImportRefused(
            text("Line {line} cannot be read: a quotation mark in it or above it is not closed.", line=number)
        ) from broken


def _cell(row: Sequence[str], place: int) -> str:
    if place >= len(row):
        return ""
    cell = row[place].replace("\0", "").strip()
    as_text = _AS_TEXT.fullmatch(cell)
    return " ".join((as_text[1] if as_text else cell).split())


def in_words(mistake: Mistake) -> Text:
    """Return a mistake as whoever mends the file reads it."""
    if mistake.column is None:
        return text("Line {line}: {sentence}", line=mistake.line, sentence=mistake.sentence)
    return text(
        "Line {line}, {column}: {sentence}", line=mistake.line, column=mistake.column, sentence=mistake.sentence
    )
