"""Loss terms per image: summed over pixels or code dimensions, averaged over the batch (float32 scalars)."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional


def squared_error(means: Tensor, images: Tensor) -> Tensor:
    """Squared difference between two batches of images (B, C, H, W) -> scalar."""
    return functional.mse_loss(means, images, reduction="sum") / len(images)


def absolute_error(means: Tensor, images: Tensor) -> Tensor:
    """Absolute difference between two batches of images (B, C, H, W) -> scalar."""
    return functional.l1_loss(means, images, reduction="sum") / len(images)


def cross_entropy(logits: Tensor, images: Tensor) -> Tensor:
    """-sum x log p + (1 - x) log(1 - p) from logits, in nats (Kingma & Welling 2013, appendix C.1).

    logits, images: (B, C, H, W), images in [0, 1] -> scalar
    """
    return functional.binary_cross_entropy_with_logits(logits, images, reduction="sum") / len(images)


def gaussian(means: Tensor, images: Tensor, variance: float) -> Tensor:
    """Negative log density of N(means, variance) in nats: sum (x-m)^2 / 2s^2 + D/2 log 2 pi s^2.

    means, images: (B, C, H, W) with D pixels each -> scalar
    """
    pixels = images[0].numel()
    return squared_error(means, images) / (2 * variance) + pixels / 2 * math.log(2 * math.pi * variance)


def per_image(losses: Tensor) -> Tensor:
    """Losses of single pixels (B, C, H, W) -> their sum for each image (B,)."""
    return losses.flatten(1).sum(1)


def squared_error_of_images(means: Tensor, images: Tensor) -> Tensor:
    """Squared difference of each image, summed over its numbers: (B, C, H, W) twice -> (B,)."""
    return per_image((means - images).square())


def absolute_error_of_images(means: Tensor, images: Tensor) -> Tensor:
    """Absolute difference of each image, summed over its numbers: (B, C, H, W) twice -> (B,)."""
    return per_image((means - images).abs())


def cross_entropy_of_images(logits: Tensor, images: Tensor) -> Tensor:
    """The cross-entropy of each image in nats: logits and images (B, C, H, W) -> (B,)."""
    return per_image(functional.binary_cross_entropy_with_logits(logits, images, reduction="none"))


def gaussian_of_images(means: Tensor, images: Tensor, variance: float | Tensor) -> Tensor:
    """The negative log density of each image in nats: (B, C, H, W) twice -> (B,)."""
    logarithm = variance.log() if isinstance(variance, Tensor) else math.log(variance)
    constant = images[0].numel() / 2 * (logarithm + math.log(2 * math.pi))
    return squared_error_of_images(means, images) / (2 * variance) + constant


def log_normal(codes: Tensor, mean: Tensor, log_variance: Tensor) -> Tensor:
    """log N(z; mean, diag exp(log_variance)) in nats: (..., L) each, of shapes that broadcast -> (...)."""
    squares = (codes - mean).square() * (-log_variance).exp()
    return -0.5 * (squares + log_variance + math.log(2 * math.pi)).sum(-1)


def kl_to_standard_normal(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(mean, exp(log_variance)) || N(0, I)) in nats per image (Kingma & Welling 2013, appendix B).

    mean, log_variance: (B, L) -> scalar
    """
    each = torch.addcmul(log_variance.exp() - log_variance, mean, mean) - 1
    return each.sum() * (0.5 / len(mean))


def kl_per_dimension(mean: Tensor, log_variance: Tensor) -> Tensor:
    """The KL of each dimension to N(0, 1), averaged over the batch: (B, L), (B, L) -> (L,) in nats."""
    each = torch.addcmul(log_variance.exp() - log_variance, mean, mean) - 1
    return each.sum(0) * (0.5 / len(mean))


def kl_of_images(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(mean, exp(log_variance)) || N(0, I)) of each image: (B, L), (B, L) -> (B,) in nats."""
    each = torch.addcmul(log_variance.exp() - log_variance, mean, mean) - 1
    return each.sum(1) * 0.5


def kl_of_normals(mean: Tensor, log_variance: Tensor, other: Tensor, other_log_variance: Tensor) -> Tensor:
    """KL(N(mean, exp(log_variance)) || N(other, exp(other_log_variance))) of each image, in nats.

    Means and log-variances (..., L) of shapes that broadcast -> (...); diagonal covariances.
    """
    ratio = (log_variance - other_log_variance).exp()
    distance = (mean - other).square() * (-other_log_variance).exp()
    return 0.5 * (ratio + distance - 1 + other_log_variance - log_variance).sum(-1)


def reparameterise(mean: Tensor, log_variance: Tensor, noise: torch.Generator | None) -> Tensor:
    """mean + exp(log_variance / 2) * eps, eps ~ N(0, I) from the generator: (B, L), (B, L) -> (B, L).

    The reparameterisation trick (Kingma & Welling 2013, section 2.4).
    """
    epsilon = torch.randn(mean.shape, generator=noise, device=mean.device, dtype=mean.dtype)
    return torch.addcmul(mean, (0.5 * log_variance).exp(), epsilon)


def logistic_scale(variance: Tensor) -> Tensor:
    """The scale s of the logistic distribution of this variance, s^2 pi^2 / 3: same shape."""
    return (3 * variance).sqrt() / math.pi


def discretised_logistic(means: Tensor, images: Tensor, scale: Tensor) -> Tensor:
    """-log of the probability of each pixel's grey level, in nats: (B, C, H, W) twice -> same shape.

    F((x - m + 1/510) / s) - F((x - m - 1/510) / s) with F(a) = 1 / (1 + exp(-a)), for x one of k / 255; the
    first and the last level have all that is beyond them (Kingma et al. 2016, Salimans et al. 2017).
    """
    half = 1 / 510
    above, below = (images - means + half) / scale, (images - means - half) / scale
    # log(F(a) - F(b)) without cancellation.
    inside = (
        functional.logsigmoid(above)
        + functional.logsigmoid(-below)
        + torch.log(-torch.expm1(-2 * half / scale))
    )
    first, last = images < half, images > 1 - half
    logs = torch.where(first, functional.logsigmoid(above), inside)
    return -torch.where(last, functional.logsigmoid(-below), logs)
