"""A slider of a thousand steps that jumps to a clicked position and is filled from its origin.

superqt's sliders do not serve here: they add float values and value labels, while this slider needs the fill
from an origin and the bar of a standard deviation, in the theme's colours. The style paints theirs, so that a
subclass would keep nearly every method of this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSlider, QWidget

from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import mix
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QWheelEvent

STEPS = 1000
ARROW = 5  # steps of an arrow key
_RADIUS = 7
_NARROW = 3  # half the width of a narrow handle
_SPREAD_HEIGHT = 14  # of the bar behind the handle
_EDGE = 4  # how far the bar may reach beyond the groove, logical pixels


class FineSlider(QSlider):
    """Positions 0 ... 1000; with a `narrow` handle for sliders that show a bar behind it.

    `moved(position)` is emitted only after an action of the user; `double_clicked()` means reset.

    The wheel moves it only while it has the focus, so that scrolling a page does not change it.
    """

    moved = Signal(int)
    double_clicked = Signal()

    def __init__(self, parent: QWidget | None = None, *, narrow: bool = False) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._narrow = narrow
        self.setRange(0, STEPS)
        self.setSingleStep(ARROW)
        self.setPageStep(100)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._blocked = False
        self._origin = 0
        self._spread: float | None = None
        self._dimmed = False
        self._known = True
        self._grip = 0.0  # from the handle's centre to the point where it is dragged, logical pixels
        self.valueChanged.connect(self._changed)

    def set_position(self, position: int) -> None:
        """Move the handle without a signal."""
        self._blocked = True
        self.setValue(position)
        self._blocked = False

    def set_origin(self, position: int) -> None:
        """Set where the fill begins: 0 for amounts, the position of zero for signed values."""
        if position != self._origin:
            self._origin = position
            self.update()

    def set_spread(self, steps: float | None) -> None:
        """Draw a bar of `steps` to each side of the handle: a standard deviation; None removes it."""
        if steps != self._spread:
            self._spread = steps
            self.update()

    def set_dimmed(self, dimmed: bool) -> None:
        """Draw the slider as without effect, although it can be moved."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self.update()

    def set_known(self, known: bool) -> None:
        """Whether it has a value: without one only the groove is there, and nothing moves it."""
        if known != self._known:
            self._known = known
            self.setEnabled(known)
            self.update()

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(120), theme.px(24))

    def minimumSizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(56), theme.px(24))

    def handle_centre(self) -> QPointF:
        """The centre of the handle, in logical pixels."""
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
        if not self._blocked:
            self.moved.emit(position)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        offset = event.position().x() - self._x(self.value())
        self._grip = offset if abs(offset) <= current_theme().px(_RADIUS) else 0.0
        self.setSliderDown(True)
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setValue(self._position_at(event.position().x() - self._grip))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        left, right = self._ends()
        middle, thickness = self.height() / 2, theme.px(4)
        effective = self.isEnabled() and not self._dimmed
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            self._paint_spread(painter)
            painter.setBrush(QColor(theme.line))
            painter.drawRoundedRect(
                QRectF(left, middle - thickness / 2, right - left, thickness), thickness / 2, thickness / 2
            )
            if not self._known:
                return
            start, end = sorted((self._x(self._origin), self._x(self.value())))
            painter.setBrush(QColor(mix(theme.line, theme.accent, 0.65) if effective else theme.line))
            painter.drawRoundedRect(
                QRectF(start, middle - thickness / 2, end - start, thickness), thickness / 2, thickness / 2
            )
            if self._origin > 0:
                painter.setBrush(QColor(theme.muted if effective else theme.disabled))
                painter.drawRect(
                    QRectF(self._x(self._origin) - 0.75, middle - thickness * 1.25, 1.5, thickness * 2.5)
                )
            self._paint_handle(painter, self.handle_centre())

    def _paint_spread(self, painter: QPainter) -> None:
        if self._spread is None or not self._known:
            return
        theme = current_theme()
        left, right = self._ends()
        half = (right - left) * self._spread / STEPS
        centre, height = self._x(self.value()), theme.px(_SPREAD_HEIGHT)
        start, end = max(left - _EDGE, centre - half), min(right + _EDGE, centre + half)
        colour = theme.muted if self._dimmed or not self.isEnabled() else theme.accent
        painter.setBrush(QColor(mix(theme.panel, colour, 0.28)))
        painter.drawRoundedRect(QRectF(start, (self.height() - height) / 2, end - start, height), 3, 3)

    def _paint_handle(self, painter: QPainter, centre: QPointF) -> None:
        theme = current_theme()
        radius = theme.px(_RADIUS)
        half = QPointF(theme.px(_NARROW) if self._narrow else radius, radius + (1 if self._narrow else 0))
        edge = half.x()
        if self.hasFocus():
            ring = QPointF(1.5, 1.5) if not self._narrow else QPointF(2.5, 2.5)
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(QColor(theme.panel))
            painter.drawRoundedRect(
                QRectF(centre - half - ring, centre + half + ring), edge + 1.5, edge + 1.5
            )
            half -= QPointF(0, 0) if self._narrow else QPointF(2, 2)
        highlighted = self.isEnabled() and (self.isSliderDown() or self.underMouse() or self.hasFocus())
        normal = theme.muted if self._dimmed else theme.text
        colour = theme.accent if highlighted else normal if self.isEnabled() else theme.disabled
        painter.setPen(QPen(QColor(theme.panel), 2) if not self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(QRectF(centre - half, centre + half), half.x(), half.x())
