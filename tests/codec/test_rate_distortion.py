"""Bits against error, all of really written files."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from aestudio.codec.rate_distortion import MeasuredRate, best_within, measured_rates
from aestudio.codec.rounded_codes import Fineness, compress_codes, decompress_codes
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.inference.frozen_model import FrozenModel


@pytest.fixture
def rates(frozen_model: FrozenModel, few_digits: Dataset) -> tuple[MeasuredRate, ...]:
    training, images = few_digits.train.images, few_digits.test.images[:8]
    return measured_rates(frozen_model, frozen_model.encode(training), training, images)


def test_every_codec_is_measured_on_its_files(
    rates: tuple[MeasuredRate, ...], frozen_model: FrozenModel, few_digits: Dataset
) -> None:
    images = few_digits.test.images[:8]
    by_codec: dict[str, list[MeasuredRate]] = {}
    for rate in rates:
        by_codec.setdefault(rate.codec, []).append(rate)
    assert {frozen_model.snapshot.recipe.title, "PCA", "JPEG", "WebP", "PNG"} <= by_codec.keys()
    for name, points in by_codec.items():
        assert all(point.shared < point.alone for point in points), name
        bits = [point.shared for point in points]
        assert bits == sorted(bits), name
        if len(points) > 1:
            assert points[-1].mse < points[0].mse, name
            assert points[-1].ssim > points[0].ssim, name
    (png,) = by_codec["PNG"]
    assert (png.mse, png.psnr) == (0, math.inf)
    assert png.ssim == pytest.approx(1)
    files = []
    for image in images:
        file = io.BytesIO()
        Image.fromarray(image[0]).save(file, "jpeg", quality=20, optimize=True)
        files.append(file)
    jpeg = by_codec["JPEG"][1]
    assert jpeg.alone == pytest.approx(8 * np.mean([len(file.getvalue()) for file in files]))
    decoded = np.stack([np.asarray(Image.open(file))[None] for file in files])
    assert jpeg.mse == pytest.approx(np.square(decoded / 255 - images / 255).mean())
    own = by_codec[frozen_model.snapshot.recipe.title][2]
    written = compress_codes(
        frozen_model, images, frozen_model.encode(few_digits.train.images), Fineness(quality=50)
    )
    assert own.shared == len(written.to_bytes())  # 8 bits a byte, 8 images
    pictures = decompress_codes(frozen_model, written).pictures
    assert own.mse == pytest.approx(np.square(pictures / 255 - images / 255).mean())
    assert own.psnr == pytest.approx(-10 * math.log10(own.mse))


def test_equal_bytes(rates: tuple[MeasuredRate, ...]) -> None:
    chosen = {rate.codec: rate for rate in best_within(rates, 200)}
    for codec in {rate.codec for rate in rates}:
        allowed = [rate for rate in rates if rate.codec == codec and rate.shared <= 200]
        assert (codec in chosen) == bool(allowed)
        if allowed:
            assert chosen[codec].mse == min(rate.mse for rate in allowed)
    assert best_within(rates, 1, alone=True) == ()


def test_no_images(frozen_model: FrozenModel, few_digits: Dataset) -> None:
    training = few_digits.train.images
    with pytest.raises(StudioError, match="no image"):
        measured_rates(frozen_model, frozen_model.encode(training[:2]), training, training[:0])
