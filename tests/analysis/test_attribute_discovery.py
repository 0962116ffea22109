"""Names of axes, checked with a decoder whose axes have a known effect."""

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
    """Slanted bars, uint8 (N, 1, 28, 28): each dimension has one effect; SIGN is the sign of TURNING."""
    z = codes.astype(float)[:, :, None, None]
    y, x = (np.arange(28) - 13.5)[:, None], (np.arange(28) - 13.5)[None]
    shear = 0.12 * z[:, SLANT] + 0.12 * z[:, TURNING] * np.sign(z[:, SIGN])
    thick, high = 3 + 0.5 * z[:, THICKNESS], 16 + 1.5 * z[:, HEIGHT]
    ink = _edge(thick / 2 - np.abs(x + shear * y)) * _edge(high / 2 - np.abs(y))
    return np.rint(255 * ink).astype(np.uint8)[:, None]


def _edge(distance: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-np.clip(distance / 0.3, -50, 50)))


@pytest.fixture(scope="module")
def codes() -> Codes:
    mean = np.random.default_rng(0).standard_normal((200, 6)).astype(np.float32)
    # Its means have collapsed and its posterior is the prior: it is traversed over the prior's range.
    mean[:, DEAD] *= 1e-3
    std = np.full_like(mean, 0.1)
    std[:, DEAD] = 1
    return Codes(mean, std)


@pytest.fixture(scope="module")
def measurer(codes: Codes) -> AttributeMeasurer:
    return make_measurer(decode(codes.mean), (), None, silent)


def names(axes: Axes, codes: Codes, measurer: AttributeMeasurer, count: int = 12) -> list[AxisName]:
    return [
        name_axis(traverse_axis(decode, codes.mean[:count], axis, measurer, silent), measurer)
        for axis in data_axes(axes, codes)
    ]


def test_each_dimension_is_named_for_the_attribute_it_changes(
    codes: Codes, measurer: AttributeMeasurer
) -> None:
    result = names(axes_of_dimensions(6), codes, measurer)
    assert [name.verdict for name in result[:5]] == ["measure", "measure", "nothing", "measure", "mixed"]
    # A bar is as wide as it is thick.
    assert [name.measure for name in result[:5]] == ["slant", "width", "", "height", ""]
    assert result[THICKNESS].associations["thickness"].low > 0.95
    assert result[SLANT].r > 0.97
    assert result[THICKNESS].r > 0.97
    assert result[TURNING].r == 0
    assert abs(result[TURNING].associations["slant"].low) < 0.5
    # Over nine tenths of the codes: 2 * 1.645 * 0.12 in shear, of which the data has two sources.
    spread = measurer.stds[MEASURES.index("slant")]
    angles = np.arctan(0.12 * np.linspace(-1.645, 1.645, 5))
    assert result[SLANT].effect == pytest.approx((angles[-1] - angles[0]) / spread, rel=0.15)
    assert result[SLANT].images == 12


def test_a_reversed_axis_has_the_opposite_sign(codes: Codes, measurer: AttributeMeasurer) -> None:
    flipped = axes_of_dimensions(6)
    flipped = Axes(-flipped.vectors, flipped.origin, flipped.scale, flipped.neutral)
    plain, other = (
        names(axes_of_dimensions(6), codes, measurer)[SLANT],
        names(flipped, codes, measurer)[SLANT],
    )
    assert other.r == pytest.approx(-plain.r, abs=0.02)
    assert other.effect == pytest.approx(-plain.effect, rel=0.05)


def test_a_principal_component_is_traversed_in_its_own_units(measurer: AttributeMeasurer) -> None:
    """Codes that spread along slant + height: the component changes both, in its own units."""
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
    name = names(axes, spread, measurer)[0]
    assert min(name.associations["slant"].low, name.associations["height"].low) > 0.9


def test_an_added_direction_is_added_to_each_code(codes: Codes, measurer: AttributeMeasurer) -> None:
    vector = np.zeros(6)
    vector[THICKNESS] = -2.0
    axis = Axis(vector, -1, 1)
    moved = axis.moved(codes.mean[:4], np.array([-1.0, 0.0, 0.5]))
    np.testing.assert_allclose(moved[:, 1], codes.mean[:4])
    np.testing.assert_allclose(moved[:, 2, THICKNESS], codes.mean[:4, THICKNESS] - 1, rtol=1e-5)
    name = name_axis(traverse_axis(decode, codes.mean[:12], axis, measurer, silent), measurer)
    assert name.verdict == "measure"
    assert name.associations["thickness"].r < -0.97


def test_a_small_but_significant_effect_is_called_little(codes: Codes, few_digits: Dataset) -> None:
    measurer = make_measurer(few_digits.test.images, (), None, silent)
    vector = np.zeros(6)
    vector[SLANT] = 1.0
    name = name_axis(
        traverse_axis(decode, codes.mean[:12], Axis(vector, -0.18, 0.18), measurer, silent), measurer
    )
    assert name.verdict == "little"
    assert name.associations["slant"].low > 0.9


def test_r_and_its_effect_match_a_direct_computation(codes: Codes, measurer: AttributeMeasurer) -> None:
    axis = data_axes(axes_of_dimensions(6), codes)[TURNING]
    measured_axis = traverse_axis(decode, codes.mean[:30], axis, measurer, silent)
    association = name_axis(measured_axis, measurer).associations["slant"]
    measured = measured_axis.table[:, :, MEASURES.index("slant")].astype(float)
    positions = np.tile(np.linspace(axis.low, axis.high, 5), (30, 1))
    within = measured - measured.mean(axis=1, keepdims=True)
    assert association.r == pytest.approx(np.corrcoef(positions.ravel(), within.ravel())[0, 1], abs=1e-6)
    slope = np.polyfit(positions.ravel(), within.ravel(), 1)[0]
    spread = measurer.stds[MEASURES.index("slant")]
    assert association.effect == pytest.approx(slope * (axis.high - axis.low) / spread, rel=1e-5)
    # Half of the bars lean to the left, half to the right: nothing is significant.
    assert association.low < 0.3


def test_more_images_narrow_the_interval(codes: Codes, measurer: AttributeMeasurer) -> None:
    axis = data_axes(axes_of_dimensions(6), codes)[HEIGHT]
    few = traverse_axis(decode, codes.mean[:4], axis, measurer, silent)
    more = traverse_axis(decode, codes.mean[4:40], axis, measurer, silent)
    both = name_axis(concatenated([few, more]), measurer)
    assert both.images == 40
    assert both.associations["height"].low >= name_axis(few, measurer).associations["height"].low - 0.02
    assert both.measure == "height"


def test_images_without_ink_are_left_out(codes: Codes, measurer: AttributeMeasurer) -> None:
    """A decoder whose images are empty at one end of the axis; the others still lean."""

    def fading(moved: NDArray[np.float32]) -> NDArray[np.uint8]:
        visible = np.where(moved[:, SLANT] > 1.2, 0, 1)
        return (decode(moved) * visible[:, None, None, None]).astype(np.uint8)

    axis = data_axes(axes_of_dimensions(6), codes)[SLANT]
    name = name_axis(traverse_axis(fading, codes.mean[:12], axis, measurer, silent), measurer)
    assert name.measure == "slant"
    assert name.r > 0.95
    black = name_axis(
        traverse_axis(lambda moved: 0 * decode(moved), codes.mean[:4], axis, measurer, silent), measurer
    )
    assert black.verdict == "nothing"
    assert black.associations["slant"].r == 0


def test_class_probabilities_are_measured_as_well(few_digits: Dataset) -> None:
    probabilities = train_class_probabilities(few_digits.train, epochs=30)
    assert probabilities is not None
    predicted = probabilities(few_digits.test.images)
    np.testing.assert_allclose(predicted.sum(axis=1), 1, rtol=1e-5)
    assert (predicted.argmax(axis=1) == few_digits.test.labels).mean() > 0.6
    # Codes are images, and the axis blends a zero into each of them.
    zero = few_digits.train.images[few_digits.train.labels == 0][0, 0].reshape(-1) / 255.0

    def blend(moved: NDArray[np.float32]) -> NDArray[np.uint8]:
        return np.rint(255 * np.clip(moved, 0, 1)).astype(np.uint8).reshape(-1, 1, 28, 28)

    images = few_digits.test.images
    scale = make_measurer(images, probabilities.class_names, probabilities, silent)
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


def test_without_labels_there_are_no_class_probabilities(few_digits: Dataset) -> None:
    from aestudio.datasets.dataset import ImageSet

    assert train_class_probabilities(ImageSet(few_digits.test.images)) is None


def test_a_traversal_can_be_cancelled(codes: Codes, measurer: AttributeMeasurer, counter: type) -> None:
    axis = data_axes(axes_of_dimensions(6), codes)[SLANT]
    with pytest.raises(Cancelled):
        traverse_axis(decode, codes.mean[:40], axis, measurer, counter(cancel_after=1))
