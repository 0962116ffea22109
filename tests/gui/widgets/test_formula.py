"""Formulas are set as in print, and broken where a reader would break them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from aestudio.gui.theme.tokens import DARK
from aestudio.gui.widgets.formula import (
    formula_height,
    formula_lines,
    formula_width,
    paint_formula,
    pieces,
)
from aestudio.recipes import objective as objectives
from aestudio.recipes.objective import Objective
from aestudio.recipes.part import discover

FORMULAS = sorted(part.formula for part in discover(objectives.PACKAGE, Objective).values())
VAE = "−log p(x|z) + β KL(q(z|x) ‖ p(z))"


def test_single_letters_are_variables_and_words_are_not() -> None:
    italic = [one.text for one in pieces("d(x, y) + λ Σ w² log KL zⱼ") if one.italic]
    assert italic == ["d", "x", "y", "λ", "w", "zⱼ"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_nothing_of_a_formula_is_lost(qapp: object, formula: str) -> None:
    assert "".join(one.text for one in pieces(formula)) == formula
    lines = formula_lines(formula, 212, DARK, 13)
    assert " ".join(lines) == formula
    assert all(formula_width(line, DARK, 13) <= 212 for line in lines), "each line fits a card"
    assert len(lines) <= 3


def test_a_line_begins_with_an_operator(qapp: object) -> None:
    assert formula_lines(VAE, 150, DARK, 13) == ("−log p(x|z)", "+ β KL(q(z|x) ‖ p(z))")
    assert formula_lines(VAE, 1000, DARK, 13) == (VAE,)


def test_it_is_painted_within_its_area(qapp: object) -> None:
    image = QImage(220, 80, QImage.Format.Format_Grayscale8)
    image.fill(0)
    area = QRectF(10, 10, 150, 2 * formula_height(DARK, 13))
    painter = QPainter(image)
    painter.setPen(QColor("white"))
    paint_formula(painter, VAE, area, DARK, 13)
    painter.end()
    lit = [(x, y) for x in range(220) for y in range(80) if image.pixelColor(x, y).value() > 100]
    assert lit
    assert all(area.adjusted(-1, -1, 1, 1).contains(x, y) for x, y in lit)
