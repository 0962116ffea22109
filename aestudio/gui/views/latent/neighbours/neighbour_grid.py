"""Real images near a decoded one: label and distance below each, its number in the tooltip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal

from aestudio.gui.state.model_shape import no_images
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.views.shared.image_offer import image_offer
from aestudio.gui.widgets.image_grid import GAP, ImageGrid
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.state.studio_state import StudioState

_LONGEST = 12  # characters of a class name in a caption
_LONG = 10  # distances from here on are written without decimals if there is little room
translate = QCoreApplication.translate


class NeighbourGrid(ImageGrid):
    """image_chosen(number), image_hovered(number): of an image as `StudioState.image_at` counts; -1: none."""

    image_chosen = Signal(int)
    image_hovered = Signal(int)

    def __init__(self, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tip = tip
        self.numbers: tuple[int, ...] = ()
        self._texts: tuple[str, ...] = ()
        self._captions_by_room: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())  # with label, and short
        self.setToolTip(tip)
        self.clicked.connect(self._clicked)
        self.hovered.connect(self._hover)

    def show_neighbours(
        self, state: StudioState, indices: NDArray[np.int64], distances: NDArray[np.float64]
    ) -> None:
        """Show images of the last of the loaded sets, the training images if there are some.

        indices, distances: (k,), the nearest first
        """
        before, real = searched(state)
        self.numbers = numbers = tuple((before + indices).tolist())
        self.describe = lambda index: image_offer(state, numbers[index]) if index < len(numbers) else Offer()
        self.set_images(as_shown(real.images[indices], state.ink_on_paper))
        pairs = list(zip(indices.tolist(), distances.tolist(), strict=True))
        self._captions_by_room = (
            tuple(_caption(real, index, distance) for index, distance in pairs),
            tuple(f"{distance:.2f}" if distance < _LONG else f"{distance:.0f}" for distance in distances),
        )
        self._choose_captions()
        self._texts = tuple(
            _text(real, index, distance, training=len(state.image_sets) > 1) for index, distance in pairs
        )

    def show_none(self, state: StudioState, hint: str = "") -> None:
        """Show no images, and say why."""
        self.numbers, self._texts, self._captions_by_room = (), (), ((), ())
        self.set_images(no_images(state))
        self.set_captions(())
        self.set_hint(hint)

    def _choose_captions(self) -> None:
        """Label and distance below each image, or the distance only where the images are small."""
        whole, short = self._captions_by_room
        widest = max((self.fontMetrics().horizontalAdvance(text) for text in whole), default=0)
        self.set_captions(whole if widest <= self.cell_rect(0).width() + GAP else short)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.numbers:
            self._choose_captions()

    def _clicked(self, index: int) -> None:
        if index < len(self.numbers):
            self.image_chosen.emit(self.numbers[index])

    def _hover(self, index: int) -> None:
        known = 0 <= index < len(self.numbers)
        self.setToolTip(f"{self._texts[index]}\n{self._tip}" if known else self._tip)
        self.image_hovered.emit(self.numbers[index] if known else -1)


def searched(state: StudioState) -> tuple[int, ImageSet]:
    """How many images come before those that are searched, and the set: the last one that is loaded."""
    return sum(len(part) for part in state.image_sets[:-1]), state.image_sets[-1]


def set_text(state: StudioState) -> str:
    """Which images are searched: "60,000 training images of MNIST"."""
    _, real = searched(state)
    if state.data.dataset is None or len(state.image_sets) < 2:
        return translate("NeighbourGrid", "{} sample images").format(f"{len(real):,}")
    text = translate("NeighbourGrid", "{} training images of {}")
    return text.format(f"{len(real):,}", one_line(state.data.dataset.title, 2 * _LONGEST))


def _label(real: ImageSet, index: int) -> str:
    return "" if real.labels is None else real.class_names[int(real.labels[index])]


def _caption(real: ImageSet, index: int, distance: float) -> str:
    label = one_line(_label(real, index), _LONGEST)
    number = f"{distance:.3f}" if distance < 10 else f"{distance:.1f}"
    return f"{label} · {number}" if label else number


def _text(real: ImageSet, index: int, distance: float, *, training: bool) -> str:
    name = (
        translate("NeighbourGrid", "Training image {}")
        if training
        else translate("NeighbourGrid", "Image {}")
    )
    name = name.format(f"{index:,}")
    label = one_line(_label(real, index))
    if label:
        name = translate("NeighbourGrid", "{}, class {}").format(name, label)
    return translate("NeighbourGrid", "{}, distance {}").format(name, f"{distance:.4f}")
