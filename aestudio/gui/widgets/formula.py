"""A formula in one line of Unicode, set as in print: variables in italics, names of functions upright."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontMetricsF

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

    from aestudio.gui.theme.tokens import Theme

_FAMILIES = ("STIX Two Text", "Cambria", "Georgia", "DejaVu Serif", "Times New Roman")
_LETTERS = "A-Za-z\u0370-\u03ff"  # Latin and Greek; small and raised letters are none
_TOKENS = re.compile(f"[{_LETTERS}]+|[^{_LETTERS}]+")
# A line may begin before an operator that stands between spaces, and after a semicolon or a bracket's comma.
_BREAKS = re.compile(r"(?<=;) |(?<=\),) | (?=[+−·] )")


@dataclass(frozen=True)
class Piece:
    """A part of a formula in one font."""

    text: str
    italic: bool


def pieces(formula: str) -> tuple[Piece, ...]:
    """The formula in parts: single letters are variables and italic; words, digits and signs are upright."""
    found: list[Piece] = []
    for token in _TOKENS.findall(formula):
        italic = len(token) == 1 and token.isalpha() and token not in "ΣΠ"
        if found and found[-1].italic == italic:
            found[-1] = Piece(found[-1].text + token, italic)
        else:
            found.append(Piece(token, italic))
    return tuple(found)


def formula_lines(formula: str, width: float, theme: Theme, size: float) -> tuple[str, ...]:
    """The formula in as few lines as the width has room for, broken before operators."""
    lines: list[str] = []
    for part in _parts(formula):
        longer = f"{lines[-1]} {part}" if lines else part
        if lines and formula_width(longer, theme, size) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return tuple(lines)


def _parts(formula: str) -> list[str]:
    """What stands in one line in any case: nothing is broken within brackets."""
    ends = [one.span() for one in _BREAKS.finditer(formula) if _depth(formula[: one.start()]) == 0]
    begins = [0, *(end for _, end in ends)]
    return [
        formula[begin:end]
        for begin, end in zip(begins, [*(start for start, _ in ends), len(formula)], strict=True)
    ]


def _depth(text: str) -> int:
    """How many brackets are open at its end."""
    return text.count("(") - text.count(")")


def formula_width(formula: str, theme: Theme, size: float) -> float:
    """Its width in logical pixels."""
    return sum(_metrics(theme.px(size), one.italic).horizontalAdvance(one.text) for one in pieces(formula))


def formula_height(theme: Theme, size: float) -> float:
    """The height of one line in logical pixels."""
    return _metrics(theme.px(size), False).height()


def paint_formula(painter: QPainter, formula: str, area: QRectF, theme: Theme, size: float) -> None:
    """Draw it from the upper left of an area, in the painter's colour, in lines that fit into its width."""
    height = formula_height(theme, size)
    baseline = area.top() + _metrics(theme.px(size), False).ascent()
    for line in formula_lines(formula, area.width(), theme, size):
        left = area.left()
        for one in pieces(line):
            painter.setFont(_font(theme.px(size), one.italic))
            painter.drawText(QPointF(left, baseline), one.text)
            left += _metrics(theme.px(size), one.italic).horizontalAdvance(one.text)
        baseline += height


@cache
def _font(pixels: int, italic: bool) -> QFont:
    result = QFont(list(_FAMILIES))
    result.setStyleHint(QFont.StyleHint.Serif)
    result.setPixelSize(max(1, pixels))
    result.setItalic(italic)
    return result


@cache
def _metrics(pixels: int, italic: bool) -> QFontMetricsF:
    return QFontMetricsF(_font(pixels, italic))
