"""Kept runs of several phases: resumed bit for bit, branched with all counters, their newest losses."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.runs.branch import branch_run
from aestudio.runs.first_record import last_terms
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.start import resume_run
from aestudio.runs.weights_file import CHECKPOINT, read_checkpoint_file, write_checkpoint_file
from aestudio.training.commands import Commands
from aestudio.training.events import MetricPoint, Paused
from tests.phased_recipes import two_phases
from tests.runs.conftest import metric_points, quick_recipe, same_weights

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Checkpoint

    Keep = Callable[..., KeptRun]


def same_state(one: Checkpoint | None, other: Checkpoint | None) -> None:
    assert one is not None
    assert other is not None
    assert one.optimiser.keys() == other.optimiser.keys()
    assert all(np.array_equal(one.optimiser[name], other.optimiser[name]) for name in one.optimiser)
    assert one.counters.keys() == other.counters.keys()
    np.testing.assert_array_equal(
        list(one.counters.values()), [other.counters[name] for name in one.counters]
    )


@pytest.mark.parametrize("optimiser", ["adam", "sgd", "rmsprop"])
@pytest.mark.parametrize("stop_at", [5, 7])
def test_stopped_and_resumed_is_the_same_as_straight(
    optimiser: str, stop_at: int, tmp_path: Path, keep: Keep, few_digits: Dataset
) -> None:
    """Just before a step with both phases, and between two of them."""
    recipe = two_phases(optimiser=optimiser, learning_rate=1e-3)
    straight = keep(tmp_path / "straight", recipe)
    halted = keep(tmp_path / "halted", recipe, stop_at=stop_at)
    assert halted.require_record().step == stop_at
    list(resume_run(KeptRun.at(halted.folder), few_digits))
    resumed = KeptRun.at(halted.folder)
    assert resumed.points() == straight.points()
    assert same_weights(resumed.snapshot(), straight.snapshot())
    same_state(resumed.checkpoint(), straight.checkpoint())


def test_the_record_has_the_newest_value_of_every_term(tmp_path: Path, keep: Keep) -> None:
    """The last point has the autoencoder's term only: step 18 is no step of the probe."""
    run = keep(tmp_path / "run", two_phases())
    *_, last = [point for point in metric_points(run) if point.split == "training"]
    assert set(last.terms) == {"distance"}
    kept = run.require_record().last["training"]
    assert kept.keys() == {"distance", "misreading", "brightness"}
    of_probe = [point for point in metric_points(run) if "misreading" in point.terms]
    newest = [point for point in of_probe if point.split == "training"][-1]
    assert kept == {**dict(newest.terms), "distance": last.terms["distance"]}


def test_the_newest_loss_is_the_first_phases(tmp_path: Path, keep: Keep) -> None:
    run = keep(tmp_path / "run", two_phases())
    assert run.last_loss == run.require_record().last["validation"]["distance"]
    unvalidated = keep(tmp_path / "halted", two_phases(), stop_at=3)
    assert unvalidated.last_loss == unvalidated.require_record().last["training"]["distance"]
    alone = keep(tmp_path / "none", two_phases(), stop_at=0)
    assert alone.last_loss is None


def test_terms_that_an_objective_has_no_longer_are_left_out() -> None:
    """A branch without a penalty: its older points have one."""
    objective = quick_recipe("deep-ae").objective
    points = [
        MetricPoint("training", 1, 0.1, {"loss": 3.0, "reconstruction": 2.0, "penalty": 1.0}),
        MetricPoint("training", 2, 0.2, {"loss": 2.0, "reconstruction": 2.0}),
    ]
    assert last_terms(points, objective) == {"training": {"loss": 2.0, "reconstruction": 2.0}}


def test_a_branch_without_changes_continues_bit_for_bit(
    tmp_path: Path, keep: Keep, few_digits: Dataset
) -> None:
    run = keep(tmp_path / "run", two_phases())
    branch = branch_run(run, 7, {}, tmp_path / "runs")
    list(resume_run(branch, few_digits))
    branch = KeptRun.at(branch.folder)
    assert branch.points() == run.points()
    assert same_weights(branch.snapshot(), run.snapshot())
    same_state(branch.checkpoint(), run.checkpoint())


def test_a_changed_loss_is_compared_anew_in_every_phase(
    tmp_path: Path, keep: Keep, few_digits: Dataset
) -> None:
    run = keep(tmp_path / "run", two_phases())
    before = run.history_checkpoint(7).counters
    assert math.isfinite(before["first_loss"])
    assert math.isfinite(before["probe/first_loss"])
    branch = branch_run(run, 7, {"weight": 2.0}, tmp_path / "runs")
    state = branch.checkpoint()
    assert state is not None
    for prefix in ("", "probe/"):
        assert math.isnan(state.counters[f"{prefix}first_loss"])
        assert state.counters[f"{prefix}best_loss"] == math.inf
        assert state.counters[f"{prefix}compared_from"] == 7
        assert state.counters[f"{prefix}spike_since"] == -1
    assert not any(name.startswith(("sum/", "count/")) for name in state.counters)
    list(resume_run(branch, few_digits))
    assert KeptRun.at(branch.folder).status == "finished"


def test_a_pause_after_a_phase_alone_is_resumed_bit_for_bit(
    tmp_path: Path, few_digits: Dataset, keep: Keep
) -> None:
    """Stopped after a step of the probe alone, and resumed: as one that was never stopped."""
    from aestudio.runs.record import record
    from aestudio.training.spec import RunSpec
    from aestudio.training.trainer import train

    def trained(folder: Path, stop: bool) -> KeptRun:
        commands = Commands()
        commands.advance(3)
        commands.advance(1, "probe")
        spec = RunSpec(folder.name, two_phases(), few_digits.origin, "cpu")
        for event in record(train(spec, few_digits, commands), spec, folder):
            if isinstance(event, Paused):
                assert (event.step, event.phase) == (4, "probe")
                if stop:
                    commands.stop()
                else:
                    commands.resume()
        return KeptRun.at(folder)

    straight = trained(tmp_path / "straight", stop=False)
    halted = trained(tmp_path / "halted", stop=True)
    list(resume_run(halted, few_digits))
    resumed = KeptRun.at(halted.folder)
    assert resumed.points() == straight.points()
    same_state(resumed.checkpoint(), straight.checkpoint())


@pytest.mark.parametrize(
    ("counter", "allowed"),
    [("probe/first_loss", True), ("probe/best_loss", True), ("sum/misreading", True)]
    + [(name, False) for name in ("probe/compared_from", "probe/spike_since", "count/misreading")],
)
def test_counters_of_further_phases_are_checked_too(
    tmp_path: Path, keep: Keep, counter: str, allowed: bool
) -> None:
    """A loss may be infinite; a number of steps is finite, or the file is damaged."""
    from dataclasses import replace

    from aestudio.errors import StudioError

    run = keep(tmp_path / "run", two_phases(), stop_at=4)
    state = run.checkpoint()
    assert state is not None
    path = tmp_path / CHECKPOINT
    write_checkpoint_file(path, replace(state, counters={**state.counters, counter: math.inf}))
    if allowed:
        read = read_checkpoint_file(path, "run", run.require_record().architecture)
        assert read.counters[counter] == math.inf
    else:
        with pytest.raises(StudioError):
            read_checkpoint_file(path, "run", run.require_record().architecture)


@pytest.mark.parametrize(("before", "after"), [(100, 2), (2, 100)], ids=["added", "taken away"])
def test_a_branch_may_have_another_number_of_phases(
    before: int, after: int, tmp_path: Path, keep: Keep, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A setting may decide whether the probe is trained: here 100 means never. The weights stay the same."""
    probed = type(two_phases().objective)
    phases, terms = probed.phases, probed.terms
    monkeypatch.setattr(probed, "phases", lambda self: phases(self)[: 1 if self.probe_every == 100 else 2])
    monkeypatch.setattr(probed, "terms", lambda self: terms(self)[: 1 if self.probe_every == 100 else 3])
    run = keep(tmp_path / "run", two_phases(probe_every=before))
    branch = branch_run(run, 7, {"probe_every": after}, tmp_path / "runs")
    list(resume_run(branch, few_digits))
    resumed = KeptRun.at(branch.folder)
    assert resumed.status == "finished"
    assert ("misreading" in resumed.require_record().last["training"]) == (after == 2)
