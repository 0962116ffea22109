"""Layers to scale: an area is a count of numbers, nothing overlaps, all of it fits or is wider."""

from __future__ import annotations

from math import prod

import pytest

from aestudio.gui.views.network.layer_layout import SCALES, arranged

IMAGE, MAPS, ROW, CODE = (1, 20, 28), (16, 14, 14), (256,), (3,)
SIZE = (180.0, 640.0)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_an_area_is_a_count_of_numbers(ratio: float) -> None:
    shapes = [IMAGE, MAPS, ROW, (7, 30)]
    found = arranged(shapes, SIZE, [30.0] * 4, 10, ratio)
    for shape, block in zip(shapes, found.blocks, strict=True):
        assert block.width * block.height == pytest.approx(prod(shape) * found.scale**2)
    image = found.blocks[0]
    assert image.width / image.height == pytest.approx(28 / 20)
    assert found.scale * ratio in SCALES


@pytest.mark.parametrize("shapes", [[IMAGE, MAPS, CODE], [IMAGE] * 9, [(4096,), (256, 32, 32)]], ids=str)
def test_layers_fit_and_lie_side_by_side(shapes: list[tuple[int, ...]]) -> None:
    found = arranged(shapes, SIZE, [40.0] * len(shapes), 10)
    assert found.width <= SIZE[1]
    for before, after in zip(found.blocks, found.blocks[1:], strict=False):
        assert before.left + before.width <= after.left
    for block in found.blocks:
        assert block.top >= 0
        assert block.top + block.height <= SIZE[0] + 1e-6


def test_the_next_larger_scale_would_not_fit() -> None:
    shapes = [IMAGE, MAPS, ROW, CODE, ROW, MAPS, IMAGE]
    small, large = (arranged(shapes, (high, 4000.0), [30.0] * 7, 10).scale for high in (90.0, 360.0))
    assert large > small
    wide, narrow = (arranged(shapes, (360.0, across), [30.0] * 7, 10).scale for across in (1200.0, 500.0))
    assert wide > narrow


def test_labels_that_do_not_fit_make_it_wider() -> None:
    found = arranged([ROW] * 40, SIZE, [50.0] * 40, 10)
    assert found.width >= 40 * 50
    middles = [block.left + block.width / 2 for block in found.blocks]
    assert middles == pytest.approx(list(found.centres))


def test_a_code_of_few_numbers_can_still_be_seen() -> None:
    found = arranged([(256, 64, 64), (1,)], SIZE, [30.0, 30.0], 10)
    assert found.blocks[1].width == found.blocks[1].height == 3
