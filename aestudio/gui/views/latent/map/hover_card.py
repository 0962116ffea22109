"""The card beside the point under the mouse: its image, the reconstruction, and the loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme, keep_length, set_role
from aestudio.gui.widgets.pixmap import pixmap_of
from aestudio.gui.widgets.plain_text import PlainLabel, one_line

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtCore import QPoint

    from aestudio.gui.theme.tokens import Theme

_SCALE = 2
_MAX_NAME = 32  # characters of an image's name
_HIGH_PLOT = 320  # logical pixels; on a lower plot an image has one pixel per pixel


class HoverCard(QFrame):
    """A card that ignores the mouse, does not cover the point, and stays inside its parent."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._plot = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        set_role(self, "floating")
        self.image, self.reconstruction = PlainLabel(), PlainLabel()
        self.name, self.loss = PlainLabel(), PlainLabel()
        set_role(self.name, "label")
        captions = [PlainLabel(text) for text in (self.tr("image"), self.tr("reconstruction"))]
        grid = QGridLayout(self)
        grid.addWidget(self.name, 0, 0, 1, 2)
        for column, (image, caption) in enumerate(
            zip((self.image, self.reconstruction), captions, strict=True)
        ):
            set_role(caption, "caption")
            grid.addWidget(image, 1, column, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(caption, 2, column)
        set_role(self.loss, "muted")
        grid.addWidget(self.loss, 3, 0, 1, 2)
        keep_length(self, lambda _, theme: _set_margins(grid, theme))
        self.hide()

    def show_image(
        self,
        name: str,
        image: NDArray[np.uint8],
        reconstruction: NDArray[np.uint8] | None,
        loss: str,
        ink_on_paper: bool,
    ) -> None:
        """Fill the card; images uint8 (C, H, W), `reconstruction` and `loss` empty until they are known."""
        ratio = self.devicePixelRatioF()
        large = self._plot.height() >= current_theme().px(_HIGH_PLOT)
        # Its longer side is about as long as that of an image of MNIST, in whole pixels.
        times = MNIST.image.height / max(image.shape[-2:])
        scale = max(1, round(current_theme().px(_SCALE if large else 1) * ratio * times))
        self.name.setText(one_line(name, _MAX_NAME))
        self.image.setPixmap(pixmap_of(as_shown(image, ink_on_paper), scale, ratio))
        if reconstruction is None:
            self.reconstruction.clear()
        else:
            self.reconstruction.setPixmap(pixmap_of(as_shown(reconstruction, ink_on_paper), scale, ratio))
        side = self.image.pixmap().deviceIndependentSize().toSize()
        self.reconstruction.setFixedSize(side)
        self.loss.setText(loss or " ")  # the line keeps its height, so nothing moves when it gets text

    def show_beside(self, point: QPoint, distance: int) -> None:
        """Show the card beside a point of the parent, at least `distance` pixels away from it."""
        self.adjustSize()
        self.setGeometry(
            position_beside(point, distance, QRect(0, 0, self.width(), self.height()), self._plot.rect())
        )
        self.show()
        self.raise_()


def _set_margins(grid: QGridLayout, theme: Theme) -> None:
    margin = theme.px(10)
    grid.setContentsMargins(margin, margin, margin, margin)
    grid.setHorizontalSpacing(theme.px(8))
    grid.setVerticalSpacing(theme.px(4))


def position_beside(point: QPoint, distance: int, card: QRect, area: QRect) -> QRect:
    """Position of a card of this size: right, left, below or above the point, where it fits.

    It keeps `distance` pixels from the point if any side is large enough.
    """
    width, height = card.width(), card.height()
    across = max(area.left(), min(point.x() - width // 2, area.right() + 1 - width))
    down = max(area.top(), min(point.y() - height // 2, area.bottom() + 1 - height))
    beside = [(x, down) for x in (point.x() + distance, point.x() - distance - width)]
    below_or_above = [(across, y) for y in (point.y() + distance, point.y() - distance - height)]
    for x, y in (*beside, *below_or_above):
        if area.contains(QRect(x, y, width, height)):
            return QRect(x, y, width, height)
    # No side is large enough: the right or left edge, whichever is farther away.
    x = area.right() + 1 - width if point.x() < area.center().x() else area.left()
    return QRect(x, down, width, height)
