"""A row of buttons, one per class, to choose the classes whose images are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from aestudio.datasets.dataset import DIGIT_NAMES
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import mix
from aestudio.gui.widgets.layouts import row
from aestudio.gui.widgets.painting import painting
from aestudio.gui.widgets.plain_text import LiteralText, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPaintEvent


class ClassButton(LiteralText, QAbstractButton):
    """The name of a class over a bar in its colour; filled while it is chosen."""

    def __init__(self, index: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._index = index
        self.setText(name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(self.tr("Class {}").format(one_line(name)))
        self.setToolTip(
            self.tr("Show only class {}; click others to add them, click again to remove one").format(
                one_line(name)
            )
        )

    def sizeHint(self) -> QSize:
        theme = current_theme()
        width = min(self.fontMetrics().horizontalAdvance(one_line(self.text())) + theme.px(20), theme.px(96))
        return QSize(max(width, theme.px(36)), theme.px(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(current_theme().px(26), current_theme().px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        colour = theme.class_colours[self._index % len(theme.class_colours)]
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            surface = theme.raised if self.underMouse() else theme.panel
            painter.setBrush(QColor(mix(theme.panel, colour, 0.3) if self.isChecked() else surface))
            outline = theme.accent if self.hasFocus() else colour if self.isChecked() else theme.line
            painter.setPen(QPen(QColor(outline), 2 if self.hasFocus() else 1))
            radius = theme.px(theme.radius)
            painter.drawRoundedRect(area, radius, radius)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour if self.isEnabled() else theme.line))
            bar = theme.px(3)
            painter.drawRoundedRect(
                QRectF(area.left() + 6, area.bottom() - bar - 3, area.width() - 12, bar), 1.5, 1.5
            )
            weight = QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Normal
            painter.setFont(font(theme, weight=weight))
            painter.setPen(QColor(theme.text if self.isEnabled() else theme.disabled))
            text_area = area.adjusted(2, 0, -2, -bar - 3)
            text = painter.fontMetrics().elidedText(
                one_line(self.text()), Qt.TextElideMode.ElideRight, int(text_area.width())
            )
            painter.drawText(text_area, Qt.AlignmentFlag.AlignCenter, text)


class ClassBar(QWidget):
    """Any number of classes can be chosen; none chosen means all of them.

    `chosen_changed(tuple of indices)` is emitted only after an action of the user.
    """

    chosen_changed = Signal(tuple)

    def __init__(self, names: Iterable[str] = DIGIT_NAMES, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: list[ClassButton] = []
        self._row = row(gap=4, on=self)
        self.setAccessibleName(self.tr("Classes"))
        self.set_names(names)

    def set_names(self, names: Iterable[str]) -> None:
        """Show buttons for these classes; if they differ from before, none is chosen afterwards."""
        new_names = tuple(names)
        if new_names == tuple(button.text() for button in self._buttons):
            return
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = [ClassButton(index, name) for index, name in enumerate(new_names)]
        for button in self._buttons:
            self._row.addWidget(button)
            button.clicked.connect(self._clicked)

    def set_chosen(self, chosen: Iterable[int]) -> None:
        """Choose classes without a signal."""
        indices = set(chosen)
        for index, button in enumerate(self._buttons):
            button.setChecked(index in indices)

    @property
    def chosen(self) -> tuple[int, ...]:
        """The chosen classes, ascending; empty means all."""
        return tuple(index for index, button in enumerate(self._buttons) if button.isChecked())

    def _clicked(self) -> None:
        self.chosen_changed.emit(self.chosen)
