"""A branch equals its parent up to a checkpoint, and without changes also after it."""

from __future__ import annotations

import json
import math
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.errors import BadChoice, StudioError
from aestudio.paths import runs_folder
from aestudio.runs.branch import branch_run
from aestudio.runs.index import kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.start import resume_run
from aestudio.training.events import LiveChange, MetricPoint
from tests.runs.conftest import metric_points, quick_recipe, same_weights

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset

    Keep = Callable[..., KeptRun]


def trained(run: KeptRun, digits: Dataset) -> KeptRun:
    list(resume_run(run, digits))
    return KeptRun.at(run.folder)


@pytest.mark.parametrize("step", [0, 7, 9, 13])
def test_a_branch_without_changes_continues_bit_for_bit(
    kept: KeptRun, few_digits: Dataset, step: int, tmp_path: Path
) -> None:
    branch = trained(branch_run(kept, step, {}, tmp_path / "runs"), few_digits)
    assert branch.points() == kept.points()
    assert same_weights(branch.snapshot(), kept.snapshot())
    assert branch.history_checkpoints() == kept.history_checkpoints()
    one, other = branch.checkpoint(), kept.checkpoint()
    assert one is not None
    assert other is not None
    assert one.counters == other.counters
    assert np.array_equal(one.noise, other.noise)
    for checkpoint_of_history in kept.history_checkpoints():
        assert same_weights(
            branch.history_checkpoint(checkpoint_of_history.step).snapshot,
            kept.history_checkpoint(checkpoint_of_history.step).snapshot,
        )


def test_a_changed_setting_acts_from_the_step_on(kept: KeptRun, few_digits: Dataset) -> None:
    before = kept.points()
    branch = branch_run(kept, 7, {"learning_rate": 1e-12})
    assert branch.folder.parent == runs_folder()
    assert branch.status == "stopped"
    assert (branch.require_record().step, branch.require_record().seconds) == (7, 0.0)
    assert branch.snapshot().step == 7
    branch = trained(branch, few_digits)
    parents, own = metric_points(kept), metric_points(branch)
    assert [p for p in own if p.step <= 7] == [p for p in parents if p.step <= 7]
    assert [p for p in own if p.step > 7] != [p for p in parents if p.step > 7]
    assert [p.step for p in own] == [p.step for p in parents]
    end, start = branch.snapshot(), kept.history_checkpoint(7).snapshot
    assert all(np.allclose(end.weights[name], start.weights[name], atol=1e-8) for name in end.weights)
    assert branch.require_record().live == {"learning_rate": 1e-12}
    assert branch.require_record().recipe.value("learning_rate") == 1e-12
    assert kept.points() == before


def test_the_record_names_the_parent(kept: KeptRun) -> None:
    branch = branch_run(kept, 7, {"beta": 4.0})
    table = json.loads((branch.folder / "run.json").read_text("utf-8"))
    assert table["branched_from"] == {"run": kept.name, "step": 7, "changes": {"beta": 4.0}}
    assert branch.require_record().branched_from is not None
    assert branch.require_record().branched_from.step == 7
    assert "β 4 from step 7" in branch.title
    assert table["name"] == branch.name != kept.name
    assert table["evaluation"] is None
    assert kept.require_record().branched_from is None
    assert LiveChange(7, "beta", 4.0) in branch.points()


def test_a_branch_has_its_own_folder(kept: KeptRun, few_digits: Dataset) -> None:
    branch = branch_run(kept, 7, {"beta": 4.0})
    assert [checkpoint_of_history.step for checkpoint_of_history in branch.history_checkpoints()] == list(
        range(8)
    )
    shutil.rmtree(kept.folder)
    assert branch.history_checkpoint(3).snapshot.run == branch.name
    assert trained(branch, few_digits).status == "finished"


def test_a_branch_can_be_branched(kept: KeptRun, few_digits: Dataset) -> None:
    first = trained(branch_run(kept, 7, {"beta": 4.0}), few_digits)
    second = branch_run(first, 12, {"beta": 0.5})
    assert second.require_record().branched_from is not None
    assert second.require_record().branched_from.run == first.name
    assert [p.value for p in second.points() if isinstance(p, LiveChange)] == [4.0, 0.5]
    assert trained(second, few_digits).require_record().live == {"beta": 0.5}


def test_a_new_loss_is_not_compared_with_earlier_ones(
    keep: Keep, few_digits: Dataset, tmp_path: Path
) -> None:
    """A term that the parent did not have is a gap in the curve before the branch."""
    parent = keep(tmp_path / "plain", quick_recipe("shallow-l2", weight_penalty=0.0, epochs=3))
    branch = branch_run(parent, 9, {"weight_penalty": 0.01})
    checkpoint = branch.checkpoint()
    assert checkpoint is not None
    assert math.isinf(checkpoint.counters["best_loss"])
    branch = trained(branch, few_digits)
    penalties = {p.step: p.terms["penalty"] for p in metric_points(branch) if p.split == "training"}
    assert math.isnan(penalties[9])
    assert penalties[10] > 0


def test_optimiser_and_epochs_may_change(kept: KeptRun, few_digits: Dataset) -> None:
    other = trained(branch_run(kept, 5, {"optimiser": "sgd"}), few_digits)
    assert other.status == "finished"
    longer = trained(branch_run(kept, 18, {"epochs": 3}), few_digits)
    assert longer.require_record().step == 27


def test_impossible_branches_are_refused(kept: KeptRun, tmp_path: Path) -> None:
    for changes in ({"latent_size": 9}, {"batch_size": 16}, {"beta": -1.0}, {"nothing": 1}):
        with pytest.raises(BadChoice):
            branch_run(kept, 7, changes)
    with pytest.raises(BadChoice, match="from 3"):
        branch_run(kept, 18, {"beta": 2.0})
    with pytest.raises(StudioError, match="does not exist"):
        branch_run(kept, 1014, {"epochs": 10_000})
    assert kept_runs() == ()


def test_a_branch_that_cannot_be_written_leaves_no_folder(
    kept: KeptRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise StudioError("The disk is full")

    monkeypatch.setattr("aestudio.runs.branch.write_record", full)
    with pytest.raises(StudioError, match="disk is full"):
        branch_run(kept, 7, {"beta": 4.0})
    assert list(runs_folder().iterdir()) == []


def test_live_settings_of_the_parent_are_kept(keep: Keep, few_digits: Dataset, tmp_path: Path) -> None:
    from aestudio.runs.record import record
    from aestudio.training.commands import Commands
    from aestudio.training.events import Paused
    from aestudio.training.spec import RunSpec
    from aestudio.training.trainer import train

    folder, commands = tmp_path / "moved", Commands()
    commands.advance(4)
    spec = RunSpec("moved", quick_recipe(), few_digits.origin, "cpu")
    for event in record(train(spec, few_digits, commands), spec, folder):
        if isinstance(event, Paused):
            commands.change("beta", 3.5)
            commands.resume()
    branch = branch_run(KeptRun.at(folder), 9, {})
    assert branch.require_record().live == {"beta": 3.5}
    again = trained(branch, few_digits)
    assert again.points() == KeptRun.at(folder).points()
    early = branch_run(KeptRun.at(folder), 3, {})
    assert early.require_record().live == {}
    assert all(isinstance(point, MetricPoint) for point in early.points())
