"""Curves, points and bars with axes and a legend, for a paper: dark on white, 16 cm wide."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from aestudio.export.figure.figure_canvas import FAINT, GRID, INK, Box, Canvas, Dots, Line, Words
from aestudio.export.typefaces.figure_type import text_width

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Range = tuple[float, float]

WIDTH, HEIGHT = 454.0, 300.0  # points
TYPE, SMALL = 9.0, 7.5
DASHES = ((), (5.0, 2.5), (1.2, 2.4), (6.0, 2.0, 1.2, 2.0))
"""Of the lines of a chart, in turns: colour never speaks alone."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 10.0, 8.0, 36.0
_ROW, _DASH, _AFTER_MARK, _AFTER_NAME = 14.0, 20.0, 5.0, 14.0
_MOST_TICKS = 7
_CURVE, _DOT, _WIDEST_BAR = 1.2, 1.9, 40.0


@dataclass(frozen=True, eq=False)
class Series:
    """Points (N, 2) by name, joined by a line or not; what is no number leaves a gap."""

    name: str
    points: Floats
    colour: str
    joined: bool = True


@dataclass(frozen=True, eq=False)
class Chart:
    """What is drawn. Titles with units.

    bars:  heights (N,) over 1, 2, 3 ...; level: a dashed line over the whole width, and what it is
    marks: where something was changed, and how
    alike: whether a unit is equally long along both axes
    """

    x: str
    y: str
    series: tuple[Series, ...] = ()
    bars: Floats | None = None
    level: tuple[float, str] | None = None
    marks: tuple[tuple[float, str], ...] = ()
    alike: bool = False


@dataclass(frozen=True)
class _Area:
    """The plot on the page, and the values at its edges."""

    left: float
    top: float
    width: float
    height: float
    x: Range
    y: Range

    def placed(self, points: Floats) -> Floats:
        """Where points (N, 2) are on the page."""
        across = self.left + (points[:, 0] - self.x[0]) / (self.x[1] - self.x[0]) * self.width
        down = self.top + self.height - (points[:, 1] - self.y[0]) / (self.y[1] - self.y[0]) * self.height
        return np.stack([across, down], axis=1)


def draw_chart(chart: Chart, title: str = "") -> Canvas:
    """The chart on a page."""
    canvas = Canvas(WIDTH, HEIGHT, title)
    top = _legend(canvas, chart)
    width, height = WIDTH - _LEFT - _RIGHT, HEIGHT - top - _BOTTOM
    x, y = _ranges(chart, width, height)
    area = _Area(_LEFT, top, width, height, x, y)
    _axes(canvas, area, chart)
    if chart.bars is not None:
        _bars(canvas, area, chart.bars)
    if chart.level is not None:
        ends = np.array([[x[0], chart.level[0]], [x[1], chart.level[0]]])
        canvas.add(Line(area.placed(ends), FAINT, 0.7, DASHES[1]))
    _marks(canvas, area, chart.marks)
    number = 0
    for one in chart.series:
        if one.joined:
            for piece in _whole_pieces(one.points):
                canvas.add(*_drawn(area.placed(piece), one.colour, DASHES[number % len(DASHES)]))
            number += 1
        else:
            finite = one.points[np.isfinite(one.points).all(axis=1)]
            canvas.add(Dots(area.placed(finite), one.colour, _DOT))
    return canvas


def _drawn(placed: Floats, colour: str, dash: tuple[float, ...]) -> Iterator[Line | Dots]:
    if len(placed) == 1:
        yield Dots(placed, colour, 2 * _DOT)
    else:
        yield Line(placed, colour, _CURVE, dash)


def _whole_pieces(points: Floats) -> Iterator[Floats]:
    """The stretches between two points that are no numbers."""
    gaps = np.flatnonzero(~np.isfinite(points).all(axis=1))
    for start, end in pairwise([-1, *gaps.tolist(), len(points)]):
        if end - start > 1:
            yield points[start + 1 : end]


# ---- around the plot ----------------------------------------------------------------------------------


def _legend(canvas: Canvas, chart: Chart) -> float:
    """As many entries in a line as fit; returns where the plot begins."""
    left, top, number = _LEFT, _TOP, 0
    for one in chart.series:
        mark = _DASH if one.joined else 5.0
        width = mark + _AFTER_MARK + text_width(one.name, TYPE)
        if left > _LEFT and left + width > WIDTH - _RIGHT:
            left, top = _LEFT, top + _ROW
        middle = top + _ROW / 2
        if one.joined:
            ends = np.array([[left, middle], [left + mark, middle]])
            canvas.add(Line(ends, one.colour, _CURVE, DASHES[number % len(DASHES)]))
            number += 1
        else:
            canvas.add(Dots(np.array([[left + 2.5, middle]]), one.colour, 4.5))
        canvas.add(Words(left + mark + _AFTER_MARK, middle + 3, one.name, TYPE))
        left += width + _AFTER_NAME
    if chart.level is not None:
        middle = _TOP + _ROW / 2
        canvas.add(Line(np.array([[left, middle], [left + _DASH, middle]]), FAINT, 0.7, DASHES[1]))
        canvas.add(Words(left + _DASH + _AFTER_MARK, middle + 3, chart.level[1], TYPE))
    return top + (_ROW + 6 if chart.series or chart.level else 4)


def _axes(canvas: Canvas, area: _Area, chart: Chart) -> None:
    bottom, right = area.top + area.height, area.left + area.width
    ticks = round_numbers(*area.x) if chart.bars is None else _bar_ticks(len(chart.bars))
    for value, text in zip(ticks, tick_texts(ticks), strict=True):
        at = area.left + (value - area.x[0]) / (area.x[1] - area.x[0]) * area.width
        if chart.bars is None:
            canvas.add(Line(np.array([[at, area.top], [at, bottom]]), GRID, 0.5))
        canvas.add(Words(at, bottom + 11, text, TYPE, INK, "middle"))
    ticks = round_numbers(*area.y)
    for value, text in zip(ticks, tick_texts(ticks), strict=True):
        at = bottom - (value - area.y[0]) / (area.y[1] - area.y[0]) * area.height
        canvas.add(Line(np.array([[area.left, at], [right, at]]), GRID, 0.5))
        canvas.add(Words(area.left - 5, at + 3, text, TYPE, INK, "right"))
    corner = np.array([[area.left, area.top], [area.left, bottom], [right, bottom]])
    canvas.add(Line(corner, INK, 0.8))
    canvas.add(Words(area.left + area.width / 2, HEIGHT - 8, chart.x, TYPE, INK, "middle"))
    canvas.add(Words(12, area.top + area.height / 2, chart.y, TYPE, INK, "middle", upright=True))


def _bars(canvas: Canvas, area: _Area, heights: Floats) -> None:
    width = min(_WIDEST_BAR, 0.8 * area.width / (area.x[1] - area.x[0]))
    feet = area.placed(np.array([[number + 1.0, 0.0] for number in range(len(heights))]))
    heads = area.placed(np.stack([np.arange(1.0, len(heights) + 1), heights], axis=1))
    for (across, foot), (_, head) in zip(feet.tolist(), heads.tolist(), strict=True):
        if math.isfinite(head):
            canvas.add(Box(across - width / 2, min(head, foot), width, abs(foot - head), "#3f90da"))


def _marks(canvas: Canvas, area: _Area, marks: tuple[tuple[float, str], ...]) -> None:
    """Dotted lines with their texts at the top; a tick alone where the text would touch the one before."""
    free = area.left
    for x, text in sorted(marks):
        at = area.left + (x - area.x[0]) / (area.x[1] - area.x[0]) * area.width
        if not area.left <= at <= area.left + area.width:
            continue
        width = text_width(text, SMALL)
        fits = at + 2 >= free and at + 4 + width <= area.left + area.width
        bottom = area.top + (area.height if fits else 6)
        canvas.add(Line(np.array([[at, area.top], [at, bottom]]), FAINT, 0.6, DASHES[2] if fits else ()))
        if fits:
            canvas.add(Words(at + 3, area.top + 8, text, SMALL, FAINT))
            free = at + 8 + width


# ---- ranges and ticks ---------------------------------------------------------------------------------


def _ranges(chart: Chart, width: float, height: float) -> tuple[Range, Range]:
    points = [one.points for one in chart.series]
    x, y = (np.concatenate([one[:, axis] for one in points] or [np.empty(0)]) for axis in (0, 1))
    if chart.bars is not None:
        x, y = np.array([0.4, len(chart.bars) + 0.6]), np.concatenate([[0.0], chart.bars])
        low, high = _padded(y, 0.0)
        return (float(x[0]), float(x[1])), (min(low, 0.0), high * 1.05 if high > 0 else high)
    if not chart.alike:
        return _padded(x, 0.0), _padded(y, 0.04)
    across, down = _padded(x, 0.04), _padded(y, 0.04)
    scale = max((across[1] - across[0]) / width, (down[1] - down[0]) / height)
    middles = (across[0] + across[1]) / 2, (down[0] + down[1]) / 2
    wide, tall = scale * width / 2, scale * height / 2
    return (middles[0] - wide, middles[0] + wide), (middles[1] - tall, middles[1] + tall)


def _padded(values: Floats, share: float) -> Range:
    """The range of what are numbers, wider by this share on both sides; never empty."""
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    if high <= low:
        return low - 0.5, low + 0.5
    return low - share * (high - low), high + share * (high - low)


def round_numbers(low: float, high: float) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten from `low` to `high`, a few of them."""
    rough = (high - low) / _MOST_TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def _bar_ticks(count: int) -> list[float]:
    if count <= 2 * _MOST_TICKS:
        return [float(number) for number in range(1, count + 1)]
    return [value for value in round_numbers(1, count) if value == round(value) and value >= 1]


def tick_texts(values: list[float]) -> list[str]:
    """The numbers with as many digits as tell them apart, all alike."""
    step = min((abs(b - a) for a, b in pairwise(values)), default=1.0)
    largest = max(map(abs, values), default=0.0)
    if largest >= 1e6 or (0 < largest < 1e-3):
        return [f"{value:.3g}" for value in values]
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    return [f"{value + 0.0:.{digits}f}" for value in values]
