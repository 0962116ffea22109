"""Sample curves and codes that look like those of a training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from aestudio.gui.plots.curves import Curve

if TYPE_CHECKING:
    from aestudio.types import Labels


def sample_curves(epochs: float = 7.0) -> tuple[Curve, Curve]:
    """Training loss at 7,000 steps and validation loss four times per epoch, in nats per image."""
    random = np.random.default_rng(0)
    x = np.linspace(0, epochs, 7000)
    trend = 104 + 42 * np.exp(-x * 1.1) + 395 * np.exp(-x * 22)
    train = trend + random.normal(0, 3.2, len(x))
    after = np.arange(0.25, epochs, 0.25)
    validation = 105.4 + 42 * np.exp(-after * 1.05) + random.normal(0, 0.25, len(after))
    return Curve("Training", x, train, "accent"), Curve("Validation", after, validation, "warn")


def sample_terms(epochs: float = 7.0) -> tuple[tuple[str, tuple[Curve, ...]], ...]:
    """Return (title, curves) of two loss terms."""
    random = np.random.default_rng(1)
    x = np.linspace(0, epochs, 3000)
    reconstruction = 79 + 60 * np.exp(-x * 1.4) + random.normal(0, 3.0, len(x))
    kl = 25.3 * (1 - 0.6 * np.exp(-x * 2.5)) + random.normal(0, 0.5, len(x))
    after = np.arange(0.5, epochs, 0.5)
    terms = []
    for title, values in (("Reconstruction", reconstruction), ("KL divergence", kl)):
        held_out = np.interp(after, x, np.convolve(values, np.ones(101) / 101, "same"))
        held_out[-1] = held_out[-2]
        validation = Curve("Validation", after, held_out, "warn")
        terms.append((title, (Curve("Training", x, values, "accent"), validation)))
    return tuple(terms)


def sample_map(count: int = 10_000) -> tuple[npt.NDArray[np.float32], Labels]:
    """Codes, float32 (count, 2), and labels, int64 (count,), that resemble those of a two-dimensional VAE."""
    random = np.random.default_rng(2)
    labels = random.integers(0, 10, count)
    angle = labels * 2 * np.pi / 9 + random.normal(0, 0.16, count)
    radius = np.where(labels == 9, 0.25, 1.6) + np.abs(random.normal(0, 0.75, count))
    bend = angle + 0.35 * radius
    xy = np.stack((radius * np.cos(bend), 0.85 * radius * np.sin(bend)), axis=1)
    return (xy + random.normal(0, 0.12, xy.shape)).astype(np.float32), labels
