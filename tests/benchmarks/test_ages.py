"""The ages of what a view shows: computed from samples, noted in a session, shown as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.controllers.session import Session
from aestudio.gui.workers.messages import Trained
from aestudio.recipes.library import find_recipe
from aestudio.training.events import MetricPoint, Snapshot, SnapshotTaken, TrainingProgress
from benchmarks.measures.latent import AGES, age_rows, busy_row
from benchmarks.window.ages import PARTS, Sampler, StepTimes, ages

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_ages_are_since_the_training_was_at_the_step_that_is_shown() -> None:
    times, steps = [10.0, 11.0, 13.0], [0, 100, 500]  # 100 steps a second, then 200
    found = ages([(11.0, {"map": 50}), (12.0, {"map": 50, "grid": 300})], times, steps)
    assert found["map"]["seconds"] == pytest.approx([0.5, 1.5])
    assert found["map"]["steps"] == pytest.approx([50, 250])
    assert found["grid"] == {"seconds": pytest.approx([0.0]), "steps": pytest.approx([0.0])}


def test_what_is_shown_is_never_younger_than_now() -> None:
    """A step that the window knows before the reports do."""
    found = ages([(10.5, {"map": 100})], [10.0, 11.0], [0, 100])
    assert found["map"] == {"seconds": [0.0], "steps": [0.0]}


def test_the_steps_of_a_training_and_of_what_is_shown_are_noted(qtbot: QtBot) -> None:
    session = Session()
    try:
        noted = StepTimes(session)
        sampler = Sampler(session, PARTS["latent"])
        snapshot = Snapshot("a", find_recipe("vae"), 7, 0.1, {}, data=MNIST)
        for event in (
            SnapshotTaken(snapshot),
            TrainingProgress(9, 0.1, 1.0, 1.0, 0, 1e-3),
            TrainingProgress(9, 0.1, 1.0, 1.0, 0, 1e-3),
            MetricPoint("training", 12, 0.1, {}),
        ):
            session.mailbox.put(Trained(1, 0, event))
        assert noted.steps == [7, 9]
        assert sorted(noted.times) == noted.times
        assert len(session.mailbox.take()) == 4, "the window still gets every message"
        sampler.sample_for(0.2)
        assert sampler.samples
        assert sampler.samples[0][1] == {}, "nothing is shown yet"
    finally:
        qtbot.waitUntil(session.close)


def test_every_part_has_medians_and_percentiles_in_seconds_and_steps() -> None:
    seconds, steps = [float(number) for number in range(101)], [10.0 * number for number in range(101)]
    result = {"recipe": "vae", "view": "latent", "ages": {"map": {"seconds": seconds, "steps": steps}}}
    table = {row.figure: row for row in age_rows(result)}
    assert {row.subject for row in table.values()} == {"vae trains, Latent in front, map"}
    assert {row.section for row in table.values()} == {AGES}
    assert (table["age in seconds, median"].value, table["age in seconds, median"].unit) == (50.0, "s")
    oldest = table["age in seconds, maximum"]
    assert (oldest.value, oldest.target, oldest.met) == (100.0, 2.0, False)
    assert (table["age in steps, maximum"].value, table["age in steps, maximum"].target) == (1000.0, None)
    beside = {row.figure: row for row in age_rows({**result, "busy": True})}["age in seconds, maximum"]
    assert (beside.target, "busy program" in beside.subject) == (5.0, True)
    assert table["age in seconds, 95th percentile"].value == pytest.approx(95.0)
    assert table["age in steps, median"].value == 500.0
    assert (table["age in steps, 95th percentile"].value, table["age in steps, 95th percentile"].unit) == (
        pytest.approx(950.0),
        "steps",
    )


def test_the_slider_beside_a_busy_program_has_the_target_of_a_training() -> None:
    row = busy_row({"recipe": "vae", "multiply_adds": 330_000, "slider": [10.0] * 90 + [80.0] * 10})
    assert (row.value, row.target, row.met) == (80.0, 50.0, False)
    assert "busy program" in row.figure
