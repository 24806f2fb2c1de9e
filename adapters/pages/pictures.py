"""Which pictures of a chart there are, and how large they are: the page has to know before anything is drawn."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

from bot.insights.drawings import Bars, Curves, Drawing, Trend


class Look(StrEnum):
    """In which colours a picture is drawn: the pages' own."""

    LIGHT = "light"
    DARK = "dark"


class Width(StrEnum):
    """For which width it is drawn, so that its words are never scaled down."""

    WIDE = "wide"
    NARROW = "narrow"


class Kind(StrEnum):
    """As what it is drawn."""

    SVG = "svg"
    PNG = "png"


# CSS pixels: what the page shows a picture at.
WIDTHS: Final = {Width.WIDE: 720, Width.NARROW: 340}
_TREND_HEIGHT: Final = 260
_BAR_HEIGHT: Final = 34
_BARS_AROUND: Final = 14


@dataclass(frozen=True, slots=True)
class Size:
    """How large a picture is, in CSS pixels."""

    width: int
    height: int


def size_of(drawing: Drawing, width: Width) -> Size:
    """Return how large a drawing's picture is."""
    match drawing:
        case Trend():
            height = _TREND_HEIGHT
        case Curves():
            height = _TREND_HEIGHT + (0 if width is Width.WIDE else 22 * len(drawing.curves))
        case Bars():
            height = _BARS_AROUND + len(drawing.bars) * (_BAR_HEIGHT if width is Width.WIDE else _BAR_HEIGHT + 16)
        case _:
            assert_never(drawing)
    return Size(WIDTHS[width], height)
