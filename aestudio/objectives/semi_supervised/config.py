"""Semi-supervised learning by a deep generative model, M2 (Kingma, Rezende, Mohamed & Welling 2014)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.activation import Activation
from aestudio.layers.dense import Dense
from aestudio.objectives.code_layers import flat_code
from aestudio.objectives.gaussian_code import NATS
from aestudio.objectives.told_class import ToldClass
from aestudio.recipes.objective import Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape
    from aestudio.recipes.objective import GroupName

CLASSIFIER = "classifier"


class SemiSupervised(ToldClass):
    """L(x, y) of an image with a label, U(x) of one without, and alpha (-log q(y|x)) of labelled images.

    L(x, y) = -E[log p(x|z, y)] + KL(q(z|x, y) || N(0, I)) - log p(y), with p(y) = 1/K, z from q(z|x, y).
    U(x) = sum_y q(y|x) (L(x, y) + log q(y|x)): an unknown class is summed over, so that images without a
    label teach the classifier, too. In an evaluation the model is told no label: the negative ELBO is U.
    """

    title: ClassVar[str] = "Semi-supervised VAE (M2)"
    group: ClassVar[GroupName] = "supervised"
    summary: ClassVar[str] = "Learns classes from few labels and from many images without one."
    formula: ClassVar[str] = "Σᵧ q(y|x) [−log p(x|z,y) + KL(z) + log q(y|x)/p(y)]"

    class_weight: float = setting(
        10.0,
        title="Class weight α",
        unit="× cross-entropy",
        ge=0.0,
        le=10_000.0,
        live=True,
        help="How much the cross-entropy of the labelled images counts against the bound of an image.",
    )
    labelled_batch: int = setting(
        64,
        title="Labelled images",
        unit="per step",
        ge=1,
        le=4096,
        help="Images with known labels, drawn again for each step, that the classifier learns from besides "
        "the batch, if labels of others are hidden.",
    )
    classifier_units: int = setting(
        128,
        title="Classifier's units",
        unit="units",
        ge=1,
        le=4096,
        help="Size of the hidden layer of the classifier of the encoder's features.",
    )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("loss", "Loss", NATS),
            self.image_loss(),
            Term("kl", "KL", NATS),
            Term("class_kl", "KL of the class", NATS),
            Term("class_loss", "Cross-entropy of the class", NATS),
            Term("accuracy", "Accuracy", "share of images"),
            Term("negative_elbo", "Negative ELBO", NATS),
        )

    def networks(
        self, features: Shape, latent_size: int, data: DataShape
    ) -> Mapping[str, tuple[Shape, tuple[Layer, ...]]]:
        hidden = *flat_code(features, self.classifier_units), Activation()
        classifier = features, (*hidden, Dense(data.classes))
        return {**super().networks(features, latent_size, data), CLASSIFIER: classifier}

    def decodings(self, data: DataShape) -> int:
        return data.classes

    @property
    def labelled_images(self) -> int:
        return self.labelled_batch
