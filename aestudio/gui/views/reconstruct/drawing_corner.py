"""The pad in the corner: the user draws a digit and sees its reconstruction beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.colours import as_shown, error_image
from aestudio.gui.theme.holder import is_theme_change
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.shared.error_scale import ERROR_LIMIT
from aestudio.gui.widgets.drawing_pad import DrawingPad
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.image_view import ImageView
from aestudio.gui.widgets.layouts import column, fill, label, row

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from aestudio.gui.inference.requests.reconstructions_request import ReconstructedDrawing

_SMALL, _GAP = 56, 4


class _PadAndImages(QWidget):
    """The square pad, and beside it three images that are together as high."""

    def __init__(self, pad: DrawingPad, views: tuple[ImageView, ...]) -> None:
        super().__init__()
        self._pad, self._views = pad, views
        for child in (pad, *views):
            child.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        return QSize(4 * _SMALL + 3 * _GAP, 3 * _SMALL + 2 * _GAP)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def heightForWidth(self, width: int) -> int:
        return 3 * ((width - 3 * _GAP) // 4) + 2 * _GAP

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        tile = min((self.width() - 3 * _GAP) // 4, (self.height() - 2 * _GAP) // 3)
        side = 3 * tile + 2 * _GAP
        self._pad.setGeometry(0, 0, side, side)
        for index, view in enumerate(self._views):
            view.setGeometry(side + _GAP, index * (tile + _GAP), tile, tile)


class DrawingCorner(QWidget):
    """A pad, its tools, and the drawing as the model sees and reconstructs it.

    `drawn(canvas)`: uint8 (280, 280), at each change; `keep_wanted()`: keep the drawing on the map
    """

    drawn = Signal(object)
    keep_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value: ReconstructedDrawing | None = None
        self._ink_on_paper = False
        self.pad = DrawingPad()
        self.pad.drawing_changed.connect(self.drawn)
        self.normalised, self.reconstruction, self.error = (ImageView(smallest=_SMALL) for _ in range(3))
        self.loss = label("")
        self._name_images()
        self._lay_out()

    def _name_images(self) -> None:
        # Its text appears and disappears; nothing beside it may move.
        self.loss.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.loss.setToolTip(self.tr("Reconstruction loss of your drawing, summed over its pixels"))
        for view, text, tip in (
            (
                self.normalised,
                self.tr("normalised"),
                self.tr("Your drawing, normalised as MNIST's digits are: 28 x 28"),
            ),
            (
                self.reconstruction,
                self.tr("reconstruction"),
                self.tr("The decoder's output for the drawing's code"),
            ),
            (self.error, self.tr("error"), self.tr("Reconstruction minus drawing, pixel by pixel")),
        ):
            view.set_hint("")
            view.setToolTip(tip)
            view.setAccessibleName(self.tr("My drawing, {}").format(text))

    def _lay_out(self) -> None:
        column(
            row(label(self.tr("My drawings"), "label"), 4, fill(self.loss), *self._tools(), gap=4),
            fill(_PadAndImages(self.pad, (self.normalised, self.reconstruction, self.error))),
            gap=4,
            on=self,
        )
        QWidget.setTabOrder(self.clear, self.pad)

    def _tools(self) -> tuple[IconButton, ...]:
        self.eraser = IconButton("eraser", self.tr("Erase with the left mouse button"))
        self.eraser.setCheckable(True)
        self.eraser.toggled.connect(self.pad.set_erasing)
        self.undo = IconButton("undo", self.tr("Undo the last stroke (Ctrl+Z)"))
        self.undo.setEnabled(False)
        self.undo.clicked.connect(self.pad.undo)
        self.pad.undo_possible.connect(self.undo.setEnabled)
        self.clear = IconButton("trash", self.tr("Empty the pad (Delete)"))
        self.clear.clicked.connect(self.pad.clear)
        self.keep = IconButton("pin", self.tr("Keep the drawing: it appears on the map of the Latent view"))
        self.keep.setEnabled(False)
        self.keep.clicked.connect(self.keep_wanted)
        return self.keep, self.eraser, self.undo, self.clear

    def show_drawn(self, value: ReconstructedDrawing | None, ink_on_paper: bool) -> None:
        """Show the drawing's reconstruction; None empties the three images."""
        if value is self._value and ink_on_paper == self._ink_on_paper:
            return
        self._value, self._ink_on_paper = value, ink_on_paper
        self.keep.setEnabled(value is not None)
        self.pad.set_ink_on_paper(ink_on_paper)
        self._paint_images()

    def set_decodes(self, decodes: bool) -> None:
        """Show or hide what only a decoder computes: reconstruction, error and loss."""
        for part in (self.reconstruction, self.error, self.loss):
            part.setVisible(decodes)

    def _paint_images(self) -> None:
        value = self._value
        triple = None if value is None else value.triple
        self.normalised.set_image(None if value is None else as_shown(value.image, self._ink_on_paper))
        self.reconstruction.set_image(
            None if triple is None else as_shown(triple.reconstructed[0], self._ink_on_paper)
        )
        error, text = None, ""
        if triple is not None:
            error = error_image(triple.errors[0] / 255.0, current_theme(), ERROR_LIMIT)
            unit = self.tr("{} nats") if triple.loss_unit == "nats" else self.tr("sq. error {}")
            text = unit.format(f"{triple.loss[0]:.1f}")
        self.error.set_image(error)
        self.loss.setText(text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._paint_images()
