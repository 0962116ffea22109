"""Codes of images whose class encoder and decoder are told. No torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.dense import Dense
from aestudio.objectives.gaussian_code import GaussianCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape
    from aestudio.recipes.objective import ConditionKind

CLASS_SHIFT = "class_shift"


class ToldClass(GaussianCode):
    """q(z|x, y) and p(x|z, y), with y the class.

    The layer that makes mean and log-variance gets the features and the class side by side; the decoder gets
    the code and the class.
    """

    condition: ClassVar[ConditionKind] = "labels"

    def networks(
        self,
        features: Shape,  # noqa: ARG002 - of the class alone
        latent_size: int,
        data: DataShape,
    ) -> Mapping[str, tuple[Shape, tuple[Layer, ...]]]:
        # A matrix for features and class side by side is the sum of one for each.
        return {CLASS_SHIFT: ((data.classes,), (Dense(2 * latent_size),))}
