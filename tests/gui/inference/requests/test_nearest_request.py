"""The training images nearest to a code, against distances computed one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests.nearest_request import NEIGHBOURS, NearestToPoint, RealNeighbours
from aestudio.inference.codes import encode_set
from aestudio.inference.conditions import condition_of_set
from aestudio.inference.frozen_model import FrozenModel
from aestudio.progress import silent
from tests.conditional.models import class_conditional
from tests.gui.conftest import tiny_snapshot
from tests.latent_models import snapshot_of

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset

CODE = (0.5, -1.0, 0.0, 0.25, 1.0, -0.5)


def computed(request: NearestToPoint) -> tuple[list[RealNeighbours], RealNeighbours]:
    """What comes first, and the last value."""
    before: list[RealNeighbours] = []
    steps = request.compute(InferenceCache(), silent)
    while True:
        try:
            before.append(next(steps))
        except StopIteration as last:
            return before, last.value


def distances(points: Any, codes: Any) -> Any:
    return np.sqrt(np.square(codes.astype(np.float64) - points).sum(axis=1))


def test_both_distances_are_those_to_every_training_image(few_digits: Dataset) -> None:
    snapshot = tiny_snapshot("vae")
    before, found = computed(NearestToPoint(snapshot, few_digits.train, few_digits.test, CODE, None))
    assert [one.codes for one in before] == [None], "those by pixels come first"
    frozen_model = FrozenModel(snapshot)
    image = frozen_model.decode(np.asarray([CODE], np.float32))[0]
    pixels = few_digits.train.images.astype(np.float64) - image
    far = np.sqrt(np.square(pixels).reshape(len(pixels), -1).mean(axis=1)) / 255
    assert found.nearest.indices[0].tolist() == np.argsort(far, kind="stable")[:NEIGHBOURS].tolist()
    np.testing.assert_allclose(found.nearest.distances[0], np.sort(far)[:NEIGHBOURS])
    codes = encode_set(frozen_model, few_digits.train).mean
    far = distances(CODE, codes)
    assert found.codes is not None
    assert found.codes.indices[0].tolist() == np.argsort(far, kind="stable")[:NEIGHBOURS].tolist()
    np.testing.assert_allclose(found.codes.distances[0], np.sort(far)[:NEIGHBOURS], rtol=1e-4)
    own = encode_set(frozen_model, few_digits.test).mean
    usual = np.sort([distances(code, codes).min() for code in own])
    assert found.usual_codes is not None
    np.testing.assert_allclose(found.usual_codes, usual, rtol=1e-3, atol=1e-4)


def test_the_code_of_a_training_image_is_nearest_to_itself(few_digits: Dataset) -> None:
    snapshot = tiny_snapshot("vae")
    code = FrozenModel(snapshot).encode(few_digits.train.images[17:18]).mean[0]
    _, found = computed(NearestToPoint(snapshot, few_digits.train, None, tuple(code.tolist()), None))
    assert found.codes is not None
    assert found.codes.indices[0, 0] == 17
    assert found.codes.distances[0, 0] == pytest.approx(0, abs=1e-5)
    assert not len(found.usual)
    assert found.usual_codes is not None
    assert not len(found.usual_codes)


def test_discrete_codes_are_compared_as_what_their_entries_stand_for(few_digits: Dataset) -> None:
    snapshot = snapshot_of("codebook")
    frozen_model = FrozenModel(snapshot)
    code = frozen_model.encode(few_digits.test.images[:1]).mean
    request = NearestToPoint(snapshot, few_digits.train, few_digits.test, tuple(code[0].tolist()), None)
    _, found = computed(request)
    entries = encode_set(frozen_model, few_digits.train).points
    far = distances(frozen_model.points(code)[0], entries)
    assert found.codes is not None
    np.testing.assert_allclose(found.codes.distances[0], np.sort(far)[:NEIGHBOURS], rtol=1e-3, atol=1e-4)


def test_images_without_codes_are_compared_by_pixels_only(few_digits: Dataset) -> None:
    before, found = computed(
        NearestToPoint(snapshot_of("gan"), few_digits.train, few_digits.test, CODE, None)
    )
    assert not before
    assert found.codes is None
    assert found.nearest.indices.shape == (1, NEIGHBOURS)


def test_a_conditional_model_is_told_the_class_of_the_point(few_digits: Dataset) -> None:
    snapshot = class_conditional()
    told = tuple(np.eye(10, dtype=np.float32)[3].tolist())
    _, found = computed(NearestToPoint(snapshot, few_digits.train, few_digits.test, CODE, told))
    frozen_model = FrozenModel(snapshot)
    image = frozen_model.decode(np.asarray([CODE], np.float32), np.asarray([told], np.float32))[0]
    pixels = few_digits.train.images.astype(np.float64) - image
    far = np.sqrt(np.square(pixels).reshape(len(pixels), -1).mean(axis=1)) / 255
    np.testing.assert_allclose(found.nearest.distances[0], np.sort(far)[:NEIGHBOURS])
    condition = condition_of_set(snapshot.architecture, few_digits.train)
    codes = frozen_model.encode(few_digits.train.images, condition).mean
    assert found.codes is not None
    np.testing.assert_allclose(
        found.codes.distances[0], np.sort(distances(CODE, codes))[:NEIGHBOURS], rtol=1e-4
    )
