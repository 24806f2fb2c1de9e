"""What a chart is, before anybody draws it: its words, its figures as a table, and the form they are drawn in.

All strings are already in the reader's language. Whoever draws (adapters/pages/drawing.py) is a pure function of these.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """One value over time; `tick` is what stands below it, empty where that would be too close."""

    tick: str
    value: float


@dataclass(frozen=True, slots=True)
class Trend:
    """One figure over time. Values are in `unit`; the axis goes up to `most`."""

    points: tuple[Point, ...]
    unit: str
    most: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One value with its name; `shown` is how the value is written."""

    label: str
    value: float
    shown: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Values beside each other, from the top; a bar as long as `most` fills the width."""

    bars: tuple[Bar, ...]
    most: float


@dataclass(frozen=True, slots=True)
class Curve:
    """One of several figures over the same span: (where, value) pairs."""

    label: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Curves:
    """Several figures over the same span, in per cent. `ticks` are (where, label) pairs below."""

    curves: tuple[Curve, ...]
    ticks: tuple[tuple[float, str], ...]


Drawing = Trend | Bars | Curves


@dataclass(frozen=True, slots=True)
class Table:
    """A chart's figures in words, for those who cannot see it, and as a file."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart. `finding` says in a sentence what is to be seen; `note` how it is meant.

    `drawing` is None where there is nothing to draw yet, and `finding` says why.
    """

    key: str
    title: str
    finding: str
    note: str
    drawing: Drawing | None = None
    table: Table | None = None
