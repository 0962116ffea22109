"""Attribute vectors, compared with the codes themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.datasets.dataset import ImageSet
from aestudio.errors import StudioError
from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests.attributes_request import (
    Combination,
    DifferencePreview,
    GroupDifference,
    OtherClasses,
)
from aestudio.gui.state.workspace import Example
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


@pytest.fixture
def snapshot(make_snapshot: Callable[..., Snapshot]) -> Snapshot:
    return make_snapshot()


def test_a_group_counts_the_members_of_its_sets(few_digits: Dataset, snapshot: Snapshot) -> None:
    cache, test = InferenceCache(), few_digits.test
    assert test.labels is not None
    means = Example("class", label=3), Example("set", numbers=np.array([0, 1, 2]))
    groups = (Example("a", number=4), means[1]), (means[0], Example("b", image=test.images[9]))
    found = GroupDifference(snapshot, (test,), *groups).compute(cache, silent)
    codes = cache.frozen_model(snapshot).encode(test.images).mean
    a, b = codes[[4, 0, 1, 2]], np.concatenate([codes[test.labels == 3], codes[[9]]])
    assert found.attribute_vector is not None
    np.testing.assert_allclose(found.attribute_vector.vector, b.mean(0) - a.mean(0), atol=1e-4)
    assert found.attribute_vector.counts == (4, len(b))
    assert set(found.decoded) == set(means), "digits and drawings have pictures of their own"
    expected = cache.frozen_model(snapshot).decode(codes[:3].mean(0)[None])[0]
    assert np.abs(found.decoded[means[1]].astype(int) - expected).max() <= 1
    empty = GroupDifference(snapshot, (test,), (), groups[1]).compute(cache, silent)
    assert empty.attribute_vector is None
    assert set(empty.decoded) == {means[0]}


def test_the_preview_is_the_code_less_itself_and_more(snapshot: Snapshot) -> None:
    cache = InferenceCache()
    base, vector = np.arange(6) / 4, np.arange(6)[::-1] / 2
    pictures = DifferencePreview(snapshot, tuple(base), tuple(vector)).compute(cache, silent)
    codes = np.stack([base - vector, base, base + vector]).astype(np.float32)
    np.testing.assert_array_equal(pictures, cache.frozen_model(snapshot).decode(codes))


def test_a_combination_waits_for_all_its_terms(few_digits: Dataset, snapshot: Snapshot) -> None:
    cache, parts = InferenceCache(), (few_digits.test,)
    a, b = Example("a", number=0), Example("b", number=1)
    c = Example("c", code=np.ones(6, np.float32))
    missing = Combination(snapshot, parts, (a, None, c)).compute(cache, silent)
    assert missing.code is None
    assert set(missing.decoded) == {c}
    found = Combination(snapshot, parts, (a, b, c)).compute(cache, silent)
    codes = cache.frozen_model(snapshot).encode(few_digits.test.images[:2]).mean
    assert found.code is not None
    np.testing.assert_allclose(found.code, codes[0] - codes[1] + 1, atol=1e-5)
    np.testing.assert_array_equal(found.image, cache.frozen_model(snapshot).decode(found.code[None])[0])


def test_other_classes_leave_out_those_that_are_not_there(few_digits: Dataset, snapshot: Snapshot) -> None:
    cache, test = InferenceCache(), few_digits.test
    assert test.labels is not None
    kept = np.flatnonzero(test.labels != 5)
    known = ImageSet(test.images[kept], test.labels[kept], test.class_names)
    found = OtherClasses(snapshot, known, 2, known).compute(cache, silent)
    assert found.names == tuple(name for name in test.class_names if name != "5")
    assert found.names[found.own] == test.class_names[int(known.labels[2])]  # type: ignore[index]
    assert found.images.shape == (9, 1, 28, 28)
    assert np.isfinite(found.codes).all()
    with pytest.raises(StudioError, match="no labels"):
        OtherClasses(snapshot, ImageSet(test.images), 2, ImageSet(test.images)).compute(cache, silent)
