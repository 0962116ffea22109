"""The interface of every objective module: features become a code, a batch becomes named loss terms."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn

from aestudio.layers.sequence import build_sequence
from aestudio.objectives.conditioning import beside

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aestudio.recipes.architecture import Architecture


class Code(NamedTuple):
    """The codes of a batch, float32: mean (B, L), and log-variance (B, L), or None without a posterior.

    Numbers of a categorical or codebook code are whole: the entry of each variable or place.
    """

    mean: Tensor
    log_variance: Tensor | None = None


class ExpectedNumbers(NamedTuple):
    """Logistic distributions of numbers of rounded codes, and the widths of their cells: (B, n) each.

    Cell k is the interval of that width around the mean plus k widths.
    """

    mean: Tensor
    scale: Tensor
    width: Tensor


class Labelled(NamedTuple):
    """Images (B, C, H, W) float in [0, 1] and the labels (B,) int64 that the model is told of them."""

    images: Tensor
    labels: Tensor


@dataclass(frozen=True)
class Batch:
    """The inputs of a loss.

    images:    (B, C, H, W) float in [0, 1]; labels: (B,) int64 or None
    noise:     the run's random generator
    live:      current values of the settings that may change while training ("beta", ...); scalar tensors
               on the device if the step is recorded as a CUDA graph
    condition: (B, K) float, what encoder and decoder are told besides; None for nothing
    labelled:  further images whose labels are known, for an objective that asks for them in training
               (`Objective.labelled_images`); None for none
    """

    images: Tensor
    labels: Tensor | None
    noise: torch.Generator | None
    live: Mapping[str, float | Tensor]
    condition: Tensor | None = None
    labelled: Labelled | None = None


class NetworkFunctions(NamedTuple):
    """The two halves of a network as functions, and its weights.

    features: what the encoder takes, images (B, C, H, W) for most objectives -> features (B, F) or maps
    logits:   what the decoder takes, codes (B, L) for most objectives -> logits (B, C, H, W)
    weights:  the weight matrices and kernels, without biases, each in its own shape
    decoder_weights: those of the decoder; with tied weights it has none of its own
    """

    features: Callable[[Tensor], Tensor]
    logits: Callable[[Tensor], Tensor]
    weights: Callable[[], list[Tensor]]
    decoder_weights: Callable[[], list[Tensor]]


class ObjectiveModule(nn.Module):
    """Owns the layers between features and code, and the objective's further networks by their names.

    Losses are per image: summed over the numbers of an image, averaged over the batch.
    """

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.architecture = architecture
        if architecture.head:
            head = build_sequence(architecture.head, architecture.features)
            self.head: nn.Module = head[0] if len(head) == 1 else head
        for name, (inputs, layers) in architecture.networks.items():
            if hasattr(self, name):  # torch would put it in the place of the head
                raise ValueError(f"a network of the objective cannot be called {name!r}")
            self.add_module(name, build_sequence(layers, inputs))

    @property
    def some_hidden(self) -> bool:
        """Whether the model is not told some labels of the training images, which are then negative."""
        return self.architecture.recipe.images.hidden_labels > 0

    @abstractmethod
    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        """Features (B, ...), condition (B, K) -> code, mean (B, L); class logits for a classifier."""

    def encoder_input(self, images: Tensor, condition: Tensor | None) -> Tensor:  # noqa: ARG002 - see subclasses
        """Images (B, C, H, W), condition (B, K) -> what the encoder takes; the images by default."""
        return images

    def corrupted(self, batch: Batch) -> Tensor:
        """The images (B, C, H, W) that the encoder gets in training; the clean ones by default."""
        return batch.images

    def decoder_input(self, codes: Tensor, condition: Tensor | None) -> Tensor:
        """Codes (B, L), condition (B, K) -> what the decoder takes: both side by side by default."""
        return beside(codes, condition)

    def points(self, codes: Tensor) -> Tensor:
        """Codes (B, L) -> points (B, P) whose distances have a meaning; the codes themselves by default."""
        return codes

    def sample_prior(self, count: int, generator: torch.Generator, temperature: float) -> Tensor:
        """`count` codes (count, L) of the prior that the model has learned, in evaluation mode.

        For an objective whose latent says `learned_prior`. Everything random comes from the generator.
        temperature: 1 for the prior itself, less for typical codes
        """
        raise NotImplementedError

    def draw_codes(
        self,
        count: int,
        generator: torch.Generator,
        temperature: float,
        network: NetworkFunctions,  # noqa: ARG002 - for priors that are the network itself
    ) -> Tensor:
        """As `sample_prior`, codes (count, L), with the network: for a prior that needs it to draw."""
        return self.sample_prior(count, generator, temperature)

    def log_density_of_codes(self, codes: Tensor, network: NetworkFunctions) -> Tensor | None:  # noqa: ARG002
        """As `prior_log_density`, codes (B, L) -> (B,), with the network."""
        return self.prior_log_density(codes)

    def prior_log_density(self, codes: Tensor) -> Tensor | None:  # noqa: ARG002 - as above
        """Codes (B, L) -> the natural logarithm of the learned prior's density: (B,), None if not known.

        Of discrete codes it is that of their probability.
        """
        return None

    def rounded_groups(self) -> tuple[int, ...]:
        """How many numbers of a code are coded together, from the first on.

        For an objective whose latent says `rounds_itself`; so is `expected_numbers`.
        """
        raise NotImplementedError

    def expected_numbers(self, known: Tensor, fineness: Tensor) -> ExpectedNumbers:
        """What the numbers of the next group are expected to be, and how they are rounded.

        known: (B, K), rounded numbers of all groups before; fineness: (B, 1), from 0 (coarse) to 1 (fine)
        """
        raise NotImplementedError

    def to_images(self, logits: Tensor) -> Tensor:
        """Logits (B, C, H, W) -> images in [0, 1], same shape."""
        return torch.sigmoid(logits)

    @abstractmethod
    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        """The loss of each image as `Objective.image_loss` declares it: (B, C, H, W) twice -> (B,).

        Of the image as it is shown: a linear output is clipped to [0, 1] before.
        """

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        """Each loss term per image, a scalar, by the names in the objective's config.

        For an objective of a single phase; others implement `phase_terms`.
        """
        raise NotImplementedError

    def phase_terms(self, phase: str, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:  # noqa: ARG002
        """The terms of one phase: scalars by name, the minimised one among them."""
        return self.terms(batch, network)

    def negative_elbo_of_images(self, batch: Batch, network: NetworkFunctions) -> Tensor | None:  # noqa: ARG002
        """The term "negative_elbo" of each image, (B,) in nats, with the draws of `terms`; None if unknown.

        Its mean over the batch is the term's value; intervals are computed from it.
        """
        return None

    def fit(self, phase: str, batch: Batch, parameters: Mapping[str, Tensor], complete: bool) -> None:
        """Compute the parameters of an exact phase (`Phase.exact`) from the images so far, in place.

        Without gradients. What is summed up from batch to batch belongs to `fit_state`.

        parameters: those that the phase changes, by their names in the model, of any shape
        complete:   whether the batch is the last one of an epoch: every training image was in one
        """
        raise NotImplementedError

    def fit_state(self) -> Mapping[str, Tensor]:
        """What `fit` has summed up, by name: tensors of any shape on the CPU; shape and type never change.

        Kept in checkpoints and restored in place; snapshots and kept models do without it.
        """
        return {}

    def after_step(self) -> None:
        """What follows the optimisers in each step of training, without gradients: moving averages."""

    def anneal(self, step: int, steps_per_epoch: int, live: dict[str, float]) -> None:
        """Change live values in place before a step, as a schedule requires."""
