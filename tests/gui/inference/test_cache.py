"""What the inference cache keeps between requests."""

import gc
import weakref

import pytest

from aestudio.datasets.dataset import part_of
from aestudio.gui.inference.cache import InferenceCache
from aestudio.progress import silent


def test_the_newest_value_of_each_name_is_kept():
    cache, computed = InferenceCache(), []

    def make(value):
        computed.append(value)
        return value

    assert cache.get_or_make("a", (1, "x"), lambda: make("one")) == "one"
    assert cache.get_or_make("a", (1, "x"), lambda: make("two")) == "one"
    assert cache.get_or_make("b", (1, "x"), lambda: make("three")) == "three"
    assert cache.get_or_make("a", (2, "x"), lambda: make("four")) == "four"
    assert cache.get_or_make("a", (1, "x"), lambda: make("five")) == "five"
    assert computed == ["one", "three", "four", "five"]
    assert cache.get("a", (1, "x")) == "five"
    assert cache.get("a", (2, "x")) is None
    assert cache.get("c", (1, "x")) is None


def test_a_shared_cache_has_the_same_codes_and_values_but_its_own_modules(few_digits, make_snapshot):
    snapshot = make_snapshot()
    cache = InferenceCache()
    beside = InferenceCache(cache)
    codes = cache.codes(snapshot, few_digits.test, 10, silent)
    assert beside.codes(snapshot, few_digits.test, 10, silent) is codes
    newer = make_snapshot(seed=1)
    beside.codes(newer, few_digits.test, 10, silent)
    assert cache.codes(snapshot, few_digits.test, 10, silent) is not codes, "only the newest snapshot's"
    assert cache.frozen_model(snapshot) is not beside.frozen_model(snapshot)
    assert cache.get_or_make("a", (1,), lambda: 1) == beside.get_or_make("a", (1,), lambda: 2)


@pytest.mark.thorough
def test_codes_go_with_their_images(few_digits, make_snapshot):
    """Codes are released with their images, although the snapshot of an untrained model stays."""
    snapshot, cache = make_snapshot(), InferenceCache()
    images = part_of(few_digits.test, slice(5))
    reference = weakref.ref(images)
    codes = weakref.ref(cache.codes(snapshot, images, 5, silent))
    gc.collect()
    assert codes() is not None
    del images
    gc.collect()
    assert reference() is None
    assert codes() is None
