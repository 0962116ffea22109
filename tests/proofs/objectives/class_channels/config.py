"""A conditional variational autoencoder (Sohn et al. 2015): encoder and decoder are told the class."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.objectives.variational.config import Variational
from aestudio.recipes.condition_shapes import with_channels

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Shape
    from aestudio.recipes.objective import ConditionKind


class ClassChannels(Variational):
    """The class enters the encoder as further channels of the image, the decoder beside the code."""

    title: ClassVar[str] = "Conditional variational autoencoder"
    summary: ClassVar[str] = "The code keeps the style; the class is given."
    condition: ClassVar[ConditionKind] = "labels"

    def encoder_input(self, data: DataShape) -> Shape:
        return with_channels(self.condition, data)
