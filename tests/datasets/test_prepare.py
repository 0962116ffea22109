from __future__ import annotations

import os
import platform
import subprocess
import sys
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from aestudio.datasets.prepare import fit, pad, scaled
from aestudio.errors import StudioError
from tests.data.brought import bring_to_28

SHAPES = st.tuples(st.integers(1, 3), st.integers(1, 70), st.integers(1, 70))
GENERATOR = np.random.default_rng(0)


def noise(*shape: int) -> np.ndarray[Any, Any]:
    """Images whose borders are dark."""
    images = GENERATOR.integers(0, 256, shape, np.uint8)
    images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1] = 0, 0, 0, 0
    return images


def test_correct_images_stay_the_same_without_notes() -> None:
    images = noise(5, 28, 28)
    out, notes = bring_to_28(images)
    np.testing.assert_array_equal(out[:, 0], images)
    assert notes == ()


@given(images=SHAPES.flatmap(lambda shape: hnp.arrays(np.uint8, shape)))
def test_always_the_right_form(images: np.ndarray[Any, Any]) -> None:
    out, _ = bring_to_28(images)
    assert out.dtype == np.uint8
    assert out.shape == (len(images), 1, 28, 28)


@given(level=st.integers(2, 127), height=st.integers(1, 90), width=st.integers(1, 90))
def test_a_flat_image_stays_flat(level: int, height: int, width: int) -> None:
    fitted = fit(np.full((1, height, width), level, np.uint8), 28)
    assert max(fitted.shape[1:]) == 28
    assert (fitted == level).all()
    assert pad(fitted).sum(dtype=int) == fitted.sum(dtype=int)


@pytest.mark.parametrize("size", [(64, 64), (40, 100), (8, 8), (28, 14), (31, 29), (300, 7)])
@pytest.mark.parametrize("side", [28, 20])
def test_scales_as_pillow_does(size: tuple[int, int], side: int) -> None:
    image = GENERATOR.integers(0, 256, size, np.uint8)
    ours = fit(image[None], side)[0]
    theirs = np.asarray(Image.fromarray(image).resize(ours.shape[::-1], Image.Resampling.BILINEAR))
    assert np.abs(ours.astype(int) - theirs).max() <= 1
    assert max(ours.shape) == side


FORMS = {
    "flat": lambda images: images.reshape(len(images), -1),
    "one colour last": lambda images: images[..., None],
    "one colour second": lambda images: images[:, None],
    "three colours last": lambda images: np.repeat(images[..., None], 3, axis=3),
    "three colours second": lambda images: np.repeat(images[:, None], 3, axis=1),
    "int64": lambda images: images.astype(np.int64),
    "float to 255": lambda images: images.astype(np.float64),
    "float to 1": lambda images: images.astype(np.float32) / 255,
    "float from -1": lambda images: images.astype(np.float64) / 127.5 - 1,
    "uint16": lambda images: images.astype(np.uint16) * 257,
    "inverted": lambda images: 255 - images,
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_images(form: str) -> None:
    images = noise(7, 28, 28)
    images[0, 5, 5] = 255
    out, notes = bring_to_28(FORMS[form](images))
    assert np.abs(out[:, 0].astype(int) - images).max() <= (1 if "colours" in form else 0)
    assert bool(notes) is (form not in ("one colour last", "one colour second", "int64", "float to 255"))


@pytest.mark.parametrize(("dtype", "top"), [(np.uint8, 1), (np.bool_, 1), (np.int32, 16), (np.uint16, 4095)])
def test_the_range_is_found(dtype: Any, top: int) -> None:
    images = np.zeros((2, 28, 28), dtype)
    images[:, 10:20, 10:20] = top
    out, notes = bring_to_28(images)
    assert set(np.unique(out)) == {0, 255}
    assert notes == (f"Values from 0 to {top} turned into 0 to 255.",)


def test_colours_are_weighted_as_pillow_does() -> None:
    colours = noise(3, 28, 28)[..., None] * np.array([1, 0.5, 0.25])
    colours = colours.astype(np.uint8)
    out, notes = bring_to_28(colours)
    theirs = np.stack([np.asarray(Image.fromarray(image).convert("L")) for image in colours])
    assert np.abs(out[:, 0].astype(int) - theirs).max() <= 1
    assert notes == ("Colours turned into grey.",)


def test_rounding_errors_beyond_the_range_are_cut() -> None:
    out, _ = bring_to_28(np.where(noise(2, 28, 28) > 99, 1.0000001, -0.0000001))
    assert set(np.unique(out)) == {0, 255}


@pytest.mark.parametrize(
    ("images", "sentence"),
    [
        (np.zeros((3, 5, 5), complex), "must be numbers"),
        (np.array([["a"]]), "must be numbers"),
        (np.zeros((0, 28, 28)), "no images"),
        (np.full((1, 28, 28), np.nan), "not finite"),
        (np.zeros((28, 27)), "cannot be understood"),
        (np.zeros((2, 5, 5, 2)), "cannot be understood"),
        (np.zeros(784), "cannot be understood"),
        (np.full((1, 28, 28), -3), "cannot be distinguished"),
    ],
)
def test_what_cannot_be_understood(images: np.ndarray[Any, Any], sentence: str) -> None:
    with pytest.raises(StudioError, match=sentence) as caught:
        bring_to_28(images, where="my.npz")
    assert caught.value.where == "my.npz"
    assert caught.value.advice


@pytest.mark.parametrize("side", [8, 32])
def test_rows_in_colour_may_be_in_two_orders(side: int) -> None:
    """CIFAR's rows have one colour after the other, flattened images of a library pixel after pixel."""
    colours = np.random.default_rng(0).integers(0, 256, (4, side, side, 3), np.uint8)
    rows = colours.reshape(4, -1)
    with pytest.raises(
        StudioError, match=f"Rows of {3 * side**2} numbers may be {side} × {side} images"
    ) as caught:
        bring_to_28(rows, where="my.npz")
    assert caught.value.where == "my.npz"
    assert f"(N, 3, {side}, {side}) if all of red comes first" in caught.value.advice
    assert f"(N, {side}, {side}, 3) if the colours of each pixel" in caught.value.advice
    # Saved as either sentence says, both orders give the same images.
    planar = np.moveaxis(colours, 3, 1).reshape(4, -1)
    one, _ = bring_to_28(rows.reshape(4, side, side, 3))
    other, _ = bring_to_28(planar.reshape(4, 3, side, side))
    assert (one == other).all()


def test_many_images_report_progress() -> None:
    calls: list[tuple[float, float | None]] = []
    bring_to_28(noise(5000, 8, 8), progress=lambda done, total, what: calls.append((done, total)))
    assert calls[0] == (0, 5000)
    assert len(calls) >= 2


@pytest.mark.thorough
def test_scaling_is_that_of_exact_arithmetic_to_half_a_grey_level() -> None:
    images = ((np.arange(3 * 12 * 8) * 37) % 256).astype(np.uint8).reshape(3, 12, 8)
    for height, width in ((6, 4), (12, 5), (17, 8), (30, 40)):
        rows, columns = exact_weights(12, height), exact_weights(8, width)
        for image, found in zip(images.tolist(), scaled(images, (height, width)).tolist(), strict=True):
            for y, x in np.ndindex(height, width):
                exact = sum(rows[y][i] * columns[x][j] * image[i][j] for i in range(12) for j in range(8))
                assert abs(found[y][x] - exact) <= Fraction(1, 2) + Fraction(1, 10_000)


def exact_weights(count: int, new_count: int) -> list[list[Fraction]]:
    """A triangle as wide as two new pixels, or two old ones if they are wider."""
    scale = Fraction(count, new_count)
    support = max(scale, Fraction(1))
    rows = []
    for new in range(new_count):
        centre = (new + Fraction(1, 2)) * scale
        row = [max(Fraction(0), 1 - abs(old + Fraction(1, 2) - centre) / support) for old in range(count)]
        rows.append([weight / sum(row) for weight in row])
    return rows


ON_OTHER_CPU = """
import hashlib
import numpy as np
from aestudio.datasets.image_layout import to_grey
from aestudio.datasets.prepare import scaled

colours = ((np.arange(40 * 56 * 56 * 3, dtype=np.uint64) * 2654435761 >> 11) & 255).astype(np.uint8)
grey = to_grey(colours.reshape(40, 56, 56, 3))
print(hashlib.sha256(grey.tobytes() + scaled(grey, (28, 28)).tobytes()).hexdigest())
"""


@pytest.mark.skipif(platform.machine().lower() not in ("x86_64", "amd64"), reason="kinds of x86 CPUs")
def test_every_kind_of_cpu_gives_the_same_images() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", ON_OTHER_CPU],
            env=os.environ | {"OPENBLAS_CORETYPE": kind},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for kind in ("Nehalem", "Haswell")
    }
    assert len(digests) == 1
