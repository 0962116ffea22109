"""What a desk keeps between questions."""

from aestudio.gui.inference.cache import InferenceCache


def test_a_drawer_keeps_the_newest_of_each_name():
    desk, made = InferenceCache(), []

    def make(word):
        made.append(word)
        return word

    assert desk.kept("a", (1, "x"), lambda: make("one")) == "one"
    assert desk.kept("a", (1, "x"), lambda: make("two")) == "one"
    assert desk.kept("b", (1, "x"), lambda: make("three")) == "three"
    assert desk.kept("a", (2, "x"), lambda: make("four")) == "four"
    assert desk.kept("a", (1, "x"), lambda: make("five")) == "five"
    assert made == ["one", "three", "four", "five"]
    assert desk.known("a", (1, "x")) == "five"
    assert desk.known("a", (2, "x")) is None
    assert desk.known("c", (1, "x")) is None


def test_a_desk_beside_another_shares_codes_and_drawer_but_not_the_module(few_digits, make_snapshot):
    from aestudio.progress import silent

    snapshot = make_snapshot()
    desk = InferenceCache()
    beside = InferenceCache(desk)
    codes = desk.codes(snapshot, few_digits.test, 10, silent)
    assert beside.codes(snapshot, few_digits.test, 10, silent) is codes
    newer = make_snapshot(seed=1)
    beside.codes(newer, few_digits.test, 10, silent)
    assert desk.codes(snapshot, few_digits.test, 10, silent) is not codes, "only the newest snapshot's"
    assert desk.viewer(snapshot) is not beside.viewer(snapshot)
    assert desk.kept("a", (1,), lambda: 1) == beside.kept("a", (1,), lambda: 2)
