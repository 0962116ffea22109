"""The contents of the folder during a training, and after failures."""

from __future__ import annotations

import errno
import json
import os
import random
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.errors import StudioError
from aestudio.runs import metrics_file, recorder
from aestudio.runs.history_files import list_history
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.record import record
from aestudio.runs.run_record import change_record
from aestudio.runs.start import resume_run
from aestudio.runs.weights_file import WEIGHTS
from aestudio.training.commands import Commands
from aestudio.training.events import (
    CheckpointTaken,
    Ended,
    LiveChange,
    MetricPoint,
    Paused,
    SnapshotTaken,
    Started,
    TrainingProgress,
)
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.runs.conftest import metric_points, quick_recipe, same_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Event


def begin(
    folder: Path, digits: Dataset, commands: Commands | None = None, **settings: Any
) -> Iterator[Event]:
    recipe = quick_recipe(**settings)
    spec = RunSpec(folder.name, recipe, digits.origin, "cpu")
    return record(train(spec, digits, commands), spec, folder)


def test_every_event_is_passed_on(tmp_path: Path, few_digits: Dataset) -> None:
    spec = RunSpec("run", quick_recipe(), few_digits.origin, "cpu")
    plain = [event for event in train(spec, few_digits) if isinstance(event, MetricPoint)]
    kept = list(record(train(spec, few_digits), spec, tmp_path / "run"))
    assert [event for event in kept if isinstance(event, MetricPoint)] == plain
    assert isinstance(kept[0], Started)
    assert isinstance(kept[-1], Ended)
    assert metric_points(KeptRun.at(tmp_path / "run")) == plain


def test_reported_events_are_in_the_folder(tmp_path: Path, few_digits: Dataset) -> None:
    folder = tmp_path / "run"
    received: list[object] = []
    for event in begin(folder, few_digits):
        run = KeptRun.at(folder)
        if isinstance(event, MetricPoint):
            received.append(event)
        assert list(run.points()) == received
        if isinstance(event, CheckpointTaken):
            checkpoint = run.checkpoint()
            assert checkpoint is not None
            assert checkpoint.counters == event.checkpoint.counters
            assert same_weights(run.snapshot(), event.checkpoint.snapshot)
        if isinstance(event, Started):
            assert run.status == "running"
        if isinstance(event, Ended):
            assert run.status == "finished"


def test_a_running_training_shows_its_checkpoint_while_a_newer_one_waits_for_the_disk(
    tmp_path: Path, few_digits: Dataset
) -> None:
    folder = tmp_path / "run"
    with closing(begin(folder, few_digits)) as events:
        taken = next(event for event in events if isinstance(event, CheckpointTaken))
        (folder / WEIGHTS).unlink(missing_ok=True)
        kept = KeptRun.at(folder)
        change_record(folder, step=taken.checkpoint.snapshot.step + 100)
        problems: list[StudioError] = []
        shown = KeptRun.at(folder).snapshot(problems.append)
        assert kept.status == "running"
        assert same_weights(shown, taken.checkpoint.snapshot)
        assert not problems


def test_the_record_describes_the_training(kept: KeptRun) -> None:
    table = json.loads((kept.folder / "run.json").read_text("utf-8"))
    assert table["format"] == 1
    assert table["recipe"]["name"] == "vae"
    assert (table["dataset"], table["dataset_title"]) == ("builtin", "Built-in digits")
    assert (table["step"], table["epoch"], table["seed"], table["device"]) == (18, 2.0, 0, "cpu")
    assert set(table["versions"]) == {"aestudio", "torch", "numpy", "python"}
    assert table["versions"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert table["seconds"] > 0
    assert table["last"]["validation"] == dict(metric_points(kept)[-1].terms)


def test_pauses_and_live_settings_are_recorded(tmp_path: Path, few_digits: Dataset) -> None:
    folder, commands = tmp_path / "run", Commands()
    commands.advance(2)
    status = []
    for event in begin(folder, few_digits, commands):
        if isinstance(event, Paused):
            status.append(KeptRun.at(folder).status)
            commands.change("beta", 3.5)
            commands.resume()
    run = KeptRun.at(folder)
    assert status == ["paused"]
    assert [point for point in run.points() if isinstance(point, LiveChange)] == [LiveChange(2, "beta", 3.5)]
    assert run.require_record().live == {"beta": 3.5}
    checkpoint = run.checkpoint()
    assert checkpoint is not None
    assert checkpoint.live["beta"] == 3.5


def test_closing_keeps_the_checkpoint_and_releases_the_folder(
    tmp_path: Path, few_digits: Dataset, keep: Callable[..., KeptRun]
) -> None:
    folder = tmp_path / "run"
    events = begin(folder, few_digits)
    for event in events:
        if isinstance(event, CheckpointTaken):
            assert KeptRun.at(folder).status == "running"
            break
    events.close()  # type: ignore[attr-defined]
    run = KeptRun.at(folder)
    assert run.status == "interrupted"
    list(resume_run(run, few_digits))
    assert same_weights(KeptRun.at(folder).snapshot(), keep(tmp_path / "straight", quick_recipe()).snapshot())


def test_a_folder_has_only_one_writer(tmp_path: Path, few_digits: Dataset) -> None:
    folder = tmp_path / "run"
    with closing(begin(folder, few_digits)) as events:  # type: ignore[type-var]
        next(events)
        with pytest.raises(StudioError, match="being trained right now"):
            next(begin(folder, few_digits))
        with pytest.raises(StudioError, match="being trained right now"):
            KeptRun.at(folder).move_to_trash()


def test_a_finished_run_is_not_overwritten(kept: KeptRun, few_digits: Dataset) -> None:
    before = kept.points()
    with pytest.raises(StudioError, match="already"):
        list(begin(kept.folder, few_digits))
    assert KeptRun.at(kept.folder).points() == before


def test_a_folder_with_other_files_is_refused(tmp_path: Path, few_digits: Dataset) -> None:
    (tmp_path / "thesis.txt").write_text("irreplaceable")
    with pytest.raises(StudioError, match="other files"):
        list(begin(tmp_path, few_digits))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_training_that_never_begins_leaves_no_folder(tmp_path: Path, few_digits: Dataset) -> None:
    spec = RunSpec("run", quick_recipe(), few_digits.origin, "abacus")
    with pytest.raises(StudioError):
        list(record(train(spec, few_digits), spec, tmp_path / "run"))
    assert not (tmp_path / "run").exists()


def test_an_older_checkpoint_cannot_undo_a_run(
    kept: KeptRun, keep: Callable[..., KeptRun], few_digits: Dataset, tmp_path: Path
) -> None:
    early = keep(tmp_path / "early", quick_recipe(), stop_at=4).checkpoint()
    spec = RunSpec(kept.name, kept.recipe, few_digits.origin, "cpu")
    with pytest.raises(StudioError, match="continued elsewhere"):
        list(record(train(spec, few_digits, None, early), spec, kept.folder))


def test_a_full_disk_does_not_end_the_training(
    tmp_path: Path, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, problems = tmp_path / "run", []
    spec = RunSpec("run", quick_recipe(), few_digits.origin, "cpu")
    events = record(train(spec, few_digits), spec, folder, problems.append)
    passed = [next(events)]
    real = os.write

    def full(descriptor: int, data: bytes) -> int:
        real(descriptor, data[:7])  # a disk takes what still fits
        raise OSError(errno.ENOSPC, "No space left on device")

    def no_space(*arguments: object) -> None:
        raise StudioError("The disk is full")

    monkeypatch.setattr(metrics_file.os, "write", full)
    monkeypatch.setattr(recorder, "write_checkpoint", no_space)
    with pytest.raises(StudioError, match="disk is full"):
        passed.extend(events)
    assert isinstance(passed[-1], Ended)
    assert len(problems) == 1
    monkeypatch.undo()
    run = KeptRun.at(folder)
    assert run.points() == ()
    assert run.status == "interrupted"


def test_refused_writes_are_repeated_when_the_disk_has_space(
    tmp_path: Path, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, received = tmp_path / "run", []
    events = begin(folder, few_digits)
    next(events)

    def full(*arguments: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as context:
        context.setattr(metrics_file.os, "write", full)
        for event in events:
            received.append(event)
            if isinstance(event, CheckpointTaken):
                break
    received.extend(events)
    run = KeptRun.at(folder)
    assert list(run.points()) == [event for event in received if isinstance(event, MetricPoint)]
    assert run.status == "finished"


def test_a_diverged_run_keeps_the_last_good_weights(tmp_path: Path, few_digits: Dataset) -> None:
    events = list(begin(tmp_path / "run", few_digits, optimiser="sgd", learning_rate=10.0))
    run = KeptRun.at(tmp_path / "run")
    assert run.status == "diverged"
    assert "learning rate" in run.require_record().advice
    good = [event.snapshot for event in events if isinstance(event, SnapshotTaken)][-1]
    assert same_weights(run.snapshot(), good)


KILLED = """
import os, sys
from pathlib import Path
from aestudio.datasets.synthetic import generate
from aestudio.runs.record import record
from aestudio.runs.run_record import change_record
from aestudio.training.events import MetricPoint
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.runs.conftest import quick_recipe
digits = generate(train=300, test=60, seed=1)
spec = RunSpec("killed", quick_recipe(), digits.origin, "cpu")
for event in record(train(spec, digits), spec, Path(sys.argv[1])):
    if isinstance(event, MetricPoint) and event.step == 14:
        os.kill(os.getpid(), 9)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_the_run_of_a_killed_process_can_be_resumed(
    tmp_path: Path, few_digits: Dataset, keep: Callable[..., KeptRun]
) -> None:
    folder = tmp_path / "killed"
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False, timeout=300)
    assert done.returncode == -9
    run = KeptRun.at(folder)
    assert run.status == "interrupted"
    assert metric_points(run)[-1].step == 14
    assert 9 <= run.newest_state().step <= 14
    list(resume_run(run, few_digits))
    straight = keep(tmp_path / "straight", quick_recipe())
    assert KeptRun.at(folder).points() == straight.points()
    assert same_weights(KeptRun.at(folder).snapshot(), straight.snapshot())


KILLED_IN_THE_COMMAND_LINE = """
from aestudio.cli import loading
from aestudio.cli.main import main
from aestudio.datasets.synthetic import generate
loading.load_dataset = lambda name, **options: generate(train=3000, test=60, seed=1)
main()
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_a_run_killed_in_its_first_epoch_resumes_exactly(tmp_path: Path) -> None:
    """The command line as a process: without a checkpoint, the history has the newest state."""
    chance = random.Random(os.getpid())
    command = ("train", "conv-vae", "--epochs", "1", "--set", "batch_size=16", "--device", "cpu")

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", KILLED_IN_THE_COMMAND_LINE, *arguments], stderr=subprocess.PIPE
        )

    straight = start(*command, "--out", str(tmp_path / "straight"))
    _, said = straight.communicate(timeout=300)
    assert straight.returncode == 0, said
    steps = KeptRun.at(tmp_path / "straight").require_record().steps_per_epoch
    killed = start(*command, "--out", str(tmp_path / "killed"))
    at = chance.randrange(1, steps // 2)
    while not any(
        history_checkpoint.step >= at for history_checkpoint in list_history(tmp_path / "killed", steps)
    ):
        assert killed.poll() is None, killed.communicate()
        time.sleep(0.005)
    killed.kill()
    killed.communicate()
    run = KeptRun.at(tmp_path / "killed")
    assert run.status == "interrupted"
    kept = run.newest_state().step
    assert kept >= at
    resumed = start("train", "--resume", str(run.folder))
    _, said = resumed.communicate(timeout=300)
    assert resumed.returncode == 0, said
    assert f"Resuming at step {kept:,} of {steps:,}" in said.decode()
    same, other = KeptRun.at(tmp_path / "killed"), KeptRun.at(tmp_path / "straight")
    assert same.points() == other.points()
    assert same_weights(same.snapshot(), other.snapshot())


def test_progress_events_save_a_long_epoch(tmp_path: Path, few_digits: Dataset) -> None:
    """Weights can be shown before the first checkpoint."""
    spec = RunSpec("run", quick_recipe(), few_digits.origin, "cpu")
    real = train(spec, few_digits)
    started, taken = next(real), next(real)
    pulse = TrainingProgress(1, 0.1, 100.0, 10.0, 0, 1e-3)
    with closing(record(iter([started, taken, pulse]), spec, tmp_path / "run")) as events:  # type: ignore[type-var]
        for _ in range(3):
            next(events)
        run = KeptRun.at(tmp_path / "run")
        assert run.status == "running"
        assert run.require_record().step == 1
        assert isinstance(taken, SnapshotTaken)
        assert same_weights(run.snapshot(), taken.snapshot)
        assert run.checkpoint() is None
