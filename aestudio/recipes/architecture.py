"""The architecture of a recipe for images of one shape: its layers, its parameters, its codes. No torch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.layers.layer import (
    BYTES_PER_NUMBER,
    DrawnLayer,
    Layer,
    PlacedLayer,
    Shape,
    ShapeError,
    drawn,
    output_shape,
    place,
)
from aestudio.recipes.objective import condition_size
from aestudio.recipes.own_prior import with_checked_prior
from aestudio.recipes.part import building

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from aestudio.datasets.image_shape import DataShape
    from aestudio.recipes.latent import Latent
    from aestudio.recipes.recipe import Recipe


@dataclass(frozen=True)
class Architecture:
    """A recipe put to work on images of one shape.

    Raises StudioError if the network does not fit such images, or the objective needs what they lack.
    """

    recipe: Recipe
    data: DataShape

    def __post_init__(self) -> None:
        """Compute everything once: errors in a user's own part are found here, and named."""
        with self._of_objective():
            lacking = self.recipe.objective.lacking(self.data)
        if lacking:
            raise StudioError(
                f"This recipe needs {lacking}, and these images have none",
                where=self.recipe.title,
                advice=f"Choose a data set with {lacking}, or another recipe.",
            )
        try:
            _ = self.parameter_count, self.layers, self.latent
        except ShapeError as error:
            raise StudioError(
                f"The network does not fit images of {self.data.image}: {error}",
                where=self.recipe.title,
                advice="Choose fewer layers, another network, or larger images.",
            ) from error

    def _of_objective(self) -> AbstractContextManager[None]:
        """Errors inside it are the objective's; a shape that does not fit is nobody's in particular."""
        return building(self.recipe.objective, passed_on=ShapeError)

    def _of_network(self) -> AbstractContextManager[None]:
        return building(self.recipe.network, passed_on=ShapeError)

    @cached_property
    def encoder(self) -> tuple[Layer, ...]:
        """The layers of the encoder."""
        inputs = self.encoder_input
        with self._of_network():
            return self.recipe.network.encoder(inputs)

    @cached_property
    def encoder_input(self) -> Shape:
        """What the encoder takes for one image: (C, H, W)."""
        with self._of_objective():
            return self.recipe.objective.encoder_input(self.data)

    @cached_property
    def features(self) -> Shape:
        """What the encoder gives for one image: (F,) or maps (C, H, W)."""
        layers, inputs = self.encoder, self.encoder_input
        with self._of_network():
            return output_shape(layers, inputs)

    @cached_property
    def head(self) -> tuple[Layer, ...]:
        """The layers between features and code."""
        features = self.features
        with self._of_objective():
            return self.recipe.objective.head(features, self.recipe.network.latent_size, self.data)

    @cached_property
    def latent(self) -> Latent:
        """What the codes are."""
        features = self.features
        with self._of_objective():
            latent = self.recipe.objective.latent(features, self.recipe.network.latent_size, self.data)
            if latent.learned_prior and not self.encodes:
                # Without an encoder, what makes codes of normal numbers is the first part of the decoder.
                raise ValueError("it learns a prior of the codes of images, and does not encode images")
            if latent.exists and not self.decodes:
                # Views would take its numbers for those of classes, and there is nothing to explore.
                raise ValueError("it decodes nothing, so its latent is of the kind none")
            return with_checked_prior(latent, self.recipe.objective, self.data)

    @cached_property
    def decoder(self) -> tuple[Layer, ...]:
        """The layers of the decoder; () if nothing is decoded."""
        if not self.decodes:
            return ()
        inputs = self.decoder_input
        with self._of_network():
            return self.recipe.network.decoder(inputs, self.data.image.array)

    @cached_property
    def decoder_input(self) -> Shape:
        """What the decoder takes for one code: (L,) or maps (D, h, w)."""
        latent, layers, features = self.latent, self.head, self.features
        with self._of_objective():
            return self.recipe.objective.decoder_input(latent, output_shape(layers, features), self.data)

    @cached_property
    def networks(self) -> Mapping[str, tuple[Shape, tuple[Layer, ...]]]:
        """Further networks of the objective: inputs and layers by name."""
        features = self.features
        with self._of_objective():
            return self.recipe.objective.networks(features, self.recipe.network.latent_size, self.data)

    @property
    def encodes(self) -> bool:
        """Whether images have codes, or class probabilities."""
        return self.recipe.objective.encodes

    @property
    def decodes(self) -> bool:
        """Whether codes become images."""
        return self.recipe.objective.decodes

    @property
    def reconstructs(self) -> bool:
        """Whether images are encoded and decoded again."""
        return self.encodes and self.decodes

    @property
    def condition_size(self) -> int:
        """Numbers that encoder and decoder are told besides the image or the code; 0 for no condition."""
        return condition_size(self.recipe.objective.condition, self.data)

    @cached_property
    def placed(self) -> tuple[PlacedLayer, ...]:
        """Every layer of the model with the shapes before and after it."""
        decoder = self._placed_decoder
        if decoder and decoder[-1].shape != self.data.image.array:
            raise ShapeError(f"its decoder gives {decoder[-1].shape}")
        networks = self.networks
        with self._of_objective():
            further = [one for inputs, layers in networks.values() for one in place(layers, inputs)]
        return (*self._placed_encoder, *self._placed_head, *decoder, *further)

    @cached_property
    def _placed_encoder(self) -> tuple[PlacedLayer, ...]:
        layers, inputs = self.encoder, self.encoder_input
        with self._of_network():
            return place(layers, inputs)

    @cached_property
    def _placed_head(self) -> tuple[PlacedLayer, ...]:
        layers, features = self.head, self.features
        with self._of_objective():
            return place(layers, features)

    @cached_property
    def _placed_decoder(self) -> tuple[PlacedLayer, ...]:
        if not self.decodes:
            return ()
        layers, inputs = self.decoder, self.decoder_input
        with self._of_network():
            return place(layers, inputs)

    @cached_property
    def layers(self) -> tuple[DrawnLayer, ...]:
        """What the diagram shows, from image to logits (to the classes if nothing is decoded)."""
        image = DrawnLayer("image", self.data.image.array)
        encoder = drawn(self._placed_encoder) if self.encodes else ()
        decoder = drawn(self._placed_decoder)
        return (*((image, *encoder) if self.encodes else ()), self._code_layer, *decoder)

    @property
    def _code_layer(self) -> DrawnLayer:
        # Without an encoder what lies above its features gives no code: it is a critic's.
        parameters = sum(one.parameters for one in self._placed_head) if self.encodes else 0
        if not self.latent.exists:
            return DrawnLayer("classes", self.latent.shape, parameters)
        return DrawnLayer("code", self.latent.shape, parameters)

    @cached_property
    def parameter_count(self) -> int:
        """Trainable numbers of the whole model."""
        return sum(one.parameters for one in self.placed)

    @cached_property
    def weights(self) -> tuple[tuple[int, PlacedLayer], ...]:
        """The layers that have weights, and their places, by which the weights are named.

        Equal lists take the same weights, apart from what an objective's module keeps besides.
        """
        parts = (
            (self.encoder, self.encoder_input),
            (self.head, self.features),
            *(((self.decoder, self.decoder_input),) if self.decodes else ()),
            *((layers, inputs) for inputs, layers in self.networks.values()),
        )
        return tuple(
            (place_in_part, one)
            for layers, inputs in parts
            for place_in_part, one in enumerate(place(layers, inputs))
            if one.parameters
        )

    @cached_property
    def training_bytes(self) -> int:
        """Bytes that training takes for each image of a batch."""
        own = sum(one.layer.training_bytes(one.inputs) for one in self.placed)
        with self._of_objective():
            again = self.recipe.objective.decodings(self.data) - 1
        own += again * sum(one.layer.training_bytes(one.inputs) for one in self._placed_decoder)
        return own + BYTES_PER_NUMBER * self.data.image.size
