"""A slider of a thousand steps that jumps to where it is clicked and is filled from its origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSlider, QVBoxLayout, QWidget

from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import mix
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QWheelEvent

STEPS = 1000
_RADIUS = 7


class FineSlider(QSlider):
    """Positions 0 ... 1000. `moved(position)` comes only from the person; `double_clicked()` means reset.

    The wheel turns it only while it has the focus, so that scrolling past it changes nothing.
    """

    moved = Signal(int)
    double_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, STEPS)
        self.setSingleStep(5)
        self.setPageStep(100)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._silent = False
        self._origin = 0
        self._grip = 0.0  # from the handle's centre to where it was taken, logical pixels
        self.valueChanged.connect(self._changed)

    def set_position(self, position: int) -> None:
        """Move the handle without a signal."""
        self._silent = True
        self.setValue(position)
        self._silent = False

    def set_origin(self, position: int) -> None:
        """Where the fill begins: 0 for amounts, the position of zero for signed values."""
        if position != self._origin:
            self._origin = position
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        theme = current_theme()
        return QSize(theme.px(120), theme.px(24))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        theme = current_theme()
        return QSize(theme.px(64), theme.px(24))

    def handle_centre(self) -> QPointF:
        """Where the handle is, in logical pixels."""
        return QPointF(self._x(self.value()), self.height() / 2)

    def _ends(self) -> tuple[float, float]:
        margin = current_theme().px(_RADIUS) + 3
        return margin, max(margin + 1, self.width() - margin)

    def _x(self, position: int) -> float:
        left, right = self._ends()
        return left + (right - left) * position / STEPS

    def _position_at(self, x: float) -> int:
        left, right = self._ends()
        return round(min(1.0, max(0.0, (x - left) / (right - left))) * STEPS)

    def _changed(self, position: int) -> None:
        if not self._silent:
            self.moved.emit(position)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        away = event.position().x() - self._x(self.value())
        self._grip = away if abs(away) <= current_theme().px(_RADIUS) else 0.0
        self.setSliderDown(True)
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if self.isSliderDown():
            self.setValue(self._position_at(event.position().x() - self._grip))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's signature
        theme = current_theme()
        left, right = self._ends()
        middle, thick = self.height() / 2, theme.px(4)
        usable = self.isEnabled()
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.line))
            painter.drawRoundedRect(
                QRectF(left, middle - thick / 2, right - left, thick), thick / 2, thick / 2
            )
            start, end = sorted((self._x(self._origin), self._x(self.value())))
            painter.setBrush(QColor(mix(theme.line, theme.accent, 0.65) if usable else theme.line))
            painter.drawRoundedRect(
                QRectF(start, middle - thick / 2, end - start, thick), thick / 2, thick / 2
            )
            if self._origin > 0:
                painter.setBrush(QColor(theme.muted if usable else theme.disabled))
                painter.drawRect(
                    QRectF(self._x(self._origin) - 0.75, middle - thick * 1.25, 1.5, thick * 2.5)
                )
            self._paint_handle(painter, self.handle_centre())

    def _paint_handle(self, painter: QPainter, centre: QPointF) -> None:
        theme = current_theme()
        radius = theme.px(_RADIUS)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(QColor(theme.panel))
            painter.drawEllipse(centre, radius + 1.5, radius + 1.5)
            radius -= 2
        busy = self.isEnabled() and (self.isSliderDown() or self.underMouse() or self.hasFocus())
        ink = theme.accent if busy else theme.text if self.isEnabled() else theme.disabled
        painter.setPen(QPen(QColor(theme.panel), 2) if not self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ink))
        painter.drawEllipse(centre, radius, radius)


def _sample() -> QWidget:
    column = QWidget()
    layout = QVBoxLayout(column)
    for position, origin, usable in ((300, 0, True), (800, 500, True), (300, 0, False)):
        slider = FineSlider()
        slider.set_position(position)
        slider.set_origin(origin)
        slider.setEnabled(usable)
        layout.addWidget(slider)
    return column


if __name__ == "__main__":
    from aestudio.gui.widgets.alone import show_alone

    raise SystemExit(show_alone(_sample, size="320x160"))
