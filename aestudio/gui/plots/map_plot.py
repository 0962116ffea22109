"""The plot of a map. Its layers from below: field, decoded images, points, names, trails, lasso, cursor."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QPointF, QRectF, Qt, Signal
from PySide6.QtWidgets import QApplication

from aestudio.gui.plots.class_marks import ClassMarks
from aestudio.gui.plots.decoded_images import DecodedImages
from aestudio.gui.plots.lasso_input import LassoInput
from aestudio.gui.plots.map_marker import MapMarker, Position
from aestudio.gui.plots.map_mouse import MapViewBox
from aestudio.gui.plots.plot_frame import LAYOUT_MARGIN
from aestudio.gui.plots.point_cloud import PointCloud, Points
from aestudio.gui.plots.point_rings import PointRings
from aestudio.gui.plots.ranges import padded
from aestudio.gui.plots.scalar_field import ScalarField
from aestudio.gui.plots.themed_plot import ThemedPlot
from aestudio.gui.plots.trails import Ellipse, Trails
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.theme.tokens import Theme

_ARROWS = {"map.left": (-1, 0), "map.right": (1, 0), "map.down": (0, -1), "map.up": (0, 1)}
_ZOOMS = {"map.zoom_in": 0.8, "map.zoom_out": 1.25}
translate = QCoreApplication.translate


def _moves() -> str:
    return translate("keys", "moves cursor or lasso, or turns the map; with Shift in small steps")


KEYS = LocalKeys(
    lambda: translate("keys", "Map"),
    LocalKey("map.left", ("Left",), _moves),
    LocalKey("map.right", ("Right",), _moves),
    LocalKey("map.up", ("Up",), _moves),
    LocalKey("map.down", ("Down",), _moves),
    LocalKey("map.zoom_in", ("+", "="), lambda: translate("keys", "zooms in")),
    LocalKey("map.zoom_out", ("-",), lambda: translate("keys", "zooms out")),
    LocalKey(
        "map.turn", ("T",), lambda: translate("keys", "a map with a third axis turns by itself, or stops")
    ),
    LocalKey("map.pan", ("Space",), lambda: translate("keys", "while it is held, dragging moves the map")),
)
_STEP, _SMALL_STEP = 0.02, 0.002
_TURN, _SMALL_TURN = math.radians(6), math.radians(1)
_MARGIN = 0.05
_MUCH_SMALLER = 0.45
_FAR = 1.3
_STILL_MILLISECONDS = 250
_MOST_TICKS = 8  # a map is read by its points


class MapPlot(ThemedPlot):
    """The map with its layers. Signals are in data coordinates.

    fitted: all points are shown again; touched: the user begins to drag or zoom
    turned_by: to the right and down, in radians; play_switched: the map is to turn by itself, or to stop
    """

    mouse_over = Signal(QPointF, QPointF)
    mouse_left = Signal()
    clicked = Signal(QPointF)
    cursor_moved = Signal(float, float)
    fitted = Signal()
    touched = Signal()
    turned_by = Signal(float, float)
    play_switched = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self.map_box = MapViewBox()
        self._box: tuple[Points, Points] | None = None
        self._frame: Points | None = None
        self._held = False
        super().__init__(parent, view_box=self.map_box)
        self.setAccessibleName(self.tr("Map of the codes"))
        self.setToolTip(
            self.tr(
                "Drag, click or use the arrow keys to move the cursor; with a third axis they turn the map, "
                "and T lets it turn by itself.\n"
                "Drag with the right or middle button, or with Space held, to move the map.\n"
                "Wheel or + and − to zoom, double-click or Home to see all of it.\n"
                "L for the lasso: drag around points; then with Shift to add, with Alt to take away;\n"
                "by keyboard: Enter starts it, arrows draw, Enter closes it. Escape clears the selection."
            )
        )
        self.left_axis.set_margin(40)
        for axis in (self.left_axis, self.bottom_axis):
            axis.set_most_ticks(_MOST_TICKS)
        self.cloud = PointCloud()
        self.rings = PointRings(self.cloud)
        self.cloud.moved = self.rings.update
        self.marks = ClassMarks()
        self.marks.hide_while(lambda: self.cloud.images_shown)
        self.field, self.trails, self.ellipse = ScalarField(), Trails(), Ellipse()
        self.decoded = DecodedImages()
        self.lasso = LassoInput(self.map_box, self)
        self.lasso.switched.connect(self._lasso_switched)
        self._since_touched = QElapsedTimer()
        self._path_rim = pg.PlotCurveItem(antialias=True)
        self._path = pg.PlotCurveItem(antialias=True)
        self._point_ring, self._cursor = MapMarker(lines=False), MapMarker(lines=True)
        self._pen_at: Position | None = None  # on a map that is turned, where the cursor stays with its code
        self._pen_mark = MapMarker(lines=True)
        layers = (
            self.cloud,
            self.rings,
            self.ellipse,
            self.marks,
            self._path_rim,
            self._path,
            self.trails,
            self.lasso.outline,
            self._point_ring,
            self._cursor,
            self._pen_mark,
        )
        for height, item in enumerate((self.field, self.decoded, *layers)):
            item.setZValue(height)
            self.plot_item.addItem(item, ignoreBounds=True)
        self.cross: Position | None = None
        self._path_shown: Points | None = None
        self.map_box.cursor_dragged.connect(self._cursor_to)
        self.map_box.pressed.connect(self._pressed)
        self.map_box.turn_dragged.connect(
            lambda right, down: self.turned_by.emit(math.pi * right, math.pi * down)
        )
        self._use_theme(anyway=True)
        self.set_pan_mode(False)

    def set_frame(self, xy: Points | None) -> None:
        """Show this box (2, 2) instead of the points' own, so that maps side by side share one."""
        self._frame = xy

    def margins(self) -> tuple[int, int]:
        """Width and height of what is around the data: axes and titles, in pixels."""
        margins: Sequence[float] = self.plot_item.getContentsMargins()  # type: ignore[assignment]
        left, top, right, bottom = margins
        around = 2 * LAYOUT_MARGIN
        across = self.left_axis.maximumWidth() + left + right + around
        return math.ceil(across), math.ceil(self.bottom_axis.maximumHeight() + top + bottom + around)

    def show_rect(self, rect: QRectF) -> None:
        """Show this part of the plane, as if the user had moved the map there."""
        self.set_moved(True)
        self.map_box.setRange(rect, padding=0)

    def set_box(self, xy: Points) -> None:
        """Set the points (N, 2) to show; the view moves only if they do not fit or are too small."""
        xy = xy if self._frame is None else self._frame
        usable = xy[np.isfinite(xy).all(axis=1)]
        if not len(usable):
            return
        first = self._box is None
        self._box = _frame(usable)
        (left, low), (right, high) = (corner.tolist() for corner in self._box)
        self.map_box.set_home(padded((left, right), _MARGIN), padded((low, high), _MARGIN))
        if first or (not self.moved and self._badly_framed()):
            self.fit()

    def reset_frame(self) -> None:
        """Forget where the user moved the map: the next points are in a different plane."""
        self.set_moved(False)
        self._box = None

    def set_cursor(self, at: Position | None) -> None:
        """Move the cross there; None hides it."""
        self.cross = at
        self._cursor.set_position(at)

    def set_ring(self, at: Position | None) -> None:
        """Draw a ring around the point under the mouse; None removes it."""
        self._point_ring.set_position(at)

    def set_path(self, xy: Points | None) -> None:
        """Draw a line through points (M, 2) over the map; None removes it."""
        old, self._path_shown = self._path_shown, xy
        if xy is old or (xy is not None and old is not None and np.array_equal(xy, old)):
            return
        self._show_path()
        for item in (self._path, self._path_rim):
            if xy is not None:
                item.setData(xy[:, 0].astype(float), xy[:, 1].astype(float))

    def _show_path(self) -> None:
        for item in (self._path, self._path_rim):
            item.setVisible(self._path_shown is not None and not self.map_box.turned)

    def set_turned(self, turned: bool) -> None:
        """Whether there is a third axis: dragging turns, and what lies on a plane is not drawn."""
        self.map_box.turned = turned
        for item in (self.field, self.decoded, self.ellipse, self.trails):
            item.setVisible(not turned)
        self._show_path()
        for axis in (self.left_axis, self.bottom_axis):
            axis.set_blank(turned or bool(self._empty.text()))
        self._cursor.set_lines(not turned)
        self._set_pen(None)

    def set_pan_mode(self, pan_mode: bool) -> None:
        """In pan mode the left button moves the map instead of the cursor."""
        self.map_box.pan_mode = pan_mode
        pointer = Qt.CursorShape.PointingHandCursor if self.map_box.lasso else Qt.CursorShape.CrossCursor
        self.setCursor(Qt.CursorShape.OpenHandCursor if pan_mode else pointer)

    @property
    def user_active(self) -> bool:
        """Whether a mouse button is held, or the map was touched in the last quarter of a second."""
        recently = self._since_touched.isValid() and self._since_touched.elapsed() < _STILL_MILLISECONDS
        return recently or QApplication.mouseButtons() != Qt.MouseButton.NoButton

    def fit(self) -> None:
        """Show all points, with a margin of 5 %."""
        self.set_moved(False)
        if self._box is not None:
            across, up = self.map_box.home
            self.map_box.setRange(xRange=across, yRange=up, padding=0)
        self.fitted.emit()

    def apply_theme(self, theme: Theme) -> None:
        """Set the colours of cross, rings and path."""
        if not hasattr(self, "_cursor"):
            return
        for mark in (self._point_ring, self._cursor, self.field, self.decoded, self.trails, self.ellipse):
            mark.update()
        self._path_rim.setPen(pg.mkPen(theme.panel, width=theme.px(6)))
        self._path.setPen(pg.mkPen(theme.accent, width=theme.px(3)))
        self.marks.update()

    def hover(self, at: QPointF) -> None:
        """Emit the position of the mouse in data coordinates and in pixels."""
        if self._held:  # finding the nearest point would slow down dragging
            self.mouse_left.emit()
        else:
            self.mouse_over.emit(self.data_at(at), at)

    def hover_ended(self) -> None:
        """The mouse has left the map."""
        self.mouse_left.emit()

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        if self.lasso.take_key(ev, self._pen()):
            if self.map_box.turned and self.lasso.on:
                self._set_pen(self._pen())
            return
        key = KEYS.command(ev)
        if key == "map.pan" and not ev.isAutoRepeat():
            self.set_pan_mode(True)
        elif key in _ARROWS and self.map_box.turned and self.lasso.on:
            self._set_pen(self._moved(key, ev.modifiers()))
            self._draw_to_pen()
        elif key in _ARROWS and self.map_box.turned:
            step = _SMALL_TURN if ev.modifiers() & Qt.KeyboardModifier.ShiftModifier else _TURN
            right, up = _ARROWS[key]
            self.turned_by.emit(right * step, -up * step)
        elif key == "map.turn" and self.map_box.turned:
            self.play_switched.emit()
        elif key in _ARROWS and self.cross is not None:
            self._cursor_to(self._moved(key, ev.modifiers()))
            self._draw_to_pen()
        elif key in _ZOOMS:
            self._touch()
            self.set_moved(True)
            self._bring_into_view(self._pen())
            self.map_box.scaleBy((_ZOOMS[key],) * 2, center=self._pen())
        else:
            super().keyPressEvent(ev)

    def keyReleaseEvent(self, ev: QKeyEvent) -> None:
        if KEYS.command(ev) == "map.pan" and not ev.isAutoRepeat():
            self.set_pan_mode(False)
        else:
            super().keyReleaseEvent(ev)

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        self._touch()
        super().mousePressEvent(ev)

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        self._held = ev.buttons() != Qt.MouseButton.NoButton
        super().mouseMoveEvent(ev)
        self._held = False
        self.map_box.updateMatrix()  # otherwise the paint updates it and schedules a second paint

    def wheelEvent(self, ev: QWheelEvent) -> None:
        self._touch()
        super().wheelEvent(ev)
        self.map_box.updateMatrix()  # as above

    def _touch(self) -> None:
        self._since_touched.start()
        self.touched.emit()

    def _bring_into_view(self, at: QPointF) -> None:
        """Move the view if a key led out of it."""
        view = self.map_box.viewRect()
        if not view.contains(at):
            self.set_moved(True)
            shift = at - view.center()
            self.map_box.translateBy(x=shift.x(), y=shift.y())

    def _moved(self, key: str, modifiers: Qt.KeyboardModifier) -> QPointF:
        """Where an arrow key leads from the cursor, or from the pen of the lasso."""
        fine = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        step = self.map_box.viewRect().width() * (_SMALL_STEP if fine else _STEP)
        (right, up), pen = _ARROWS[key], self._pen()
        return self.map_box.inside(QPointF(pen.x() + right * step, pen.y() + up * step))

    def _draw_to_pen(self) -> None:
        self._bring_into_view(self._pen())
        self.lasso.moved_by_keys(self._pen())

    def _set_pen(self, at: QPointF | None) -> None:
        """Move the pen of the lasso there; None: it is where the cursor is."""
        self._pen_at = None if at is None else (at.x(), at.y())
        self._pen_mark.set_position(self._pen_at)

    def _lasso_switched(self) -> None:
        self.set_pan_mode(self.map_box.pan_mode)
        self._set_pen(None)

    def _pen(self) -> QPointF:
        if self._pen_at is not None:
            return QPointF(*self._pen_at)
        return self.map_box.viewRect().center() if self.cross is None else QPointF(*self.cross)

    def _badly_framed(self) -> bool:
        assert self._box is not None
        (left, low), (right, high) = (corner.tolist() for corner in self._box)
        shown = self.map_box.viewRect()
        outside = left < shown.left() or right > shown.right() or low < shown.top() or high > shown.bottom()
        small = max((right - left) / shown.width(), (high - low) / shown.height()) < _MUCH_SMALLER
        return outside or small

    def _cursor_to(self, at: QPointF) -> None:
        self.set_cursor((at.x(), at.y()))
        self.cursor_moved.emit(at.x(), at.y())

    def _pressed(self, at: QPointF) -> None:
        if not self.map_box.turned:
            self._cursor_to(at)
        self.clicked.emit(at)


def _frame(xy: Points) -> tuple[Points, Points]:
    """Corners of the box of all points (N, 2), without the outermost 0.1 % if those are far away."""
    low, high = xy.min(axis=0), xy.max(axis=0)
    inner_low, inner_high = np.quantile(xy, (0.001, 0.999), axis=0)
    near = (high - low) < _FAR * (inner_high - inner_low)
    return np.where(near, low, inner_low), np.where(near, high, inner_high)
