"""The base class of all plots: it follows the theme, and has an empty text and a read-out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from aestudio.gui.plots.axes import NumberAxis
from aestudio.gui.plots.overlay import EmptyText, ReadOut
from aestudio.gui.plots.plot_box import PlotBox
from aestudio.gui.plots.plot_frame import PlotFrame
from aestudio.gui.plots.reset_view_button import ResetViewButton
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme, is_theme_change
from aestudio.gui.widgets.focus_ring import FocusRing
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys
from aestudio.gui.widgets.offer import Entry, Offer, ValueTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.plots.figure import Figure
    from aestudio.gui.theme.tokens import Theme

# Half the height of a number at the very top of an axis.
_ABOVE = 8
_TITLE_LEADING = 4  # what a title above the axis needs besides the size of its type
_USUAL = (320, 146)  # width and height in logical pixels
_GRID_OPACITY = 90  # of 255

translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "Every plot"),
    LocalKey("plot.show_all", ("Home",), lambda: translate("keys", "shows everything again")),
)


class ThemedPlot(pg.PlotWidget):
    """A plot that the user moves and zooms within limits.

    Subclasses override `apply_theme`, `fit`, `hover` and `hover_ended`, and for the context menu `figure` and
    `values`.

    The view is reset by a double click, the Home key or the context menu and, while it is changed, by a
    button in the corner.
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
        FocusRing(self)
        self.setMouseTracking(True)
        self.read_out = ReadOut(self)
        self._empty = EmptyText(self)
        self._empty.hide()
        self._reset_button = ResetViewButton(self, self.view_box, self.show_all)
        self.view_box.sigRangeChangedManually.connect(self._moved_by_user)
        cast("pg.GraphicsScene", self.scene()).sigMouseClicked.connect(self._clicked)
        self._pressed_at = QPoint()
        self._closed = False
        self._titles, self._low = ("", ""), False
        self._right_margin = 0
        self._theme: Theme | None = None
        self._use_theme()

    def sizeHint(self) -> QSize:
        """A constant size: Qt's own hint is the current size of the plot."""
        theme = current_theme()
        return QSize(theme.px(_USUAL[0]), theme.px(_USUAL[1]))

    def set_axis_titles(self, x: str, y: str) -> None:
        """Name what the axes show, with units: "Epochs", "Loss per image (nats)"; "" for no title."""
        if (x, y) == self._titles:
            return  # applying the theme lays out and redraws the axes
        old, self._titles = self._titles, (x, y)
        self.bottom_axis.set_title(x)
        self.left_axis.set_title("" if self._low else y)
        if list(map(bool, old)) != list(map(bool, self._titles)):
            self._use_theme(anyway=True)
        self._place_titles()

    def set_low(self, low: bool) -> None:
        """Spend no height on titles: that of x is behind the end of its axis, that of y is not written.

        What is above the plot then says what y is, and something beside the plot gives x its place.
        """
        if low != self._low:
            self._low = low
            self.bottom_axis.set_title_at_end(low)
            self.left_axis.set_title("" if low else self._titles[1])
            self._use_theme(anyway=True)

    @property
    def low(self) -> bool:
        """Whether no height is spent on titles."""
        return self._low

    @property
    def titles(self) -> tuple[str, str]:
        """What the axes show, with units."""
        return self._titles

    def set_empty_text(self, text: str) -> None:
        """Set the sentence in the middle of the plot; "" removes it."""
        if text == self._empty.text():
            return
        self._empty.setText(text)
        self._empty.setVisible(bool(text))
        for axis in (self.left_axis, self.bottom_axis):
            axis.set_blank(bool(text))
        self._empty.place()
        self._empty.raise_()

    def add_beside(self, item: pg.GraphicsWidget) -> None:
        """Put an item to the right of the plot, as high as the space between the axes."""
        self.plot_item.add_beside(item)

    def apply_theme(self, theme: Theme) -> None:
        """Use the theme's colours; called once at the start and after each change of the theme."""

    def fit(self) -> None:
        """Show all data, and call `set_moved(False)`."""

    def show_all(self) -> None:
        """Reset the view; called for the button, the menu, the key and the double click."""
        self.fit()

    def offer_at(self, at: QPoint | None) -> Offer:
        """The plot: its picture, and for a paper or a table what its subclass shows."""
        del at
        reason = "" if self.moved else translate("ThemedPlot", "Everything is shown.")
        show_all = Entry(translate("ThemedPlot", "Show all\tHome"), self.show_all, obstacle=reason)
        figure, empty = self.figure(), bool(self._empty.text())
        return Offer(
            chart=self.accessibleName() or self._titles[1],
            screen=self,
            figure=None if figure is None or empty else lambda: _drawing(figure),
            values=None if figure is None or empty else self.values,
            entries=(show_all,),
        )

    def figure(self) -> Figure | None:
        """What it shows, for a paper; None if it shows nothing. Its arrays are not changed later."""
        return None

    def values(self) -> ValueTable:
        """What it shows, as numbers."""
        return ValueTable((), ())

    @property
    def moved(self) -> bool:
        """Whether the user has moved or zoomed the view."""
        return self._reset_button.offered

    def set_moved(self, moved: bool) -> None:
        """Offer to reset the view, or not if all is shown."""
        self._reset_button.offer(moved)

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
        """The length of `pixels` pixels in data units, along x and y."""
        width, height = self.view_box.viewPixelSize()
        return abs(width) * pixels, abs(height) * pixels

    def plot_contains(self, pixel: QPointF) -> bool:
        """Whether the position in the widget is inside the axes."""
        return self.view_box.sceneBoundingRect().contains(self.mapToScene(pixel.toPoint()))

    def _use_theme(self, anyway: bool = False) -> None:
        theme = current_theme()
        if self._closed or (theme == self._theme and not anyway):
            return
        self._theme = theme
        self.setBackground(theme.panel)
        self.set_right_margin(self._right_margin)
        self.setFont(font(theme))
        self.left_axis.apply_theme(theme)
        self.bottom_axis.apply_theme(theme)
        self.read_out.apply_theme()
        self.apply_theme(theme)
        self._place_titles()

    def set_right_margin(self, width: int) -> None:
        """Set the space right of the axes, in unscaled logical pixels; above them a number always fits."""
        self._right_margin = width
        theme = current_theme()
        title = theme.caption_size + _TITLE_LEADING
        above = _ABOVE + (title if self.left_axis.title_above else 0)
        self.plot_item.setContentsMargins(0, theme.px(above), theme.px(width), 0)
        self._reset_button.place()

    def _place_titles(self) -> None:
        """Put the y title above its axis if it is longer than the axis."""
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
        """Close pyqtgraph's items; Qt still sends events afterwards."""
        self._closed = True
        super().close()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # A plot in a view that is not in front takes the theme when it is shown again.
        hidden = self.window().isVisible() and not self.isVisible()
        if not hidden and is_theme_change(event) and hasattr(self, "_theme"):
            self._use_theme()

    def showEvent(self, event: QShowEvent) -> None:
        self._use_theme()
        super().showEvent(event)

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
        if KEYS.command(ev) == "plot.show_all":
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
            reason, on_screen = QContextMenuEvent.Reason.Other, self.viewport().mapToGlobal(at)
            QApplication.sendEvent(self, QContextMenuEvent(reason, self.mapFromGlobal(on_screen), on_screen))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The window opens the menu; for the right button on its release, because it also drags the plot."""
        event.setAccepted(event.reason() == event.Reason.Mouse)

    def resizeEvent(self, ev: QResizeEvent) -> None:
        super().resizeEvent(ev)
        if hasattr(self, "_reset_button"):
            self._place_titles()
            self._empty.place()
            self._reset_button.place()


def _drawing(figure: Figure) -> Callable[[str], bytes]:
    """Makes the content of the file for each format; imports on the window's thread what it needs."""
    from aestudio.gui.plots.figure_of_curves import figure_data

    return partial(figure_data, figure=figure)
