"""The built-in digits as a data set: shapes, balance, determinism, MNIST's normalisation, cancelling."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.datasets.synthetic import FACTOR_NAMES, STYLES, generate, generation
from aestudio.errors import Cancelled

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return generate(train=3000, test=1000, seed=7)


def test_shapes_and_names(dataset: Dataset) -> None:
    assert (dataset.name, dataset.title) == ("builtin", "Built-in digits")
    for part, count in ((dataset.train, 3000), (dataset.test, 1000)):
        assert part.images.shape == (count, 1, 28, 28)
        assert part.images.dtype == np.uint8
        assert part.labels is not None
        assert part.factors is not None
        assert part.factors.dtype == np.float32
        assert part.factor_names == FACTOR_NAMES
        assert np.isfinite(part.factors).all()
    needed = {"style", "slant", "width", "thickness", "rotation", "size", "curvature", "jitter"}
    assert needed | {"pen softness"} <= set(FACTOR_NAMES)


def test_labels_are_balanced_shuffled_and_those_of_the_style(dataset: Dataset) -> None:
    for part in (dataset.train, dataset.test):
        assert part.labels is not None
        assert part.factors is not None
        assert set(np.bincount(part.labels)) == {len(part) // 10}
        assert np.mean(np.diff(part.labels) == 1) < 0.2
        digit_of_style = np.array([style.digit for style in STYLES])
        np.testing.assert_array_equal(digit_of_style[part.factors[:, 0].astype(int)], part.labels)


def test_every_style_is_used(dataset: Dataset) -> None:
    assert dataset.train.factors is not None
    assert set(dataset.train.factors[:, 0].astype(int)) == set(range(len(STYLES)))


def test_the_same_seed_gives_the_same_bits(dataset: Dataset) -> None:
    again = generate(train=3000, test=1000, seed=7)
    for one, two in ((dataset.train, again.train), (dataset.test, again.test)):
        np.testing.assert_array_equal(one.images, two.images)
        np.testing.assert_array_equal(one.labels, two.labels)
        np.testing.assert_array_equal(one.factors, two.factors)


def test_another_seed_gives_other_images_and_the_test_part_is_independent(dataset: Dataset) -> None:
    other = generate(train=0, test=1000, seed=8)
    assert len(other.train) == 0
    assert not np.array_equal(other.test.images, dataset.test.images)
    np.testing.assert_array_equal(generate(train=0, test=1000, seed=7).test.images, dataset.test.images)


def test_no_image_is_in_both_parts_or_twice(dataset: Dataset) -> None:
    seen = [image.tobytes() for part in (dataset.train, dataset.test) for image in part.images]
    assert len(set(seen)) == len(seen)


def test_normalised_as_mnist_is(dataset: Dataset) -> None:
    """20x20 box, and by whole pixels the centre of mass at (14, 14): within half a pixel."""
    images = dataset.train.images[:, 0].astype(float)
    mass = images.sum(axis=(1, 2))
    for axis in (1, 2):
        centre = images.sum(axis=axis) @ np.arange(28) / mass
        assert np.mean(np.abs(centre - 14) <= 0.51) > 0.995
        assert np.abs(centre - 14).max() < 1
    ink = images > 0.25 * 255
    height, width = (ink.any(axis=axis).sum(axis=1) for axis in (2, 1))
    longer = np.maximum(height, width)
    assert np.mean(longer <= 20) > 0.995
    assert np.mean(longer >= 19) > 0.95


def test_grey_levels_like_mnist(dataset: Dataset) -> None:
    """MNIST has mean .1307, standard deviation .3081, 81 % empty and 7 % saturated pixels."""
    pixels = dataset.train.images / 255
    assert pixels.mean() == pytest.approx(0.1307, abs=0.01)
    assert pixels.std() == pytest.approx(0.3081, abs=0.01)
    assert np.mean(pixels == 0) == pytest.approx(0.809, abs=0.02)
    assert np.mean(pixels > 250 / 255) == pytest.approx(0.072, abs=0.02)


def test_progress_rises_to_the_total() -> None:
    calls: list[tuple[float, float | None]] = []
    generate(train=1200, test=300, progress=lambda done, total, what: calls.append((done, total)))
    done = [call[0] for call in calls]
    assert len(done) >= 3
    assert done == sorted(done)
    assert calls[-1] == (1500, 1500)


def test_cancelling_stops_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    release = threading.Event()

    def draw(canvas: object, start: int) -> int:
        begun.append(start)
        if len(begun) > 1:
            release.wait()  # all but the first part take for ever
        return 1000

    class Pool(ThreadPoolExecutor):
        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            super().shutdown(wait=False, cancel_futures=cancel_futures)
            release.set()
            super().shutdown(wait=wait)

    def cancel(done: float, total: float | None, what: str) -> None:
        raise Cancelled

    monkeypatch.setattr(generation, "ThreadPoolExecutor", Pool)
    monkeypatch.setattr(generation._Canvas, "draw", draw)
    monkeypatch.setattr(generation, "_THREADS", 1)
    with pytest.raises(Cancelled):
        generate(progress=cancel)
    assert len(begun) <= 2, "nothing was begun any more"
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("strokes")]


@pytest.mark.slow
def test_seventy_thousand_in_under_twenty_seconds() -> None:
    start = time.perf_counter()
    generate()
    seconds = time.perf_counter() - start
    print(f"70,000 built-in digits in {seconds:.1f} s")
    assert seconds < 20
