"""Lossless files: every pixel comes out, and the size is the negative ELBO."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from aestudio.codec import bits_back
from aestudio.codec.bits_back import BitsBack, compress_exactly, decompress_exactly
from aestudio.codec.lossless_models import likelihood_of
from aestudio.codec.opened_file import decompress
from aestudio.codec.stack import Stack
from aestudio.errors import Cancelled, StudioError
from aestudio.inference.frozen_model import FrozenModel
from aestudio.objectives.objective_module import Batch
from aestudio.runs.index import find_run
from aestudio.training.model import build_model, load_weights
from tests.small_models import SMALL, untrained

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset


def elbo_bits(model: FrozenModel, images: np.ndarray, draws: int) -> float:
    """The negative ELBO of all images in bits, as the objective computes it, the mean of several draws."""
    snapshot = model.snapshot
    exact = build_model(snapshot.architecture).eval()
    load_weights(exact, snapshot.weights)
    noise = torch.Generator().manual_seed(3)
    batch = Batch(torch.tensor(images / 255, dtype=torch.float32), None, noise, {"beta": 1.0})
    with torch.inference_mode():
        losses = [exact.negative_elbo_of_images(batch) for _ in range(draws)]
    return float(sum(loss.double().sum() for loss in losses if loss is not None) / draws / np.log(2))


def grey_model() -> FrozenModel:
    return FrozenModel(untrained("grey-level-vae", **SMALL))


@pytest.fixture(scope="module")
def file(variational: FrozenModel, black_and_white: np.ndarray) -> BitsBack:
    return compress_exactly(variational, black_and_white[:40])


def test_every_pixel_comes_out(file: BitsBack, variational: FrozenModel, black_and_white: np.ndarray) -> None:
    decoded = decompress_exactly(variational, file.container)
    assert decoded.as_written
    assert np.array_equal(decoded.pictures, black_and_white[:40])


def test_the_size_is_the_elbo(file: BitsBack, variational: FrozenModel, black_and_white: np.ndarray) -> None:
    bound = elbo_bits(variational, black_and_white[:40], draws=20)
    assert file.net_bits == pytest.approx(bound, rel=0.005)
    assert 8 * file.container.sizes.total == pytest.approx(bound, rel=0.03)  # header and first message


def test_every_bit_is_accounted_for(file: BitsBack) -> None:
    stack = file.first
    for step in file.steps:
        assert step.popped > 0
        assert step.pixels > 0
        assert step.code > 0
        stack += step.net
        assert step.stack == pytest.approx(stack, abs=1e-6)
    assert 0 <= 8 * file.container.sizes.coded - stack <= 40  # up to a word, and the byte that it ends in


def test_no_code_is_popped_far_from_its_mean(variational: FrozenModel, black_and_white: np.ndarray) -> None:
    """Each cell has some probability: with cells everywhere, a stray code would cost a thousand bits."""
    exact = bits_back._ExactModel(variational)
    code = variational.encode(black_and_white[:1])
    posterior = exact.posterior(black_and_white[0])
    assert code.std is not None
    for seed in range(50):
        words = np.random.default_rng(seed).integers(1, 2**32, 20, np.uint64).astype(np.uint32)
        stack = Stack(words)
        cells = posterior.pop(stack)
        assert (np.abs((cells - 512) / 64 - code.mean[0]) < 6.5 * code.std[0]).all()
        posterior.push(stack, cells)
        assert np.array_equal(stack.words(), words)
    with pytest.raises(ValueError, match="none that its image has"):
        posterior.push(Stack(), posterior.first - 1)


@pytest.mark.parametrize("rest", [1, 3])
def test_grey_levels_come_out(rest: int, few_digits: Dataset) -> None:
    model, images = grey_model(), few_digits.test.images[::rest][:12]
    file = compress_exactly(model, images)
    assert np.array_equal(decompress_exactly(model, file.container).pictures, images)
    assert file.net_bits == pytest.approx(elbo_bits(model, images, draws=10), rel=0.005)


def test_the_first_message_is_as_short_as_possible(file: BitsBack) -> None:
    """Words for the posterior of the first image, and at most three more."""
    assert file.first - file.steps[0].popped < 4 * 32


@pytest.mark.parametrize(
    ("name", "settings", "why"),
    [
        ("deep-ae", {}, "variational"),
        ("vae", {"likelihood": "gaussian"}, "density"),
        ("learned-variance-vae", {}, "density"),
        ("conditional-vae", {}, "told more"),
        ("categorical-vae", {}, "variational"),
        ("vamp-vae", {}, "N\\(0, I\\)"),
    ],
)
def test_other_models_are_refused(name: str, settings: dict[str, str], why: str) -> None:
    with pytest.raises(StudioError, match=why):
        likelihood_of(untrained(name, **settings).architecture)


def test_grey_pixels_are_no_black_and_white_ones(variational: FrozenModel, few_digits: Dataset) -> None:
    with pytest.raises(StudioError, match="black and white"):
        compress_exactly(variational, few_digits.test.images[:2])
    with pytest.raises(StudioError, match="no image"):
        compress_exactly(variational, few_digits.test.images[:0])


def test_another_machine_s_numbers_are_noticed(
    file: BitsBack, variational: FrozenModel, tmp_path: Path
) -> None:
    """As the check of the pictures would differ if the model's probabilities did."""
    other = dataclasses.replace(file.container, pictures=file.container.pictures ^ 1)
    with pytest.raises(StudioError, match="cannot be decoded exactly here"):
        decompress(other, variational.snapshot, tmp_path / "a.aec")


def test_it_can_be_cancelled(variational: FrozenModel, black_and_white: np.ndarray) -> None:
    def cancel(done: int, total: int | None, text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        compress_exactly(variational, black_and_white[:3], cancel)


@pytest.mark.thorough
@pytest.mark.mnist
def test_the_shipped_model_is_within_half_a_percent_of_its_elbo(mnist: Dataset) -> None:
    model = FrozenModel(find_run("conv-vae").snapshot())
    images = np.where(mnist.test.images[:400] > 127, 255, 0).astype(np.uint8)
    file = compress_exactly(model, images)
    bound = elbo_bits(model, images, draws=30)
    assert file.net_bits == pytest.approx(bound, rel=0.005)
    assert np.array_equal(decompress_exactly(model, file.container).pictures, images)


def test_the_last_bits_of_another_machine_change_nothing(
    file: BitsBack, variational: FrozenModel, black_and_white: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Doubles of two machines differ by some 1e-16 of their size, those of long sums by a few 1e-14."""
    noise, rounded = np.random.default_rng(0), bits_back._rounded

    def elsewhere(values: torch.Tensor, unit: int) -> np.ndarray:
        return rounded(values * torch.tensor(1 + 1e-13 * noise.standard_normal(values.shape)), unit)

    monkeypatch.setattr(bits_back, "_rounded", elsewhere)
    assert np.array_equal(decompress_exactly(variational, file.container).pictures, black_and_white[:40])


def test_other_probabilities_are_noticed(
    file: BitsBack, variational: FrozenModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounded = bits_back._rounded
    monkeypatch.setattr(bits_back, "_rounded", lambda values, unit: rounded(values * 1.001, unit))
    with pytest.raises(StudioError, match=r"cannot be decoded exactly here|damaged"):
        decompress(file.container, variational.snapshot, tmp_path / "a.aec")
