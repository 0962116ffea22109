"""The pen colours of a drawing pad for images in colour, chosen by mouse and keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QWidget

from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

PEN_COLOURS = ("#ffffff", "#e53935", "#fb8c00", "#fdd835", "#43a047", "#29b6f6", "#4f63d8", "#d81b60")
_LARGEST = 24  # logical pixels of a button's side


def pen_names() -> tuple[str, ...]:
    """The translated names of the pen colours, in their order."""
    translate = QCoreApplication.translate
    return (
        translate("PenPalette", "White"),
        translate("PenPalette", "Red"),
        translate("PenPalette", "Orange"),
        translate("PenPalette", "Yellow"),
        translate("PenPalette", "Green"),
        translate("PenPalette", "Light blue"),
        translate("PenPalette", "Blue"),
        translate("PenPalette", "Pink"),
    )


class PenButton(QAbstractButton):
    """A disc of one pen colour, with a ring while it is chosen."""

    def __init__(self, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._colour = PEN_COLOURS[number]
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        name = pen_names()[number]
        self.setAccessibleName(self.tr("Pen colour {}").format(name))
        self.setToolTip(self.tr("{} pen (key {})").format(name, number + 1))

    def sizeHint(self) -> QSize:
        side = current_theme().px(_LARGEST)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        side = min(self.width(), self.height())
        disc = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.isChecked() or self.underMouse():
                colour = theme.accent if self.isChecked() else theme.muted
                width = 3 if self.hasFocus() else 2
                painter.setPen(QPen(QColor(colour), width))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(disc.adjusted(1.5, 1.5, -1.5, -1.5))
            painter.setPen(QPen(QColor(theme.control), 1))
            painter.setBrush(QColor(self._colour))
            inset = max(4.5, side * 0.2)
            painter.drawEllipse(disc.adjusted(inset, inset, -inset, -inset))


class PenPalette(QWidget):
    """A row of pen colours, one of them chosen. `chosen(number)`: the user chose another one, from 0."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        for number in range(len(PEN_COLOURS)):
            self._group.addButton(PenButton(number, self), number)
        self._group.button(0).setChecked(True)
        self._group.idToggled.connect(self._toggled)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Pen colours"))

    @property
    def number(self) -> int:
        """The chosen colour, from 0."""
        return self._group.checkedId()

    def choose(self, number: int) -> None:
        """Choose a colour, as if the user had clicked it; the focus stays with the chosen one."""
        button = self._group.button(number)
        had_focus = any(other.hasFocus() for other in self._group.buttons())
        button.setChecked(True)
        if had_focus:
            button.setFocus()

    def sizeHint(self) -> QSize:
        side = current_theme().px(_LARGEST)
        return QSize(len(PEN_COLOURS) * side, side)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = min(self.width() // len(PEN_COLOURS), self.height())
        left = (self.width() - side * len(PEN_COLOURS)) // 2
        for number, button in enumerate(self._group.buttons()):
            button.setGeometry(left + number * side, (self.height() - side) // 2, side, side)

    def _toggled(self, number: int, checked: bool) -> None:
        if checked:
            self.chosen.emit(number)
