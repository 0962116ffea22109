"""Sizes by other programs: of files that they really write."""

from __future__ import annotations

import gzip
import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from aestudio.codec.other_formats import lossless_sizes

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset


def test_sizes_are_those_of_files(few_digits: Dataset, black_and_white: np.ndarray) -> None:
    grey = few_digits.test.images[:6]
    sizes = {size.name: size for size in lossless_sizes(grey)}
    assert {"PNG", "lossless WebP", "gzip", "bzip2", "LZMA"} <= sizes.keys()
    total = 0
    for image in grey:
        file = io.BytesIO()
        Image.fromarray(image[0]).save(file, "png", optimize=True)
        total += 8 * len(file.getvalue())
    assert sizes["PNG"].bits == total
    assert sizes["gzip"].bits == 8 * len(gzip.compress(grey.tobytes(), 9, mtime=0))
    assert all(0 < size.blank < size.bits for size in sizes.values())
    assert [name for name, size in sizes.items() if not size.alone] == ["gzip", "bzip2", "LZMA"]


def test_black_and_white_takes_a_bit_a_pixel(black_and_white: np.ndarray) -> None:
    sizes = {size.name: size.bits for size in lossless_sizes(black_and_white[:6])}
    packed = np.packbits(black_and_white[:6].reshape(-1) // 255)
    assert sizes["gzip"] == 8 * len(gzip.compress(packed.tobytes(), 9, mtime=0))
    as_grey = io.BytesIO()
    Image.fromarray(black_and_white[0, 0]).save(as_grey, "png", optimize=True)
    assert sizes["PNG"] < 6 * 8 * len(as_grey.getvalue())


def test_colours(few_digits: Dataset) -> None:
    colour = np.repeat(few_digits.test.images[:2], 3, axis=1)
    assert all(size.bits > 0 for size in lossless_sizes(colour))
