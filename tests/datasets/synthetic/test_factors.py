"""What each factor does to the image, measured on the pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import rankdata

from aestudio.datasets.synthetic.factors import FACTOR_NAMES, Factors, sample
from aestudio.datasets.synthetic.ink import draw
from aestudio.datasets.synthetic.styles import STYLES
from aestudio.datasets.synthetic.writing import write

COUNT = 400


def _images(factors: Factors) -> np.ndarray:
    """Images (N, 28, 28) in [0, 1], always with the same random strokes."""
    paths = write(factors, np.random.default_rng(5))
    return draw(paths, factors.softness) / 255.0


def _factors(digit: int) -> Factors:
    return sample(np.full(COUNT, digit, np.int64), np.random.default_rng(digit))


def _second_moments(images: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Central second moments xx, yy and xy per image, y pointing up."""
    pixels = np.arange(28.0)
    mass = images.sum(axis=(1, 2))
    x = pixels - (images.sum(axis=1) @ pixels / mass)[:, None]
    y = pixels - (images.sum(axis=2) @ pixels / mass)[:, None]
    xx = (images.sum(axis=1) * x**2).sum(axis=1) / mass
    yy = (images.sum(axis=2) * y**2).sum(axis=1) / mass
    return xx, yy, -np.einsum("nij,ni,nj->n", images, y, x) / mass


def _constant(value: float) -> np.ndarray:
    return np.full(COUNT, value, np.float32)


def _rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(rankdata(a), rankdata(b))[0, 1])


@pytest.mark.parametrize("digit", range(10))
def test_slant_is_the_shear_of_the_image(digit: int) -> None:
    factors = _factors(digit)
    _, yy, xy = _second_moments(_images(factors))
    assert _rank_correlation(factors.slant, xy / yy) > 0.7
    steady = replace(factors, rotation=_constant(0.0))
    _, yy, xy = _second_moments(_images(steady))
    upright = replace(steady, slant=_constant(0.0))
    _, yy0, xy0 = _second_moments(_images(upright))
    # Shearing by s adds s to xy / yy of any image.
    assert _rank_correlation(factors.slant, xy / yy - xy0 / yy0) > 0.95


@pytest.mark.parametrize("digit", range(10))
def test_a_thicker_pen_leaves_more_ink_and_so_does_writing_smaller(digit: int) -> None:
    factors = _factors(digit)
    ink = _images(factors).sum(axis=(1, 2))
    assert _rank_correlation(factors.thickness / factors.size, ink) > 0.6
    thicker = _images(replace(factors, thickness=factors.thickness * np.float32(1.3))).sum(axis=(1, 2))
    smaller = _images(replace(factors, size=factors.size / np.float32(1.3))).sum(axis=(1, 2))
    assert np.mean(thicker > ink) > 0.97
    np.testing.assert_allclose(thicker, smaller, rtol=1e-3)


def test_thickness_is_the_width_of_the_line_in_pixels() -> None:
    bars = next(index for index, style in enumerate(STYLES) if (style.digit, style.name) == (1, "bar"))
    straight = replace(
        _factors(1),
        style=np.full(COUNT, bars, np.int64),
        **{name: _constant(0.0) for name in ("slant", "rotation", "jitter", "warp")},
        size=_constant(1.0),
    )
    widths = _images(straight)[:, 10:18].sum(axis=2).mean(axis=1)
    assert np.median(np.abs(widths / straight.thickness - 1)) < 0.12


def test_width_widens_against_the_height() -> None:
    for digit in (0, 2, 3, 8):
        factors = replace(_factors(digit), rotation=_constant(0.0), slant=_constant(0.0))
        xx, yy, _ = _second_moments(_images(factors))
        assert _rank_correlation(factors.width, xx / yy) > 0.6
        wider = replace(factors, width=factors.width * np.float32(1.2))
        wider_xx, wider_yy, _ = _second_moments(_images(wider))
        assert np.mean(wider_xx / wider_yy > xx / yy) > 0.99


def test_rotation_turns_clockwise() -> None:
    factors = replace(_factors(1), slant=_constant(0.0))
    xx, yy, xy = _second_moments(_images(factors))
    angle = 0.5 * np.arctan2(2 * xy, yy - xx)  # from the vertical, clockwise
    assert _rank_correlation(factors.rotation, angle) > 0.8


def test_a_soft_pen_has_grey_edges() -> None:
    factors = _factors(3)
    crisp, soft = (_images(replace(factors, softness=_constant(value))) for value in (0.7, 1.8))
    grey_crisp, grey_soft = (((x > 0.02) & (x < 0.98)).mean() for x in (crisp, soft))
    assert grey_soft > 1.5 * grey_crisp


def test_curvature_makes_zeros_round() -> None:
    """The enclosed area relative to the length of the line is largest for a circle."""

    def roundness(curvature: float) -> np.ndarray:
        factors = replace(_factors(0), curvature=_constant(curvature))
        paths = write(factors, np.random.default_rng(5))
        x, y = paths.points[:, :, 0], paths.points[:, :, 1]
        area = (x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1)).sum(axis=1) / 2
        return 4 * np.pi * np.abs(area) / paths.steps.sum(axis=1) ** 2

    assert np.mean(roundness(0.5) > roundness(0.1)) > 0.9


@pytest.mark.parametrize("name", ["jitter", "warp"])
def test_jitter_and_warp_spread_the_paths(name: str) -> None:
    """With the same random strokes, images deviate from their undisturbed versions in proportion."""
    factors = replace(_factors(5), jitter=_constant(0.0), warp=_constant(0.0))
    calm = write(factors, np.random.default_rng(5)).points

    def moved(amplitude: float) -> float:
        points = write(replace(factors, **{name: _constant(amplitude)}), np.random.default_rng(5)).points
        return float(np.sqrt(np.square(points - calm).mean()))

    assert moved(0.02) > 0.2
    assert moved(0.04) == pytest.approx(2 * moved(0.02), rel=0.25)


def test_the_table_has_a_column_per_name() -> None:
    factors = _factors(7)
    table = factors.table()
    assert table.shape == (COUNT, len(FACTOR_NAMES))
    assert table.dtype == np.float32
    np.testing.assert_array_equal(table[:, FACTOR_NAMES.index("style")], factors.style)
    np.testing.assert_array_equal(table[:, FACTOR_NAMES.index("pen softness")], factors.softness)
    assert {STYLES[index].digit for index in factors.style} == {7}
