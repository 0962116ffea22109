"""The layers of a network side by side, to scale, each a picture of its activations; a click selects one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.analysis.layer_weights import mosaic
from aestudio.gui.theme.colours import error_image
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import mix
from aestudio.gui.views.network.layer_layout import Arrangement, arranged
from aestudio.gui.widgets.architecture_diagram import layer_text
from aestudio.gui.widgets.focus_ring import FocusRing
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys
from aestudio.gui.widgets.offer import Offer, ValueTable
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting
from aestudio.gui.widgets.pixmap import pixmap_of
from aestudio.layers.layer import DrawnLayer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent

    from aestudio.gui.theme.tokens import Theme
    from aestudio.layers.layer import Shape
    from aestudio.recipes.network_layers import NetworkLayer

translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "Layers of a network"),
    LocalKey("layers.left", ("Left",), lambda: translate("keys", "selects the layer before")),
    LocalKey("layers.right", ("Right",), lambda: translate("keys", "selects the layer after")),
    LocalKey("layers.first", ("Home",), lambda: translate("keys", "selects the first layer")),
    LocalKey("layers.last", ("End",), lambda: translate("keys", "selects the last layer")),
)
_GAP, _APART = 10, 6  # logical pixels between two layers, and between a layer and its label
_FRAME = 3  # around a layer
_LINES = 2  # of a label: shape, parameters
_SEAMS_FROM = 5  # pixels of a map's side from which lines between maps are drawn


def shape_text(shape: Shape) -> str:
    """A shape in a few characters: 256, 16·14²; 28² for an image of one channel."""
    return layer_text(DrawnLayer("dense", shape))


class LayerDiagram(PaintedWidget):
    """`selected_changed(index)`: by the user. Layers that do not fit make it wider than its place.

    `text` describes a layer by its index, for tooltips and screen readers.
    """

    selected_changed = Signal(int)

    def __init__(self, text: Callable[[int], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self._layers: tuple[NetworkLayer, ...] = ()
        self._values: tuple[NDArray[Any] | None, ...] = ()
        self._pictures: tuple[QPixmap | None, ...] = ()
        self._selected = -1
        self._arrangement = Arrangement(1, 0, (), ())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        FocusRing(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Layers"))

    @property
    def layers(self) -> tuple[NetworkLayer, ...]:
        """The layers that are drawn."""
        return self._layers

    @property
    def arrangement(self) -> Arrangement:
        """Where the layers are, in logical pixels from the upper left corner."""
        return self._arrangement

    @property
    def filled(self) -> tuple[bool, ...]:
        """Of each layer, whether it has a picture of its activations."""
        return tuple(picture is not None for picture in self._pictures)

    def set_layers(self, layers: Sequence[NetworkLayer]) -> None:
        """Draw these layers, without activations."""
        self._layers = tuple(layers)
        self._values = (None,) * len(self._layers)
        self._selected = min(self._selected, len(self._layers) - 1)
        self.arrange()

    def set_values(self, values: Sequence[NDArray[Any] | None]) -> None:
        """Fill each layer with its activations; None: unknown.

        float in the shape of the layer: drawn in the colours of signed values, in units of the largest
        magnitude; uint8 (C, H, W): an image as it is shown
        """
        self._values = tuple(values)
        self._fill()

    def _fill(self) -> None:
        theme = current_theme()
        self._pictures = tuple(
            None if value is None else pixmap_of(_picture(value, block.columns, theme))
            for value, block in zip(self._values, self._arrangement.blocks, strict=True)
        )
        self.update()

    def set_selected(self, index: int) -> None:
        """Mark a layer (-1: none), without a signal."""
        if index != self._selected:
            self._selected = index
            self.setAccessibleDescription(self._text(index) if index >= 0 else "")
            self.update()

    # ---- geometry -------------------------------------------------------------------------------------

    def arrange(self) -> None:
        """Lay the layers out anew: for another size, theme or screen."""
        theme = current_theme()
        metrics = QFontMetricsF(font(theme, theme.caption_size))
        labels = [max(map(metrics.horizontalAdvance, self._label(one))) for one in self._layers]
        below = self._label_height() + theme.px(_APART)
        height = max(1.0, self.height() - below - 2 * _FRAME)
        around = cast("QWidget | None", self.parentWidget())
        place = self.width() if around is None else around.width()
        gap = float(theme.px(_GAP))
        shapes = [_drawn_shape(layer) for layer in self._layers]
        self._arrangement = arranged(shapes, (height, place), labels, gap, self.devicePixelRatioF())
        self.setMinimumWidth(int(self._arrangement.width) if self._layers else 0)
        self._fill()
        super().arrange()

    def _label(self, layer: NetworkLayer) -> tuple[str, str]:
        return shape_text(layer.shape), f"{layer.parameters:,}" if layer.parameters else ""

    def _label_height(self) -> float:
        theme = current_theme()
        return _LINES * QFontMetricsF(font(theme, theme.caption_size)).height()

    def _offset(self) -> float:
        """Where the first layer begins, so that all are in the middle."""
        return max(0.0, (self.width() - self._arrangement.width) / 2)

    def area(self, index: int) -> QRectF:
        """The place of a layer, in logical pixels."""
        block = self._arrangement.blocks[index]
        return QRectF(self._offset() + block.left, block.top + _FRAME, block.width, block.height)

    def index_at(self, point: QPointF) -> int:
        """The layer at a point, also between it and its label; -1 for none."""
        x = point.x() - self._offset()
        for index, (block, centre) in enumerate(
            zip(self._arrangement.blocks, self._arrangement.centres, strict=True)
        ):
            half = max(block.width, current_theme().px(2 * _GAP)) / 2
            if abs(x - centre) <= half:
                return index
        return -1

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(560), theme.px(200))

    def minimumSizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(160), theme.px(116))

    # ---- painting -------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with painting(self) as painter:
            painter.setFont(font(theme, theme.caption_size))
            for index in range(1, len(self._layers)):
                before, after = self.area(index - 1), self.area(index)
                painter.setPen(QPen(QColor(theme.line), 1))
                middle = before.center().y()
                painter.drawLine(QPointF(before.right() + 2, middle), QPointF(after.left() - 2, middle))
            for index in range(len(self._layers)):
                self._paint_layer(painter, index, theme)

    def _paint_layer(self, painter: QPainter, index: int, theme: Theme) -> None:
        layer, area, picture = self._layers[index], self.area(index), self._pictures[index]
        code = layer.kind in ("code", "classes")
        if picture is None:
            share = 0.75 if layer.kind == "image" else 0.5
            painter.fillRect(area, QColor(theme.accent if code else mix(theme.panel, theme.muted, share)))
        else:
            painter.fillRect(area, QColor(theme.panel))
            smooth = self._arrangement.scale * self.devicePixelRatioF() < 1
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            painter.drawPixmap(area, picture, QRectF(picture.rect()))
        self._paint_seams(painter, layer, index, theme)
        selected = index == self._selected
        painter.setBrush(Qt.BrushStyle.NoBrush)
        frame = QPen(QColor(theme.accent if selected or code else theme.line), 2 if selected else 1)
        frame.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(frame)
        painter.drawRect(area.adjusted(-1.5, -1.5, 1.5, 1.5))
        self._write_label(painter, index, selected, theme)

    def _paint_seams(self, painter: QPainter, layer: NetworkLayer, index: int, theme: Theme) -> None:
        """Draw lines between maps, where they are large enough to be told apart."""
        if len(layer.shape) < 3 or layer.kind == "image":
            return
        high, wide = (side * self._arrangement.scale for side in layer.shape[1:])
        if min(high, wide) < _SEAMS_FROM:
            return
        area = self.area(index)
        painter.setPen(QPen(QColor(theme.line), 1))
        for column in range(1, round(area.width() / wide)):
            x = area.left() + column * wide
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        for row in range(1, round(area.height() / high)):
            y = area.top() + row * high
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))

    def _write_label(self, painter: QPainter, index: int, selected: bool, theme: Theme) -> None:
        layer = self._layers[index]
        centre = self._offset() + self._arrangement.centres[index]
        line = self._label_height() / _LINES
        top = self.height() - self._label_height()
        for number, text in enumerate(self._label(layer)):
            code = layer.kind == "code" and number == 0
            painter.setPen(QColor(theme.accent if code else theme.text if selected else theme.muted))
            width = painter.fontMetrics().horizontalAdvance(text) + 2
            place = QRectF(centre - width / 2, top + number * line, width, line)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    # ---- events ---------------------------------------------------------------------------------------

    def help_at(self, point: QPoint) -> str:
        """What the layer at a point is."""
        index = self.index_at(QPointF(point))
        return self._text(index) if index >= 0 else ""

    def offer_at(self, at: QPoint | None) -> Offer:
        """The layer at the pointer, or the selected one, and the diagram as it is on the screen."""
        index = self._selected if at is None else self.index_at(QPointF(at))
        what = self._text(index) if index >= 0 else ""
        inner = Offer(what=what, text=what) if what else Offer()
        if not self._layers:
            return inner.inside(Offer(chart=self.accessibleName(), screen=self))
        header = (self.tr("layer"),)
        rows = [(self._text(number),) for number in range(len(self._layers))]
        chart = Offer(
            chart=self.accessibleName(),
            screen=self,
            figure=self.paper,
            values=lambda: ValueTable(header, rows),
        )
        return inner.inside(chart)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(self.index_at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._layers) - 1
        target = {
            "layers.left": max(0, self._selected - 1),
            "layers.right": min(last, self._selected + 1),
            "layers.first": 0,
            "layers.last": last,
        }.get(KEYS.command(event))
        if target is None:
            super().keyPressEvent(event)
            return
        self._choose(target)

    def _choose(self, index: int) -> None:
        if 0 <= index < len(self._layers) and index != self._selected:
            self.set_selected(index)
            self.selected_changed.emit(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()


def _drawn_shape(layer: NetworkLayer) -> Shape:
    """A colour image is drawn as the picture that it is: a square for each pixel, not for each number."""
    return (1, *layer.shape[1:]) if layer.kind == "image" else layer.shape


def _picture(value: NDArray[Any], columns: int, theme: Theme) -> NDArray[np.uint8]:
    """One picture of a layer, uint8 (C, h, w), a pixel for each number."""
    if value.dtype == np.uint8:
        return value
    whole = mosaic(value.astype(np.float32), columns)
    return error_image(whole / (float(np.abs(whole).max(initial=0)) or 1.0), theme)
