"""The declaration of a network: its settings, and the layers of its encoder and decoder."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from aestudio.recipes.part import Part
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.recipes.layer import Layer

PACKAGE = "aestudio.networks"


class Network(Part):
    """Settings of a network; the subclass adds its own and lists its layers."""

    latent_size: int = setting(
        32,
        title="Latent size",
        unit="numbers",
        ge=1,
        le=1024,
        help="How many numbers the code of one image has.",
    )

    @abstractmethod
    def encoder_layers(self) -> tuple[Layer, ...]:
        """From the image to the features, the image itself not included."""

    @abstractmethod
    def decoder_layers(self) -> tuple[Layer, ...]:
        """From the code to the logits of the image, the code itself not included."""

    def check_declaration(self) -> None:
        self.encoder_layers()
        self.decoder_layers()

    @property
    def feature_size(self) -> int:
        """Size of the encoder's output: 784 pixels if there is no encoder layer."""
        layers = self.encoder_layers()
        return layers[-1].size if layers else 28 * 28
