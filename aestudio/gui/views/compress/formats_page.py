"""The model beside other codecs: bits against error, and one image of equal bytes in all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from aestudio.gui.plots.rates_chart import RateLine, RatePoint, RatesChart
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.views.shared.kept_choice import keep_switch
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.image_view import ImageView
from aestudio.gui.widgets.layouts import boxed, column, fill, label, row
from aestudio.gui.widgets.number_box import WholeBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.codec.rate_distortion import MeasuredRate

START, MOST = 200, 20_000  # bits of an image
TILES = 8  # the original, the model, and six others
_SMALLEST = 72  # logical pixels of a tile's image


class FormatsPage(QWidget):
    """`changed()`: the user compares other bytes.

    controls: what the user chooses, for the row above the page
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rates: Sequence[MeasuredRate] | None = None
        self._choices: tuple[int, bool, int, bool] | None = None
        self.bits = WholeBox()
        self.bits.setAccessibleName(self.tr("Bits of an image, at most"))
        self.bits.show_value(START, 1, MOST)
        self.headers = QCheckBox(self.tr("Headers counted"))
        self.headers.setToolTip(
            self.tr(
                "On: each image is a file of its own, with its header and tables.\n"
                "Off: what an image adds when many share the header; of a picture format its file less that "
                "of a black image."
            )
        )
        keep_switch(self.headers, "compress.headers")
        self.tiles = [ImageView(smallest=_SMALLEST) for _ in range(TILES)]
        self._names = [ElidedLabel(muted=True) for _ in self.tiles]
        self._texts = [label("", "caption") for _ in self.tiles]
        self._boxes: list[QWidget] = []
        self.chart = RatesChart()
        self.note = label("", "caption")
        self._lay_out()
        self.bits.valueChanged.connect(lambda _: self.changed.emit())
        self.headers.clicked.connect(lambda _: self.changed.emit())

    def _lay_out(self) -> None:
        for tile, name, text in zip(self.tiles, self._names, self._texts, strict=True):
            tile.set_hint("")
            name.set_alignment(Qt.AlignmentFlag.AlignHCenter)
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            text.setText("\n")  # as high as what comes
            self._boxes.append(boxed(column(fill(tile), name, text, gap=2)))
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.chart.set_empty_text(self.tr("The codecs are being measured ..."))
        limit = label(self.tr("Equal bytes: at most"), "label")
        unit = label(self.tr("bits an image"), "muted")
        self.controls = boxed(row(limit, self.bits, unit, 12, self.headers, fill(), gap=8))
        column(
            fill(row(*(fill(box) for box in self._boxes), gap=8), 2),
            fill(self.chart, 5),
            self.note,
            gap=8,
            on=self,
        )

    @property
    def limit(self) -> int:
        """Bits of an image up to which codecs are compared."""
        return self.bits.value()

    def chosen(self, rates: Sequence[MeasuredRate]) -> dict[str, MeasuredRate]:
        """Of each codec the setting with the least error within the bytes."""
        from aestudio.codec.rate_distortion import best_within

        within = best_within(rates, self.limit, alone=self.headers.isChecked())
        return {rate.codec: rate for rate in within}

    def show_rates(
        self,
        rates: Sequence[MeasuredRate],
        images: NDArray[np.uint8] | None,
        index: int,
        ink_on_paper: bool,
    ) -> None:
        """Show what was measured; () while there is nothing.

        images: those that were measured, uint8 (N, C, H, W); index: of the one that the tiles show
        """
        choices = index, ink_on_paper, self.limit, self.headers.isChecked()
        if self._rates is rates and self._choices == choices:
            return
        self._rates, self._choices = rates, choices
        if not rates or images is None:
            self._clear()
            return
        self._show_tiles(rates, images, index, ink_on_paper)
        self.chart.show_lines(self._lines(rates), float(self.limit))
        self.note.setText(self._note(len(images)))
        self.note.setToolTip(self.note.text())

    def _show_tiles(
        self, rates: Sequence[MeasuredRate], images: NDArray[np.uint8], index: int, ink_on_paper: bool
    ) -> None:
        chosen = self.chosen(rates)
        names = list(dict.fromkeys(rate.codec for rate in rates))[: TILES - 1]
        self._set_tile(0, as_shown(images[index], ink_on_paper), self.tr("Original"), "")
        for number, name in enumerate(names, 1):
            rate = chosen.get(name)
            if rate is None:
                least = min(self._bits(one) for one in rates if one.codec == name)
                text = self.tr("from {} bits").format(f"{least:,.0f}")
                self._set_tile(number, None, name, text)
                continue
            values = f"{self._bits(rate):,.0f}", f"{rate.mse:.4f}"
            text = self.tr("{} bits\nMSE {}").format(*values)
            self._set_tile(number, as_shown(rate.pictures[index], ink_on_paper), name, text, self._tip(rate))
        for number, box in enumerate(self._boxes):
            box.setVisible(number <= len(names))

    def _set_tile(
        self, number: int, image: NDArray[np.uint8] | None, name: str, text: str, tip: str = ""
    ) -> None:
        tile = self.tiles[number]
        tile.set_image(image)
        self._names[number].set_text(name)
        tile.setAccessibleName(name)
        tile.setToolTip(tip or f"{name}\n{text}".strip())
        self._texts[number].setText(text if "\n" in text else f"{text}\n")
        self._texts[number].setToolTip(tip or text)

    def _bits(self, rate: MeasuredRate) -> float:
        return rate.alone if self.headers.isChecked() else rate.shared

    def _tip(self, rate: MeasuredRate) -> str:
        lines = [
            f"{rate.codec}, {rate.setting}",
            self.tr("Bits an image: {} alone, {} with a shared header").format(
                f"{rate.alone:,.0f}", f"{rate.shared:,.0f}"
            ),
            self.tr("MSE {}, PSNR {} dB, SSIM {}").format(
                f"{rate.mse:.5f}", f"{rate.psnr:.1f}", f"{rate.ssim:.3f}"
            ),
        ]
        if rate.accuracy is not None:
            lines.append(self.tr("{} of the decoded images are recognised").format(f"{rate.accuracy:.1%}"))
        return "\n".join(lines)

    def _lines(self, rates: Sequence[MeasuredRate]) -> tuple[RateLine, ...]:
        own = rates[0].codec
        lines: list[RateLine] = []
        for number, name in enumerate(dict.fromkeys(rate.codec for rate in rates)):
            points = [
                RatePoint(self._bits(rate), rate.mse, self._tip(rate).removeprefix(f"{name}, "))
                for rate in rates
                if rate.codec == name
            ]
            points.sort(key=lambda point: point.bits)
            colour = "accent" if name == own else number
            lines.append(RateLine(name, tuple(points), colour, strong=name == own))
        return tuple(lines)

    def _note(self, count: int) -> str:
        kind = (
            self.tr("each a file of its own")
            if self.headers.isChecked()
            else self.tr("many sharing the header")
        )
        return self.tr("Means of {} images, {}.").format(count, kind)

    def _clear(self) -> None:
        for number in range(TILES):
            self._set_tile(number, None, "", "")
        self.chart.show_lines((), None)
        self.note.setText("")
