"""A small vision transformer (Dosovitskiy et al. 2021, arXiv:2010.11929): patches look at one another."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from aestudio.layers.dense import Dense
from aestudio.layers.normalisation import Normalisation
from aestudio.layers.patches import ImageToPatches, PatchesToImage, Positions
from aestudio.layers.reshape import Flatten, Reshape
from aestudio.layers.transformer_block import TransformerBlock
from aestudio.networks.hidden_layers import dropout_setting
from aestudio.recipes.network import Network
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer, Shape


class PatchTransformer(Network):
    """Encoder: patches, a linear map of each, positions, transformer blocks; the decoder is its mirror.

    All patches of the last block side by side are the features; the source takes a class token instead, which
    would have to hold a whole image here.
    """

    title: ClassVar[str] = "Patch transformer"
    summary: ClassVar[str] = "Patches of the image look at one another, and each learns what matters to it."

    patch_side: int = setting(
        7,
        title="Side of a patch",
        unit="pixels",
        ge=2,
        le=32,
        help="Pixels of each patch's side. With half the side there are four times as many patches, "
        "and a step takes four to sixteen times as long.",
    )
    width: int = setting(
        64,
        title="Width",
        unit="numbers a patch",
        ge=4,
        le=512,
        help="How many numbers stand for a patch between the blocks.",
    )
    heads: int = setting(
        4,
        title="Heads",
        unit="a block",
        ge=1,
        le=16,
        help="Each head looks at the patches in its own way. The width must be a multiple of their number.",
    )
    blocks: int = setting(
        2,
        title="Blocks",
        unit="each way",
        ge=1,
        le=8,
        help="Transformer blocks of the encoder, and as many of the decoder.",
    )
    dropout: float = dropout_setting()

    @model_validator(mode="after")
    def _heads_divide_the_width(self) -> PatchTransformer:
        if self.width % self.heads:
            context = {"name": "width", "allowed": f"a multiple of the {self.heads} heads"}
            raise PydanticCustomError("combination", "{name} must be {allowed}", context)
        return self

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - the same layers for any image
        patches = ImageToPatches(self.patch_side)
        return (patches, Dense(self.width), Positions(), *self._blocks(), Flatten())

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - any code
        count, numbers = ImageToPatches(self.patch_side).output_shape(image)
        rows = count, self.width
        back = Dense(numbers), PatchesToImage(image, self.patch_side)
        return (Dense(prod(rows)), Reshape(rows), Positions(), *self._blocks(), *back)

    def _blocks(self) -> tuple[Layer, ...]:
        block = TransformerBlock(self.heads, dropout=self.dropout)
        return (*(self.blocks * (block,)), Normalisation("layer"))
