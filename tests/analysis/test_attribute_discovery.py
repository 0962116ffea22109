"""Names of axes, against a decoder that is made so that its axes are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis.attribute_discovery import (
    AttributeMeasurer,
    Axis,
    AxisName,
    concatenated,
    data_axes,
    make_measurer,
    name_axis,
    traverse_axis,
)
from aestudio.analysis.class_probabilities import train_class_probabilities
from aestudio.analysis.latent_transform import Axes, axes_of_components, axes_of_dimensions
from aestudio.analysis.morphology import MEASURES
from aestudio.analysis.projections import principal_components
from aestudio.errors import Cancelled
from aestudio.inference.frozen_model import Codes
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset

SLANT, THICKNESS, DEAD, HEIGHT, TURNING, SIGN = range(6)


def decode(codes: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Slanted bars: each number moves one thing; TURNING leans them one way or the other, as SIGN says."""
    z = codes.astype(float)[:, :, None, None]
    y, x = (np.arange(28) - 13.5)[:, None], (np.arange(28) - 13.5)[None]
    shear = 0.12 * z[:, SLANT] + 0.12 * z[:, TURNING] * np.sign(z[:, SIGN])
    thick, high = 3 + 0.5 * z[:, THICKNESS], 16 + 1.5 * z[:, HEIGHT]
    ink = _edge(thick / 2 - np.abs(x + shear * y)) * _edge(high / 2 - np.abs(y))
    return np.rint(255 * ink).astype(np.uint8)


def _edge(distance: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-np.clip(distance / 0.3, -50, 50)))


@pytest.fixture(scope="module")
def codes() -> Codes:
    mean = np.random.default_rng(0).standard_normal((200, 6)).astype(np.float32)
    # Its means have collapsed, its posterior is the prior: it is looked at over the prior's range.
    mean[:, DEAD] *= 1e-3
    std = np.full_like(mean, 0.1)
    std[:, DEAD] = 1
    return Codes(mean, std)


@pytest.fixture(scope="module")
def ruler(codes: Codes) -> AttributeMeasurer:
    return make_measurer(decode(codes.mean), (), None, silent)


def names(axes: Axes, codes: Codes, ruler: AttributeMeasurer, count: int = 12) -> list[AxisName]:
    return [
        name_axis(traverse_axis(decode, codes.mean[:count], axis, ruler, silent), ruler)
        for axis in data_axes(axes, codes)
    ]


def test_each_number_is_named_for_what_it_moves(codes: Codes, ruler: AttributeMeasurer) -> None:
    found = names(axes_of_dimensions(6), codes, ruler)
    assert [name.verdict for name in found[:5]] == ["measure", "measure", "nothing", "measure", "mixed"]
    # A bar is as wide as it is thick.
    assert [name.measure for name in found[:5]] == ["slant", "width", "", "height", ""]
    assert found[THICKNESS].associations["thickness"].low > 0.95
    assert found[SLANT].r > 0.97
    assert found[THICKNESS].r > 0.97
    assert found[TURNING].r == 0
    assert abs(found[TURNING].associations["slant"].low) < 0.5
    # Over nine tenths of the codes: 2 * 1.645 * 0.12 in shear, of which the data has two sources.
    spread = ruler.stds[MEASURES.index("slant")]
    steep = np.arctan(0.12 * np.linspace(-1.645, 1.645, 5))
    assert found[SLANT].effect == pytest.approx((steep[-1] - steep[0]) / spread, rel=0.15)
    assert found[SLANT].images == 12


def test_a_number_pointing_the_other_way_has_the_other_sign(codes: Codes, ruler: AttributeMeasurer) -> None:
    turned = axes_of_dimensions(6)
    turned = Axes(-turned.vectors, turned.origin, turned.scale, turned.neutral)
    one, other = names(axes_of_dimensions(6), codes, ruler)[SLANT], names(turned, codes, ruler)[SLANT]
    assert other.r == pytest.approx(-one.r, abs=0.02)
    assert other.effect == pytest.approx(-one.effect, rel=0.05)


def test_principal_components_are_moved_as_a_whole(ruler: AttributeMeasurer) -> None:
    """Codes that spread along slant + thickness: the component moves both, in its own units."""
    random = np.random.default_rng(1)
    mean = 0.05 * random.standard_normal((200, 6))
    along = random.standard_normal(200)
    mean[:, SLANT] += along
    mean[:, HEIGHT] += along
    spread = Codes(mean.astype(np.float32))
    components = principal_components(spread.mean, 2)
    axes = axes_of_components(components)
    axis = data_axes(axes, spread)[0]
    assert (axis.low, axis.high) == (pytest.approx(-1.645, abs=0.02), pytest.approx(1.645, abs=0.02))
    moved = axis.moved(spread.mean[:3], np.array([2.0]))[:, 0]
    np.testing.assert_allclose(axes.coordinates(moved)[:, 0], 2, atol=1e-5)
    np.testing.assert_allclose(
        axes.coordinates(moved)[:, 1], axes.coordinates(spread.mean[:3])[:, 1], atol=1e-5
    )
    name = names(axes, spread, ruler)[0]
    assert min(name.associations["slant"].low, name.associations["height"].low) > 0.9


def test_a_direction_of_ones_own_is_added_to_each_code(codes: Codes, ruler: AttributeMeasurer) -> None:
    vector = np.zeros(6)
    vector[THICKNESS] = -2.0
    axis = Axis(vector, -1, 1)
    moved = axis.moved(codes.mean[:4], np.array([-1.0, 0.0, 0.5]))
    np.testing.assert_allclose(moved[:, 1], codes.mean[:4])
    np.testing.assert_allclose(moved[:, 2, THICKNESS], codes.mean[:4, THICKNESS] - 1, rtol=1e-5)
    name = name_axis(traverse_axis(decode, codes.mean[:12], axis, ruler, silent), ruler)
    assert name.verdict == "measure"
    assert name.associations["thickness"].r < -0.97


def test_a_small_but_sure_movement_is_called_little(codes: Codes, few_digits: Dataset) -> None:
    ruler = make_measurer(few_digits.test.images[:, 0], (), None, silent)
    vector = np.zeros(6)
    vector[SLANT] = 1.0
    name = name_axis(traverse_axis(decode, codes.mean[:12], Axis(vector, -0.18, 0.18), ruler, silent), ruler)
    assert name.verdict == "little"
    assert name.associations["slant"].low > 0.9


def test_r_and_its_interval_are_those_of_a_plain_computation(codes: Codes, ruler: AttributeMeasurer) -> None:
    axis = data_axes(axes_of_dimensions(6), codes)[TURNING]
    walked = traverse_axis(decode, codes.mean[:30], axis, ruler, silent)
    link = name_axis(walked, ruler).associations["slant"]
    measured = walked.table[:, :, MEASURES.index("slant")].astype(float)
    positions = np.tile(np.linspace(axis.low, axis.high, 5), (30, 1))
    within = measured - measured.mean(axis=1, keepdims=True)
    assert link.r == pytest.approx(np.corrcoef(positions.ravel(), within.ravel())[0, 1], abs=1e-6)
    slope = np.polyfit(positions.ravel(), within.ravel(), 1)[0]
    spread = ruler.stds[MEASURES.index("slant")]
    assert link.effect == pytest.approx(slope * (axis.high - axis.low) / spread, rel=1e-5)
    # Half of the bars lean one way, half the other: nothing is sure.
    assert link.low < 0.3


def test_more_digits_make_surer(codes: Codes, ruler: AttributeMeasurer) -> None:
    axis = data_axes(axes_of_dimensions(6), codes)[HEIGHT]
    few = traverse_axis(decode, codes.mean[:4], axis, ruler, silent)
    more = traverse_axis(decode, codes.mean[4:40], axis, ruler, silent)
    both = name_axis(concatenated([few, more]), ruler)
    assert both.images == 40
    assert both.associations["height"].low >= name_axis(few, ruler).associations["height"].low - 0.02
    assert both.measure == "height"


def test_digits_that_vanish_are_left_out(codes: Codes, ruler: AttributeMeasurer) -> None:
    """A decoder that fades to nothing at one end; what is seen of it still leans."""

    def fading(moved: NDArray[np.float32]) -> NDArray[np.uint8]:
        bright = np.where(moved[:, SLANT] > 1.2, 0, 1)
        return (decode(moved) * bright[:, None, None]).astype(np.uint8)

    axis = data_axes(axes_of_dimensions(6), codes)[SLANT]
    name = name_axis(traverse_axis(fading, codes.mean[:12], axis, ruler, silent), ruler)
    assert name.measure == "slant"
    assert name.r > 0.95
    black = name_axis(
        traverse_axis(lambda moved: 0 * decode(moved), codes.mean[:4], axis, ruler, silent), ruler
    )
    assert black.verdict == "nothing"
    assert black.associations["slant"].r == 0


def test_the_classes_probabilities_are_measures_too(few_digits: Dataset) -> None:
    probabilities = train_class_probabilities(few_digits.train, epochs=30)
    assert probabilities is not None
    likely = probabilities(few_digits.test.images[:, 0])
    np.testing.assert_allclose(likely.sum(axis=1), 1, rtol=1e-5)
    assert (likely.argmax(axis=1) == few_digits.test.labels).mean() > 0.6
    # Codes are pictures, and the axis blends a zero into each of them.
    zero = few_digits.train.images[few_digits.train.labels == 0][0, 0].reshape(-1) / 255.0

    def blend(moved: NDArray[np.float32]) -> NDArray[np.uint8]:
        return np.rint(255 * np.clip(moved, 0, 1)).astype(np.uint8).reshape(-1, 28, 28)

    pictures = few_digits.test.images[:, 0]
    scale = make_measurer(pictures, probabilities.class_names, probabilities, silent)
    assert scale.keys[len(MEASURES) :] == tuple(f"class:{digit}" for digit in range(10))
    base = np.zeros((6, 784), np.float32)
    base += few_digits.test.images[few_digits.test.labels != 0][:6].reshape(6, -1) / 400
    name = name_axis(traverse_axis(blend, base, Axis(zero, 0, 1), scale, silent), scale)
    assert name.associations["class:0"].r > 0.8
    assert name.associations["class:0"].effect > 1
    assert (
        max(name.associations, key=lambda key: name.associations[key].r if key.startswith("class") else -1)
        == "class:0"
    )


def test_no_classes_without_labels(few_digits: Dataset) -> None:
    from aestudio.datasets.dataset import ImageSet

    assert train_class_probabilities(ImageSet(few_digits.test.images)) is None


def test_walking_can_be_cancelled(codes: Codes, ruler: AttributeMeasurer, counter: type) -> None:
    axis = data_axes(axes_of_dimensions(6), codes)[SLANT]
    with pytest.raises(Cancelled):
        traverse_axis(decode, codes.mean[:40], axis, ruler, counter(cancel_after=1))
