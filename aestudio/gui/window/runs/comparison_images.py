"""Reconstructions and samples of compared runs, one row of images for each run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme, is_theme_change, set_role
from aestudio.gui.theme.tokens import colour_of
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.image_strip import ImageStrip
from aestudio.gui.widgets.layouts import label
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtCore import QEvent

    from aestudio.gui.plots.figure_of_images import SheetOfImages
    from aestudio.runs.compared_images import ComparedImages

_STRIP, _MARK, _NAME, _GAP = 330, 10, 180, 8  # logical pixels


class ComparisonImages(QScrollArea):
    """A row for each run: its name, the reconstructions, samples of its prior; the originals above."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Shown()
        self._parts: tuple[ComparedImages, tuple[str, ...], bool] | None = None
        self.rows_of_images: dict[tuple[str, int], ImageStrip] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.show_text("")

    def show_text(self, text: str) -> None:
        """Show a sentence instead of images."""
        if text and text == self.text:
            return
        self._shown.forget()
        self._parts, self.rows_of_images = None, {}
        line = label(text, "muted")
        line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWidget(line)

    @property
    def text(self) -> str:
        """The sentence that is shown instead of images, "" for images."""
        content = self.widget()
        return content.text() if isinstance(content, PlainLabel) else ""

    def show_images(self, images: ComparedImages, labels: tuple[str, ...], ink_on_paper: bool) -> None:
        """Show these images."""
        if not self._shown.differs(images, labels, ink_on_paper):
            return
        self._parts = images, labels, ink_on_paper
        self.rows_of_images = {}
        content = QWidget()
        set_role(content, "content")
        grid = QGridLayout(content)
        grid.setSpacing(current_theme().px(_GAP))
        grid.addWidget(label(self.tr("Original")), 1, 1)
        for column, heading in ((2, self.tr("Reconstruction")), (3, self.tr("Samples of the prior"))):
            grid.addWidget(label(heading, "caption"), 0, column)
        grid.addWidget(self._strip("original", 0, images.originals), 1, 2)
        for number, name in enumerate(labels):
            place = number + 2
            grid.addWidget(_mark(number), place, 0)
            title = ElidedLabel(name)
            title.setMinimumWidth(current_theme().px(_NAME))
            grid.addWidget(title, place, 1)
            for column, kind, found, reasons in (
                (2, "reconstruction", images.reconstructions, images.no_reconstructions),
                (3, "sample", images.samples, images.no_samples),
            ):
                pictures = found[number]
                if pictures is None:
                    reason = label(reasons[number], "caption")
                    reason.setWordWrap(True)
                    grid.addWidget(reason, place, column)
                else:
                    grid.addWidget(self._strip(kind, number, pictures), place, column)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(grid.rowCount(), 1)
        self.setWidget(content)

    def sheet(self) -> SheetOfImages | None:
        """What is shown, for a figure; None without images."""
        from aestudio.gui.plots.figure_of_images import RowOfImages, SheetOfImages

        if self._parts is None:
            return None
        images, labels, ink = self._parts

        def seen(found: NDArray[np.uint8] | None) -> NDArray[np.uint8] | None:
            return None if found is None else as_shown(found, ink)

        runs = zip(labels, images.reconstructions, images.samples, strict=True)
        rows = [RowOfImages(self.tr("Original"), (seen(images.originals), None))]
        rows += [RowOfImages(name, (seen(made), seen(drawn))) for name, made, drawn in runs]
        headings = self.tr("Reconstruction"), self.tr("Samples of the prior")
        return SheetOfImages(headings, tuple(rows))

    def _strip(self, kind: str, number: int, images: NDArray[np.uint8]) -> ImageStrip:
        assert self._parts is not None
        strip = ImageStrip(_STRIP, len(images))
        strip.set_images(as_shown(images, self._parts[2]))
        strip.setAccessibleName(f"{kind} {number + 1}")
        self.rows_of_images[kind, number] = strip
        return strip

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event) and self._parts is not None:
            parts = self._parts
            self._shown.forget()
            self.show_images(*parts)


def _mark(number: int) -> PlainLabel:
    """The colour of the run's curve."""
    side = current_theme().px(_MARK)
    pixmap = QPixmap(side, side)
    pixmap.fill(QColor(colour_of(current_theme(), number)))
    mark = PlainLabel()
    mark.setPixmap(pixmap)
    return mark
