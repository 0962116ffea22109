"""bfloat16 rounds the products of a training, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from aestudio.training.evaluation import mean_terms
from aestudio.training.loop import TrainingLoop
from tests.training.conftest import small_spec

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset


@pytest.mark.parametrize("name", ["vae", "conv-vae", "deep-ae", "digit-classifier"])
def test_half_precision_learns_about_the_same(few_digits: Dataset, name: str) -> None:
    losses = []
    for precision in ("float32", "bfloat16"):
        loop = TrainingLoop(small_spec(name, precision=precision, epochs=3), few_digits)
        while loop.step < loop.total_steps:
            loop.advance()
        assert all(parameter.dtype == torch.float32 for parameter in loop.model.parameters())
        losses.append(mean_terms(loop.model, loop.validation, loop.live)["loss"])
    assert losses[1] != losses[0]
    assert losses[1] == pytest.approx(losses[0], rel=0.05)


def test_evaluation_is_not_rounded(few_digits: Dataset) -> None:
    full, half = (
        TrainingLoop(small_spec(precision=precision), few_digits) for precision in ("float32", "bfloat16")
    )
    assert mean_terms(full.model, full.validation, full.live) == mean_terms(
        half.model, half.validation, half.live
    )
