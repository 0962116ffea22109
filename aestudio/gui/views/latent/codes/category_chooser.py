"""The chooser of a categorical code: a row for each variable, with its categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.choice_table import ChoiceTable
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.layouts import boxed, column, fill

if TYPE_CHECKING:
    from PySide6.QtCore import QSize

    from aestudio.analysis.entry_usage import EntryUsage

_HEIGHT, _LEAST = 250, 120


class CategoryChooser(QWidget):
    """chosen(variable, category): by the user."""

    chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._usage_shown = Shown()
        self.table = ChoiceTable()
        self.table.setAccessibleName(self.tr("Variables of the code"))
        self.table.setToolTip(
            self.tr(
                "Click a category, or choose the variable with Up and Down, the category with Left and Right"
            )
        )
        self.table.chosen.connect(self.chosen)
        self.caption = ElidedLabel()
        self.caption.set_mode(Qt.TextElideMode.ElideRight)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._page = boxed(column(self.table, fill(), gap=0))
        self._scroll.setWidget(self._page)
        self.table.row_changed.connect(self._show_row)
        column(self.caption, fill(self._scroll), gap=4, on=self)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        hint.setHeight(current_theme().px(_HEIGHT))
        return hint

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        hint.setHeight(current_theme().px(_LEAST))
        return hint

    def _show_row(self, index: int) -> None:
        rect = self.table.row_rect(index)
        centre = self.table.mapTo(self._page, rect.center())
        self._scroll.ensureVisible(0, centre.y(), 0, rect.height())

    def show_code(self, code: tuple[int, ...], choices: int) -> None:
        """Show the category of each variable."""
        self.table.set_values(code, choices)
        text = self.tr("{} variables · {} categories each")
        self.caption.set_text(text.format(len(code), choices))

    def show_usage(self, usage: EntryUsage | None) -> None:
        """Show how often each category of each variable is taken."""
        if not self._usage_shown.differs(usage, len(self.table.values)):
            return
        if usage is None or len(usage.by_number) != len(self.table.values):
            self.table.set_shares(())
        else:
            self.table.set_shares((usage.by_number / max(1, usage.images)).tolist())
