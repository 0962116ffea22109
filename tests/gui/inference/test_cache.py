"""What the inference cache keeps between requests."""

from aestudio.gui.inference.cache import InferenceCache


def test_the_newest_value_of_each_name_is_kept():
    cache, made = InferenceCache(), []

    def make(word):
        made.append(word)
        return word

    assert cache.get_or_make("a", (1, "x"), lambda: make("one")) == "one"
    assert cache.get_or_make("a", (1, "x"), lambda: make("two")) == "one"
    assert cache.get_or_make("b", (1, "x"), lambda: make("three")) == "three"
    assert cache.get_or_make("a", (2, "x"), lambda: make("four")) == "four"
    assert cache.get_or_make("a", (1, "x"), lambda: make("five")) == "five"
    assert made == ["one", "three", "four", "five"]
    assert cache.get("a", (1, "x")) == "five"
    assert cache.get("a", (2, "x")) is None
    assert cache.get("c", (1, "x")) is None


def test_a_shared_cache_has_the_same_codes_and_values_but_its_own_modules(few_digits, make_snapshot):
    from aestudio.progress import silent

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
