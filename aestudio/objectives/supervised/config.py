"""A supervised autoencoder (Le, Patterson & White 2018): the code also tells the class."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.dense import Dense
from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.recipes.objective import Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape
    from aestudio.recipes.objective import GroupName


class Supervised(Reconstruction):
    """d(x, decoder(z)) - w log p(y | z), with a linear classifier of the code, softmax(V z + c)."""

    title: ClassVar[str] = "Supervised autoencoder"
    summary: ClassVar[str] = "The code reconstructs the image and tells its class."
    formula: ClassVar[str] = "d(x, y) − w log p(class | z)"
    group: ClassVar[GroupName] = "supervised"

    class_weight: float = setting(
        10.0,
        title="Class weight",
        unit="× cross-entropy",
        ge=0.0,
        le=10_000.0,
        live=True,
        help="How much the cross-entropy of the class counts against the reconstruction.",
    )

    @property
    def needs_labels(self) -> bool:
        return True

    def added_terms(self) -> tuple[Term, ...]:
        return (
            Term("class_loss", "Cross-entropy of the class", "nats per image"),
            Term("accuracy", "Accuracy", "share of images"),
        )

    def networks(
        self,
        features: Shape,  # noqa: ARG002 - of the code
        latent_size: int,
        data: DataShape,
    ) -> Mapping[str, tuple[Shape, tuple[Layer, ...]]]:
        return {"classifier": ((latent_size,), (Dense(data.classes),))}
