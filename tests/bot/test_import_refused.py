"""A file that cannot be imported: a clear sentence, exit status 2, and nothing changed in the database."""

import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import CommandLine
from tests.exports import PEOPLE, export, message, two_days, user


def dump(database_file: Path) -> list[str]:
    """Return all that is in the database."""
    with closing(sqlite3.connect(database_file)) as connection:
        return list(connection.iterdump())


def day_file(content: Any) -> Callable[[Path], Path]:
    """Return how to write an export with this day's file."""
    return lambda path: export(path, {"general/2027-03-01.json": content})


def no_zip(path: Path) -> Path:
    """Write something else."""
    path.write_bytes(b"Dear all, " * 1000)
    return path


def half_a_zip(path: Path) -> Path:
    """Write an export that was cut short on its way."""
    whole = two_days(path).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def rotten_zip(path: Path) -> Path:
    """Write an export in which bytes of one packed file have changed."""
    with zipfile.ZipFile(two_days(path)) as written:
        first = written.getinfo("users.json")
    spoilt = bytearray(path.read_bytes())
    begins = first.header_offset + 30 + len(first.filename)
    spoilt[begins + 5 : begins + 25] = b"\xff" * 20
    path.write_bytes(spoilt)
    return path


def locked_zip(path: Path) -> Path:
    """Write an export whose files say that they are encrypted."""
    content = bytearray(two_days(path).read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(signature, at + 1)
    path.write_bytes(content)
    return path


def rarely_packed(path: Path) -> Path:
    """Write an export in a packing of which a small piece can unpack to anything at once."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as target:
        target.writestr("users.json", "[]")
        target.writestr("channels.json", "[]")
    return path


def huge(path: Path) -> Path:
    """Write an export with a day's file of more than 2 GB, all of it spaces."""
    export(path, {})
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
        target.open("general/2027-03-01.json", "w", force_zip64=True) as day,
    ):
        for _ in range(2049):
            day.write(b" " * 1024**2)
    return path


REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "no file": (lambda path: path, "There is no file"),
    "no zip": (no_zip, "is not a whole zip file"),
    "half a zip": (half_a_zip, "is not a whole zip file"),
    "rotten": (rotten_zip, "The zip file is broken"),
    "locked": (locked_zip, "The zip file is broken"),
    "rarely packed": (rarely_packed, "packed in a way"),
    "huge": (huge, "unpacks to far more"),
    "no users": (lambda path: export(path, {}, without=["users.json"]), "users.json is missing"),
    "no channels": (lambda path: export(path, {}, without=["channels.json"]), "channels.json is missing"),
    "climbs out": (lambda path: export(path, {"../evil.json": []}), "leads out"),
    "climbs out later": (lambda path: export(path, {"general/../../evil.json": []}), "leads out"),
    "climbs out backwards": (lambda path: export(path, {"general\\..\\..\\evil.json": []}), "leads out"),
    "absolute": (lambda path: export(path, {"/etc/evil.json": []}), "leads out"),
    "on a drive": (lambda path: export(path, {"C:\\evil.json": []}), "leads out"),
    "steers the terminal": (lambda path: export(path, {"../\x1b[2J.json": []}), "leads out"),
    "cut short": (day_file(b'[{"type": "message", "us'), "stops being JSON in line 1"),
    "empty": (day_file(b""), "stops being JSON"),
    "no letters": (day_file(b'["\xff\xfe"]'), "stops being JSON"),
    "too deep": (day_file(b"[" * 100_000), "stops being JSON"),
    "users of another shape": (lambda path: export(path, {"users.json": {"members": []}}), "users.json does not hold"),
    "user without id": (lambda path: export(path, {}, users=[{"name": "anna"}]), "users.json does not hold"),
    "user with a list for a name": (
        lambda path: export(path, {}, users=[user("UANNA", profile={"real_name": ["Anna"]})]),
        "users.json does not hold",
    ),
    "channel without name": (lambda path: export(path, {}, channels=[{"id": "C1"}]), "channels.json does not hold"),
    "channel of numbers": (
        lambda path: export(path, {}, channels=[{"id": "C1", "name": "general", "members": [1, 2]}]),
        "channels.json does not hold",
    ),
    "day of another shape": (day_file({"messages": []}), "general/2027-03-01.json does not hold"),
    "day of words": (day_file(["hello"]), "general/2027-03-01.json does not hold"),
    "a number for a writer": (
        day_file([{**message("UANNA", "1803859200.000100"), "user": 7}]),
        "general/2027-03-01.json does not hold",
    ),
    "reactions of another shape": (
        day_file([message("UANNA", "1803859200.000100", reactions={"eyes": 1})]),
        "general/2027-03-01.json does not hold",
    ),
    "no time": (day_file([message("UANNA", "yesterday")]), "time is yesterday"),
    "a number for a time": (day_file([{**message("UANNA", ""), "ts": 1803859200}]), "time is 1803859200"),
    "a time without end": (day_file([message("UANNA", "1e400")]), "time is 1e400"),
    "no date": (lambda path: export(path, {"general/2027-02-30.json": []}), "general/2027-02-30.json is not named"),
    "another name": (lambda path: export(path, {"general/notes.json": []}), "general/notes.json is not named"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(samlas: CommandLine, tmp_path: Path, database_file: Path, name: str) -> None:
    """What is wrong is said with the file's name, and what was there before stays as it was."""
    write, sentence = REFUSED[name]
    samlas("import", "slack-export", two_days(tmp_path / "good.zip"))
    before = dump(database_file)

    ran = samlas("import", "slack-export", write(tmp_path / "bad.zip"), "--json", "--workspace", "New")

    assert ran.status == 2
    assert sentence in ran.err
    assert ran.err.count("\n") == 1
    assert "\x1b" not in ran.err
    assert ran.out == ""
    assert dump(database_file) == before


def test_a_fault_on_the_last_day_undoes_the_first(samlas: CommandLine, tmp_path: Path, database_file: Path) -> None:
    """Days that are in order are not counted either when a later one is not."""
    before = dump(database_file)
    file = export(
        tmp_path / "export.zip",
        {
            "general/2027-03-01.json": [message("UANNA", "1803859200.000100")],
            "general/2027-03-02.json": [message("UANNA", "never")],
        },
        users=PEOPLE,
    )

    ran = samlas("import", "slack-export", file)

    assert ran.status == 2
    assert dump(database_file) == before
