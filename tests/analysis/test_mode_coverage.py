"""Classes among samples, and when a generator counts as collapsed: cases whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from aestudio.analysis.mode_collapse import ModeCollapse, mode_collapse
from aestudio.analysis.mode_coverage import ModeCoverage, mode_coverage

NAMES = tuple("abcdefghij")


def coverage_of(*counts: int) -> ModeCoverage:
    return ModeCoverage(counts, NAMES[: len(counts)])


def test_each_image_counts_for_its_most_probable_class() -> None:
    probabilities = np.array([[0.2, 0.5, 0.3], [0.1, 0.2, 0.7], [0.0, 0.6, 0.4]], np.float32)
    assert mode_coverage(probabilities, NAMES[:3]) == coverage_of(0, 2, 1)
    assert mode_coverage(np.log(probabilities + 1e-9), NAMES[:3]) == coverage_of(0, 2, 1)
    with pytest.raises(ValueError, match="for 4 classes"):
        mode_coverage(probabilities, NAMES[:4])


def test_a_class_is_shown_from_a_tenth_of_an_equal_share_on() -> None:
    found = coverage_of(10, 9, 0, 300, 100, 100, 100, 100, 100, 181)
    assert found.samples == 1000
    assert found.shown == 8
    assert found.missing == ("b", "c")
    assert found.rarest == ("c", 0.0)
    assert found.shares[3] == pytest.approx(0.3)
    assert coverage_of(0, 5).shown == 1
    assert coverage_of(0, 0).shown == 0
    assert coverage_of(0, 0).shares == (0, 0)


def found_with(*accuracies: float, coverage: ModeCoverage | None = None, first: int = 400) -> ModeCollapse:
    """Of validations with these accuracies, every 200 steps, which are an epoch."""
    steps = [first + 200 * number for number in range(len(accuracies))]
    rows = [(step, step / 200, accuracy) for step, accuracy in zip(steps, accuracies, strict=True)]
    last = steps[-1] if steps else first
    return mode_collapse(rows, coverage, last, last / 200)


def test_a_critic_is_always_right_from_the_first_of_two_validations_on() -> None:
    found = found_with(0.7, 0.99, 0.985)
    assert found == ModeCollapse(600, 0.985)
    assert found.alarm
    assert not found_with(0.7, 0.99).alarm
    assert not found_with(0.99, 0.7, 0.99).alarm


def test_it_ends_well_below_the_threshold() -> None:
    assert found_with(0.99, 0.99, 0.97, 0.96, 0.94, 0.97).sure_since == 400
    assert found_with(0.99, 0.99, 0.94, 0.93).sure_since is None


def test_the_start_does_not_count() -> None:
    assert not found_with(1.0, 1.0, 0.7, first=100).alarm
    few = coverage_of(100, 0, 0)
    assert not mode_collapse([], few, 100, 0.5).alarm
    assert mode_collapse([], few, 400, 2.0).coverage == few


def test_half_of_the_classes_are_few() -> None:
    assert found_with(0.7, coverage=coverage_of(*[200] * 5, *[0] * 5)).alarm
    assert not found_with(0.7, coverage=coverage_of(*[200] * 6, *[0] * 4)).alarm


def test_validations_after_the_shown_step_are_not_of_it() -> None:
    rows = [(400, 2.0, 0.7), (600, 3.0, 0.99), (800, 4.0, 0.99)]
    assert mode_collapse(rows, None, 800, 4.0).sure_since == 600
    earlier = mode_collapse(rows, None, 500, 2.5)
    assert not earlier.alarm
    assert earlier.accuracy == 0.7
