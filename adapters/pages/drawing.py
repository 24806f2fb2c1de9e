"""Charts as pictures, by matplotlib: SVG for the pages, light and dark, for a desk and for a hand; PNG to take along.

A picture is drawn on the server, so that the pages need no script and work printed. It is a pure function of the
drawing, which is small and frozen: what has been drawn is remembered. What it shows stands beside it as a table.
Imported when the first picture is wanted: matplotlib takes a second.
"""

import io
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Final, assert_never

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from adapters.pages.pictures import Kind, Look, Size, Width, size_of
from bot.insights.drawings import Bars, Curves, Drawing, Trend


@dataclass(frozen=True, slots=True)
class _Ink:
    paper: str
    words: str
    quiet: str
    line: str
    accent: str
    soft: str
    series: tuple[str, ...]


_INKS: Final = {
    Look.LIGHT: _Ink(
        "#ffffff", "#1d2523", "#56615e", "#dedbd2", "#0f6a5b", "#e1f0ec",
        ("#0f6a5b", "#a5281c", "#3b6aa8", "#8a5a00", "#7a4a86"),
    ),
    Look.DARK: _Ink(
        "#1f2625", "#e9eeec", "#a5b2ae", "#3b4745", "#54bfa8", "#1c3a34",
        ("#54bfa8", "#ff9a8c", "#86b0e6", "#f0c46c", "#c9a1d4"),
    ),
}  # fmt: skip
# Also told apart without colours.
_DASHES: Final = ("-", (0, (5, 1.6)), (0, (1.2, 1.4)), (0, (7, 1.6, 1.4, 1.6)), (0, (3, 1.2, 1.2, 1.2, 1.2, 1.2)))

_DPI: Final = 96
# A PNG is looked at enlarged.
_FINE: Final = 2
_FONT: Final = 10.0
# By what a browser draws the words; the metrics are those of the last.
_FONTS: Final = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans'"
_LETTER: Final = 7.7

# matplotlib's settings are the process's.
_drawing = Lock()


@lru_cache(maxsize=128)
def draw(drawing: Drawing, look: Look, width: Width, kind: Kind) -> bytes:
    """Return a picture of a drawing."""
    with _drawing, mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "samlas", "font.size": _FONT}):
        figure = _figure(drawing, _INKS[look], width)
        target = io.BytesIO()
        if kind is Kind.PNG:
            figure.savefig(target, format="png", dpi=_DPI * _FINE, metadata={"Software": None})
            return target.getvalue()
        # matplotlib counts 72 of its points to an inch, and the page 96 pixels: the viewBox makes them one.
        figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
        return target.getvalue().replace(b"'DejaVu Sans'", _FONTS.encode())


def _figure(drawing: Drawing, ink: _Ink, width: Width) -> Figure:
    size = size_of(drawing, width)
    figure = Figure(figsize=(size.width / _DPI, size.height / _DPI), dpi=_DPI, facecolor=ink.paper)
    axes = figure.add_axes((0, 0, 1, 1), facecolor=ink.paper)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0, labelcolor=ink.quiet, pad=6)
    match drawing:
        case Trend():
            _trend(axes, drawing, ink, size, width)
        case Bars():
            _bars(axes, drawing, ink, size, width)
        case Curves():
            _curves(axes, drawing, ink, size, width)
        case _:
            assert_never(drawing)
    return figure


def _place(axes: Axes, size: Size, *, left: float, right: float, top: float, bottom: float) -> None:
    axes.set_position(
        (
            left / size.width,
            bottom / size.height,
            (size.width - left - right) / size.width,
            (size.height - top - bottom) / size.height,
        )
    )


def _grid(axes: Axes, ink: _Ink, most: float) -> None:
    axes.set_ylim(0, most * 1.02)
    axes.set_yticks([most * part / 4 for part in range(5)] if most % 4 == 0 else [most * part / 5 for part in range(6)])
    axes.yaxis.set_major_formatter(lambda value, _place: f"{value:g}")
    axes.grid(axis="y", color=ink.line, linewidth=0.8)
    axes.set_axisbelow(True)


def _unit(axes: Axes, unit: str, ink: _Ink) -> None:
    axes.annotate(
        unit, (0, 1), xycoords="axes fraction", xytext=(0, 7), textcoords="offset points", color=ink.quiet
    )  # fmt: skip


def _trend(axes: Axes, drawing: Trend, ink: _Ink, size: Size, width: Width) -> None:
    _place(axes, size, left=46, right=26, top=30, bottom=30)
    _grid(axes, ink, drawing.most)
    values = [point.value for point in drawing.points]
    places = list(range(len(values)))
    # Bars, since a week is one figure and nothing lies between two; a few stay as slim as many.
    axes.set_xlim(-0.5, max(len(values), 12) - 0.5)
    axes.bar(places, values, width=0.72, color=ink.accent)
    named = [(place, point.tick) for place, point in zip(places, drawing.points, strict=True) if point.tick]
    if width is Width.NARROW:
        named = named[::2]
    axes.set_xticks([place for place, _ in named], [tick for _, tick in named])
    _unit(axes, drawing.unit, ink)


def _bars(axes: Axes, drawing: Bars, ink: _Ink, size: Size, width: Width) -> None:
    count = len(drawing.bars)
    beside = width is Width.WIDE
    longest = max(len(bar.label) for bar in drawing.bars)
    left = min(270.0, longest * _LETTER + 24) if beside else 4.0
    right = max(len(bar.shown) for bar in drawing.bars) * _LETTER + 16
    _place(axes, size, left=left, right=right, top=4, bottom=4)
    axes.set_xlim(0, max(drawing.most, 1e-9))
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_xticks([])
    places = [float(number) if beside else number + 0.17 for number in range(count)]
    thick = 0.56 if beside else 0.36
    axes.barh(places, [max(drawing.most, 1e-9)] * count, height=thick, color=ink.soft)
    axes.barh(places, [bar.value for bar in drawing.bars], height=thick, color=ink.accent)
    axes.set_yticks([])
    for number, (place, bar) in enumerate(zip(places, drawing.bars, strict=True)):
        axes.annotate(
            bar.shown, (1, place), xycoords=("axes fraction", "data"), xytext=(8, 0), textcoords="offset points",
            va="center", color=ink.words,
        )  # fmt: skip
        if beside:
            axes.annotate(
                _cut(bar.label, left - 18), (0, place), xycoords=("axes fraction", "data"), xytext=(-8, 0),
                textcoords="offset points", va="center", ha="right", color=ink.words,
            )  # fmt: skip
        else:
            axes.annotate(
                _cut(bar.label, size.width - 12), (0, number - 0.27), xycoords=("axes fraction", "data"), va="center",
                color=ink.words,
            )  # fmt: skip


def _curves(axes: Axes, drawing: Curves, ink: _Ink, size: Size, width: Width) -> None:
    beside = width is Width.WIDE
    below = 30.0 if beside else 40.0 + 22 * len(drawing.curves)
    _place(axes, size, left=46, right=250 if beside else 28, top=30, bottom=below)
    _grid(axes, ink, 100)
    axes.set_xlim(0, drawing.ticks[-1][0])
    axes.set_xticks([place for place, _ in drawing.ticks], [label for _, label in drawing.ticks])
    _unit(axes, "%", ink)
    for number, curve in enumerate(drawing.curves):
        axes.plot(
            [place for place, _ in curve.points], [value for _, value in curve.points], color=ink.series[number],
            linestyle=_DASHES[number], linewidth=2.2, marker="o", markersize=4.5, label=curve.label, clip_on=False,
        )  # fmt: skip
    legend = axes.legend(
        loc="upper left" if beside else "lower left",
        bbox_to_anchor=(1.03, 1.02) if beside else (-0.12, -below / (size.height - 30 - below) - 0.02),
        frameon=False, labelcolor=ink.words, handlelength=2.6, labelspacing=0.7, fontsize=_FONT,
    )  # fmt: skip
    for words in legend.get_texts():
        if beside:
            words.set_text("\n".join(textwrap.wrap(words.get_text(), 26)[:2]))


def _cut(label: str, room: float) -> str:
    letters = int(room / _LETTER)
    return label if len(label) <= letters else f"{label[: letters - 1].rstrip()}…"
