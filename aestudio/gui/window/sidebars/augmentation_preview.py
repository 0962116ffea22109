"""Eight training images as the recipe's augmentation changes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from aestudio.gui.inference.requests.augmentation_request import AugmentedImages
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import set_role
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.image_strip import ImageStrip
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.state.studio_state import Result, StudioState

translate = QCoreApplication.translate

COUNT = 8
_WIDTH = 270  # of the recipe box beside its scroll bar
_NONE: NDArray[np.uint8] = np.zeros((0, 1, 1, 1), np.uint8)


class AugmentationPreview(QWidget):
    """The header of the augmentation's settings, visible while they are, or while one of them is on.

    While all are off, the place of the images stays empty, so that switching one on moves nothing.
    `wanted()`: other images are needed, see `requests`.
    """

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Shown()
        self._seed = 0
        self._expanded = self._active = False
        self._image_set: ImageSet | None = None  # of the images in the strip
        self.strip = ImageStrip(_WIDTH, COUNT)
        self.strip.setAccessibleName(self.tr("Augmented training images"))
        self.heading = label("")
        self.others = TextButton(
            "",
            self.tr("Other examples"),
            tip=self.tr("Draw other training images, and other random changes"),
        )
        self.others.clicked.connect(self._draw_others)
        self.message = PlainLabel()
        self.message.setWordWrap(True)
        column(row(self.heading, fill(), self.others), self.strip, self.message, gap=4, on=self)
        self.message.hide()
        self.hide()

    def set_expanded(self, expanded: bool) -> None:
        """Set whether the settings below are shown."""
        self._expanded = expanded
        self.setVisible(self._expanded or self._active)

    def requests(self, state: StudioState) -> tuple[AugmentedImages, ...]:
        """The images with the recipe's settings; none while everything is off or there are no images."""
        images = _training_images(state)
        if not state.recipe.augmentation.active or images is None or state.torch_phase != "ready":
            return ()
        return (AugmentedImages(state.recipe.augmentation, images, COUNT, self._seed),)

    def show_state(self, state: StudioState) -> None:
        """Show the newest images, or a sentence that says why there are none."""
        self._active = state.recipe.augmentation.active
        result = state.results.get(AugmentedImages.channel) if self._active else None
        images = _training_images(state)
        if not self._shown.differs(self._active, result, images, state.torch_phase, state.ink_on_paper):
            return
        self._show_images(result, images, state.ink_on_paper)
        self._show_message(_reason(state, images, result))
        self._show_heading()
        self.others.setEnabled(self._active and images is not None)
        self.setVisible(self._expanded or self._active)

    def _show_heading(self) -> None:
        if not self._active:
            self.heading.setText(self.tr("All off"))
        elif self._image_set is None:
            self.heading.setText(self.tr("No images yet"))
        else:
            self.heading.setText(self.tr("Augmented"))

    def _show_message(self, message: tuple[str, str]) -> None:
        text, role = message
        self.message.setText(text)
        set_role(self.message, role)
        self.message.setVisible(bool(text))
        self.strip.setVisible(not text)

    def _show_images(self, result: Result | None, images: ImageSet | None, ink_on_paper: bool) -> None:
        """Show the result; the older images of the same set stay until there is one, or a problem."""
        failed = result is not None and result.problem is not None
        if result is not None and result.value is not None and not failed:
            self._image_set = result.request.image_set
            self.strip.set_images(as_shown(result.value, ink_on_paper))
        elif failed or not self._active or images is not self._image_set:
            self._image_set = None
            self.strip.set_images(_NONE)

    def _draw_others(self) -> None:
        self._seed += 1
        self.wanted.emit()


def _training_images(state: StudioState) -> ImageSet | None:
    """The images that a training would change, or None."""
    dataset = state.training_data.dataset
    return dataset.train if dataset is not None and len(dataset.train) else None


def _reason(state: StudioState, images: ImageSet | None, result: Result | None) -> tuple[str, str]:
    """The message below the images and its role; "" if there is nothing to say."""
    if state.torch_phase == "failed":
        text = translate("AugmentationPreview", "PyTorch could not be loaded, so nothing can be computed.")
        return text, "bad"
    if images is None:
        text = translate(
            "AugmentationPreview", "Changed training images appear here as soon as a data set is loaded."
        )
        return text, "muted"
    if result is not None and result.problem is not None:
        return str(result.problem), "bad"
    return "", "muted"
