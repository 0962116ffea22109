"""Samples of a snapshot and the real images nearest to them."""

from __future__ import annotations

import numpy as np
import pytest

from aestudio.datasets.dataset import ImageSet
from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests.nearest_request import NearestImages
from aestudio.gui.inference.requests.samples_request import DrawSamples, SampleSet
from aestudio.progress import silent


@pytest.mark.parametrize("source", ["prior", "mixture"])
def test_the_same_seed_draws_the_same_images(few_digits, make_snapshot, source):
    cache, snapshot = InferenceCache(), make_snapshot()
    first, again, other = (
        DrawSamples(snapshot, few_digits.test, 60, source, 1.0, 8, seed).compute(cache, silent)
        for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(first.codes, again.codes)
    assert not np.array_equal(first.codes, other.codes)
    np.testing.assert_array_equal(first.images, cache.frozen_model(snapshot).decode(first.codes))


def test_a_mixture_at_temperature_zero_stays_among_the_codes(few_digits, make_snapshot):
    cache, snapshot = InferenceCache(), make_snapshot()
    drawn = DrawSamples(snapshot, few_digits.test, 60, "mixture", 0.0, 8, 0).compute(cache, silent)
    codes = cache.codes(snapshot, few_digits.test, 60, silent).mean
    assert (drawn.codes >= codes.min(axis=0) - 1e-4).all()
    assert (drawn.codes <= codes.max(axis=0) + 1e-4).all()


def test_a_copied_image_is_found_out(few_digits, make_snapshot):
    cache, snapshot = InferenceCache(), make_snapshot()
    copied = SampleSet(np.zeros((1, 6), np.float32), few_digits.train.images[[17]])
    found = NearestImages(snapshot, few_digits.train, few_digits.test, copied).compute(cache, silent)
    assert found.nearest.indices[0, 0] == 17
    assert found.nearest.distances[0, 0] == 0
    assert len(found.usual) == 60
    assert (np.diff(found.usual) >= 0).all()


def test_without_unseen_images_there_are_no_usual_distances(few_digits, make_snapshot):
    few = ImageSet(few_digits.test.images[:3])
    samples = SampleSet(np.zeros((2, 6), np.float32), few.images[:2])
    found = NearestImages(make_snapshot(), few, None, samples).compute(InferenceCache(), silent)
    assert found.nearest.indices.shape == (2, 3), "no more neighbours than there are digits"
    assert not len(found.usual)
