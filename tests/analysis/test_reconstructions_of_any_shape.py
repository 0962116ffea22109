"""Reconstructions, compression, grids and neighbours of colour images, and of images that are no squares."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from hypothesis import given
from PIL import Image
from sklearn.neighbors import NearestNeighbors

from aestudio.analysis.class_probabilities import train_class_probabilities
from aestudio.analysis.compression import compress, fit_quantiser, rate_curve
from aestudio.analysis.data_support.decode_encode import decode_encode_errors
from aestudio.analysis.data_support.scale import code_scale_of
from aestudio.analysis.data_support.sensitivity import decoder_sensitivity
from aestudio.analysis.image_formats import encode_images
from aestudio.analysis.probe import probe
from aestudio.analysis.reconstructions import (
    image_losses,
    luminance,
    reconstruct,
    reconstruct_images,
    worst_first,
)
from aestudio.analysis.sampling import nearest_images
from aestudio.datasets.dataset import Dataset, ImageSet
from tests.shaped import COLOUR, SHAPES, LinearModel, any_shape, random_images, smooth_images

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import ImageShape


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_reconstruction_keeps_the_shape(shape: ImageShape) -> None:
    model, images = LinearModel(shape), random_images(shape, 5)
    found = reconstruct(model, ImageSet(images), [3, 0])
    flat = images[[3, 0]].reshape(2, -1) / 255
    exact = np.clip((flat - 0.5) @ model.rows.T @ model.rows + 0.5, 0, 1)
    assert (found.originals == images[[3, 0]]).all()
    assert found.reconstructed == pytest.approx(255 * exact.reshape(2, *shape.array), abs=0.51)
    assert found.errors.dtype == np.int16
    assert (found.errors == found.reconstructed.astype(int) - found.originals).all()
    assert found.squared_error == pytest.approx(((exact - flat) ** 2).sum(axis=1), rel=1e-5)
    assert reconstruct_images(LinearModel(shape), images[:0]).errors.shape == (0, *shape.array)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_loss_counts_every_number(shape: ImageShape) -> None:
    model, images = LinearModel(shape), random_images(shape, 3)
    logits = model.encode(images).mean.astype(float) @ model.rows + 0.5
    squared = ((np.clip(logits, 0, 1) - images.reshape(3, -1) / 255) ** 2).sum(axis=1)
    assert image_losses(model, ImageSet(images)) == pytest.approx(squared, rel=1e-5)
    assert worst_first(model, ImageSet(images)).tolist() == np.argsort(-squared).tolist()


@given(shape=any_shape)
def test_luminance_is_the_weighted_sum_of_the_channels(shape: ImageShape) -> None:
    errors = random_images(shape, 2, 1).astype(np.int16) - random_images(shape, 2, 2)
    found = luminance(errors)
    assert found.shape == (2, shape.height, shape.width)
    assert found.dtype == np.int16
    if shape.grey:
        assert (found == errors[:, 0]).all()
        return
    red, green, blue = errors.transpose(1, 0, 2, 3).astype(float)
    expected = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    assert np.abs(found - expected).max() <= 0.5 + 1e-9
    assert (luminance(errors[1]) == found[1]).all(), "also of a single image"


def test_equal_errors_of_all_channels_are_their_luminance() -> None:
    errors = np.full((1, 3, 8, 8), -255, np.int16)
    assert (luminance(errors) == -255).all()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_compression_counts_bits_of_every_number(shape: ImageShape) -> None:
    model, images = LinearModel(shape), smooth_images(shape, 12)
    codes = model.encode(images).mean
    quantiser = fit_quantiser(codes, 5)
    found = compress(model, quantiser, images)
    exact = model.decode_exactly(quantiser.restore(quantiser.levels(codes)))
    assert found.raw_bits == 8 * images[0].nbytes
    assert found.fixed_bits == 20
    assert found.reconstructed == pytest.approx(255 * exact, abs=0.51)
    squared = ((exact - images / 255) ** 2).reshape(12, -1).sum(axis=1)
    assert found.squared_error == pytest.approx(squared, rel=1e-6)
    (point,) = rate_curve(model, codes, ImageSet(images), [5])
    assert point.mse_per_pixel == pytest.approx(squared.mean() / images[0].size, rel=1e-6)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", ["png", "jpeg", "webp"])
def test_files_are_those_that_pillow_writes(shape: ImageShape, name: Any) -> None:
    images = smooth_images(shape, 4)
    found = encode_images(images, name, 60)
    for index, image in enumerate(images):
        picture = Image.fromarray(image[0] if shape.grey else np.dstack(image))
        buffer = io.BytesIO()
        picture.save(buffer, name, **({"optimize": True} if name == "png" else {"quality": 60}))
        assert found.bits[index] == 8 * len(buffer.getvalue())
        back = np.asarray(Image.open(buffer).convert(picture.mode)).reshape(*shape.array[1:], shape.channels)
        assert (found.decoded[index] == np.moveaxis(back, 2, 0)).all()
    difference = found.decoded.astype(float) - images
    assert found.squared_error == pytest.approx((difference**2).sum(axis=(1, 2, 3)) / 255**2)
    assert (difference.any()) == (name != "png")


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_nearest_images_are_those_of_a_brute_force_search(shape: ImageShape) -> None:
    images, queries = random_images(shape, 200), random_images(shape, 5, seed=9)
    found = nearest_images(queries, images, 3)
    search = NearestNeighbors(n_neighbors=3, algorithm="brute").fit(images.reshape(200, -1) / 255)
    distances, indices = search.kneighbors(queries.reshape(5, -1) / 255)
    assert (found.indices == indices).all()
    assert found.distances == pytest.approx(distances / math.sqrt(images[0].size), abs=1e-7)


def test_queries_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="are compared with"):
        nearest_images(random_images(COLOUR, 2)[:, :1], random_images(COLOUR, 5), 1)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_decode_encode_errors_take_the_decoded_images(shape: ImageShape) -> None:
    """A decoder that clips: the codes of the decoded images are computed by hand."""
    model = LinearModel(shape)
    scale = code_scale_of(model.encode(smooth_images(shape, 40)))
    codes = np.random.default_rng(0).normal(0, 30, (6, 4)).astype(np.float32)
    pixels = np.clip(codes.astype(float) @ model.rows + 0.5, 0, 1)
    again = (pixels - 0.5) @ model.rows.T
    difference = scale.scaled(again.astype(np.float32)) - scale.scaled(codes)
    found = decode_encode_errors(model, codes, scale)
    assert found == pytest.approx(np.sqrt((difference**2).mean(axis=1)), rel=1e-3)
    assert found.min() > 0


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_sensitivity_sums_over_every_number(shape: ImageShape) -> None:
    model = LinearModel(shape)
    codes = np.random.default_rng(0).normal(0, 0.01, (5, 4)).astype(np.float32)  # nothing is clipped
    axes = np.linalg.qr(np.random.default_rng(1).normal(size=(4, 2)))[0].T
    found = decoder_sensitivity(model, codes, axes)
    assert found == pytest.approx(np.full(5, np.linalg.norm(model.rows.T @ axes.T)), rel=1e-4)


def two_classes(shape: ImageShape, count: int, seed: int) -> ImageSet:
    """Bright on the left or on the right; the noise says nothing."""
    images = random_images(shape, count, seed) // 4
    labels = np.arange(count, dtype=np.int64) % 2
    half = shape.width // 2
    images[labels == 0, ..., :half] += 150
    images[labels == 1, ..., half:] += 150
    return ImageSet(images, labels, ("left", "right"))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_probe_and_class_probabilities_read_every_pixel(
    shape: ImageShape, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = LinearModel(shape)
    monkeypatch.setattr("aestudio.analysis.probe.FrozenModel", lambda snapshot: model)
    data = Dataset("sides", "Sides", two_classes(shape, 200, 0), two_classes(shape, 60, 1))
    report = probe(cast("Any", model.snapshot), data, epochs=4)
    assert report.scores["pixels"].accuracy == 1
    assert set(report.scores) == {"pixels", "codes", "reconstructions"}
    learned = train_class_probabilities(data.train, epochs=6)
    assert learned is not None
    assert (learned(data.test.images).argmax(axis=1) == data.test.labels).all()
