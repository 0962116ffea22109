"""A formula as a widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy

from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.formula import formula_height, formula_lines, paint_formula
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

_SIZE, _LINES = 20.0, 2  # logical pixels; lines that are kept free


class FormulaLabel(PaintedWidget):
    """One formula, in two lines at most; another one moves nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_formula(self, text: str) -> None:
        """Show this formula."""
        if text != self.text:
            self.text = text
            self.setAccessibleName(text)
            self.update()

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(300), round(_LINES * formula_height(theme, _SIZE)) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(current_theme().px(120), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, size = current_theme(), _SIZE
        while size > 10 and len(formula_lines(self.text, self.width(), theme, size)) > _LINES:
            size -= 1
        with painting(self) as painter:
            painter.setPen(QColor(theme.text))
            paint_formula(painter, self.text, QRectF(self.rect()), theme, size)
