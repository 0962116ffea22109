"""The bounds of images with and without a label, and the classifier's loss.

Kingma et al. 2014, "Semi-supervised learning with deep generative models", equations 6 to 9.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, cast

import torch

from aestudio.errors import StudioError
from aestudio.objectives import likelihood
from aestudio.objectives.labelled_terms import labelled_terms
from aestudio.objectives.told_class_module import ToldClassModule

if TYPE_CHECKING:
    from torch import Tensor, nn

    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.objectives.semi_supervised.config import SemiSupervised
    from aestudio.recipes.architecture import Architecture


class Bounds(NamedTuple):
    """The parts of the bound of each image, (B,) each, in nats; they sum up to L(x, y), or U(x)."""

    reconstruction: Tensor
    kl: Tensor
    class_kl: Tensor


class SemiSupervisedModule(ToldClassModule["SemiSupervised"]):
    """`classifier`: features (B, F) -> logits of the classes (B, K). Losses are scalars per image."""

    classifier: nn.Module

    def _told(self, batch: Batch) -> Tensor | None:
        """Which labels the model is told, bool (B,); None for no label at all, as in an evaluation."""
        if batch.labels is None:
            raise StudioError("This recipe needs labels", advice="Choose a data set with labels.")
        return batch.labels >= 0 if self.training else None

    def bounds(
        self, features: Tensor, logits: Tensor, batch: Batch, network: NetworkFunctions, told: Tensor | None
    ) -> Bounds:
        """L(x, y) of images that are told, U(x) of the others.

        logits: of the classes, (B, K); told: as `_told` gives it
        """
        count, classes = logits.shape
        each = torch.eye(classes, device=logits.device, dtype=logits.dtype)
        logs = logits.log_softmax(1)
        weights, entropy = logs.exp(), -(logs.exp() * logs).sum(1)
        tried = each.expand(count, -1, -1)  # (B, K, K): of each image, every class
        if told is not None:
            assert batch.labels is not None
            known = each[batch.labels.clamp(min=0)]
            weights = torch.where(told[:, None], known, weights)
            entropy = torch.where(told, 0.0, entropy)
            if not self.some_hidden:  # nothing to sum over
                tried, weights = known[:, None], torch.ones_like(weights[:, :1])
        both = self.head(features)[:, None] + self.class_shift(tried)
        mean, log_variance = both.flatten(0, 1).split(self.latent_size, 1)
        sample = likelihood.reparameterise(mean, log_variance, batch.noise)
        decoded = network.logits(self.decoder_input(sample, tried.flatten(0, 1)))
        images = batch.images.repeat_interleave(tried.shape[1], 0)
        distance = self.image_loss(decoded, images).view_as(weights)
        kl = likelihood.kl_of_images(mean, log_variance).view_as(weights)
        if self.learns_variance and self.training:
            errors = (self.to_images(decoded.detach()) - images).square().flatten(1).mean(1)
            self._error = (weights.detach() * errors.view_as(weights)).sum(1).mean()
        class_kl = math.log(classes) - entropy
        return Bounds((weights * distance).sum(1), (weights * kl).sum(1), class_kl)

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        told = self._told(batch)
        features = network.features(batch.images)
        logits = self.classifier(features)
        parts = self.bounds(features, logits, batch, network, told)
        class_loss, accuracy = self._classified(logits, batch, network)
        means = {name: value.mean() for name, value in parts._asdict().items()}
        bound = means["reconstruction"] + means["kl"] + means["class_kl"]
        return {
            "loss": bound + batch.live["class_weight"] * class_loss,
            **means,
            "class_loss": class_loss,
            "accuracy": accuracy,
            "negative_elbo": bound,
        }

    def _classified(self, logits: Tensor, batch: Batch, network: NetworkFunctions) -> tuple[Tensor, Tensor]:
        """Cross-entropy and accuracy, scalars: of the labelled images besides the batch, if there are any."""
        if batch.labelled is None:
            assert batch.labels is not None
            return labelled_terms(logits, batch.labels, self.some_hidden)
        logits = self.classifier(network.features(batch.labelled.images))
        return labelled_terms(logits, batch.labelled.labels, some_hidden=False)

    def negative_elbo_of_images(self, batch: Batch, network: NetworkFunctions) -> Tensor | None:
        features = network.features(batch.images)
        parts = self.bounds(features, self.classifier(features), batch, network, None)
        return torch.stack([part.double() for part in parts]).sum(0)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return SemiSupervisedModule(cast("SemiSupervised", architecture.recipe.objective), architecture)
