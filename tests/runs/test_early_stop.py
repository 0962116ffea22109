"""After an early stop or a divergence all files belong to the step of the kept weights."""

from __future__ import annotations

import math
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.errors import BadChoice
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.record import record
from aestudio.runs.run_metrics import metrics_of
from aestudio.runs.start import resume_run
from aestudio.runs.weights_file import WEIGHTS
from aestudio.training.events import (
    CheckpointTaken,
    Ended,
    MetricPoint,
    SnapshotTaken,
    Started,
    TrainingProgress,
)
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.runs.conftest import metric_points, quick_recipe, same_weights

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.errors import StudioError
    from aestudio.training.events import Event

EARLY = {"patience": 2, "hidden": (256,), "latent_size": 32, "learning_rate": 0.005, "epochs": 200}
DIVERGES = {"optimiser": "sgd", "learning_rate": 10.0}


def trained(folder: Path, digits: Dataset, name: str, settings: dict[str, Any]) -> list[Event]:
    """All events of a recorded training."""
    spec = RunSpec(folder.name, quick_recipe(name, **settings), digits.origin, "cpu")
    return list(record(train(spec, digits), spec, folder))


@pytest.fixture(scope="module")
def stopped_early(few_digits: Dataset, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Event]]:
    """A run that was stopped early, which no test may change, and its events: training it takes a second."""
    folder = tmp_path_factory.mktemp("early")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AESTUDIO_HOME", str(folder / "home"))
        return folder / "run", trained(folder / "run", few_digits, "deep-ae", EARLY)


def copy_of(stopped_early: tuple[Path, list[Event]], folder: Path) -> list[Event]:
    """Copy the run that was stopped early to this folder; returns its events."""
    shutil.copytree(stopped_early[0], folder)
    return stopped_early[1]


@pytest.mark.thorough
@pytest.mark.parametrize("reason", ["early_stopping", "diverged"])
def test_all_files_are_of_one_step(
    reason: str, stopped_early: tuple[Path, list[Event]], tmp_path: Path, few_digits: Dataset
) -> None:
    if reason == "diverged":
        events = trained(tmp_path / "run", few_digits, "vae", DIVERGES)
    else:
        events = copy_of(stopped_early, tmp_path / "run")
    ended = events[-1]
    assert isinstance(ended, Ended)
    assert ended.reason == reason
    assert ended.step < ended.last_step
    pulse = [event for event in events if isinstance(event, TrainingProgress)][-1]
    shown = [event.snapshot for event in events if isinstance(event, SnapshotTaken)][-1]
    run = KeptRun.at(tmp_path / "run")
    assert {
        ended.step,
        pulse.step,
        shown.step,
        run.require_record().step,
        run.snapshot().step,
        metrics_of(run, few_digits)["step"],
    } == {ended.step}
    assert {ended.epoch, pulse.epoch, shown.epoch, run.require_record().epoch} == {ended.epoch}
    assert same_weights(run.snapshot(), shown)
    until = [point for point in metric_points(run) if point.step <= ended.step]
    assert run.require_record().last == {point.split: dict(point.terms) for point in until}
    assert metric_points(run)[-1].step > ended.step  # the curves show what came after it all the same


@pytest.mark.thorough
def test_an_early_stop_keeps_its_last_state_beside_the_best_weights(
    stopped_early: tuple[Path, list[Event]], tmp_path: Path
) -> None:
    ended = copy_of(stopped_early, tmp_path / "run")[-1]
    assert isinstance(ended, Ended)
    run = KeptRun.at(tmp_path / "run")
    state = run.checkpoint()
    assert state is not None
    assert state.snapshot.step == state.counters["step"] == ended.last_step
    assert f"stopped early: the best weights, of step {ended.step}" in run.describe()
    (run.folder / WEIGHTS).write_bytes(b"damaged")
    warnings: list[StudioError] = []
    assert run.snapshot(warnings.append).step == ended.step
    assert [f"of step {ended.step} in its checkpoint" in warning.what for warning in warnings] == [True]


@pytest.mark.thorough
def test_resuming_after_an_early_stop_starts_at_the_last_state(
    stopped_early: tuple[Path, list[Event]], tmp_path: Path, few_digits: Dataset
) -> None:
    ended = copy_of(stopped_early, tmp_path / "run")[-1]
    assert isinstance(ended, Ended)
    events = list(resume_run(KeptRun.at(tmp_path / "run"), few_digits, epochs=250))
    started, again = events[0], events[-1]
    assert isinstance(started, Started)
    assert isinstance(again, Ended)
    assert started.step == ended.last_step < again.last_step
    run = KeptRun.at(tmp_path / "run")
    assert run.snapshot().step == run.require_record().step == again.step
    shown = [event.snapshot for event in events if isinstance(event, SnapshotTaken)][-1]
    assert shown.recipe == run.recipe
    points = [event for event in events if isinstance(event, MetricPoint)]
    assert points[0].step > ended.last_step
    assert [event for event in events if isinstance(event, CheckpointTaken)]


def test_fewer_epochs_than_were_begun_are_refused_after_an_early_stop(
    stopped_early: tuple[Path, list[Event]], tmp_path: Path, few_digits: Dataset
) -> None:
    """A run resumes from its last step, not from the step of the best weights."""
    ended = copy_of(stopped_early, tmp_path / "run")[-1]
    assert isinstance(ended, Ended)
    begun = math.ceil(ended.last_step / 9)
    assert ended.step < ended.last_step
    run = KeptRun.at(tmp_path / "run")
    with pytest.raises(BadChoice, match=f"cannot be {begun - 1}. Allowed: from {begun},"):
        list(resume_run(run, few_digits, epochs=begun - 1))
    assert KeptRun.at(run.folder).status == "early_stopping"
    events = list(resume_run(run, few_digits, epochs=begun + 1))
    assert isinstance(events[0], Started)
    assert events[0].step == ended.last_step
