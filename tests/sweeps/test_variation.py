"""Settings and the values that a sweep tries."""

from __future__ import annotations

import numpy as np
import pytest

from aestudio.errors import BadChoice
from aestudio.recipes.library import find_recipe
from aestudio.sweeps.variation import Variation, combinations, parse_variation, settings_text

VAE = find_recipe("vae")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("latent_size=2,8,32", (2, 8, 32)),
        ("latent_size = 2, 8 , 8", (2, 8)),
        ("latent_size=2:32:log5", (2, 4, 8, 16, 32)),
        ("beta=1:3:lin3", (1.0, 2.0, 3.0)),
        ("hidden=128,64;256", ((128, 64), (256,))),
        ("hidden=128,64", ((128, 64),)),
        ("activation=relu,gelu", ("relu", "gelu")),
    ],
)
def test_values(text: str, values: tuple[object, ...]) -> None:
    assert parse_variation(text, VAE) == Variation(text.partition("=")[0].strip(), values)


def test_equal_ratios_are_numpys() -> None:
    values = parse_variation("beta=0.5:8:log7", VAE).values
    assert values == pytest.approx(np.geomspace(0.5, 8, 7), rel=1e-5)
    assert (values[0], values[-1]) == (0.5, 8.0)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("latent_size", "as latent_size=2,8,32"),
        ("latent_size=", "as latent_size=2,8,32"),
        ("latent=2", "latent_size"),
        ("latent_size=two", "whole number"),
        ("beta=-1,2", "from 0"),
        ("beta=0:8:log3", "a range above 0"),
        ("beta=1:8:log1", "a range is of 2 to"),
        ("activation=0:1:lin2", "a range is of 2 to"),
        ("folds=2,5", "--folds and --repeats"),
        ("seed=0:5000:lin2000", "2 to 1,000 numbers"),
    ],
)
def test_what_is_none(text: str, allowed: str) -> None:
    with pytest.raises(BadChoice) as caught:
        parse_variation(text, VAE)
    assert allowed in str(caught.value)


def test_every_combination() -> None:
    made = combinations([Variation("latent_size", (2, 8)), Variation("beta", (1.0, 2.0, 4.0))])
    assert len(made) == 6
    assert made[:2] == ({"latent_size": 2, "beta": 1.0}, {"latent_size": 2, "beta": 2.0})
    assert made[-1] == {"latent_size": 8, "beta": 4.0}


def test_drawn_ones_differ_and_follow_from_the_seed() -> None:
    variations = [Variation("latent_size", (2, 8, 32)), Variation("beta", (1.0, 2.0, 4.0))]
    every = combinations(variations)
    drawn = combinations(variations, 4, seed=3)
    assert [one for one in every if one in drawn] == list(drawn)
    assert len(drawn) == 4
    assert drawn == combinations(variations, 4, seed=3)
    assert any(combinations(variations, 4, seed=seed) != drawn for seed in range(5))
    assert combinations(variations, 99) == every


def test_combinations_that_cannot_be() -> None:
    beta = Variation("beta", (1.0,))
    with pytest.raises(BadChoice, match="each once"):
        combinations([])
    with pytest.raises(BadChoice, match="each once"):
        combinations([beta, beta])
    with pytest.raises(BadChoice, match="from 1"):
        combinations([Variation("beta", (1.0, 2.0))], 0)


def test_words() -> None:
    assert settings_text(VAE, {"latent_size": 8, "beta": 0.5}) == "latent 8, beta 0.5"
