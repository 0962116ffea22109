"""What a user's own prior gives is checked, and its errors name its line."""

from __future__ import annotations

import inspect
import math

import numpy as np
import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.latent import NormalPrior, Prior
from aestudio.recipes.own_parts.loading_errors import PartUnavailable
from aestudio.recipes.recipe import Recipe
from tests.data.own_prior import config
from tests.data.own_prior.config import Fault, OwnPriorGenerator


def architecture(fault: Fault) -> Architecture:
    network = FullyConnected(latent_size=4, hidden=(8,))
    objective = OwnPriorGenerator(fault=fault)
    return Architecture(
        Recipe(name="own", title="Own", purpose="x.", network=network, objective=objective), MNIST
    )


def prior_of(fault: Fault) -> Prior:
    prior = architecture(fault).latent.prior
    assert prior is not None
    return prior


def line_of(mark: str) -> str:
    lines = inspect.getsource(config).splitlines()
    return f"{inspect.getfile(config)}, line {next(i for i, line in enumerate(lines, 1) if mark in line)}"


def test_codes_are_single_precision_and_otherwise_as_they_are() -> None:
    codes = prior_of("none").sample(5, np.random.default_rng(3), 0.5)
    assert codes.dtype == np.float32
    expected = 0.5 * np.random.default_rng(3).random((5, 4))
    np.testing.assert_array_equal(codes, expected.astype(np.float32))
    np.testing.assert_array_equal(prior_of("none").log_density(codes), np.zeros(5))


def test_an_error_names_its_line() -> None:
    prior = prior_of("raises")
    with pytest.raises(PartUnavailable, match=r"own_prior failed \(LookupError: no codes\)") as caught:
        prior.sample(1, np.random.default_rng())
    assert caught.value.where == line_of("# sampling")
    with pytest.raises(PartUnavailable, match="LookupError: no density") as caught:
        prior.log_density(np.zeros((1, 4), np.float32))
    assert caught.value.where == line_of("# density")


@pytest.mark.parametrize(
    ("fault", "words"),
    [("length", r"gave codes \(2, 5\), not \(2, 4\)"), ("nan", "codes that are not finite")],
)
def test_what_are_no_codes_is_refused(fault: Fault, words: str) -> None:
    with pytest.raises(PartUnavailable, match=words):
        prior_of(fault).sample(2, np.random.default_rng())


def test_densities_that_are_not_one_for_each_code_are_refused() -> None:
    with pytest.raises(PartUnavailable, match=r"log-densities of 2 codes are \(2, 1\), not \(2,\)"):
        prior_of("length").log_density(np.zeros((2, 4), np.float32))


def test_a_shipped_prior_of_another_size_is_refused_at_once() -> None:
    with pytest.raises(PartUnavailable, match="prior is one of 5 numbers, and its codes have 4"):
        architecture("size")


def test_latents_of_one_objective_are_equal_and_a_shipped_prior_stays_what_it_is() -> None:
    assert architecture("none").latent == architecture("none").latent
    assert architecture("none").latent != architecture("raises").latent
    from tests.latent_models import recipe_of

    prior = Architecture(recipe_of("gan"), MNIST).latent.prior
    assert prior is not None
    assert prior == NormalPrior(6)
    densities = prior.log_density(np.zeros((1, 6), np.float32))
    assert densities is not None
    assert densities[0] == pytest.approx(-3 * math.log(2 * math.pi))
