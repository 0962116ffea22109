"""A formula as a widget, in as many lines as its width needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.formula import formula_height, formula_lines, paint_formula
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

_SIZE = 17


class FormulaLine(PaintedWidget):
    """Hidden without a formula."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.formula = ""
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def show_formula(self, formula: str) -> None:
        """Show it; "" for none."""
        if formula != self.formula:
            self.formula = formula
            self.setAccessibleName(formula)
            self.arrange()
        self.setVisible(bool(formula))

    def heightForWidth(self, width: int) -> int:
        theme = current_theme()
        lines = formula_lines(self.formula, width, theme, _SIZE) if self.formula else ()
        return round(max(1, len(lines)) * formula_height(theme, _SIZE)) + theme.px(4)

    def sizeHint(self) -> QSize:
        width = self.width() or current_theme().px(240)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need another number of lines, which the last line would be cut without."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with painting(self) as painter:
            painter.setPen(QColor(theme.text))
            paint_formula(painter, self.formula, QRectF(self.rect()), theme, _SIZE)
