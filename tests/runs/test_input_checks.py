"""Arrays that a run gets from Python have one meaning, or are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.api import Run
from aestudio.errors import BadChoice
from aestudio.runs.input_checks import given_codes, given_images
from tests.shaped import COLOUR, NARROW, random_images

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.runs.kept_run import KeptRun


@pytest.fixture
def run(kept: KeptRun, few_digits: Dataset) -> Run:
    return Run(kept, few_digits)


def test_bytes_and_floats_from_0_to_1_are_the_same_image(run: Run, few_digits: Dataset) -> None:
    images = few_digits.test.images[:8]
    codes = run.encode(images)
    for same in (
        images[:, 0],
        images / 255.0,
        (images[:, 0] / 255).astype(np.float32),
        (images / 255).tolist(),
    ):
        np.testing.assert_allclose(run.encode(same), codes, atol=1e-5)
        assert np.array_equal(run.reconstruct(same), run.reconstruct(images))
    assert run.encode(images[:0]).shape == (0, 3)
    codes_backwards = run.encode(images[::-1])
    np.testing.assert_allclose(codes_backwards, codes[::-1], atol=1e-5)
    assert np.array_equal(run.decode(codes[::-1]), run.decode(codes[::-1].copy()))


REFUSED: list[tuple[Callable[[Any], Any], str]] = [
    (lambda images: images.astype(np.float32), "images cannot be 'floats from 0 to 255'"),
    (lambda images: images * 2.0 - 1.0, "images cannot be"),
    (lambda images: np.where(images > 9, np.nan, images / 255), "not finite"),
    (lambda images: np.where(images > 9, np.inf, images / 255), "not finite"),
    (lambda images: images.astype(np.int64), "type of the images cannot be 'int64'"),
    (lambda images: images > 127, "type of the images cannot be 'bool'"),
    (lambda images: images[0, 0], "shape of the images"),
    (lambda images: images.reshape(len(images), -1), "shape of the images"),
    (lambda images: images[..., :14], "shape of the images"),
    (lambda images: "some text", "shape of the images"),
    (lambda images: [images[0], images[0, 0, :5]], "images cannot be 'list'"),
]


@pytest.mark.parametrize(("change", "message"), REFUSED)
@pytest.mark.parametrize("ask", ["encode", "reconstruct"])
def test_ambiguous_images_are_refused(
    ask: str, change: Callable[[Any], Any], message: str, run: Run, few_digits: Dataset
) -> None:
    with pytest.raises(BadChoice, match=message) as caught:
        getattr(run, ask)(change(few_digits.test.images[:4]))
    assert caught.value.advice.startswith("Allowed: ")


@pytest.mark.parametrize(
    "codes", [np.full((2, 3), np.nan), np.zeros((2, 4)), np.zeros(3), "some text", np.full((2, 3), np.inf)]
)
def test_invalid_codes_are_refused(codes: Any, run: Run) -> None:
    with pytest.raises(BadChoice, match="codes"):
        run.decode(codes)


def test_codes_of_any_numeric_type_are_accepted(run: Run) -> None:
    assert np.array_equal(run.decode([[0, 1, 2]]), run.decode(np.array([[0.0, 1.0, 2.0]])))


def test_codes_with_too_large_numbers_are_refused() -> None:
    assert given_codes([[1e9, -1e9]], 2).tolist() == [[1e9, -1e9]]
    with pytest.raises(BadChoice, match=r"as far from 0 as 3e\+38"):
        given_codes([[0.0, -3e38]], 2)


def test_images_have_the_shape_of_the_run() -> None:
    narrow, colour = random_images(NARROW, 3), random_images(COLOUR, 3)
    assert (given_images(narrow, NARROW) == narrow).all()
    assert (given_images(narrow[:, 0], NARROW) == narrow).all()
    assert (given_images(colour, COLOUR) == colour).all()
    assert given_images((colour / 255).tolist(), COLOUR) == pytest.approx(colour / 255)
    for images, shape, words in (
        (
            colour,
            NARROW,
            r"\(3, 3, 32, 32\).*\(N, 1, 28, 20\) or \(N, 28, 20\); this run's images are 28 ×",
        ),
        (narrow, COLOUR, r"\(3, 1, 28, 20\).*\(N, 3, 32, 32\); this run's images are 32 × 32 in colour"),
        (np.moveaxis(narrow, 2, 3), NARROW, r"\(3, 1, 20, 28\)"),
        (np.moveaxis(colour, 1, 3), COLOUR, r"\(3, 32, 32, 3\)"),
        (colour[:, 0], COLOUR, r"\(3, 32, 32\)"),
    ):
        with pytest.raises(BadChoice, match=words):
            given_images(images, shape)


@pytest.mark.parametrize("wrong", [0.5, -1.0, 9.0, 1e9])
def test_discrete_codes_are_whole_numbers_of_entries(wrong: float) -> None:
    assert given_codes([[0, 8, 3]], 3, choices=9).tolist() == [[0, 8, 3]]
    with pytest.raises(BadChoice, match=f"codes cannot be {wrong}") as caught:
        given_codes([[0, 8, 3], [0, wrong, 3]], 3, choices=9)
    assert caught.value.allowed == "whole numbers from 0 up to 8"
