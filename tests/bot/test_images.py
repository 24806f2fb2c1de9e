"""What becomes of a file that somebody chose: a picture of our own making, or a sentence."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image

from bot.images import LARGEST_BYTES, LARGEST_STORED, LONGEST_SIDE, taken_in
from storage.tables import MediaType
from tests.images import PLACE, from_a_phone, opened, picture


@pytest.mark.parametrize(
    ("kind", "becomes"),
    [("PNG", MediaType.PNG), ("JPEG", MediaType.JPEG), ("GIF", MediaType.PNG), ("WEBP", MediaType.PNG)],
)
def test_each_kind_is_taken(kind: str, becomes: MediaType) -> None:
    """PNG, JPEG, GIF and WebP come in; what is kept is one of the two that every surface shows."""
    upload = taken_in(picture(kind))

    assert upload.problem is None
    assert upload.drawn is not None
    assert upload.drawn.media_type == becomes
    assert opened(upload.drawn.content).size == (640, 400) == (upload.drawn.width, upload.drawn.height)


def test_nothing_hidden_in_it_goes_further() -> None:
    """Where a photograph was taken is not in it any more, and it is turned as it was to be seen."""
    original = from_a_phone()
    assert PLACE in original

    drawn = taken_in(original).drawn

    assert drawn is not None
    assert PLACE not in drawn.content
    assert not opened(drawn.content).getexif()
    assert (drawn.width, drawn.height) == (400, 640)


def test_a_large_one_is_made_smaller() -> None:
    """Its longest side has 1,024 pixels, and its shape stays."""
    drawn = taken_in(picture(size=(4000, 2000))).drawn

    assert drawn is not None
    assert (drawn.width, drawn.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)


def test_a_moving_one_stands_still() -> None:
    """Of an animation the first frame is shown: Teams shows no other, and many are made unwell by it."""
    frames = [opened(picture("PNG", (90, 60))).convert("P") for _ in range(3)]

    drawn = taken_in(picture("GIF", (90, 60), save_all=True, append_images=frames)).drawn

    assert drawn is not None
    assert getattr(opened(drawn.content), "n_frames", 1) == 1


def test_what_one_can_see_through_stays_so() -> None:
    """A logo on nothing stays on nothing, as long as it is small enough for that."""
    drawn = taken_in(picture("PNG", mode="RGBA")).drawn

    assert drawn is not None
    assert opened(drawn.content).mode == "RGBA"


def test_noise_that_no_kind_makes_small_is_still_small_enough() -> None:
    """Whatever it shows, what is kept has at most 1 MB."""
    noise = Image.frombytes("RGB", (1024, 1024), random.Random(1).randbytes(3 * 1024 * 1024))
    written = io.BytesIO()
    noise.save(written, "PNG")

    drawn = taken_in(written.getvalue()).drawn

    assert drawn is not None
    assert len(drawn.content) <= LARGEST_STORED


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", picture("BMP"), picture("TIFF")],
)
def test_what_is_no_picture_is_told(content: bytes) -> None:
    """It is looked at by its bytes, whatever it is called: documents, drawings that run, other kinds of pictures."""
    upload = taken_in(content)

    assert upload.drawn is None
    assert upload.problem is not None
    assert "PNG, JPEG, GIF or WebP" in upload.problem.msgid


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_file_that_breaks_off_is_told(kind: str) -> None:
    """A picture that is half there is none."""
    whole = picture(kind)

    upload = taken_in(whole[: len(whole) // 2])

    assert upload.drawn is None
    assert upload.problem is not None


def test_too_many_bytes_are_not_even_opened() -> None:
    """More than 5 MB is told with what to do."""
    upload = taken_in(picture() + b"\0" * LARGEST_BYTES)

    assert upload.problem is not None
    assert "5 MB" in upload.problem.msgid


def test_a_small_file_that_unpacks_to_a_huge_picture_is_not_unpacked() -> None:
    """A few kilobytes that claim a thousand million pixels are refused by what they claim."""
    header = struct.pack(">IIBBBBB", 40_000, 25_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(header)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    data = b"IDAT" + zlib.compress(b"\0" * 100_000)
    bomb += struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))

    upload = taken_in(bomb)

    assert upload.drawn is None
    assert upload.problem is not None
    assert "40 million pixels" in upload.problem.msgid
