"""One image before and after its code is rounded, and its size in several formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.plots.bars import Size, SizeBars
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.views.shared.image_sizes import bits_text
from aestudio.gui.widgets.image_view import ImageView
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from aestudio.gui.inference.requests.compression_request import CompressedImage

_LONGEST = 16  # characters of a class name
_SMALLEST = 128
_ROWS = 4


class CompressedPanel(QWidget):
    """Original, reconstruction, and beside them the sizes as a sentence and four bars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[CompressedImage | None, bool, str] | None = None
        self.original, self.reconstruction = (ImageView(smallest=_SMALLEST) for _ in range(2))
        for view, name, tip in (
            (self.original, self.tr("Original"), self.tr("The selected image as it is in the data set")),
            (self.reconstruction, self.tr("Reconstruction"), self.tr("Decoded from the compressed file")),
        ):
            view.set_hint("")
            view.set_caption(name)
            view.setAccessibleName(name)
            view.setToolTip(tip)
        self.bars = SizeBars()
        self.bars.setAccessibleName(self.tr("Sizes"))
        self.bars.setToolTip(self.tr("Size of this image in each format, file headers included"))
        self.bars.reserve(_ROWS)
        self._saving, self._loss = label("", "label"), label("")
        for line in (self._saving, self._loss):
            line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._lay_out()

    def _lay_out(self) -> None:
        sizes = column(fill(), self._saving, self._loss, 8, self.bars, fill(), gap=4)
        row(fill(self.original, 2), fill(self.reconstruction, 2), fill(sizes, 5), gap=16, on=self)

    def show_image(self, value: CompressedImage | None, ink_on_paper: bool, told: str = "") -> None:
        """Show this image; None while there is no result.

        told: what a conditional model is told of the image besides its code, "told its class", or ""
        """
        if self._shown == (value, ink_on_paper, told):
            return
        self._shown = (value, ink_on_paper, told)
        if value is None:
            self._clear()
            return
        code = value.code
        self.original.set_image(as_shown(value.original, ink_on_paper))
        decoded = code.reconstructed[0] if value.written is None else value.written.picture
        self.reconstruction.set_image(as_shown(decoded, ink_on_paper))
        name = one_line(value.label, _LONGEST) if value.label else ""
        self.original.set_caption(self.tr("Original: {}").format(name) if name else self.tr("Original"))
        self._saving.setText(self._saving_text(value))
        self._saving.setToolTip(f"{self._per_pixel(value)}\n{self._parts(value)}".strip())
        error = code.squared_error[0] if value.written is None else value.written.squared_error
        squared = f"{error:.2f}"
        if told:  # the caption below the image has no space for it
            self._loss.setText(self.tr("Squared error of this image, {}: {}").format(told, squared))
        else:
            self._loss.setText(self.tr("Squared error of this image: {}").format(squared))
        self._loss.setToolTip(self._loss.text())
        self.bars.set_sizes(
            (
                Size(self.tr("Pixels"), code.raw_bits, bits_text(value.original.shape)),
                Size(self.tr("JPEG"), value.jpeg_bits, self.tr("quality 75")),
                Size(self.tr("PNG"), value.png_bits, self.tr("exact")),
                self._smallest(value),
            )
        )

    def _smallest(self, value: CompressedImage) -> Size:
        """The bytes that are really written for this image alone; without a file the bits of its code."""
        code, written = value.code, value.written
        if written is None:
            numbers = code.levels.shape[1]
            note = self.tr("{} numbers of {} bits").format(numbers, code.fixed_bits // numbers)
            return Size(self.tr("Code"), code.fixed_bits, note, strong=True)
        sizes = written.sizes
        note = self.tr("{} header, {} coded").format(sizes.header + sizes.tables, sizes.coded)
        return Size(self.tr("File"), 8 * sizes.total, note, strong=True)

    def _saving_text(self, value: CompressedImage) -> str:
        code, written = value.code, value.written
        if written is not None:
            text = self.tr("{} bits of code, {} bytes as a file")
            return text.format(f"{code.fixed_bits:,}", f"{written.sizes.total:,}")
        ratio = code.raw_bits / code.fixed_bits
        times = f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}"
        return self.tr("{} bits per image, {} times fewer").format(f"{code.fixed_bits:,}", times)

    def _parts(self, value: CompressedImage) -> str:
        if value.written is None:
            return ""
        sizes = value.written.sizes
        text = self.tr("Bytes of the file: header and checks {}, tables of the coder {}, coded numbers {}")
        return text.format(sizes.header, sizes.tables, sizes.coded)

    def _per_pixel(self, value: CompressedImage) -> str:
        text = self.tr("Bits per pixel of the picture: code {}, file {}, PNG {}, JPEG {}, as it is {}")
        height, width = value.original.shape[-2:]
        file = value.code.fixed_bits if value.written is None else 8 * value.written.sizes.total
        sizes = (value.code.fixed_bits, file, value.png_bits, value.jpeg_bits, value.code.raw_bits)
        return text.format(*(f"{bits / (height * width):.3g}" for bits in sizes))

    def _clear(self) -> None:
        for view in (self.original, self.reconstruction):
            view.set_image(None)
        self.original.set_caption(self.tr("Original"))
        self._saving.setToolTip("")
        self._saving.setText(self.tr("The image is being compressed ..."))
        self._loss.setText("")
        self.bars.set_sizes(())
