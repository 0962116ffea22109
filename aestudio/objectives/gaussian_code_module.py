"""Codes with a Gaussian posterior, and the likelihoods of images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import torch
from torch import Tensor

from aestudio.objectives import likelihood
from aestudio.objectives.gaussian_code import GaussianCode
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from aestudio.recipes.architecture import Architecture

SettingsType = TypeVar("SettingsType", bound=GaussianCode)

FIRST_VARIANCE = 0.1
DECAY = 0.98
SMALLEST = 1e-5


class GaussianPosteriorModule(ObjectiveModule):
    """Shapes: images (B, C, H, W), features (B, F), mean and log-variance (B, L)."""

    def __init__(self, architecture: Architecture) -> None:
        super().__init__(architecture)
        self.latent_size = architecture.latent.size

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:  # noqa: ARG002 - takes none
        mean, log_variance = self.head(features).split(self.latent_size, dim=1)
        return Code(mean, log_variance)

    def posterior(self, batch: Batch, network: NetworkFunctions) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of the code of each image of the batch, (B, L) each."""
        told = batch.condition
        mean, log_variance = self.code(network.features(self.encoder_input(batch.images, told)), told)
        assert log_variance is not None
        return mean, log_variance


class GaussianCodeModule(GaussianPosteriorModule, Generic[SettingsType]):
    """Shapes: images and logits (B, C, H, W), features (B, F), mean and log-variance (B, L).

    variance: of the pixels around the decoder's means, for likelihoods that learn it: the moving average of
    the squared error, which is the variance of the largest likelihood (Rybkin et al. 2021, section 3)
    """

    variance: Tensor

    def __init__(self, settings: SettingsType, architecture: Architecture) -> None:
        super().__init__(architecture)
        self.settings = settings
        self.learns_variance = settings.likelihood in ("learned_gaussian", "discretised_logistic")
        self._error: Tensor | None = None
        if self.learns_variance:  # no other model has this number
            self.register_buffer("variance", torch.full((1,), FIRST_VARIANCE))

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        match self.settings.likelihood:
            case "gaussian":
                variance = self.settings.pixel_variance
                return likelihood.gaussian_of_images(self.to_images(logits), images, variance)
            case "learned_gaussian":
                return likelihood.gaussian_of_images(self.to_images(logits), images, self.variance)
            case "discretised_logistic":
                means, scale = self.to_images(logits), likelihood.logistic_scale(self.variance)
                return likelihood.per_image(likelihood.discretised_logistic(means, images, scale))
            case _:
                return likelihood.cross_entropy_of_images(logits, images)

    def reconstruction(self, logits: Tensor, images: Tensor) -> Tensor:
        """-log p(x|z) per image in nats, a scalar."""
        match self.settings.likelihood:
            case "gaussian":
                return likelihood.gaussian(self.to_images(logits), images, self.settings.pixel_variance)
            case "bernoulli":
                return likelihood.cross_entropy(logits, images)
            case _:
                if self.training:
                    self._error = (self.to_images(logits.detach()) - images).square().mean()
                return self.image_loss(logits, images).mean()

    def after_step(self) -> None:
        """The learned variance follows the squared error."""
        if self._error is not None:
            self.variance.lerp_(self._error.clamp(min=SMALLEST), 1 - DECAY)
