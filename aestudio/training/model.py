"""A model: the network and the objective of a recipe, put together for images of one shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor, nn

from aestudio.errors import StudioError
from aestudio.layers.sequence import build_sequence
from aestudio.layers.tied_dense import tie
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule
from aestudio.recipes.part import building, module_of, running
from aestudio.training.initial_weights import SeededDraws, initialise
from aestudio.training.phase_terms import joined

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from aestudio.recipes.architecture import Architecture
    from aestudio.recipes.latent import Latent
    from aestudio.sabotage.sabotage import Sabotage
    from aestudio.training.batches import Examples
    from aestudio.training.precision import Precision
    from aestudio.types import Weights

# What a checkpoint keeps of a model is one row of float32: whole numbers are exact up to 2^24.
_KEPT_TYPES = (torch.float32, torch.int64, torch.bool)


class Model(nn.Module):
    """encode, decode and the loss of one recipe.

    Images are (B, C, H, W) in [0, 1], codes (B, L), logits (B, C, H, W), conditions (B, K) or None.
    `precision`, of products while training, is that of the recipe; who trains it chooses for "auto".
    `sabotage` changes what the loss gets of encoder and decoder in training.
    `decoder` is None for a model that decodes nothing. The encoder of a model without codes of images is what
    its objective makes of it, a critic for instance.
    """

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.architecture = architecture
        self.recipe = architecture.recipe
        self.phases = self.recipe.objective.phases()
        chosen = self.recipe.training.precision
        self.precision: Precision = "float32" if chosen == "auto" else chosen
        with building(self.recipe.network):
            self.encoder: nn.Module = build_sequence(architecture.encoder, architecture.encoder_input)
            self.decoder: nn.Module | None = None
            if architecture.decodes:
                self.decoder = build_sequence(architecture.decoder, architecture.decoder_input)
        objectives = module_of(self.recipe.objective)
        with building(self.recipe.objective):
            self.objective: ObjectiveModule = objectives.build(architecture)
            _check_prior(self.objective, architecture.latent)
        self.sabotage: Sabotage | None = None
        self._tie_weights()

    def _tie_weights(self) -> None:
        head = getattr(self.objective, "head", None)
        if self.decoder is not None:
            with building(self.recipe.network):
                tie(self.decoder, [self.encoder, *([head] if isinstance(head, nn.Module) else [])])

    def own_errors(self) -> AbstractContextManager[None]:
        """Inside it, an error of a user's own part becomes a StudioError with its file and line.

        For what is asked of a trained model; a training has words of its own for errors in its steps.
        """
        return running(self.recipe.objective, self.recipe.network, otherwise=lambda _: True, did="failed")

    def encode(self, images: Tensor, condition: Tensor | None = None) -> Code:
        """Images (B, C, H, W) -> code, mean (B, L); class logits (B, classes) for a classifier.

        Raises TypeError if images have no codes.
        """
        if not self.architecture.encodes:
            raise TypeError(f"{self.recipe.name} does not encode images")
        with self.own_errors():
            features = self.encoder(self.objective.encoder_input(images, condition))
            code = cast("object", self.objective.code(features, condition))
            if not isinstance(code, Code):
                raise TypeError(f"its code is {type(code).__name__}, not a Code")
        return code

    def decode(self, codes: Tensor, condition: Tensor | None = None) -> Tensor:
        """Codes (B, L) -> logits (B, C, H, W).

        Raises TypeError if the recipe has no decoder, ValueError for codes of another length.
        """
        if self.decoder is None:
            raise TypeError(f"{self.recipe.name} has no decoder")
        size = self.architecture.latent.size
        if codes.shape[1:] != (size,):
            raise ValueError(f"the codes are {tuple(codes.shape)}, not (B, {size})")
        with self.own_errors():
            return self.decoder(self.objective.decoder_input(codes, condition))

    def decode_images(self, codes: Tensor, condition: Tensor | None = None) -> Tensor:
        """Codes (B, L) -> images (B, C, H, W) in [0, 1]; raises TypeError if the recipe has no decoder."""
        logits = self.decode(codes, condition)
        with self.own_errors():
            return self.objective.to_images(logits)

    def reconstruct(self, images: Tensor, condition: Tensor | None = None) -> Tensor:
        """Images -> reconstructions (B, C, H, W) in [0, 1], through the mean of the code.

        Raises TypeError if the recipe has no encoder or no decoder.
        """
        return self.decode_images(self.encode(images, condition).mean, condition)

    def image_losses(self, images: Tensor, condition: Tensor | None = None) -> Tensor:
        """Images (B, C, H, W) -> the objective's loss of each, through the mean of the code: float64 (B,).

        Raises as `reconstruct` does.
        """
        logits = self.decode(self.encode(images, condition).mean, condition)
        with self.own_errors():
            # In double precision: many small numbers are summed.
            losses = self.objective.image_loss(logits.double(), images.double())
            if losses.shape != (len(images),):
                raise ValueError(f"losses of {len(images)} are {tuple(losses.shape)}, not {(len(images),)}")
        return losses

    def points(self, codes: Tensor) -> Tensor:
        """Codes (B, L) -> points (B, P) whose distances have a meaning."""
        with self.own_errors():
            return self.objective.points(codes)

    def sample_prior(self, count: int, generator: torch.Generator, temperature: float = 1.0) -> Tensor:
        """`count` codes (count, L) of the prior that the model has learned."""
        latent = self.architecture.latent
        with self.own_errors():
            codes = self.objective.draw_codes(count, generator, temperature, self._functions)
            if codes.shape != (count, latent.size):
                raise ValueError(f"its prior gave codes {tuple(codes.shape)}, not {(count, latent.size)}")
            whole = (codes == codes.floor()) & (codes >= 0) & (codes < latent.choices)
            if latent.choices and not whole.all():
                raise ValueError(f"its prior gave numbers that are no entries from 0 to {latent.choices - 1}")
        return codes

    def prior_log_density(self, codes: Tensor) -> Tensor | None:
        """Codes (B, L) -> the logarithm of the learned prior's density (B,), None if it is not known."""
        with self.own_errors():
            return self.objective.log_density_of_codes(codes, self._functions)

    def terms(self, batch: Batch) -> dict[str, Tensor]:
        """The terms of all phases of a batch, scalars per image."""
        return joined({phase.name: self.phase_terms(phase.name, batch) for phase in self.phases})

    def phase_terms(self, phase: str, batch: Batch) -> dict[str, Tensor]:
        """The terms of one phase of a batch, scalars per image."""
        return self.objective.phase_terms(phase, batch, self._functions)

    def negative_elbo_of_images(self, batch: Batch) -> Tensor | None:
        """The negative ELBO of each image, (B,) in nats; None for an objective that does not tell it."""
        with self.own_errors():
            losses = self.objective.negative_elbo_of_images(batch, self._functions)
            if losses is not None and losses.shape != (len(batch.images),):
                count = len(batch.images)
                raise ValueError(f"negative ELBOs of {count} are {tuple(losses.shape)}, not {(count,)}")
        return losses

    def condition_of(self, examples: Examples) -> Tensor | None:
        """What encoder and decoder are told of these examples: (B, K), None for nothing.

        One number for each class, 1 for the example's; or its factors of variation.
        """
        match self.recipe.objective.condition:
            case "labels":
                assert examples.labels is not None
                classes = torch.arange(self.architecture.condition_size, device=examples.labels.device)
                return (examples.labels[:, None] == classes).float()
            case "factors":
                return examples.factors
            case "none":
                return None

    @property
    def _functions(self) -> NetworkFunctions:
        functions = NetworkFunctions(
            self._in_precision(self.encoder),
            self._in_precision(self._decoder),
            lambda: _matrices(self),
            lambda: [] if self.decoder is None else _matrices(self.decoder),
        )
        return self.sabotage.network(functions) if self.sabotage is not None and self.training else functions

    def _decoder(self, inputs: Tensor) -> Tensor:
        assert self.decoder is not None
        return self.decoder(inputs)

    def _in_precision(self, part: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
        """Encoder or decoder; in training its products are in bfloat16 if that is the model's precision.

        The results are float32 again, so that head, loss and its gradient keep their precision.
        """
        if not self.training or self.precision == "float32":
            return part

        def half(values: Tensor) -> Tensor:
            # Each weight is used once a step; a cache of casts would be wrong in a recorded graph.
            with torch.autocast(values.device.type, torch.bfloat16, cache_enabled=False):
                return part(values).float()

        return half


def _matrices(part: nn.Module) -> list[Tensor]:
    return [parameter for parameter in part.parameters() if parameter.dim() > 1]


def build_model(architecture: Architecture, seed: int | None = None) -> Model:
    """The architecture's model with initial weights from the seed (None: the recipe's).

    Raises TypeError for a module with numbers that a checkpoint cannot keep, StudioError if it is a user's.
    """
    training = architecture.recipe.training
    chosen = training.seed if seed is None else seed
    with SeededDraws(chosen):
        model = Model(architecture)
    initialise(model, chosen, training.initial_weights)
    _check_types(model)
    # Convolutions are 1.15 to 1.36 times as fast with the channels last (measured on the CPU).
    return model.to(memory_format=torch.channels_last)


def _check_prior(objective: ObjectiveModule, latent: Latent) -> None:
    draws = type(objective).sample_prior is not ObjectiveModule.sample_prior
    draws = draws or type(objective).draw_codes is not ObjectiveModule.draw_codes
    if latent.learned_prior and not draws:
        raise TypeError("it has a learned prior, and its module has no method sample_prior to draw from it")


def _check_types(model: Model) -> None:
    recipe = model.recipe
    for name, tensor in model.state_dict().items():
        if tensor.dtype not in _KEPT_TYPES:
            with building(recipe.objective if name.startswith("objective.") else recipe.network):
                raise TypeError(f"{name} is {tensor.dtype}; a model keeps float32 and whole numbers")


def load_weights(model: nn.Module, weights: Weights) -> None:
    """Copy weights into the parameters and buffers, each of the same shape.

    Raises StudioError if names or shapes differ.
    """
    try:
        model.load_state_dict({name: torch.tensor(array) for name, array in weights.items()})
    except RuntimeError as error:
        raise StudioError(
            "These weights do not fit the recipe: names or shapes differ",
            advice="Restore the files of the run from a copy, or train it again.",
        ) from error
