"""MMD against its definition, and what it makes of codes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aestudio.errors import StudioError
from aestudio.objectives.wasserstein.config import Wasserstein
from aestudio.objectives.wasserstein.module import SCALES, squared_mmd
from aestudio.recipes.library import find_recipe
from aestudio.recipes.requirements import has_standard_normal_prior
from aestudio.training.batches import ResidentImages
from aestudio.training.evaluation import mean_terms
from tests.objectives.test_objectives import images_of, model_of, terms_of


def normal(count: int, size: int, seed: int) -> torch.Tensor:
    return torch.randn(count, size, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def by_pairs(codes: np.ndarray, draws: np.ndarray) -> float:
    """The same, pair by pair, as Gretton et al. 2012 write it."""

    def k(x: np.ndarray, y: np.ndarray) -> float:
        square = float(((x - y) ** 2).sum())
        return sum(2 * len(x) * s / (2 * len(x) * s + square) for s in SCALES)

    n = len(codes)
    pairs = [(i, j) for i in range(n) for j in range(n)]
    within = sum(k(codes[i], codes[j]) + k(draws[i], draws[j]) for i, j in pairs if i != j) / (n * (n - 1))
    return within - 2 * sum(k(codes[i], draws[j]) for i, j in pairs) / n**2


@pytest.mark.parametrize(("count", "size"), [(2, 1), (7, 3), (20, 256)])
def test_mmd_is_the_sum_over_pairs(count: int, size: int) -> None:
    codes, draws = 2 * normal(count, size, 0) + 1, normal(count, size, 1)
    assert float(squared_mmd(codes, draws)) == pytest.approx(by_pairs(codes.numpy(), draws.numpy()), rel=1e-9)


def test_one_code_says_nothing_and_has_a_gradient_of_zero() -> None:
    code = torch.ones(1, 4, requires_grad=True)
    mmd = squared_mmd(code, torch.zeros(1, 4))
    mmd.backward()
    assert float(mmd.detach()) == 0
    assert code.grad is not None
    assert not code.grad.any()


@pytest.mark.thorough
def test_it_has_no_bias_whatever_the_batch() -> None:
    """Codes of the prior: 0 on average, in small batches too; of another distribution the same value."""
    for shift in (0.0, 1.0):
        means = {}
        for count in (4, 64):
            values = [
                float(squared_mmd(normal(count, 3, seed) + shift, normal(count, 3, seed + 10_000)))
                for seed in range(6400 // count)
            ]
            means[count] = np.mean(values), np.std(values) / len(values) ** 0.5
        assert abs(means[4][0] - means[64][0]) < 4 * np.hypot(means[4][1], means[64][1])
        assert (abs(means[64][0]) < 4 * means[64][1]) == (shift == 0)


def test_loss_is_distance_and_weighted_mmd() -> None:
    terms = terms_of(model_of(Wasserstein()), images_of(6), mmd_weight=70.0)
    assert terms["loss"] == pytest.approx(terms["reconstruction"] + 70 * terms["mmd"], rel=1e-6)


def test_neighbours_that_are_alike_are_no_distance_to_the_prior() -> None:
    """An evaluation mixes its batches: in MNIST's file neighbours are of one writer."""
    model = model_of(Wasserstein())
    images = (255 * images_of(1024)).to(torch.uint8)
    brightness = torch.linspace(0, 1, 1024)[:, None, None, None]
    sorted_images = (images * brightness).to(torch.uint8)
    order = torch.randperm(1024, generator=torch.Generator().manual_seed(5))
    mixed = sorted_images[order]
    live = {"mmd_weight": 1.0}
    one, other = (
        mean_terms(model, ResidentImages(each, None, None), live) for each in (sorted_images, mixed)
    )
    assert one["mmd"] == pytest.approx(other["mmd"], rel=0.2)
    assert one == mean_terms(model, ResidentImages(sorted_images, None, None), live)


def test_codes_that_cannot_follow_the_prior_are_refused() -> None:
    with pytest.raises(StudioError, match="linear"):
        find_recipe("wae-mmd").with_settings({"code_activation": "relu"})


def test_samples_come_from_the_prior() -> None:
    latent = model_of(Wasserstein()).objective.architecture.latent
    assert has_standard_normal_prior(latent)
    assert latent.kind == "vector"
