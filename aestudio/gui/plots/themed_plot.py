"""The plot that all others are made of: dressed by the theme, quiet, with an empty text and a read-out."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtWidgets import QApplication

from aestudio.gui.plots.axes import NumberAxis
from aestudio.gui.plots.overlay import EmptyText, ReadOut
from aestudio.gui.plots.plot_box import PlotBox
from aestudio.gui.plots.plot_frame import PlotFrame
from aestudio.gui.plots.reset_view_button import ResetViewButton
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.holder import is_theme_change
from aestudio.gui.theme.style import current_theme

if TYPE_CHECKING:
    from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
    from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.theme.tokens import Theme

# Half the height of a number that stands at the very top of an axis.
_ABOVE = 8
_TITLE = 16  # a title that lies above the axis
_USUAL = (320, 146)  # width and height in logical pixels
_GRID_OPACITY = 90  # of 255


class ThemedPlot(pg.PlotWidget):
    """A plot that is moved and zoomed within limits.

    Subclasses override `dress`, `fit`, `hover` and `hover_ended`.

    There are four ways back to all of it: a double click, the Home key and, while the view is another one, a
    button in the corner and the menu of the right button or of the menu key.
    """

    view_moved_by_user = Signal()

    def __init__(self, parent: QWidget | None = None, view_box: PlotBox | None = None) -> None:
        self.left_axis = NumberAxis("left")
        self.bottom_axis = NumberAxis("bottom")
        self.view_box: PlotBox = PlotBox() if view_box is None else view_box
        self.plot_item = PlotFrame(self.view_box, self.left_axis, self.bottom_axis)
        frame = self.plot_item  # pyqtgraph forgets the attribute before it sets it
        super().__init__(parent, plotItem=frame)
        for axis in (self.left_axis, self.bottom_axis):
            axis.setGrid(_GRID_OPACITY)
        self.view_box.disableAutoRange()
        self.view_box.setDefaultPadding(0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.read_out = ReadOut(self)
        self._empty = EmptyText(self)
        self._empty.hide()
        self._way_back = ResetViewButton(self, self.view_box, self.show_all)
        self.view_box.sigRangeChangedManually.connect(self._moved_by_user)
        cast("pg.GraphicsScene", self.scene()).sigMouseClicked.connect(self._clicked)
        self._pressed_at = QPoint()
        self._closed = False
        self._titles = ("", "")
        self._right_margin = 0
        self._dressed_for: Theme | None = None
        self._dress()

    def sizeHint(self) -> QSize:
        """The same at all times: Qt's own is the size that the plot has already."""
        theme = current_theme()
        return QSize(theme.px(_USUAL[0]), theme.px(_USUAL[1]))

    def set_axis_titles(self, x: str, y: str) -> None:
        """What the axes count, with their units: "Epochs", "Loss per image (nats)"; "" for none."""
        if (x, y) == self._titles:
            return  # dressing makes the axes lay out and draw themselves anew
        old, self._titles = self._titles, (x, y)
        self.bottom_axis.set_title(x)
        self.left_axis.set_title(y)
        if list(map(bool, old)) != list(map(bool, self._titles)):
            self._dress(anyway=True)
        self._place_titles()

    def set_empty_text(self, text: str) -> None:
        """The sentence in the middle of the plot; "" takes it away."""
        if text == self._empty.text():
            return
        self._empty.setText(text)
        self._empty.setVisible(bool(text))
        self._empty.place()
        self._empty.raise_()

    def add_beside(self, item: pg.GraphicsWidget) -> None:
        """Put an item to the right of the plot, as high as the space between the axes."""
        self.plot_item.add_beside(item)

    def apply_theme(self, theme: Theme) -> None:
        """Take the theme's colours; called once at the start and whenever the theme changed."""

    def fit(self) -> None:
        """Show everything there is; `set_moved(False)` is part of it."""

    def show_all(self) -> None:
        """The way back, however it was chosen."""
        self.fit()

    @property
    def moved(self) -> bool:
        """Whether a person has moved or zoomed the view."""
        return self._way_back.offered

    def set_moved(self, moved: bool) -> None:
        """Offer the way back, or take it away where all is shown."""
        self._way_back.offer(moved)

    def hover(self, at: QPointF) -> None:
        """The mouse is over the plot at `at`, in the plot's own coordinates (pixels of the widget)."""

    def hover_ended(self) -> None:
        """The mouse has left."""

    def data_at(self, pixel: QPointF) -> QPointF:
        """The data coordinates of a position in the widget."""
        return self.view_box.mapSceneToView(self.mapToScene(pixel.toPoint()))

    def pixel_of(self, x: float, y: float) -> QPointF:
        """The position in the widget of data coordinates."""
        return QPointF(self.mapFromScene(self.view_box.mapViewToScene(QPointF(x, y))))

    def reach(self, pixels: float) -> tuple[float, float]:
        """How much data lies under so many pixels in each direction."""
        width, height = self.view_box.viewPixelSize()
        return abs(width) * pixels, abs(height) * pixels

    def plot_contains(self, pixel: QPointF) -> bool:
        """True where the position in the widget is inside the axes."""
        return self.view_box.sceneBoundingRect().contains(self.mapToScene(pixel.toPoint()))

    def _dress(self, anyway: bool = False) -> None:
        theme = current_theme()
        if self._closed or (theme == self._dressed_for and not anyway):
            return
        self._dressed_for = theme
        self.setBackground(theme.panel)
        self.set_right_margin(self._right_margin)
        self.setFont(font(theme))
        self.left_axis.apply_theme(theme)
        self.bottom_axis.apply_theme(theme)
        self.read_out.apply_theme()
        self.apply_theme(theme)
        self._place_titles()

    def set_right_margin(self, width: int) -> None:
        """Room beside the axes, in unscaled logical pixels; above them there is always some for a number."""
        self._right_margin = width
        theme = current_theme()
        above = _ABOVE + (_TITLE if self.left_axis.lying else 0)
        self.plot_item.setContentsMargins(0, theme.px(above), theme.px(width), 0)
        self._way_back.place()

    def _place_titles(self) -> None:
        """A title that is longer than its axis is high lies above it."""
        if self._closed:
            return
        theme = current_theme()
        length = self.height() - theme.px(_ABOVE) - self.bottom_axis.maximumHeight()
        if self.left_axis.fit_title(length):
            self.left_axis.apply_theme(theme)
            self.set_right_margin(self._right_margin)

    def _moved_by_user(self) -> None:
        self.set_moved(True)
        self.view_moved_by_user.emit()

    def _clicked(self, event: MouseClickEvent) -> None:
        if event.double() and event.button() == Qt.MouseButton.LeftButton:
            self.show_all()

    def close(self) -> None:
        """pyqtgraph takes its items apart here; Qt goes on sending events until the end."""
        self._closed = True
        super().close()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event) and hasattr(self, "_dressed_for"):
            self._dress()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and self.read_out.isVisible():
            return True
        return super().event(event)

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        super().mouseMoveEvent(ev)
        if self.plot_contains(ev.position()):
            self.hover(ev.position())
        else:
            self.hover_ended()

    def leaveEvent(self, ev: QEvent) -> None:
        super().leaveEvent(ev)
        self.hover_ended()

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        if ev.key() == Qt.Key.Key_Home:
            self.show_all()
        else:
            super().keyPressEvent(ev)

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        self._pressed_at = ev.position().toPoint()
        super().mousePressEvent(ev)

    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        super().mouseReleaseEvent(ev)
        at = ev.position().toPoint()
        still = (at - self._pressed_at).manhattanLength() < QApplication.startDragDistance()
        if ev.button() == Qt.MouseButton.RightButton and still:
            self._way_back.open_menu(self.viewport().mapToGlobal(at))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Of the menu key; the right button's menu waits for the click, as it also drags."""
        if event.reason() == event.Reason.Keyboard:
            self._way_back.open_menu(self.mapToGlobal(QPoint(self.width() // 2, self.height() // 2)))
        event.accept()

    def resizeEvent(self, ev: QResizeEvent) -> None:
        super().resizeEvent(ev)
        if hasattr(self, "_way_back"):
            self._place_titles()
            self._empty.place()
            self._way_back.place()
