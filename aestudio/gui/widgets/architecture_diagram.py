"""A small diagram of a network: its input, its layers and its output."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import mix
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from aestudio.gui.theme.tokens import Theme
    from aestudio.layers.layer import DrawnLayer
    from aestudio.recipes.architecture import Architecture

_ROOM = 4  # a layer with four times the numbers of the image has the whole height of the diagram
_SMALLEST_SHARE = 0.12
_APART = 6  # pixels between two numbers, at least


@dataclass(frozen=True)
class Block:
    """A layer with its rectangle and its text in the diagram."""

    layer: DrawnLayer
    area: QRectF
    text: str


def layer_text(layer: DrawnLayer) -> str:
    """The numbers below a block: 400, 28·128, 16·14²; of an image 28², 28×20 (height first) or 3·32²."""
    if len(layer.shape) != 3:
        return "·".join(str(length) for length in layer.shape)
    channels, height, width = layer.shape
    size = f"{height}²" if height == width else f"{height}×{width}"
    return size if channels == 1 else f"{channels}·{size}"


def blocks(layers: tuple[DrawnLayer, ...], area: QRectF) -> tuple[Block, ...]:
    """Lay the layers of an architecture out in an area; heights are proportional to log(size + 1)."""
    if not layers:
        return ()
    images = [layer for layer in layers if layer.kind == "image"]
    largest = math.log(_ROOM * max(layer.size for layer in images or layers))
    pitch = area.width() / len(layers)
    width = max(5.0, min(pitch * 0.42, 26.0))
    result = []
    for number, layer in enumerate(layers):
        share = max(_SMALLEST_SHARE, min(1.0, math.log(layer.size + 1) / largest))
        height = area.height() * share
        centre = area.left() + pitch * (number + 0.5)
        block = QRectF(centre - width / 2, area.center().y() - height / 2, width, height)
        result.append(Block(layer, block, layer_text(layer)))
    return tuple(result)


def paint_diagram(painter: QPainter, layers: tuple[DrawnLayer, ...], area: QRectF, theme: Theme) -> None:
    """Draw an architecture into an area, with its numbers if they fit."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font(theme, theme.caption_size if area.height() > theme.px(90) else 10))
    line = painter.fontMetrics().height() + 2
    labelled = area.height() > 3 * line
    drawn = blocks(layers, area.adjusted(0, 2, 0, -line - 4 if labelled else -2))
    for before, after in itertools.pairwise(drawn):
        _paint_link(painter, before.area, after.area, theme)
    for block in drawn:
        _paint_block(painter, block, theme)
    if labelled:
        _write_numbers(painter, drawn, area, theme)


def _paint_link(painter: QPainter, before: QRectF, after: QRectF, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(mix(theme.panel, theme.line, 0.55)))
    corners = [before.topRight(), after.topLeft(), after.bottomLeft(), before.bottomRight()]
    inset = QPointF(0, 1)
    painter.drawPolygon(
        QPolygonF([corners[0] + inset, corners[1] + inset, corners[2] - inset, corners[3] - inset])
    )


def _paint_block(painter: QPainter, block: Block, theme: Theme) -> None:
    area, kind = block.area, block.layer.kind
    radius = min(3.0, area.width() / 3)
    if kind == "code":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent))
        painter.drawRoundedRect(area, radius, radius)
        return
    fill = mix(theme.panel, theme.muted, 0.75 if kind == "image" else 0.5)
    painter.setPen(QPen(QColor(theme.panel), 1))
    painter.setBrush(QColor(fill))
    if kind == "convolution":  # several feature maps, one behind the other
        shift = min(4.0, area.width() * 0.22)
        sheet = area.adjusted(0, shift, -2 * shift, -shift)
        for depth in (2, 1, 0):
            painter.drawRoundedRect(sheet.translated(depth * shift, (depth - 1) * -shift), radius, radius)
        return
    painter.drawRoundedRect(area, radius, radius)
    if kind == "classes":
        _paint_classes(painter, area, block.layer.size, theme)
    elif kind == "recurrent":
        _paint_steps(painter, area, theme)


def _paint_classes(painter: QPainter, area: QRectF, count: int, theme: Theme) -> None:
    step = area.height() / max(1, count)
    painter.setPen(Qt.PenStyle.NoPen)
    for index in range(count):
        painter.setBrush(QColor(theme.class_colours[index % len(theme.class_colours)]))
        painter.drawRect(QRectF(area.left(), area.top() + index * step, area.width(), step))


def _paint_steps(painter: QPainter, area: QRectF, theme: Theme) -> None:
    """Draw the rows that a recurrent layer reads one after the other."""
    painter.setPen(QPen(QColor(theme.panel), 1))
    count = max(2, int(area.height() // 6))
    for number in range(1, count):
        y = area.top() + area.height() * number / count
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))


def placed_numbers(
    drawn: tuple[Block, ...], area: QRectF, metrics: QFontMetrics
) -> list[tuple[Block, QRectF]]:
    """The blocks whose numbers are written, and where: always the code's, others if they do not overlap.

    From the outside to the inside, and of two blocks that mirror one another both or none.
    """
    last = len(drawn) - 1
    first = [number for number, block in enumerate(drawn) if block.layer.kind in ("code", "classes")]
    pairs = [{number, last - number} - set(first) for number in range((len(drawn) + 1) // 2)]
    found: list[tuple[Block, QRectF]] = []
    for numbers in [{number} for number in first] + pairs:
        placed = [
            (drawn[number], _place_of_number(drawn[number], area, metrics)) for number in sorted(numbers)
        ]
        if _are_apart([place for _, place in placed], [place for _, place in found]):
            found += placed
    return found


def _write_numbers(painter: QPainter, drawn: tuple[Block, ...], area: QRectF, theme: Theme) -> None:
    """Write the numbers below the blocks."""
    for block, place in placed_numbers(drawn, area, painter.fontMetrics()):
        painter.setPen(QColor(theme.accent if block.layer.kind == "code" else theme.muted))
        painter.drawText(place.adjusted(-2, 0, 2, 0), Qt.AlignmentFlag.AlignCenter, block.text)


def _are_apart(places: list[QRectF], taken: list[QRectF]) -> bool:
    """Whether no place comes near another one, or one that is taken."""
    return not any(
        place.adjusted(-_APART, 0, _APART, 0).intersects(other)
        for number, place in enumerate(places)
        for other in (*taken, *places[:number])
    )


def _place_of_number(block: Block, area: QRectF, metrics: QFontMetrics) -> QRectF:
    """Where the number below a block is, within the area."""
    width, line = metrics.horizontalAdvance(block.text), metrics.height() + 2
    left = min(max(block.area.center().x() - width / 2, area.left()), area.right() - width)
    return QRectF(left, area.bottom() - line, width, line)


def render_diagram(layers: tuple[DrawnLayer, ...], size: QSize, theme: Theme, ratio: float = 1.0) -> QPixmap:
    """The diagram as a transparent pixmap of a logical size, for the cards of the recipe gallery."""
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with painting(pixmap) as painter:
        paint_diagram(painter, layers, QRectF(0, 0, size.width(), size.height()), theme)
    return pixmap


class ArchitectureDiagram(QWidget):
    """Draws layers; its accessible description lists them, and names the networks that are not drawn."""

    def __init__(self, architecture: Architecture | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers: tuple[DrawnLayer, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(self.tr("Architecture"))
        self.set_architecture(architecture)

    def set_architecture(self, architecture: Architecture | None) -> None:
        """Draw an architecture; None: nothing."""
        description, tip = "", ""
        if architecture is not None:
            description = self._describe(architecture)
            # Of the whole model: some of its networks may not be drawn.
            count = f"{architecture.parameter_count:,}"
            tip = self.tr("{}\n{} parameters").format(description, count)
        self.setAccessibleDescription(description)
        self.setToolTip(tip)
        layers = () if architecture is None else architecture.layers
        if layers != self._layers:
            self._layers = layers
            self.update()

    def _describe(self, architecture: Architecture) -> str:
        text = self.tr("From image to output: {}")
        if not architecture.encodes:
            text = self.tr("From code to output: {}")
        description = text.format(", ".join(_layer_description(layer) for layer in architecture.layers))
        further = ", ".join(self._further_of(architecture))
        return description + "\n" + self.tr("Not drawn: {}").format(further) if further else description

    def _further_of(self, architecture: Architecture) -> tuple[str, ...]:
        """The networks that are not drawn, by name."""
        hidden = not architecture.encodes and bool(architecture.encoder)
        return (*((self._name_of_encoder(architecture),) if hidden else ()), *architecture.networks)

    def _name_of_encoder(self, architecture: Architecture) -> str:
        """What a network is called that takes images and gives no codes: as its phase, "critic" of a GAN."""
        phases = architecture.recipe.objective.phases()
        alone = (one for one in phases if one.changes("encoder.") and not one.changes("decoder."))
        phase = next(alone, None)
        return self.tr("encoder") if phase is None else phase.name

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(260), theme.px(110))

    def minimumSizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(140), theme.px(64))

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            paint_diagram(painter, self._layers, QRectF(self.rect()), current_theme())


def _layer_description(layer: DrawnLayer) -> str:
    shape = "×".join(str(length) for length in layer.shape)
    return f"{layer.kind} {shape}"
