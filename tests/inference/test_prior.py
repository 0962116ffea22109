"""Codes from a prior: declared, or learned with weights of its own, which the model draws from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import kstest

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import StudioError
from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.latent import Latent, NormalPrior
from aestudio.recipes.own_parts.loading_errors import PartUnavailable
from aestudio.recipes.requirements import has_standard_normal_prior
from aestudio.training.events import MetricPoint, SnapshotTaken
from aestudio.training.initial import initial_snapshot
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.latent_models import snapshot_of as model_of_kind
from tests.learned_prior import NumpyMixture, mixture_prior

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Event, Snapshot

SAMPLE = "        return self.mixture.sample(count, generator, temperature)\n"
LIKELY = 1e-3  # a smaller p-value is an error of the program


def drawn(
    frozen_model: FrozenModel, count: int, seed: int = 3, temperature: float = 1.0
) -> NDArray[np.float32]:
    return frozen_model.sample_prior(count, np.random.default_rng(seed), temperature)


def last_snapshot(events: list[Event]) -> Snapshot:
    return [event for event in events if isinstance(event, SnapshotTaken)][-1].snapshot


def mixture_of(**settings: object) -> Snapshot:
    """Untrained: the means differ, the shares are made to differ as well."""
    snapshot = initial_snapshot(mixture_prior(**settings), MNIST)
    weights = dict(snapshot.weights)
    weights["objective.mixture.logits"] = np.array([0.0, 1.0, -1.0], np.float32)
    weights["objective.mixture.log_deviations"] = np.linspace(-2, 0, 6, dtype=np.float32).reshape(3, 2)
    return replace(snapshot, weights=weights)


# ---- declared ------------------------------------------------------------------------------------------


def test_samples_of_a_variational_model_are_standard_normal(gaussian_model: FrozenModel) -> None:
    codes = drawn(gaussian_model, 2000)
    assert codes.shape == (2000, 6)
    assert codes.dtype == np.float32
    assert kstest(codes.ravel(), "norm").pvalue > LIKELY
    assert (codes == NormalPrior(6).sample(2000, np.random.default_rng(3))).all(), "as it always was"
    assert (codes == drawn(gaussian_model, 2000)).all()
    assert (codes != drawn(gaussian_model, 2000, seed=4)).any()
    densities = gaussian_model.prior_log_density(codes)
    assert densities is not None
    np.testing.assert_allclose(densities, NormalPrior(6).log_density(codes))


def test_a_model_without_a_prior(snapshot_of: Callable[..., Snapshot]) -> None:
    frozen_model = FrozenModel(snapshot_of("deep-ae", latent_size=3))
    with pytest.raises(StudioError, match="no prior"):
        drawn(frozen_model, 1)
    assert frozen_model.prior_log_density(np.zeros((1, 3), np.float32)) is None


# ---- learned -------------------------------------------------------------------------------------------


def test_samples_follow_the_prior_that_was_trained(few_digits: Dataset) -> None:
    events = list(train(RunSpec("run", mixture_prior(), "builtin", "cpu"), few_digits))
    points = [event for event in events if isinstance(event, MetricPoint) and event.split == "training"]
    assert min(point.step for point in points if "surprise" in point.terms) == 18, "after an epoch"
    first = next(event for event in events if isinstance(event, SnapshotTaken)).snapshot
    snapshot = last_snapshot(events)
    untrained, expected, frozen_model = NumpyMixture(first), NumpyMixture(snapshot), FrozenModel(snapshot)
    codes = drawn(frozen_model, 3000)
    assert codes.shape == (3000, 2)
    assert codes.dtype == np.float32
    for dimension in range(2):
        values = codes[:, dimension]
        assert kstest(values, expected.distribution(dimension)).pvalue > LIKELY
        assert kstest(values, "norm").pvalue < LIKELY, "it is not the prior that others declare"
    means = frozen_model.encode(few_digits.test.images).mean
    gain = np.log(expected.density(means)) - np.log(np.maximum(untrained.density(means), 1e-300))
    assert gain.mean() > 1, "nats: it has learned where the codes are"
    densities = frozen_model.prior_log_density(means)
    assert densities is not None
    assert densities.dtype == np.float64
    np.testing.assert_allclose(densities, np.log(expected.density(means)), rtol=1e-4, atol=1e-4)
    assert frozen_model.decode(codes[:5]).shape == (5, 1, 28, 28)


def test_the_temperature_is_that_of_the_objective() -> None:
    snapshot = mixture_of()
    expected, frozen_model = NumpyMixture(snapshot), FrozenModel(snapshot)
    half = drawn(frozen_model, 3000, temperature=0.5)
    for dimension in range(2):
        assert kstest(half[:, dimension], expected.distribution(dimension, 0.5)).pvalue > LIKELY
        assert kstest(half[:, dimension], expected.distribution(dimension)).pvalue < LIKELY
    none = drawn(frozen_model, 50, temperature=0.0)
    assert {tuple(code) for code in none} == {
        tuple(mean) for mean in snapshot.weights["objective.mixture.means"]
    }


def test_the_generator_decides() -> None:
    """Also from batch to batch; torch's own generator has no part in it."""
    frozen_model = FrozenModel(mixture_of())
    codes = drawn(frozen_model, 600)
    assert (codes == drawn(frozen_model, 600)).all()
    assert (codes != drawn(frozen_model, 600, seed=4)).any()
    assert len(np.unique(codes, axis=0)) == 600, "a batch does not repeat the one before"
    assert drawn(frozen_model, 0).shape == (0, 2)


def test_a_learned_prior_without_a_known_density() -> None:
    frozen_model = FrozenModel(mixture_of(has_density=False))
    assert frozen_model.prior_log_density(np.zeros((2, 2), np.float32)) is None


def test_what_the_latent_says() -> None:
    latent = mixture_of().architecture.latent
    assert latent.has_prior
    assert latent.prior is None
    assert not has_standard_normal_prior(latent), "quantiles and KL refer to N(0, I)"
    assert Latent("gaussian", (3,), prior=NormalPrior(3)).has_prior
    assert not Latent("vector", (3,)).has_prior
    assert Latent("codebook", (2, 2), choices=5, learned_prior=True).prior is None


@pytest.mark.parametrize("declared", [{"prior": NormalPrior(3)}, {"kind": "none"}])
def test_a_prior_is_declared_or_learned(declared: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="declared or learned"):
        Latent(**{"kind": "vector", "shape": (3,), "learned_prior": True, **declared})  # type: ignore[arg-type]


def test_a_prior_is_not_learned_without_an_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = type(model_of_kind("gan").recipe.objective)
    monkeypatch.setattr(generator, "latent", lambda *_: Latent("vector", (6,), learned_prior=True))
    with pytest.raises(PartUnavailable, match="does not encode images"):
        _ = model_of_kind("gan").architecture


def test_a_model_that_decodes_nothing_has_no_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(model_of_kind("levels").recipe.objective), "decodes", False)
    with pytest.raises(PartUnavailable, match="decodes nothing, so its latent is of the kind none"):
        _ = model_of_kind("levels").architecture


# ---- mistakes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (SAMPLE.replace("count,", "count + 1,"), r"ValueError: its prior gave codes \(5, 2\), not \(4, 2\)"),
        (SAMPLE.replace("self.mixture", "self.nothing"), "AttributeError"),
    ],
)
def test_mistakes_of_a_prior_name_the_objective(by: str, words: str) -> None:
    frozen_model = FrozenModel(initial_snapshot(mixture_prior(SAMPLE, by), MNIST))
    with pytest.raises(PartUnavailable, match=words) as caught:
        drawn(frozen_model, 4)
    assert caught.value.what.startswith("The objective mixture_prior failed (")


def test_a_learned_prior_needs_a_method_that_draws() -> None:
    """It is known before the training, which would be for nothing."""
    recipe = mixture_prior("def sample_prior", "def draw_prior")
    with pytest.raises(PartUnavailable, match="no method sample_prior"):
        initial_snapshot(recipe, MNIST)


def test_a_discrete_prior_draws_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = model_of_kind("codebook")
    declared = snapshot.architecture.latent
    objective = type(snapshot.recipe.objective)
    learned = replace(declared, prior=None, learned_prior=True)
    monkeypatch.setattr(objective, "latent", lambda *_: learned)
    from tests.latent_models.codebook.module import build

    module = type(build(snapshot.architecture))
    for numbers, fits in (
        (0.0, True),
        (declared.choices - 1.0, True),
        (0.5, False),
        (declared.choices, False),
    ):
        given = np.full((2, declared.size), numbers, np.float32)
        monkeypatch.setattr(module, "sample_prior", lambda *_, given=given: _tensor(given), raising=False)
        frozen_model = FrozenModel(model_of_kind("codebook"))
        if fits:
            assert (drawn(frozen_model, 2) == given).all()
        else:
            with pytest.raises(PartUnavailable, match="no entries"):
                drawn(frozen_model, 2)


def _tensor(array: NDArray[np.float32]) -> object:
    import torch

    return torch.tensor(array)
