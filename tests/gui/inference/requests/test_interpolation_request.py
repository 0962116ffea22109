"""The interpolation: its codes, coarse to fine, closed, even."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.errors import StudioError
from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests.interpolation_request import Interpolate, Interpolated, played
from aestudio.gui.state.workspace import Example
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


def answered(request: Interpolate, cache: InferenceCache) -> list[Interpolated]:
    """All values that come, the last one last."""
    found = request.compute(cache, silent)
    assert isinstance(found, Generator)
    values = []
    while True:
        try:
            values.append(next(found))
        except StopIteration as end:
            return [*values, end.value]


@pytest.fixture
def cache() -> InferenceCache:
    return InferenceCache()


@pytest.fixture
def ask(
    few_digits: Dataset, make_snapshot: Callable[..., Snapshot], cache: InferenceCache
) -> Callable[..., list[Interpolated]]:
    snapshot = make_snapshot()

    def put(*keyframes: Example, path: str = "straight", **how: Any) -> list[Interpolated]:
        parts = (few_digits.test, few_digits.train)
        return answered(Interpolate(snapshot, parts, keyframes, path, **how), cache)  # type: ignore[arg-type]

    return put


def test_keyframes_of_every_kind_are_its_stations(
    ask: Callable[..., list[Interpolated]],
    few_digits: Dataset,
    cache: InferenceCache,
    make_snapshot: Callable[..., Snapshot],
) -> None:
    test, train = few_digits.test, few_digits.train
    drawing = test.images[5]
    numbers = np.array([1, 7, 60 + 4])
    code = np.linspace(-1, 1, 6, dtype=np.float32)
    keyframes = (
        Example("a", number=3),
        Example("b", number=60 + 2),
        Example("c", image=drawing),
        Example("d", code=code),
        Example("e", label=2),
        Example("f", numbers=numbers),
    )
    (animation,) = ask(*keyframes)
    frozen_model = cache.frozen_model(make_snapshot())
    assert test.labels is not None
    expected = [
        frozen_model.encode(test.images[3:4]).mean[0],
        frozen_model.encode(train.images[2:3]).mean[0],
        frozen_model.encode(test.images[5:6]).mean[0],
        code,
        frozen_model.encode(test.images[test.labels == 2]).mean.mean(axis=0),
        frozen_model.encode(np.concatenate([test.images[[1, 7]], train.images[[4]]])).mean.mean(axis=0),
    ]
    np.testing.assert_allclose(animation.codes[list(animation.keyframe_indices)], expected, atol=1e-4)
    assert animation.keyframes == keyframes
    assert len(animation.codes) == 5 * 12 + 1
    np.testing.assert_array_equal(animation.images[30], frozen_model.decode(animation.codes[30:31])[0])


def test_a_closed_animation_comes_back_and_is_played_without_a_frame_twice(
    ask: Callable[..., list[Interpolated]],
) -> None:
    a, b, c = (Example(str(number), number=number) for number in range(3))
    (animation,) = ask(a, b, c, closed=True)
    assert animation.closed
    np.testing.assert_array_equal(animation.codes[0], animation.codes[-1])
    assert animation.keyframe_indices == (0, 20, 40)
    assert len(played(animation, False)) == 60
    (there,) = ask(a, b)
    back = played(there, True)
    assert len(back) == 2 * 61 - 2
    np.testing.assert_array_equal(back[61], there.images[59])
    np.testing.assert_array_equal(back[-1], there.images[1])
    assert len(played(there, False)) == 61


def test_a_geodesic_comes_coarse_to_fine_and_saves_energy(
    ask: Callable[..., list[Interpolated]], cache: InferenceCache, make_snapshot: Callable[..., Snapshot]
) -> None:
    rng = np.random.default_rng(0)
    ends = [Example(name, code=rng.normal(size=6).astype(np.float32) * 12) for name in "ab"]
    straight, *animations = ask(*ends, path="geodesic")
    assert straight.saved is None
    assert len(animations) == 3
    assert animations[-1].saved is not None
    assert animations[-1].saved > 0
    for animation in animations:
        np.testing.assert_allclose(animation.codes[[0, -1]], straight.codes[[0, -1]], rtol=1e-5)
    pictures = cache.frozen_model(make_snapshot()).decode_exactly(animations[-1].codes).reshape(61, -1)
    steps = np.linalg.norm(np.diff(pictures, axis=0), axis=1)
    assert steps.std() < 0.1 * steps.mean()
    assert len(ask(*ends, path="geodesic", at_once=False)) == 3


def test_spherical_and_even_ways_are_others(ask: Callable[..., list[Interpolated]]) -> None:
    a, b = Example("a", number=0), Example("b", number=9)
    (straight,), (round_,), (even,) = ask(a, b), ask(a, b, path="spherical"), ask(a, b, even=True)
    assert np.abs(straight.codes - round_.codes).max() > 1e-3
    np.testing.assert_allclose(straight.codes[[0, -1]], even.codes[[0, -1]], atol=1e-5)


def test_what_has_no_code_here_is_reported(ask: Callable[..., list[Interpolated]]) -> None:
    here = Example("here", number=0)
    for strange, what in (
        (Example("far", number=999), "not in the current data set"),
        (Example("older", code=np.zeros(2, np.float32)), "another length"),
        (Example("eleven", label=11), "no image of this class"),
    ):
        with pytest.raises(StudioError, match=what):
            ask(here, strange)
