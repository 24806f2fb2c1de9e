"""Reading a zip file from somewhere else: limits that hold whatever it claims, and no surprise from any bytes."""

import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import ImportRefused
from bot.importing.archive import leads_outside, open_archive
from bot.importing.slack_export import SlackExport, day_file_bytes, read_slack_export
from tests.exports import export, message, two_days

KILOBYTE = 1024


def read(path: Path, **limits: int) -> SlackExport:
    """Read an export."""
    with open_archive(path, **limits) as archive:
        return read_slack_export(archive, lambda _: None)


def test_the_whole_may_not_be_too_large(tmp_path: Path) -> None:
    """Files that are small one by one are counted together."""
    days = {f"general/2027-03-{day:02}.json": b"[" + b" " * KILOBYTE + b"]" for day in range(1, 21)}
    file = export(tmp_path / "export.zip", days)

    assert read(file, most_bytes=30 * KILOBYTE).totals.messages == 0
    with pytest.raises(ImportRefused, match="unpacks to far more"):
        read(file, most_bytes=20 * KILOBYTE)


def test_one_file_may_not_be_too_large(tmp_path: Path) -> None:
    """No file is taken into memory beyond what one may hold."""
    file = export(tmp_path / "export.zip", {"general/2027-03-01.json": b"[" + b" " * 10 * KILOBYTE + b"]"})

    with pytest.raises(ImportRefused, match="unpacks to far more"):
        read(file, most_bytes_of_one=10 * KILOBYTE)


def test_what_comes_out_is_counted(tmp_path: Path) -> None:
    """The limit is on what has been unpacked, whatever the list of contents adds up to."""
    file = export(tmp_path / "export.zip", {"general/2027-03-01.json": b"[" + b" " * 10 * KILOBYTE + b"]"})

    with open_archive(file, most_bytes=15 * KILOBYTE) as archive:
        archive.read_json("general/2027-03-01.json")

        with pytest.raises(ImportRefused, match="unpacks to far more"):
            archive.read_json("general/2027-03-01.json")


def test_a_claimed_size_is_not_believed(tmp_path: Path) -> None:
    """A file that unpacks to more than the list of contents says is refused, not cut or taken whole."""
    name = "general/2027-03-01.json"
    file = export(tmp_path / "export.zip", {name: b"[" + b" " * 100 * KILOBYTE + b"]"})
    content = bytearray(file.read_bytes())
    at = content.rindex(name.encode()) - 46
    assert struct.unpack_from("<I", content, at + 24) == (100 * KILOBYTE + 2,)
    struct.pack_into("<I", content, at + 24, 2)
    file.write_bytes(content)

    with pytest.raises(ImportRefused, match="broken"):
        read(file)


@pytest.mark.parametrize(
    ("name", "leads"),
    [
        ("general/2027-03-01.json", False),
        ("..general/2027-03-01.json", False),
        ("FC:F1:notes/2027-03-01.json", False),
        ("general/", False),
        ("../users.json", True),
        ("a/../../users.json", True),
        ("a/..", True),
        ("/users.json", True),
        ("\\users.json", True),
        ("a\\..\\users.json", True),
        ("C:users.json", True),
        ("\\\\server\\share\\users.json", True),
    ],
)
def test_names_that_lead_outside(name: str, leads: bool) -> None:  # noqa: FBT001 - a table of cases
    """A name is refused when it climbs or is absolute on any system, and only then."""
    assert leads_outside(name) is leads


def test_a_name_of_no_letters(tmp_path: Path) -> None:
    """A name that is cut off before its first letter belongs to no channel, and stops nothing."""
    file = two_days(tmp_path / "export.zip")
    content = file.read_bytes()
    name = b"sales/2027-03-02.json"
    file.write_bytes(content.replace(name, b"\0" + name[1:]))

    assert read(file).totals.messages == 2


def test_a_day_reaches_to_its_last_message(tmp_path: Path) -> None:
    """A day is known up to its latest message, in whichever order they stand; later ones are still counted live."""
    times = ("1803859200.000100", "1803862800.000300", "1803860000.000200")
    file = export(tmp_path / "export.zip", {"general/2027-03-01.json": [message("UANNA", ts) for ts in times]})

    assert [day.until for day in read(file).history.days.values()] == [1803862800.0003]


def test_progress_adds_up(tmp_path: Path) -> None:
    """What is told of the way through the files adds up to what was announced."""
    file = two_days(tmp_path / "export.zip")
    told: list[int] = []

    with open_archive(file) as archive:
        read_slack_export(archive, told.append)

        assert len(told) == 3
        assert sum(told) == day_file_bytes(archive)


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
# Entries that are nearly right reach further into the reader than anything at all.
fields = {
    "type": st.just("message") | anything,
    "user": st.sampled_from(["UANNA", "UBO", "UNOBODY"]) | anything,
    "ts": st.just("1803859200.000100") | st.from_regex(r"\d{1,12}(\.\d{1,12})?") | anything,
    "thread_ts": st.just("1803859200.000100") | anything,
    "subtype": st.sampled_from(["channel_join", "file_share"]) | anything,
    "bot_id": anything,
    "reactions": st.lists(
        st.fixed_dictionaries({"name": anything}, optional={"users": st.lists(st.just("UBO")) | anything})
    )
    | anything,
}
entries = st.fixed_dictionaries({}, optional=fields)


@given(content=anything | st.lists(entries, max_size=6))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_in_a_day_is_read_or_refused(tmp_path: Path, content: Any) -> None:
    """Whatever a day's file holds, it is counted or refused in a sentence; each entry counts or is skipped, once."""
    file = export(tmp_path / "export.zip", {"general/2027-03-01.json": content})

    try:
        totals = read(file).totals
    except ImportRefused:
        return

    assert totals.messages + totals.thread_replies + totals.skipped == len(content)


@given(users=anything | st.lists(st.dictionaries(st.text(max_size=8) | st.just("id"), anything)), channels=anything)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_in_the_lists_is_read_or_refused(tmp_path: Path, users: Any, channels: Any) -> None:
    """Whatever the lists of people and channels hold, they are read or refused in a sentence."""
    file = export(tmp_path / "export.zip", {}, users=users, channels=channels)

    try:
        history = read(file).history
    except ImportRefused:
        return

    assert len(history.members) <= len(users)


@given(position=st.floats(0, 1, exclude_max=True), value=st.integers(0, 255), cut=st.booleans())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_changed_byte_is_noticed_or_harmless(tmp_path: Path, position: float, value: int, cut: bool) -> None:  # noqa: FBT001 - Hypothesis chooses it
    """An export with a byte changed, or cut short there, is refused in a sentence or read as it was."""
    file = export(tmp_path / "export.zip", {"general/2027-03-01.json": [message("UANNA", "1803859200.000100")]})
    content = bytearray(file.read_bytes())
    at = int(position * len(content))
    content[at] = value
    file.write_bytes(content[:at] if cut else content)

    try:
        totals = read(file).totals
    except ImportRefused:
        return

    assert totals.messages <= 1
    assert zipfile.is_zipfile(file)
