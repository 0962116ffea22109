"""A formula in as many lines as its width needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aestudio.gui.widgets.formula_line import FormulaLine
from aestudio.gui.widgets.layouts import column, fill

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_it_is_as_high_as_its_lines_after_its_place_got_narrower(qtbot: QtBot) -> None:
    page, formula = QWidget(), FormulaLine()
    qtbot.addWidget(page)
    column(formula, fill(), on=page)
    formula.show_formula("Loss = −log p(x|z) + β KL(q(z|x) ‖ p(z))")
    page.resize(600, 300)
    page.show()
    qtbot.waitUntil(lambda: formula.width() > 500)
    one_line = formula.height()
    page.resize(240, 300)
    qtbot.waitUntil(lambda: formula.height() > one_line)
    assert formula.height() == formula.heightForWidth(formula.width())
