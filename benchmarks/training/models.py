"""The three models of the comparison in plain torch, as a tutorial would write them.

`tests/benchmarks/test_training_models.py` compares them with the recipes of the same names: same number of
parameters, and same loss with the same weights.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class DeepAutoencoder(nn.Module):
    """784-128-64-32-64-128-784, squared error."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 32)
        )
        self.decoder = nn.Sequential(
            nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 784)
        )

    def loss(self, images: Tensor) -> Tensor:
        """Squared error per image, a scalar; images: float32 (B, 1, 28, 28) in [0, 1]."""
        return (self.decoder(self.encoder(images)) - images.flatten(1)).square().sum() / len(images)


class _Variational(nn.Module):
    encoder: nn.Module
    decoder: nn.Module

    def loss(self, images: Tensor) -> Tensor:
        """Negative ELBO per image in nats, a scalar; images: float32 (B, 1, 28, 28) in [0, 1]."""
        mean, log_variance = self.encoder(images).chunk(2, dim=1)
        code = mean + (0.5 * log_variance).exp() * torch.randn_like(mean)
        logits = self.decoder(code).flatten(1)
        reconstruction = functional.binary_cross_entropy_with_logits(
            logits, images.flatten(1), reduction="sum"
        )
        kl = -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum()
        return (reconstruction + kl) / len(images)


class Variational(_Variational):
    """784-256-(32)-256-784."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 64))
        self.decoder = nn.Sequential(nn.Linear(32, 256), nn.ReLU(), nn.Linear(256, 784))


class ConvolutionalVariational(_Variational):
    """Two stride-2 convolutions of 16 and 32 channels, 128 units, a code of 10, and the mirrored decoder."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 16, 4, 2, 1),
            nn.ReLU(),
            nn.Conv2d(16, 32, 4, 2, 1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(32 * 49, 128),
            nn.ReLU(),
            nn.Linear(128, 20),
        )
        self.decoder = nn.Sequential(
            nn.Linear(10, 128),
            nn.ReLU(),
            nn.Linear(128, 32 * 49),
            nn.Unflatten(1, (32, 7, 7)),
            nn.ReLU(),
            nn.ConvTranspose2d(32, 16, 4, 2, 1),
            nn.ReLU(),
            nn.ConvTranspose2d(16, 1, 4, 2, 1),
        )


MODELS: dict[str, type[DeepAutoencoder | _Variational]] = {
    "deep-ae": DeepAutoencoder,
    "vae": Variational,
    "conv-vae": ConvolutionalVariational,
}


def parameter_count(model: nn.Module) -> int:
    """The number of trained parameters."""
    return sum(parameter.numel() for parameter in model.parameters())
