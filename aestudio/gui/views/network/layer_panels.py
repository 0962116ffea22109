"""Below the layers: the activations and the weights of the selected one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, Signal

from aestudio.analysis.layer_weights import MOST_SIDE, mosaic, pooled_to
from aestudio.datasets.image_shape import size_text
from aestudio.gui.views.shared.signed_pages import SignedPages, SignedTiles
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.fixed_caption import FixedCaption
from aestudio.gui.widgets.layouts import fill, label, row
from aestudio.layers.convolution import MAP_AXES

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget

    from aestudio.analysis.layer_weights import WeightPictures

translate = QCoreApplication.translate
_LARGEST, _SMALLEST, _ENOUGH = 112, 40, 24
_CHARACTERS = 10  # of a matrix's name


class LayerPages(SignedPages):
    """Title, caption and pages of signed pictures. Subclasses say what is in them."""

    def __init__(self, title: str, *beside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(_ENOUGH, _LARGEST, _SMALLEST, parent)
        self.grid.setAccessibleName(title)
        self.caption = FixedCaption(2)
        head = row(label(title, "label"), fill(), *beside, self.previous_page, self._range, self.next_page)
        self.lay_out(head, self.caption)

    def show_nothing(self, why: str) -> None:
        """Show a sentence instead of pictures."""
        self.clear((1, self._smallest, self._smallest))
        self.grid.set_hint(why)
        self.caption.set_text("")


class ActivationPages(LayerPages):
    """What the layer makes of the image."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Activations"), parent=parent)
        self.grid.setToolTip(self.tr("In units of the largest magnitude of the whole layer"))

    def show_values(self, values: NDArray[np.float32]) -> None:
        """Show numbers of a layer: a picture for each map (C, H, W), one for a row (F,) or rows (T, F)."""
        maps = values.ndim == MAP_AXES
        pictures = values if maps else mosaic(values)[None]
        largest = float(np.abs(values).max(initial=0))
        pictures, pooled = pooled_to(pictures / (largest or 1.0), MOST_SIDE)
        captions = tuple(map(str, range(len(pictures)))) if maps else (" ",)
        self.caption.set_text(self._describe(values, largest, pooled))
        self.show_tiles(SignedTiles(pictures[:, None], captions))

    def _describe(self, values: NDArray[np.float32], largest: float, pooled: int) -> str:
        if values.ndim == MAP_AXES:
            text = self.tr("{} maps of {}").format(len(values), size_text(*values.shape[1:]))
        elif values.ndim > 1:
            text = self.tr("{} rows of {} numbers").format(*values.shape)
        else:
            text = self.tr("{} numbers, line by line").format(f"{len(values):,}")
        text = self.tr("{}; full colour is {}").format(text, f"{largest:.3g}")
        return text if pooled == 1 else _with_pooled(text, pooled)


class WeightsOfLayer(LayerPages):
    """Its weights, one matrix at a time. `chosen(name)`: another matrix, by the user."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.matrix = ChoiceBox("", characters=_CHARACTERS)
        super().__init__(self.tr("Weights"), self.matrix, parent=parent)
        self.matrix.setAccessibleName(self.tr("Matrix of the layer"))
        self.matrix.setToolTip(self.tr("Which of the layer's matrices is shown"))
        self.matrix.hide()
        self.grid.setToolTip(self.tr("Each picture in units of its largest weight"))
        self.matrix.chosen.connect(self.chosen)

    def offer(self, names: tuple[str, ...], modules: tuple[str, ...], name: str) -> None:
        """Offer the layer's matrices, named as within the layer, and show which one is shown.

        names: among the snapshot's weights; modules: of the layer
        """
        known = {
            "weight_ih_l0": self.tr("of the inputs"),
            "weight_hh_l0": self.tr("of the state before"),
        }
        texts = [_within(one, modules) for one in names]
        self.matrix.set_entries(
            (name, known.get(text, text)) for name, text in zip(names, texts, strict=True)
        )
        self.matrix.show_value(name)
        self.matrix.setVisible(len(names) > 1)

    def show_weights(self, weights: WeightPictures) -> None:
        """Show one matrix."""
        one = len(weights.images) == 1 and weights.of == "matrix"
        captions = (" ",) if one else tuple(map(str, range(len(weights.images))))
        self.caption.set_text(self._describe(weights))
        self.show_tiles(SignedTiles(weights.images[:, None], captions))

    def _describe(self, weights: WeightPictures) -> str:
        text = {
            "unit": self.tr("{} units: the weights of each to all inputs"),
            "filter": self.tr("{} filters: the kernels of each side by side"),
            "input": self.tr("{} inputs: what each of them writes"),
            "map": self.tr("{} input maps: the kernels by which each writes"),
            "matrix": self.tr("{} × {}, a row for each unit"),
        }[weights.of]
        flat = (weights.shape[0], int(np.prod(weights.shape[1:])))
        text = text.format(*flat) if weights.of == "matrix" else text.format(len(weights.images))
        return text if weights.pooled == 1 else _with_pooled(text, weights.pooled)


def _with_pooled(text: str, pooled: int) -> str:

    more = translate("LayerPages", "{}; a pixel is the largest of {} numbers")
    return more.format(text, size_text(pooled, pooled))


def _within(name: str, modules: tuple[str, ...]) -> str:
    module = next((one for one in modules if name.startswith(f"{one}.")), "")
    return name.removeprefix(f"{module}.")
