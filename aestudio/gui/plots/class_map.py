"""The latent map: one point per encoded image, layers under and over them, a cursor to drag.

Over 300 lines, because it is the only interface of its parts: a third of its methods pass one call on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSize, Signal
from PySide6.QtWidgets import QWidget

from aestudio.gui.plots.class_legend import ClassLegend
from aestudio.gui.plots.class_marks import ClassMark, class_marks
from aestudio.gui.plots.lasso import inside_outline, with_modifiers
from aestudio.gui.plots.map_layers import limits_of
from aestudio.gui.plots.map_offer import offer_of_map
from aestudio.gui.plots.map_places import place_parts
from aestudio.gui.plots.map_plot import MapPlot
from aestudio.gui.plots.map_points import positions_of, selected_points
from aestudio.gui.plots.map_space import MapSpace
from aestudio.gui.plots.nearest import PointIndex
from aestudio.gui.plots.point_animation import PointAnimation, moved_along
from aestudio.gui.plots.point_colours import PointColours
from aestudio.gui.plots.point_text import text_of_point
from aestudio.gui.plots.scale_bar import ScaleBar
from aestudio.gui.theme.style import current_theme, is_theme_change
from aestudio.gui.widgets.offer import Offer

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtGui import QResizeEvent

    from aestudio.gui.plots.map_layers import (
        FieldImage,
        ImagesOf,
        ImagesOnPlane,
        PointStyle,
        PointValues,
        Trail,
    )
    from aestudio.gui.plots.point_cloud import Points

_REACH_PIXELS = 10.0
_FAINT = 0.4
_LEAST = (200, 160)  # logical pixels


class ClassMap(QWidget):
    """Points to hover over and click, a cross to drag, a lasso to select points.

    point_hovered:  index of the point under the mouse, -1 after the mouse left it
    point_selected: index of the point that was clicked
    cursor_moved:   where the user dragged the cross, in the points' coordinates
    lasso_drawn:    indices (n,) int64 of the points to select; empty to clear the selection
    lasso_switched: whether dragging draws the lasso

    describe: set by the view that fills it: what it offers of the point with an index
    """

    describe: Callable[[int], Offer] | None = None

    point_hovered = Signal(int)
    point_selected = Signal(int)
    cursor_moved = Signal(float, float)
    lasso_drawn = Signal(object)
    lasso_switched = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._positions: Points = np.empty((0, 2), dtype=np.float32)
        self._xy = self._positions  # as they are seen: with their depth if the map is turned
        self._point_colours = PointColours(0)
        self._all_marks: tuple[ClassMark, ...] = ()
        self._index: PointIndex | None = None
        self._hovered = -1
        self._read_out = True
        self._square, self._with_legend = False, True
        self._corner: QWidget | None = None
        self.plot = MapPlot(self)
        self.legend = ClassLegend(self)
        self.value_scale, self.field_scale = ScaleBar(parent=self), ScaleBar(under=True, parent=self)
        for part in (self.legend, self.value_scale, self.field_scale):
            part.hide()
        self.space = MapSpace(self.plot, lambda: self._hovered >= 0)
        self.space.turner.turned.connect(self._turned)
        self._point_animation = PointAnimation(
            lambda positions: self.plot.cloud.move_points(self.space.seen(positions)), self
        )
        self.legend.shown_changed.connect(self._shown_changed)
        self.plot.mouse_over.connect(self._mouse_over)
        self.plot.mouse_left.connect(self._leave_point)
        self.plot.clicked.connect(self._clicked)
        self.plot.cursor_moved.connect(self.cursor_moved)
        self.plot.touched.connect(self._point_animation.finish)
        self.plot.lasso.drawn.connect(self._select_inside)
        self.plot.lasso.switched.connect(self.lasso_switched)
        self.plot.lasso.cancelled.connect(self._cancel_selection)

    def sizeHint(self) -> QSize:
        """That of the plot."""
        return self.plot.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """A constant size: the legend scrolls."""
        theme = current_theme()
        return QSize(*map(theme.px, _LEAST))

    def set_square(self, square: bool) -> None:
        """Show a square of data, as large as fits, with the legend where the most space is left."""
        self._square = square
        self._arrange()

    def set_corner(self, corner: QWidget | None) -> None:
        """Have this widget right of the plot, above the legend; None: no more, it has another parent."""
        self._corner = corner
        self._arrange()

    def hide_legend(self) -> None:
        """Show no legend: another widget, or the names on the map, say which class is which."""
        self._with_legend = False
        self.legend.hide()
        self._arrange()

    # ---- points -----------------------------------------------------------------------------------

    def set_points(
        self,
        xy: Points,
        labels: NDArray[np.int64] | None,
        class_names: tuple[str, ...],
        values: PointValues | None = None,
        *,
        depth: Points | None = None,
        flowing: bool = False,
    ) -> None:
        """Show points (N, 2), coloured by `values` (N,), else by labels (N,), else all grey.

        If the same points moved, they are animated, unless the user is dragging or zooming the map, or
        another part of the plane is shown for them.
        depth:   the coordinate towards the viewer, float32 (N,), about which the map turns; None for a plane
        flowing: the axes mean nothing, as of an embedding, so the points move also then, from where they are
                 on the screen
        Raises ValueError if the shapes do not match.
        """
        moved = positions_of(xy, labels, values, depth)
        old = self._point_colours
        same = moved.shape == self._positions.shape and _same(labels, old.labels)
        self._positions, self._index = moved, None
        box = self.space.set_points(moved)
        self._xy = self.space.seen(moved)
        self._leave_point()
        names = () if labels is None else class_names
        self.legend.set_names(names)
        selected = old.selected if len(moved) == old.count else None
        shown, hidden = self._shown(values), old.hidden
        self._point_colours = PointColours(len(moved), labels, names, shown, values, selected, hidden)
        self._show_scales()
        self._all_marks = () if labels is None else class_marks(moved, labels, class_names)
        before = self.plot.map_box.viewRect()
        self.plot.set_box(box)
        after = self.plot.map_box.viewRect()
        may_move = flowing or before == after
        animated = same and may_move and len(moved) and self.isVisible() and not self.plot.user_active
        if not animated:
            self._point_animation.jump(moved)
        elif not np.array_equal(moved, self._point_animation.shown):
            start = self._point_animation.shown
            if not self.space.turned:
                start = moved_along(start, before, after)
            self._point_animation.begin(moved, start=start, flowing=flowing)
        self._redraw()

    def set_images(self, lookup: ImagesOf | None) -> None:
        """Set the function from points (n,) int64 to their images, uint8 (n, C, H, W).

        It must return at once, because painting waits for it.
        """
        self.plot.cloud.set_images(lookup)

    def set_selection(self, indices: NDArray[np.int64] | None) -> None:
        """Draw the points (n,) int64 over all others, which turn pale; None or an empty array clears it."""
        selected = selected_points(indices, len(self._xy))
        self.plot.map_box.extended = selected is not None
        if not _same(selected, self._point_colours.selected):
            self._point_colours = replace(self._point_colours, selected=selected)
            self._redraw()

    def set_field(self, field: FieldImage | None) -> None:
        """Show a field under the points, with its colour scale; None removes it."""
        self.plot.field.set_field(field)
        if field is not None:
            self.field_scale.set_scale(field.title, field.unit, *field.limits)
        self.field_scale.setVisible(field is not None)
        self._arrange()

    def set_decoded(self, images: ImagesOnPlane | None) -> None:
        """Show decoded images under the points, each at its place in the plane; None removes them."""
        self.plot.decoded.set_images(images)

    def set_point_style(self, style: PointStyle) -> None:
        """Draw the points opaque, half transparent, or not at all: then neither mouse nor lasso find them."""
        self.plot.cloud.set_strength(_FAINT if style == "faint" else 1.0)
        self.plot.decoded.set_under(style)
        hidden = style == "hidden"
        if hidden != self._point_colours.hidden:
            self._point_colours = replace(self._point_colours, hidden=hidden)
            self._leave_point()
            self._redraw()

    def set_trails(self, trails: tuple[Trail, ...]) -> None:
        """Show the paths of single points over the map, newest position last."""
        self.plot.trails.set_trails(trails)

    def set_ellipse(self, at: tuple[float, float] | None, covariance: NDArray[np.float64] | None) -> None:
        """Show the posterior of the current code: one and two standard deviations; None removes it.

        covariance: float64 (2, 2), in the map's coordinates
        """
        self.plot.ellipse.set_ellipse(at, covariance)

    def set_cursor(self, x: float, y: float, z: float | None = None) -> None:
        """Move the cross without a signal. z: towards the viewer, on a map that is turned"""
        self.space.set_cursor((x, y) if z is None else (x, y, z))

    def hide_cursor(self) -> None:
        """Hide the cross."""
        self.space.set_cursor(None)

    def set_axis_titles(self, x: str, y: str, z: str = "") -> None:
        """Name the axes, for instance "z₁" or "First principal component"; z: of a map that is turned."""
        self.space.set_names((x, y, z))
        self.plot.set_axis_titles(*(("", "") if self.space.turned else (x, y)))

    def set_path(self, xy: Points | None) -> None:
        """Draw a line through points (M, 2), such as the path of an interpolation; None removes it."""
        self.plot.set_path(xy)

    def set_lasso(self, on: bool) -> None:
        """With the lasso the left button draws an outline around points."""
        self.plot.lasso.switch(on)

    def set_read_out(self, on: bool) -> None:
        """Whether a read-out beside the mouse describes the point; off if another widget says more."""
        self._read_out = on

    def set_empty_text(self, text: str) -> None:
        """Set the sentence in the middle of a map without points; "" removes it."""
        self.plot.set_empty_text(text)

    def reset_frame(self) -> None:
        """Show all points that are set next, because they are in a different plane."""
        self.plot.reset_frame()

    def fit(self) -> None:
        """Show all points."""
        self.plot.fit()

    def point_under(self, pixel: QPointF) -> int:
        """The index of the point at a position in the plot's pixels, or -1."""
        return self._nearest(self.plot.data_at(pixel), pixel)

    def offer_at(self, at: QPoint | None) -> Offer:
        """The map, and what the view around says of the point at a position, or under the mouse."""
        index = self._hovered if at is None else self.point_under(QPointF(self.plot.mapFrom(self, at)))
        point = self.describe(index) if self.describe is not None and index >= 0 else Offer()
        return point.inside(offer_of_map(self.plot, self._xy[:, :2], self._point_colours))

    def pixel_of_point(self, index: int) -> QPointF:
        """The position of a point, in the plot's pixels."""
        return self.plot.pixel_of(*self._place(index))

    def _place(self, index: int) -> tuple[float, float]:
        x, y = self._xy[index, :2].tolist()
        return x, y

    def _shown(self, values: PointValues | None) -> frozenset[int]:
        """The visible classes; all classes while a colour scale replaces the legend."""
        return self.legend.shown if values is None else frozenset(range(self.legend.count))

    def _show_scales(self) -> None:
        values = self._point_colours.values
        if values is not None:
            self.value_scale.set_scale(values.title, values.unit, *limits_of(values.values))
        self.value_scale.setVisible(values is not None)
        named = values is None and bool(self._point_colours.names)
        self.legend.setVisible(named and self._with_legend)
        self._arrange()

    def _redraw(self) -> None:
        points = self._point_colours
        shown = self.space.seen(self._point_animation.shown)
        self.plot.cloud.set_points(shown, points.colours(current_theme()), points.order())
        self._show_marks()

    def _show_marks(self) -> None:
        points = self._point_colours
        marks = () if points.hidden else self.space.moved_marks(self._all_marks, self._xy)
        self.plot.marks.set_marks(tuple(mark for mark in marks if mark.label in points.shown))

    def _turned(self) -> None:
        """The map is seen from another side."""
        self._xy = self.space.seen(self._positions)
        moving = self._point_animation.shown
        self.plot.cloud.move_points(self._xy if moving is self._positions else self.space.seen(moving))
        self._show_marks()
        self.space.show_axes()
        self.space.show_cursor()
        self.plot.set_ring(None if self._hovered < 0 else self._place(self._hovered))

    def _shown_changed(self) -> None:
        self._point_colours = replace(self._point_colours, shown=self._shown(self._point_colours.values))
        self._leave_point()
        self._redraw()

    # ---- the point under the mouse ----------------------------------------------------------------

    def _nearest(self, at: QPointF, pixel: QPointF) -> int:
        thumbnail = self.plot.cloud.image_at(pixel)
        if 0 <= thumbnail < len(self._xy):  # those of points that have just gone are still drawn
            return thumbnail
        allowed = self._point_colours.visible
        if self.space.turned:
            found = self.space.pick(self._xy, at, _REACH_PIXELS, allowed, self.plot.cloud.dot / 2)
            return -1 if found is None else found
        if self._index is None:
            # Built on demand: during a training points change often and are seldom hovered.
            self._index = PointIndex(self._xy)
        nearest = self._index.nearest(at.x(), at.y(), self.plot.reach(_REACH_PIXELS), allowed)
        return -1 if nearest is None else nearest

    def _mouse_over(self, at: QPointF, pixel: QPointF) -> None:
        index = -1 if self.plot.lasso.outline.begun else self._nearest(at, pixel)
        if index != self._hovered:
            self._hovered = index
            self.plot.set_ring(None if index < 0 else self._place(index))
            self.point_hovered.emit(index)
        if index < 0 or not self._read_out:
            self.plot.read_out.hide()
        else:
            self.plot.read_out.show_at(text_of_point(self._point_colours, index), pixel.toPoint())

    def _leave_point(self) -> None:
        self.plot.read_out.hide()
        if self._hovered >= 0:
            self._hovered = -1
            self.plot.set_ring(None)
            self.point_hovered.emit(-1)

    def _clicked(self, at: QPointF) -> None:
        index = self._nearest(at, self.plot.pixel_of(at.x(), at.y()))
        if index >= 0:
            self.point_selected.emit(index)

    def _select_inside(self, outline: NDArray[np.float64], modifiers: Qt.KeyboardModifier) -> None:
        points = self._point_colours
        inside = inside_outline(self._xy[:, :2], outline) & points.visible
        inside = with_modifiers(inside, points.selected, modifiers)
        self.lasso_drawn.emit(np.flatnonzero(inside).astype(np.int64))
        if inside.any():
            # The next drag moves the cursor again; with Shift or Alt held it goes on selecting.
            self.set_lasso(False)

    def _cancel_selection(self) -> None:
        """Escape: clear the selection; if there is none, switch the lasso off."""
        if self._point_colours.selected is not None:
            self.lasso_drawn.emit(np.empty(0, np.int64))
        else:
            self.set_lasso(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def _arrange(self) -> None:
        """Place plot, legend and scales, and what lies in the corner."""
        scales = [scale for scale in (self.value_scale, self.field_scale) if not scale.isHidden()]
        legend = None if self.legend.isHidden() else self.legend
        place_parts(self, self.plot, legend, scales, self._corner, square=self._square)

    def event(self, event: QEvent) -> bool:
        """Arrange the parts again when what lies in the corner needs another size."""
        if event.type() == QEvent.Type.LayoutRequest and self._corner is not None:
            self._arrange()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event) and hasattr(self, "_point_animation"):
            self._arrange()
            self._redraw()


def _same(old: NDArray[Any] | None, new: NDArray[Any] | None) -> bool:
    return old is new or (old is not None and new is not None and np.array_equal(old, new))
