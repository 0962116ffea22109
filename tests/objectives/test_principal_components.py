"""PCA against numpy's SVD of all images; the linear autoencoder reaches the same plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from scipy.linalg import subspace_angles

from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.datasets.image_shape import MNIST, DataShape, ImageShape
from aestudio.errors import BadChoice, StudioError
from aestudio.inference.frozen_model import FrozenModel
from aestudio.networks.convolutional.config import Convolutional
from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.objectives.principal_components.config import PrincipalComponents
from aestudio.objectives.principal_components.module import principal_components
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.recipes.memory_estimate import memory_needed
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.record import record
from aestudio.runs.start import resume_run
from aestudio.runs.state_size import check_state_size
from aestudio.training.commands import Commands
from aestudio.training.events import CheckpointTaken, Ended, MetricPoint, SnapshotTaken
from aestudio.training.loop import TrainingLoop, train_steps
from aestudio.training.optimisers import NoOptimiser
from aestudio.training.recorded_steps import recorded
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.training.events import Checkpoint, Event, Snapshot

SIDE = 8


def images_of(count: int, channels: int = 1, seed: int = 0) -> ImageSet:
    """Images whose pixels are correlated, so that some directions matter more than others."""
    generator = np.random.default_rng(seed)
    size = channels * SIDE * SIDE
    mixing = np.random.default_rng(99).normal(size=(size, size)) * 0.7 ** np.arange(size)
    pixels = 128 + 40 * generator.normal(size=(count, size)) @ mixing.T
    images = np.clip(pixels, 0, 255).astype(np.uint8).reshape(count, channels, SIDE, SIDE)
    return ImageSet(images, None, ())


def data_of(count: int = 600, channels: int = 1) -> Dataset:
    return Dataset("random", "Random", images_of(count, channels), images_of(50, channels, 1))


def spec_of(name: str = "pca", **settings: Any) -> RunSpec:
    small = {"batch_size": 64, "validation_images": 0, "latent_size": 5}
    return RunSpec("run", find_recipe(name).with_settings(small | settings), "random", "cpu")


def last_snapshot(events: list[Event]) -> Snapshot:
    return [event.snapshot for event in events if isinstance(event, SnapshotTaken)][-1]


def fitted(dataset: Dataset, **settings: Any) -> Snapshot:
    return last_snapshot(list(train(spec_of(**settings), dataset)))


def flat(images: ImageSet) -> NDArray[np.float64]:
    return images.images.reshape(len(images), -1) / 255


def directions(snapshot: Snapshot) -> NDArray[np.float64]:
    """The columns (D, L) that the decoder adds up."""
    return snapshot.weights["decoder.0.weight"].astype(np.float64)


@pytest.mark.parametrize("channels", [1, 3])
def test_it_is_the_svd_of_all_images(channels: int) -> None:
    dataset = data_of(channels=channels)
    snapshot = fitted(dataset)
    x = flat(dataset.train)
    _, singular, rows = np.linalg.svd(x - x.mean(0), full_matrices=False)
    deviations = singular[:5] / np.sqrt(len(x))
    expected = rows[:5].T * np.sign(rows[np.arange(5), np.abs(rows[:5]).argmax(1)])
    np.testing.assert_allclose(directions(snapshot), expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(snapshot.weights["decoder.0.bias"], x.mean(0), rtol=1e-5)
    frozen = FrozenModel(snapshot)
    codes = frozen.encode(dataset.train.images).mean
    np.testing.assert_allclose(codes, (x - x.mean(0)) @ expected, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(codes.mean(0), 0, atol=1e-4)
    np.testing.assert_allclose(codes.std(0), deviations, rtol=1e-4)


def test_neither_the_batches_nor_the_seed_matter() -> None:
    """The order of the images changes roundings only."""
    dataset = data_of()
    one, other = fitted(dataset), fitted(dataset, batch_size=600, seed=5)
    np.testing.assert_allclose(directions(one), directions(other), rtol=1e-4, atol=1e-7)
    again = fitted(dataset)
    assert all(np.array_equal(values, again.weights[name]) for name, values in one.weights.items())


def test_the_error_is_the_sum_of_the_other_variances() -> None:
    dataset = data_of()
    x = flat(dataset.train)
    variances = np.linalg.eigvalsh(np.cov(x.T, bias=True))[::-1]
    frozen = FrozenModel(fitted(dataset))
    with torch.no_grad():
        images = torch.tensor(x, dtype=torch.float32).reshape(-1, 1, SIDE, SIDE)
        terms = frozen.model.terms(_batch(images))
    assert float(terms["loss"]) == pytest.approx(variances[5:].sum(), rel=1e-4)
    assert float(terms["explained_variance"]) == pytest.approx(
        variances[:5].sum() / variances.sum(), rel=1e-4
    )
    assert frozen.model.image_losses(images).mean() <= terms["loss"]  # what is shown is cut off at 0 and 1


def _batch(images: torch.Tensor) -> Any:
    from aestudio.objectives.objective_module import Batch

    return Batch(images, None, None, {})


@pytest.mark.thorough
def test_a_linear_autoencoder_reaches_the_same_plane() -> None:
    """Baldi & Hornik 1989: its only minimum is the plane of the first components."""
    dataset = data_of()
    components = directions(fitted(dataset, latent_size=3))
    trained = last_snapshot(
        list(train(spec_of("linear-ae", latent_size=3, epochs=150, learning_rate=0.03), dataset))
    )
    angles = np.rad2deg(subspace_angles(components, directions(trained)))
    assert angles.max() < 1
    start = last_snapshot(list(train(spec_of("linear-ae", latent_size=3, epochs=1), dataset)))
    assert np.rad2deg(subspace_angles(components, directions(start))).max() > 20


def test_curves_and_end() -> None:
    events = list(train(spec_of(validation_images=60, validations_per_epoch=3), data_of()))
    assert isinstance(events[-1], Ended)
    assert (events[-1].reason, events[-1].step) == ("finished", 9)
    points = [event for event in events if isinstance(event, MetricPoint)]
    names = {term.name for term in PrincipalComponents().terms()}
    assert all(set(point.terms) == names for point in points)
    validation = [point.terms["loss"] for point in points if point.split == "validation"]
    assert len(validation) == 3
    assert validation[-1] < validation[0]


def test_it_is_resumed_bit_for_bit(tmp_path: Path) -> None:
    dataset = data_of()
    whole = _last_checkpoint(list(train(spec_of(), dataset)))
    commands = Commands()
    for event in record(train(spec_of(), dataset, commands), spec_of(), tmp_path / "run"):
        if isinstance(event, MetricPoint) and event.step >= 2:
            commands.stop()
    kept = KeptRun.at(tmp_path / "run")
    assert 0 < kept.require_record().step < whole.counters["step"]
    resumed = _last_checkpoint(list(resume_run(kept, dataset)))
    assert whole.optimiser.keys() == resumed.optimiser.keys() == {"fit/count", "fit/sum", "fit/products"}
    assert whole.optimiser["fit/count"] == 600
    for one, other in (
        (whole.optimiser, resumed.optimiser),
        (whole.snapshot.weights, resumed.snapshot.weights),
    ):
        assert all(np.array_equal(values, other[name]) for name, values in one.items())


def _last_checkpoint(events: list[Event]) -> Checkpoint:
    return [event.checkpoint for event in events if isinstance(event, CheckpointTaken)][-1]


def test_what_was_summed_up_is_no_part_of_the_model() -> None:
    snapshot = fitted(data_of())
    assert set(snapshot.weights) == {
        *("decoder.0.weight", "decoder.0.bias"),
        *("objective.head.weight", "objective.head.bias"),
    }


@pytest.mark.parametrize("size", [1, 256])
def test_more_numbers_than_the_images_differ_in_are_0(size: int) -> None:
    """Sixty images of 64 pixels differ along 59 directions at most."""
    dataset = data_of(60)
    snapshot = fitted(dataset, latent_size=size)
    frozen = FrozenModel(snapshot)
    codes = frozen.encode(dataset.train.images).mean
    assert codes.shape == (60, size)
    assert (codes.std(0)[:59] > 1e-5).all()
    assert not codes[:, 59:].any()
    if size > 59:
        x = dataset.train.images.astype(float) / 255
        assert np.abs(frozen.reconstruct(dataset.train.images) / 255 - x).max() < 0.01


def test_directions_without_variance() -> None:
    vectors = principal_components(torch.zeros(4, 4, dtype=torch.float64), 6)
    assert vectors.shape == (4, 6)
    assert not vectors.any()


def test_the_components_follow_the_images_as_they_come() -> None:
    """Computed again whenever their number has doubled, and at the end."""
    loop = TrainingLoop(spec_of(), data_of())
    changed: list[int] = []
    before = loop.snapshot().weights
    for step in range(1, 11):
        loop.advance()
        after = loop.snapshot().weights
        if not np.array_equal(before["decoder.0.weight"], after["decoder.0.weight"]):
            changed.append(step)
        before = after
    assert changed == [1, 2, 4, 8, 10]


def test_nothing_follows_gradients() -> None:
    loop = TrainingLoop(spec_of(), data_of())
    (optimiser,) = loop.learner.optimisers
    assert isinstance(optimiser, NoOptimiser)
    with pytest.raises(TypeError, match="no gradients"):
        optimiser.apply([], [], {}, 0.1)
    assert loop.model.precision == "float32"
    assert recorded(train_steps, loop.learner) is None
    recipe = find_recipe("pca")
    with_effect = {info.name for info in recipe.settings()["training"] if recipe.has_effect(info)}
    assert {"epochs", "batch_size", "validation_images"} <= with_effect
    assert not {"learning_rate", "optimiser", "momentum", "schedule", "initial_weights"} & with_effect


@pytest.mark.parametrize("network", [FullyConnected(), Convolutional(), Convolutional(channels=())])
def test_networks_that_are_not_linear_are_refused(network: Any) -> None:
    with pytest.raises(BadChoice, match="without hidden layers"):
        find_recipe("pca").combined(network)
    find_recipe("pca").combined(FullyConnected(hidden=(), latent_size=3))
    with pytest.raises(BadChoice, match="without hidden layers"):
        find_recipe("pca").with_settings({"hidden": (5,)})


def test_memory_and_file_sizes_count_the_sums() -> None:
    large = DataShape(ImageShape(1, 64, 64))
    recipe = find_recipe("pca")
    sums = 8 * (64 * 64) ** 2
    assert memory_needed(Architecture(recipe, large)).device > 8 * sums
    middle = Architecture(recipe, DataShape(ImageShape(1, 60, 60)))
    check_state_size(8 * 3600**2 + 10_000, middle)
    with pytest.raises(ValueError, match="at most"):
        check_state_size(20 * 8 * 3600**2, middle)
    assert memory_needed(Architecture(recipe, MNIST)).device < 0.5e9


@pytest.mark.slow
@pytest.mark.mnist
@pytest.mark.parametrize(("size", "error"), [(2, 43.6449), (10, 26.7139), (30, 13.8663), (64, 7.0927)])
def test_errors_on_mnist_are_the_known_ones(mnist: Dataset, size: int, error: float) -> None:
    """By the covariance's eigenvectors in double precision; Hinton and Salakhutdinov (2006) give 13.87."""
    frozen = FrozenModel(fitted(mnist, latent_size=size, batch_size=500))
    images = torch.tensor(mnist.test.images, dtype=torch.float32) / 255
    with torch.no_grad():
        terms = frozen.model.terms(_batch(images))
    assert float(terms["loss"]) == pytest.approx(error, abs=0.0005)


@pytest.mark.parametrize("images", [500, 20])
def test_few_components_of_large_images_are_the_same(images: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """By iteration: all eigenvectors of large matrices take too long."""
    values = np.random.default_rng(0).standard_normal((images, 160)) * np.linspace(3, 0.1, 160)
    matrix = torch.tensor(np.cov(values.T))
    exact = principal_components(matrix, 12)
    monkeypatch.setattr("aestudio.objectives.principal_components.module.LARGE", 100)
    few = principal_components(matrix, 12)
    torch.testing.assert_close(few, exact, atol=1e-8, rtol=0)
    # More components than the images have directions: what has no variance is 0.
    assert torch.equal(principal_components(matrix, 20)[:, 19] == 0, torch.full((160,), images == 20))


def test_images_whose_covariance_is_too_large_are_refused_with_the_reason() -> None:
    Architecture(find_recipe("pca"), DataShape(ImageShape(1, 64, 64)))
    with pytest.raises(StudioError, match=r"12,288 numbers have a covariance of 1\.2 GB") as caught:
        Architecture(find_recipe("pca"), DataShape(ImageShape(3, 64, 64)))
    assert "linear autoencoder" in caught.value.advice
