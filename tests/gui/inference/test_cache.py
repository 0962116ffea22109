"""What a cache keeps between requests."""

import gc
import weakref

from aestudio.gui.inference.cache import InferenceCache, first_digits
from aestudio.progress import silent


def test_a_drawer_keeps_the_newest_of_each_name():
    cache, made = InferenceCache(), []

    def make(word):
        made.append(word)
        return word

    assert cache.kept("a", (1, "x"), lambda: make("one")) == "one"
    assert cache.kept("a", (1, "x"), lambda: make("two")) == "one"
    assert cache.kept("b", (1, "x"), lambda: make("three")) == "three"
    assert cache.kept("a", (2, "x"), lambda: make("four")) == "four"
    assert cache.kept("a", (1, "x"), lambda: make("five")) == "five"
    assert made == ["one", "three", "four", "five"]
    assert cache.known("a", (1, "x")) == "five"
    assert cache.known("a", (2, "x")) is None
    assert cache.known("c", (1, "x")) is None


def test_a_desk_beside_another_shares_codes_and_drawer_but_not_the_module(few_digits, make_snapshot):
    snapshot = make_snapshot()
    cache = InferenceCache()
    beside = InferenceCache(cache)
    codes = cache.codes(snapshot, few_digits.test, 10, silent)
    assert beside.codes(snapshot, few_digits.test, 10, silent) is codes
    newer = make_snapshot(seed=1)
    beside.codes(newer, few_digits.test, 10, silent)
    assert cache.codes(snapshot, few_digits.test, 10, silent) is not codes, "only the newest snapshot's"
    assert cache.frozen_model(snapshot) is not beside.frozen_model(snapshot)
    assert cache.kept("a", (1,), lambda: 1) == beside.kept("a", (1,), lambda: 2)


def test_codes_go_with_their_images(few_digits, make_snapshot):
    """An untrained model keeps its snapshot while one data set after the other is looked at."""
    snapshot, cache = make_snapshot(), InferenceCache()
    images = first_digits(few_digits.test, 5)
    seen = weakref.ref(images)
    codes = weakref.ref(cache.codes(snapshot, images, 5, silent))
    gc.collect()
    assert codes() is not None
    del images
    gc.collect()
    assert seen() is None
    assert codes() is None
