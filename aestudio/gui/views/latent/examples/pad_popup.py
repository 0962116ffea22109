"""A small dialog with a drawing pad for one digit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.drawing_pad import DrawingPad
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.layouts import fill, row

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.datasets.image_shape import ImageShape


class PadPopup(QDialog):
    """drawn(image): the accepted drawing, uint8 (C, H, W), normalised as MNIST is.

    shape: of the images that the model takes
    """

    drawn = Signal(object)

    def __init__(self, shape: ImageShape, ink_on_paper: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        digit = shape == MNIST.image
        self.setWindowTitle(self.tr("Draw a digit") if digit else self.tr("Draw an image"))
        self._shape = shape
        self._canvas: NDArray[np.uint8] | None = None
        self.pad = DrawingPad()
        self.pad.set_shape(shape)
        self.pad.set_ink_on_paper(ink_on_paper)
        self.pad.drawing_changed.connect(self._changed)
        self.clear = IconButton("trash", self.tr("Empty the pad (Delete)"))
        self.clear.clicked.connect(self.pad.clear)
        self.use = TextButton("check", self.tr("Use it"), role="primary", tip=self.tr("Take this drawing"))
        self.use.setDefault(True)
        self.use.setEnabled(False)
        self.use.clicked.connect(self._use)
        layout = QVBoxLayout(self)  # with the style's margins of a dialog
        layout.setSpacing(current_theme().px(8))
        layout.addWidget(self.pad, 1)
        layout.addLayout(row(self.clear, fill(), self.use, gap=None))
        self.pad.setFocus()

    def _changed(self, canvas: NDArray[np.uint8]) -> None:
        self._canvas = canvas
        self.use.setEnabled(bool(canvas.any()))

    def _use(self) -> None:
        from aestudio.datasets.handwriting import drawing_as_image

        if self._canvas is not None and self._canvas.any():
            self.drawn.emit(drawing_as_image(self._canvas, self._shape))
        self.accept()
