"""Functions that a training calls in each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from aestudio.recipes.phase import SINGLE
from aestudio.training.optimisers import build_optimisers

if TYPE_CHECKING:
    from aestudio.training.loop import TrainingLoop
    from benchmarks.functions.conftest import Measured


def test_gather_a_batch(measured: Measured, loop: TrainingLoop) -> None:
    indices = torch.randperm(len(loop.training))[:64]
    note = "64 images from the resident uint8 images, as floats"
    examples = measured(note, loop.training.gather, indices)
    assert examples.images.shape == (64, 1, 28, 28)


def test_optimiser_step(measured: Measured, loop: TrainingLoop) -> None:
    (optimiser,) = build_optimisers(loop.model, SINGLE, loop.settings)
    gradients = [torch.ones_like(parameter) for parameter in loop.model.parameters()]
    measured("one step of Adam over the 222,384 parameters of `deep-ae`", optimiser.step, gradients, 1e-3)


def test_training_step(measured: Measured, loop: TrainingLoop) -> None:
    measured("one whole step of `deep-ae`, batch 64: gather, forward, backward, Adam, sums", loop.advance)
    assert loop.step > 0


def test_snapshot(measured: Measured, loop: TrainingLoop) -> None:
    snapshot = measured("the copy of `deep-ae`'s weights that the window gets twice a second", loop.snapshot)
    assert not next(iter(snapshot.weights.values())).flags.writeable
