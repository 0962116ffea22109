"""A plain autoencoder: the code is a point, and the decoder reconstructs the image from it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.latent import Latent
from aestudio.recipes.objective import Objective, Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape


class Reconstruction(Objective):
    """d(x, decoder(encoder(x))), per image, with lambda sum w^2 over the weights if wanted.

    d: squared error sum (x - y)^2, absolute error sum |x - y|, or cross-entropy, over an image's numbers.
    """

    title: ClassVar[str] = "Autoencoder"
    summary: ClassVar[str] = "The decoder reconstructs the image from its code."

    distance: Literal["squared_error", "cross_entropy", "absolute_error"] = setting(
        "squared_error",
        title="Distance",
        help="How the difference between image and reconstruction is measured, summed over the pixels. "
        "Absolute error minds a few wrong pixels less than squared error.",
    )
    code_activation: Literal["linear", "sigmoid", "tanh", "relu"] = setting(
        "linear",
        title="Code activation",
        help="Function on the code. Linear uses the whole space; ReLU uses only half of it.",
    )
    output: Literal["sigmoid", "linear"] = setting(
        "sigmoid",
        title="Output",
        help="Function on the output. Sigmoid keeps pixels between 0 and 1; linear is cut off when shown.",
    )
    weight_penalty: float = setting(
        0.0,
        title="L2 penalty λ",
        unit="per squared weight",
        ge=0.0,
        le=10.0,
        help="Added to the loss: λ times the sum of the squared weights (biases not counted).",
    )

    @model_validator(mode="after")
    def _cross_entropy_needs_probabilities(self) -> Reconstruction:
        if self.distance == "cross_entropy" and self.output == "linear":
            allowed = "sigmoid if the distance is cross_entropy"
            context = {"name": "output", "allowed": allowed}
            raise PydanticCustomError("combination", "{name} must be {allowed}", context)
        return self

    def terms(self) -> tuple[Term, ...]:
        unit = self.image_loss().unit
        total, distance, added = Term("loss", "Loss", unit), self.image_loss(), self.added_terms()
        penalty = (Term("penalty", "Penalty", unit),) if self._penalised() else ()
        if not added and not penalty:
            return total, replace(distance, same_as=total.name)
        return total, distance, *added, *penalty

    def added_terms(self) -> tuple[Term, ...]:
        """Terms that a subclass adds, each times its weight, between the distance and the penalty."""
        return ()

    def _penalised(self) -> bool:
        return self.weight_penalty > 0

    def image_loss(self) -> Term:
        unit = "nats" if self.distance == "cross_entropy" else self.distance.replace("_", " ")
        return Term("reconstruction", "Reconstruction", f"{unit} per image")

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:  # noqa: ARG002
        return Latent("vector", (latent_size,))

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:  # noqa: ARG002
        return flat_code(features, latent_size)
