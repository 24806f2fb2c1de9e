"""Pictures as they come in: looked at by their bytes, and made anew, so that nothing hidden in a file goes further.

Pure, and slow for a large one: adapters call it in a thread, before the core's transaction begins.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.texts import Text, text
from storage.images import Drawn
from storage.tables import MediaType

LARGEST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
# A card of Teams takes pictures of at most 1,024 pixels and 1 MB, PNG or JPEG, without movement
# (learn.microsoft.com, "Types of cards"); it is enough everywhere.
LONGEST_SIDE = 1024
LARGEST_STORED = 1024 * 1024
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_QUALITIES = (85, 70, 50)

TOO_LARGE = text("This picture has more than 5 MB. Please choose a smaller one.")
NO_PICTURE = text("This is not a picture that can be shown. Please choose a PNG, JPEG, GIF or WebP.")
_TOO_MANY_PIXELS = text("This picture has more than 40 million pixels. Please choose a smaller one.")
_BROKEN = text("This picture cannot be read: the file is damaged. Please choose another one.")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody has chosen: the picture in it, or the sentence that says why there is none."""

    drawn: Drawn | None = None
    problem: Text | None = None


def taken_in(content: bytes) -> Upload:
    """Look at a file and draw its picture anew: turned upright, at most 1,024 pixels long, its first frame alone.

    Nothing else that was in the file is in it any more: no place where it was taken, no name, no comment.
    """
    if len(content) > LARGEST_BYTES:
        return Upload(problem=TOO_LARGE)
    try:
        with warnings.catch_warnings():
            # Pillow warns of what may be a decompression bomb; its size is looked at below, before it is unpacked.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    return Upload(problem=_TOO_MANY_PIXELS)
                return Upload(_drawn(opened))
    except Image.DecompressionBombError:
        return Upload(problem=_TOO_MANY_PIXELS)
    except UnidentifiedImageError:
        return Upload(problem=NO_PICTURE)
    except (OSError, ValueError, SyntaxError, EOFError):
        # What Pillow raises for a file that breaks off or contradicts itself.
        return Upload(problem=_BROKEN)


def _drawn(opened: Image.Image) -> Drawn:
    is_photo = opened.format == "JPEG"
    upright = ImageOps.exif_transpose(opened)
    see_through = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    plain = upright.convert("RGBA" if see_through else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # Onto a new sheet, so that nothing that the file said beside its pixels comes along.
    sheet = Image.new(plain.mode, plain.size)
    sheet.paste(plain)
    if not is_photo:
        content = _encoded(sheet, "PNG", optimize=True)
        if len(content) <= LARGEST_STORED:
            return Drawn(MediaType.PNG, *sheet.size, content)
    on_white = sheet
    if see_through:
        on_white = Image.new("RGB", sheet.size, "white")
        on_white.paste(sheet, mask=sheet.getchannel("A"))
    for quality in _QUALITIES:
        content = _encoded(on_white, "JPEG", quality=quality)
        if len(content) <= LARGEST_STORED:
            break
    return Drawn(MediaType.JPEG, *on_white.size, content)


def _encoded(sheet: Image.Image, kind: str, **options: int | bool) -> bytes:
    written = io.BytesIO()
    sheet.save(written, kind, **options)
    return written.getvalue()
