"""The map comes coarse to fine, numbered through both sets, and aligned with the one before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.analysis.embedding import Embedding2D
from aestudio.analysis.projections import data_limits
from aestudio.analysis.reconstructions import image_losses
from aestudio.errors import Cancelled, StudioError
from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests import latent_map_request as mapping
from aestudio.gui.inference.requests import map_values_request as map_values
from aestudio.gui.inference.requests.latent_map_request import LatentMapRequest, pieces
from aestudio.gui.inference.requests.map_values_request import ValuesOnMap
from aestudio.gui.state.model_state import ShippedCodes
from aestudio.gui.state.studio_state import PlaneChoice
from aestudio.inference.codes import encode_set
from aestudio.inference.frozen_model import FrozenModel
from aestudio.progress import silent
from tests.residual import residual

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


@pytest.fixture(autouse=True)
def _small_stages(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if 20 digits were 2,000, and 50 were 10,000; there are 60 test digits and 300 to train on."""
    for module in (mapping, map_values):
        monkeypatch.setattr(module, "COARSE_COUNT", 20)
        monkeypatch.setattr(module, "PLANE_COUNT", 50)


def results(request: Any, cache: InferenceCache | None = None) -> list[Any]:
    """All that a question answers, coarse to fine."""
    found, generator = [], request.compute(cache or InferenceCache(), silent)
    while True:
        try:
            found.append(next(generator))
        except StopIteration as end:
            return [*found, end.value]


COMPONENTS = PlaneChoice("components", 0, 1)


def test_the_map_of_both_sets_comes_coarse_to_fine(
    few_digits: Dataset, make_snapshot: Callable[..., Snapshot]
) -> None:
    snapshot, parts = make_snapshot(), (few_digits.test, few_digits.train)
    maps = results(LatentMapRequest(snapshot, parts, None, 360, COMPONENTS))
    assert [len(found.xy) for found in maps] == [20, 50, 360]
    frozen_model = FrozenModel(snapshot)
    codes = np.concatenate([encode_set(frozen_model, digits).mean for digits in parts])
    last = maps[-1]
    np.testing.assert_allclose(last.xy, last.plane.to_plane(codes), atol=1e-4)
    assert few_digits.test.labels is not None
    assert few_digits.train.labels is not None
    np.testing.assert_array_equal(
        last.labels, np.concatenate([few_digits.test.labels, few_digits.train.labels])
    )
    assert maps[2].plane is maps[1].plane, "nothing moves when the last points come"
    for coarse, fine in zip(maps[0].xy.T, maps[1].xy[:20].T, strict=True):
        assert coarse @ fine >= 0, "no axis changes its sign"


def test_fewer_images_are_the_test_sets(few_digits: Dataset, make_snapshot: Callable[..., Snapshot]) -> None:
    parts = (few_digits.test, few_digits.train)
    maps = results(LatentMapRequest(make_snapshot(), parts, None, 20, COMPONENTS))
    assert [len(found.xy) for found in maps] == [20]
    assert pieces(parts, 360) == [(few_digits.test, 60), (few_digits.train, 300)]
    assert pieces(parts, 60) == [(few_digits.test, 60)]
    assert pieces(parts, 61) == [(few_digits.test, 60), (few_digits.train, 1)]


def test_a_newer_request_ends_the_encoding(
    few_digits: Dataset, make_snapshot: Callable[..., Snapshot]
) -> None:
    def newer(done: float, total: float | None, what: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        next(
            LatentMapRequest(make_snapshot(), (few_digits.test,), None, 60, COMPONENTS).compute(
                InferenceCache(), newer
            )
        )


def test_a_map_is_aligned_with_the_one_before(
    few_digits: Dataset, make_snapshot: Callable[..., Snapshot]
) -> None:
    request = LatentMapRequest(make_snapshot(), (few_digits.test,), None, 60, COMPONENTS)
    plain = results(request)[-1]
    angle = 1.0
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], np.float32)
    before = replace(plain, xy=plain.xy @ turn)
    held = replace(request, before=before)
    first, again = results(held)[-1], results(held)[-1]
    assert residual(first.xy, before.xy) < 1e-3
    np.testing.assert_array_equal(first.xy, again.xy)
    assert "PC 1" in first.plane.titles[0]
    assert "PC 2" in first.plane.titles[0]
    raw = replace(request, choice=PlaneChoice("dimensions", 1, 2), before=before)
    assert results(raw)[-1].plane.titles == ("z2", "z3")


def test_a_third_axis_gives_every_point_its_depth_of_the_first_images(
    few_digits: Dataset, make_snapshot: Callable[..., Snapshot]
) -> None:
    snapshot, parts = make_snapshot(), (few_digits.test, few_digits.train)
    for choice in (PlaneChoice("components", 0, 1, 2), PlaneChoice("dimensions", 0, 1, 4)):
        maps = results(LatentMapRequest(snapshot, parts, None, 360, choice))
        assert [len(found.depth) for found in maps] == [20, 50, 360]
        assert maps[1].third is maps[2].third, "nothing moves when all are there"
        codes = np.concatenate([encode_set(FrozenModel(snapshot), part).mean for part in parts])
        np.testing.assert_allclose(maps[2].depth, maps[2].third.along(codes), atol=1e-4)
        assert maps[2].depth.dtype == np.float32
    np.testing.assert_allclose(maps[2].depth, codes[:, 4], atol=1e-5)
    shipped = ShippedCodes(codes, np.zeros(360, np.int64))
    (found,) = results(LatentMapRequest(snapshot, (), shipped, 360, choice))
    np.testing.assert_allclose(found.depth, codes[:, 4], atol=1e-5)
    plane = results(LatentMapRequest(snapshot, parts, None, 360, COMPONENTS))[-1]
    assert plane.third is None
    assert plane.depth is None


def test_embedded_images_keep_their_position_and_others_are_next_to_them(
    few_digits: Dataset, make_snapshot: Callable[..., Snapshot]
) -> None:
    snapshot, parts = make_snapshot(), (few_digits.test, few_digits.train)
    frozen_model = FrozenModel(snapshot)
    codes = np.concatenate([encode_set(frozen_model, digits).mean for digits in parts])
    for count in (40, 100):
        xy = np.random.default_rng(0).normal(size=(count, 2)).astype(np.float32)
        layout = Embedding2D("tsne", codes[:count], xy, data_limits(xy), ("", ""))
        maps = results(LatentMapRequest(snapshot, parts, None, 360, PlaneChoice("tsne"), layout))
        assert [len(found.xy) for found in maps] == [count, 360]
        assert maps[-1].plane is layout
        np.testing.assert_array_equal(maps[-1].xy[:count], layout.xy)
        np.testing.assert_allclose(maps[-1].xy[count:], layout.to_plane(codes[count:]), atol=1e-3)


def test_shipped_codes_are_the_map_where_there_is_no_dataset(make_snapshot: Callable[..., Snapshot]) -> None:
    draw = np.random.default_rng(0)
    given = ShippedCodes(draw.normal(size=(30, 6)).astype(np.float32), np.arange(30) % 10)
    (found,) = results(LatentMapRequest(make_snapshot(), (), given, 0, PlaneChoice("dimensions", 2, 3)))
    assert found.shipped
    np.testing.assert_allclose(found.xy, given.mean[:, [2, 3]])
    request = ValuesOnMap("density", make_snapshot(), (), given, found)
    assert np.isfinite(results(request)[-1].values).all()
    with pytest.raises(StudioError, match="without their images"):
        results(replace(request, kind="loss"))


def test_losses_of_the_points_are_the_recipes_own(
    few_digits: Dataset, make_snapshot: Callable[..., Snapshot]
) -> None:
    snapshot, parts, cache = make_snapshot(), (few_digits.test, few_digits.train), InferenceCache()
    shown = results(LatentMapRequest(snapshot, parts, None, 360, COMPONENTS))[-1]
    values = results(ValuesOnMap("loss", snapshot, parts, None, shown), cache)
    assert [len(found.values) for found in values] == [20, 50, 360]
    frozen_model = FrozenModel(snapshot)
    expected = np.concatenate([image_losses(frozen_model, digits) for digits in parts])
    np.testing.assert_allclose(values[-1].values, expected, rtol=1e-5)
    assert values[-1].unit in ("squared error", "nats")
    again = results(ValuesOnMap("loss", snapshot, parts, None, replace(shown)), cache)
    np.testing.assert_array_equal(again[-1].values, values[-1].values)


def test_every_point_has_a_density(few_digits: Dataset, make_snapshot: Callable[..., Snapshot]) -> None:
    snapshot, parts = make_snapshot("vae"), (few_digits.test, few_digits.train)
    shown = results(LatentMapRequest(snapshot, parts, None, 360, COMPONENTS))[-1]
    coarse, finer, found = results(ValuesOnMap("density", snapshot, parts, None, shown))
    np.testing.assert_allclose(coarse.values, found.values[:20], atol=1e-5)
    assert len(finer.values) == 50
    assert found.unit == "nats"
    assert found.values.shape == (360,)
    # What lies outside is less dense than what lies in the middle.
    out = np.linalg.norm(shown.xy - shown.xy.mean(0), axis=1)
    assert np.corrcoef(out, found.values)[0, 1] < -0.5
