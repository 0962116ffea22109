"""A classifier. As a probe it measures how much of the class pixels, codes or reconstructions keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.latent import Latent
from aestudio.recipes.objective import Objective, Term

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape
    from aestudio.recipes.objective import GroupName


class Classification(Objective):
    """Cross-entropy of the classes on the encoder's features; nothing is decoded."""

    title: ClassVar[str] = "Classification"
    summary: ClassVar[str] = "Predicts the class of the image; nothing is decoded."
    formula: ClassVar[str] = "−log p(class | x)"
    group: ClassVar[GroupName] = "supervised"
    decodes: ClassVar[bool] = False

    @property
    def needs_labels(self) -> bool:
        return True

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("loss", "Cross-entropy", "nats per image"),
            Term("accuracy", "Accuracy", "share of images"),
        )

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:  # noqa: ARG002 - no code
        return Latent("none", (data.classes,))

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:  # noqa: ARG002
        return flat_code(features, data.classes)

    def image_loss(self) -> Term:
        return Term("cross_entropy", "Cross-entropy", "nats per image")
