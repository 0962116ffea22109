"""The declaration of a network: its settings, and the layers of its encoder and decoder."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from aestudio.datasets.image_shape import MNIST
from aestudio.layers.layer import ShapeError, place
from aestudio.recipes.part import Part
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer, Shape

PACKAGE = "aestudio.networks"


class Network(Part):
    """Settings of a network; the subclass adds its own and lists its layers.

    spatial: whether the features are maps (C, H, W) instead of a row of numbers (F,)
    autoregressive: whether output i depends on the numbers of the image before i alone, so that it has no
                    code of `latent_size` numbers: it decodes images
    """

    spatial: ClassVar[bool] = False
    autoregressive: ClassVar[bool] = False

    latent_size: int = setting(
        32,
        title="Latent size",
        unit="numbers",
        ge=1,
        le=1024,
        help="How many numbers the code of one image has.",
    )

    @abstractmethod
    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:
        """From the image (C, H, W), a condition perhaps as further channels, to the features."""

    @abstractmethod
    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:
        """From the code (L,), or maps (D, h, w) for a spatial network, to the logits (C, H, W)."""

    def check_declaration(self) -> None:
        image = MNIST.image.array
        with suppress(ShapeError):  # it may be made for other images only
            place(self.encoder(image), image)
            if not self.spatial and not self.autoregressive:
                place(self.decoder((self.latent_size,), image), (self.latent_size,))
