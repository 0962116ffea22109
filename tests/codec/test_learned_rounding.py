"""Files of a model that rounds its codes itself: what is decoded, their sizes, and what damages them."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from aestudio.codec.learned_rounding import FINENESSES, LearnedRounding, fineness_of, quality_for_bits
from aestudio.codec.rounded_codes import Fineness, compress_codes, decompress_codes
from aestudio.errors import BadChoice, StudioError
from aestudio.inference.frozen_model import Codes, FrozenModel
from tests.codec.conftest import TINY_CODEC
from tests.small_models import untrained

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset


@pytest.fixture(scope="module")
def known(learned: FrozenModel, few_digits: Dataset) -> Codes:
    return learned.encode(few_digits.train.images)


@pytest.mark.parametrize("fineness", [0, 100, FINENESSES - 1])
def test_codes_are_decoded_as_they_were_rounded(
    learned: FrozenModel, few_digits: Dataset, fineness: int
) -> None:
    codes = learned.encode(few_digits.test.images[:20]).mean
    coded = LearnedRounding(learned.snapshot).encode(codes, fineness)
    rounding = LearnedRounding(learned.snapshot)
    decoded = rounding.decode(coded, len(codes), fineness)
    # By the module itself, in single precision: the same cells but for ties.
    told = torch.full((len(codes), 1), fineness / (FINENESSES - 1))
    with torch.no_grad():
        expected, nats = learned.model.objective.rounded(torch.tensor(codes), told, None)  # type: ignore[operator]
    agree = np.isclose(decoded, expected.numpy(), atol=1e-4)
    assert agree.mean() > 0.98
    # What the loss says of the code with noise is what the file takes, for 20 images about.
    assert 8 * len(coded) == pytest.approx(float(nats.sum()) / math.log(2), rel=0.15, abs=64)


def test_quality_bits_and_rate(learned: FrozenModel, few_digits: Dataset, known: Codes) -> None:
    images = few_digits.test.images[:10]

    def size(fineness: Fineness) -> float:
        return 8 * compress_codes(learned, images, known, fineness).sizes.total / len(images)

    sizes = [size(Fineness(quality=quality)) for quality in (1, 50, 100)]
    assert sizes == sorted(sizes)
    assert size(Fineness(bits=2)) < size(Fineness(bits=6))
    rate = (sizes[0] + sizes[2]) / 2
    assert 0.9 * rate < size(Fineness(rate=rate)) <= rate
    for wrong in (Fineness(quality=0), Fineness(bits=40), Fineness(rate=0.0)):
        with pytest.raises(BadChoice):
            compress_codes(learned, images, known, wrong)
    with pytest.raises(StudioError, match="too few"):
        compress_codes(learned, images, known, Fineness(rate=2.0))


def test_qualities_are_told_in_a_byte() -> None:
    assert [fineness_of(quality) for quality in (1, 50.5, 100)] == [0, 128, 255]


def test_about_as_many_cells_as_bits_say(learned: FrozenModel, known: Codes) -> None:
    rounding = LearnedRounding(learned.snapshot)
    first = known.mean[:, : rounding.groups[0]]
    quality = quality_for_bits(rounding, known, 3)
    cells = (first.max(0) - first.min(0)) / rounding.first_widths(fineness_of(quality))
    assert 3 <= np.log2(cells).mean() < 3.2 or quality == 1


def test_a_file_is_decoded_by_itself(learned: FrozenModel, few_digits: Dataset, known: Codes) -> None:
    images = few_digits.test.images[:3]
    file = compress_codes(learned, images, known, with_model=True)
    assert len(file.tables) == 2
    decoded = decompress_codes(learned, file)
    assert decoded.as_written
    assert decoded.codes is not None
    assert np.array_equal(decoded.pictures, learned.decode(decoded.codes))
    assert decoded.labels is None


def test_other_tables_are_refused(learned: FrozenModel, few_digits: Dataset, known: Codes) -> None:
    file = compress_codes(learned, few_digits.test.images[:2], known)
    for tables in (b"", b"\x04", b"\x02" + file.tables[1:], file.tables + b"\x00"):
        with pytest.raises(ValueError, match=r"tables|another model"):
            decompress_codes(learned, dataclasses.replace(file, tables=tables))
    with pytest.raises(ValueError, match="follows its last code"):
        decompress_codes(learned, dataclasses.replace(file, coded=b"abcdefgh" + file.coded))


def test_weights_that_are_no_numbers(few_digits: Dataset) -> None:
    snapshot = untrained("codec", **TINY_CODEC)
    weights = dict(snapshot.weights)
    name = next(name for name in weights if "whole_prior" in name)
    weights[name] = np.full_like(weights[name], np.nan)
    broken = FrozenModel(dataclasses.replace(snapshot, weights=weights))
    codes = broken.encode(few_digits.test.images[:2])
    with pytest.raises(StudioError, match="no probabilities"):
        compress_codes(broken, few_digits.test.images[:2], codes)
