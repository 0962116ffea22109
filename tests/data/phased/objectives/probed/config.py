"""An autoencoder, and a probe that reads the brightness from its code: a small objective of two phases."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.dense import Dense
from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.latent import Latent
from aestudio.recipes.objective import Objective, Term
from aestudio.recipes.phase import Phase
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape


class Probed(Objective):
    """The probe changes nothing of the autoencoder, and the autoencoder nothing of the probe."""

    title: ClassVar[str] = "Probed autoencoder"
    summary: ClassVar[str] = "A probe learns to read the brightness of an image from its code."

    first_every: int = setting(
        1, title="Autoencoder every", unit="steps", ge=1, le=100, help="How often the autoencoder is trained."
    )
    probe_every: int = setting(
        5,
        title="Probe every",
        unit="steps",
        ge=1,
        le=100,
        help="The probe is trained in one step of so many.",
    )
    probe_begins: float = setting(
        0.0, title="Probe begins", unit="epochs", ge=0.0, le=100.0, help="The probe is trained after so many."
    )
    probe_rate: float = setting(
        0.5, title="Probe rate", unit="x rate", gt=0.0, le=100.0, help="Factor of the learning rate."
    )
    probe_sgd: bool = setting(False, title="Probe by SGD", help="Train the probe by gradient descent.")
    pleasing: float = setting(
        0.0, title="Pleasing", ge=0.0, le=10.0, help="How much codes are drawn to what reads as 0."
    )
    averaged: bool = setting(False, title="Averages", help="Follow the mean code of the batches.")
    weight: float = setting(
        1.0, title="Weight", unit="x distance", ge=0.0, le=10.0, live=True, help="Weight of the distance."
    )

    def phases(self) -> tuple[Phase, ...]:
        parts = ("encoder", "decoder", "objective.head", "objective.unused")
        return (
            Phase("autoencoder", "Autoencoder", parts, "distance", self.first_every),
            Phase(
                "probe",
                "Probe",
                ("objective.probe",),
                "misreading",
                self.probe_every,
                self.probe_rate,
                "sgd" if self.probe_sgd else "",
                begins=self.probe_begins,
            ),
        )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("distance", "Distance", "squared error per image", "autoencoder"),
            Term("misreading", "Misreading", "squared error per image", "probe"),
            Term("brightness", "Brightness read", "mean grey level", "probe"),
        )

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:
        return Latent("vector", (latent_size,))

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:
        return flat_code(features, latent_size)

    def networks(
        self, features: Shape, latent_size: int, data: DataShape
    ) -> Mapping[str, tuple[Shape, tuple[Layer, ...]]]:
        return {"probe": ((latent_size,), (Dense(1),))}
