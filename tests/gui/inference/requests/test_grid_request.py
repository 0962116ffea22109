"""The grid's images: as decoded one by one, coarse first, nothing decoded twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aestudio.analysis.grid_cells import CellGrid, GridWindow, scales_of
from aestudio.analysis.projections import plane_of_dimensions
from aestudio.datasets.image_shape import DataShape, ImageShape
from aestudio.errors import Cancelled
from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests import grid_request as grid_module
from aestudio.gui.inference.requests.grid_request import PlaneGrid, PlaneGridNow
from aestudio.progress import silent
from tests.gui.conftest import tiny_snapshot


@pytest.fixture
def plane():
    return plane_of_dimensions(np.random.default_rng(0).normal(size=(100, 6)), 1, 4)


@pytest.fixture
def decoded(monkeypatch):
    """How many codes were decoded, call by call."""
    from aestudio.inference.frozen_model import FrozenModel

    counts, decode = [], FrozenModel.decode

    def count(frozen_model, codes, condition=None):
        counts.append(len(codes))
        return decode(frozen_model, codes, condition)

    monkeypatch.setattr(FrozenModel, "decode", count)
    return counts


def request(snapshot, plane, side, window=GridWindow(), kind=PlaneGrid):  # noqa: B008 - frozen
    base = tuple(np.linspace(-1, 1, 6).round(3).tolist())
    return kind(snapshot, plane, base, CellGrid.under(window, scales_of(plane, "even"), side))


def stages(asked, cache, progress=silent):
    """Every picture on the way, and the last one."""
    found, result = [], asked.compute(cache, progress)
    while True:
        try:
            found.append(next(result))
        except StopIteration as end:
            return [*found, end.value]


def tile(picture, column, row_from_top):
    return picture.mosaic[:, 28 * row_from_top : 28 * row_from_top + 28, 28 * column : 28 * column + 28]


def test_each_image_is_the_one_at_its_position(make_snapshot, plane):
    cache, asked = InferenceCache(), request(make_snapshot(), plane, 5, GridWindow(0.1, -0.3, 0.7))
    (picture,) = stages(asked, cache)
    columns, rows = asked.cell_grid.count
    assert picture.mosaic.shape == (1, 28 * rows, 28 * columns)
    frozen_model = cache.frozen_model(asked.snapshot)
    for column, row in ((0, 0), (columns - 1, 2), (1, rows - 1)):
        x, y = asked.cell_grid.centre(asked.cell_grid.first[0] + column, asked.cell_grid.first[1] + row)
        code = np.array(asked.base, np.float32)
        code[1], code[4] = x, y
        np.testing.assert_allclose(
            tile(picture, column, rows - 1 - row).astype(int),
            frozen_model.decode(code[None])[0].astype(int),
            atol=1,
        )


def test_a_large_grid_is_coarse_first_and_decodes_each_image_once(make_snapshot, plane, decoded, monkeypatch):
    monkeypatch.setattr(grid_module, "AT_ONCE_SECONDS", 0.0)
    coarse, finer, fine = stages(request(make_snapshot(), plane, 40), InferenceCache())
    assert sum(decoded) == 1600
    assert decoded[0] == 100
    leader = tile(fine, 2, 37)  # the cell at column 2, row 2 from below stands for the block of 4 x 4
    block = coarse.mosaic[:, 28 * 36 :, : 28 * 4]
    np.testing.assert_array_equal(block, leader.repeat(4, axis=1).repeat(4, axis=2))
    pair = finer.mosaic[:, 28 * 38 :, : 28 * 2]
    np.testing.assert_array_equal(pair, tile(fine, 1, 38).repeat(2, axis=1).repeat(2, axis=2))


def test_where_decoding_is_known_to_be_quick_it_comes_at_once(make_snapshot, plane, monkeypatch):
    monkeypatch.setattr(grid_module, "AT_ONCE_SECONDS", 1e6)
    cache, snapshot = InferenceCache(), make_snapshot()
    assert len(stages(request(snapshot, plane, 20), cache)) == 2, "the speed is not known yet"
    assert len(stages(request(snapshot, plane, 40), cache)) == 1


def test_a_moved_window_decodes_what_is_new_only(make_snapshot, plane, decoded):
    cache, snapshot = InferenceCache(), make_snapshot()
    (first,) = stages(request(snapshot, plane, 10), cache)
    (moved,) = stages(request(snapshot, plane, 10, GridWindow(0.2, 0, 1), PlaneGridNow), cache)
    assert decoded == [100, 20]
    np.testing.assert_array_equal(tile(moved, 0, 4), tile(first, 2, 4))
    assert stages(replace(request(snapshot, plane, 10), base=(0.0,) * 6), cache)
    assert decoded[-1] == 100, "another base is another grid"


def test_what_is_kept_has_an_end(make_snapshot, plane, decoded, monkeypatch):
    monkeypatch.setattr(grid_module, "MOST_KEPT", 250)
    cache, snapshot = InferenceCache(), make_snapshot()
    for step in range(4):
        stages(request(snapshot, plane, 10, GridWindow(float(step), 0, 1)), cache)
    assert len(cache.get_or_make("grid tiles", request_key(request(snapshot, plane, 10)), dict).known) <= 250
    assert sum(decoded) == 400


def request_key(asked):
    return (
        asked.snapshot,
        asked.plane,
        asked.base,
        asked.cell_grid.scales,
        asked.cell_grid.step,
        asked.condition,
    )


def test_it_gives_way_between_two_batches(make_snapshot, plane):
    def stop(done, total, what):
        raise Cancelled

    with pytest.raises(Cancelled):
        stages(request(make_snapshot(), plane, 25), InferenceCache(), stop)


def test_the_speed_is_of_one_shape_of_images(plane, monkeypatch):
    """Colour images of 64 x 64 take longer than digits: what was measured for these says nothing."""
    monkeypatch.setattr(grid_module, "AT_ONCE_SECONDS", 1e6)
    cache = InferenceCache()
    small, large = tiny_snapshot(), tiny_snapshot(data=DataShape(ImageShape(3, 32, 32)))
    stages(request(small, plane, 20), cache)
    assert len(stages(request(small, plane, 40), cache)) == 1, "the speed is known"
    assert len(stages(request(large, plane, 20), cache)) == 2, "of these images it is not known yet"
