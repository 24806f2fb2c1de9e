"""Files with pictures in them, as people have them: made here, so that none has to be kept."""

import io
from typing import Any

from PIL import ExifTags, Image

PLACE = b"N 59 19 46"


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 400), mode: str = "RGB", **options: Any) -> bytes:
    """Return a file of this kind that shows a slope from dark to light."""
    drawn = Image.linear_gradient("L").resize(size).convert(mode)
    written = io.BytesIO()
    drawn.save(written, kind, **options)
    return written.getvalue()


def from_a_phone() -> bytes:
    """Return a photograph that says where it was taken and that it lies on its side."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.ImageDescription] = PLACE.decode()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    return picture(exif=exif.tobytes(), comment=PLACE)


def opened(content: bytes) -> Image.Image:
    """Return a file's picture."""
    return Image.open(io.BytesIO(content))
