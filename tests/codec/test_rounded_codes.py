"""Files of rounded codes: what is decoded is what was rounded, and the sizes are those of a good coder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.codec import rounding
from aestudio.codec.rounded_codes import Fineness, compress_codes, decompress_codes
from aestudio.errors import BadChoice, StudioError
from aestudio.inference.conditions import condition_of_set
from aestudio.inference.frozen_model import FrozenModel
from tests.small_models import SMALL, untrained

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.inference.frozen_model import Codes

    Reference = Callable[[FrozenModel], Codes]


def test_widths_are_exact_and_ascend() -> None:
    every = rounding.widths(np.arange(256, dtype=np.uint8))
    assert every[0] == 2.0**-16
    assert every[8 * 16] == 1.0
    assert (np.diff(every) > 0).all()
    assert (every[8:] == 2 * every[:-8]).all()
    wanted = np.array([1.0, 1.1, 3.0, 1e-9, 1e9])
    found = rounding.widths(rounding.nearest_indices(wanted))
    assert (found[:3] <= wanted[:3]).all()
    assert (found[:3] > 0.88 * wanted[:3]).all()


def test_codes_are_those_that_were_rounded(
    variational: FrozenModel, reference: Reference, few_digits: Dataset
) -> None:
    images = few_digits.test.images
    codes = variational.encode(images).mean
    for fineness in (Fineness(), Fineness(quality=90), Fineness(bits=5)):
        file = compress_codes(variational, images, reference(variational), fineness)
        decoded = decompress_codes(variational, file)
        assert decoded.as_written
        assert np.array_equal(decoded.pictures, variational.decode(decoded.codes))
        if fineness.bits is not None:
            width = rounding.widths(rounding.for_bits(reference(variational), fineness.bits))
        else:
            width = rounding.widths(rounding.for_quality(reference(variational), fineness.quality))
        exact = np.round(codes / width) * width
        assert np.allclose(decoded.codes, exact, atol=1e-6)


def test_noise_of_the_rounding_at_quality_50(trained_codes: Codes) -> None:
    """A uniform error in a cell has the standard deviation of the width over the square root of 12."""
    width = rounding.widths(rounding.for_quality(trained_codes, 50))
    assert trained_codes.std is not None
    ratio = width / np.sqrt(12) / trained_codes.std.mean(axis=0)
    assert ((ratio > 0.88) & (ratio <= 1)).all()


@pytest.fixture
def trained_codes(variational: FrozenModel, reference: Reference) -> Codes:
    return reference(variational)


def test_a_finer_rounding_takes_more_bits_and_has_less_error(
    frozen_model: FrozenModel, reference: Reference, few_digits: Dataset
) -> None:
    images, known = few_digits.test.images, reference(frozen_model)
    sizes, errors = [], []
    for quality in (20, 40, 60, 80):
        file = compress_codes(frozen_model, images, known, Fineness(quality=quality))
        sizes.append(file.sizes.total)
        pictures = decompress_codes(frozen_model, file).pictures
        errors.append(np.square(pictures / 255 - images / 255).mean())
    assert sizes == sorted(sizes)
    assert errors == sorted(errors, reverse=True)


def test_the_size_is_near_the_entropy(
    frozen_model: FrozenModel, reference: Reference, few_digits: Dataset
) -> None:
    """The words are within 2 % and a word of the entropy of the rounded numbers, computed by itself."""
    images = few_digits.train.images
    file = compress_codes(frozen_model, images, reference(frozen_model), Fineness(quality=50))
    codes = decompress_codes(frozen_model, file).codes
    assert codes is not None
    entropy = 0.0
    for column in codes.T:
        share = np.unique(column, return_counts=True)[1] / len(column)
        entropy -= float((share * np.log2(share)).sum())
    assert 8 * file.sizes.coded >= 0.999 * entropy * len(images) - 32
    assert 8 * file.sizes.coded <= 1.02 * entropy * len(images) + 32 or file.tables[0] != 2


def test_a_rate_is_kept(frozen_model: FrozenModel, reference: Reference, few_digits: Dataset) -> None:
    images, known = few_digits.test.images, reference(frozen_model)
    for rate in (30.0, 45.0):
        file = compress_codes(frozen_model, images, known, Fineness(rate=rate))
        assert 0.8 * rate < 8 * file.sizes.total / len(images) <= rate
    with_model = compress_codes(frozen_model, images, known, Fineness(rate=30.0), with_model=True)
    assert 8 * with_model.sizes.without_model / len(images) <= 30
    with pytest.raises(StudioError, match="too few"):
        compress_codes(frozen_model, images, known, Fineness(rate=1.0))
    for wrong in (0.0, -3.0, float("nan")):
        with pytest.raises(BadChoice):
            compress_codes(frozen_model, images, known, Fineness(rate=wrong))


@pytest.mark.parametrize(("name", "choices"), [("categorical-vae", 10), ("vq-vae", 128)])
def test_entries_are_kept_as_they_are(name: str, choices: int, few_digits: Dataset) -> None:
    model = FrozenModel(untrained(name))
    images = few_digits.test.images[:20]
    codes = model.encode(images)
    file = compress_codes(model, images, codes)
    decoded = decompress_codes(model, file)
    assert decoded.codes is not None
    assert np.array_equal(decoded.codes, codes.mean)
    assert 8 * file.sizes.coded <= codes.mean.size * np.log2(choices) + 32


def test_classes_that_a_model_is_told_are_in_the_file(few_digits: Dataset) -> None:
    model = FrozenModel(untrained("conditional-vae", **SMALL))
    told = condition_of_set(model.snapshot.architecture, few_digits.test)
    assert told is not None
    known = model.encode(few_digits.test.images, told)
    decoded = decompress_codes(model, compress_codes(model, few_digits.test.images, known, condition=told))
    assert decoded.labels is not None
    assert np.array_equal(decoded.labels, few_digits.test.labels)
    assert np.array_equal(decoded.pictures, model.decode(decoded.codes, told))


@pytest.mark.parametrize("name", ["digit-classifier", "gan"])
def test_models_that_reconstruct_nothing_are_refused(
    name: str, few_digits: Dataset, trained_codes: Codes
) -> None:
    with pytest.raises(StudioError, match=r"does not encode|decodes nothing"):
        compress_codes(FrozenModel(untrained(name)), few_digits.test.images, trained_codes)


def test_impossible_choices(variational: FrozenModel, trained_codes: Codes, few_digits: Dataset) -> None:
    images = few_digits.test.images[:2]
    for wrong in (Fineness(bits=0), Fineness(bits=17), Fineness(quality=0), Fineness(quality=101)):
        with pytest.raises(BadChoice):
            compress_codes(variational, images, trained_codes, wrong)
    with pytest.raises(StudioError, match="no image"):
        compress_codes(variational, images[:0], trained_codes)


def test_one_image_can_be_a_file(variational: FrozenModel, trained_codes: Codes, few_digits: Dataset) -> None:
    file = compress_codes(variational, few_digits.test.images[:1], trained_codes, Fineness(quality=40))
    assert file.sizes.total < 80
    assert decompress_codes(variational, file).as_written
