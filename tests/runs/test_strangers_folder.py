"""Nothing is written into, or read from, another folder that replaced the run's folder."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.errors import StudioError
from aestudio.runs import locked_folder as held_folder
from aestudio.runs import recorder
from aestudio.runs.disk_space import DiskSpace, ReservedSpace
from aestudio.runs.history_files import HistoryWriter
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.locked_folder import RESERVE, LockedFolder
from aestudio.runs.metrics_file import MetricsFile
from aestudio.runs.record import record
from aestudio.training import trainer
from aestudio.training.events import CheckpointTaken, Ended, MetricPoint, Paused, Started, TrainingProgress
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.runs.conftest import quick_recipe, same_weights

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Event


@pytest.fixture(params=["by folder", "by path"])
def _system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that reaches files through their folder, and one that does not."""
    if request.param == "by path":
        monkeypatch.setattr(held_folder, "_BY_FOLDER", False)
    elif not held_folder._BY_FOLDER:
        pytest.skip("this system reaches files by their path only")


class Swap:
    """Replaces the folder of a running training by the folder of another run."""

    def __init__(self, folder: Path, other_run: Path) -> None:
        self.folder, self.away = folder, folder.with_name("away")
        self._other_run = other_run
        self.done = False
        (other_run / RESERVE).write_bytes(b"reserved")
        self._before = contents(other_run)

    def __call__(self) -> None:
        if not self.done:
            self.done = True
            self.folder.rename(self.away)
            shutil.copytree(self._other_run, self.folder)

    def check(self) -> None:
        assert self.done
        assert contents(self.folder) == self._before


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def swap(tmp_path: Path, keep: Callable[..., KeptRun]) -> Swap:
    other_run = keep(tmp_path / "other_run", quick_recipe(seed=7, epochs=1))
    return Swap(tmp_path / "runs" / "run", other_run.folder)


def trained(folder: Path, digits: Dataset, on_event: Callable[[Event], None] = lambda _: None) -> list[Event]:
    spec = RunSpec(folder.name, quick_recipe(), digits.origin, "cpu")
    events: list[Event] = []

    def train_it() -> None:
        for event in record(train(spec, digits), spec, folder):
            events.append(event)
            on_event(event)

    with pytest.raises(StudioError, match="moved or deleted while it was trained"):
        train_it()
    return events


def check_rescued(swap: Swap, straight: KeptRun, events: list[Event]) -> None:
    swap.check()
    assert isinstance(events[-1], Ended)
    run = KeptRun.at(swap.folder.with_name("run (rescued)"))
    checkpoint = run.checkpoint()
    assert checkpoint is not None
    assert checkpoint.counters["step"] == 18
    assert run.status == "finished"
    assert run.title == "run", "not the title of the other run"
    assert same_weights(run.snapshot(), straight.snapshot())
    assert run.points() == straight.points()
    if held_folder._BY_FOLDER:
        assert not (swap.away / RESERVE).exists()


def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write after every step, without checking the folder before."""
    monkeypatch.setattr("aestudio.training.report_clock.PROGRESS_SECONDS", 0.0)
    monkeypatch.setattr("aestudio.training.report_clock.SNAPSHOT_SECONDS", 0.0)
    monkeypatch.setattr(trainer, "CHECKPOINT_SECONDS", 0.0)
    monkeypatch.setattr(recorder, "RECORD_SECONDS", 0.0)
    monkeypatch.setattr(recorder, "CHECK_SECONDS", 1e9)


@pytest.mark.usefixtures("_system")
@pytest.mark.parametrize(
    ("what", "when"),
    [
        ("write_checkpoint", "on the way"),
        ("write_checkpoint", "at the end"),
        ("write_snapshot", "on the way"),
        ("write_snapshot", "at the end"),
        ("write_record", "on the way"),
        ("write_record", "at the end"),
        ("write_record", "closing"),
    ],
)
def test_replaced_just_before_a_file_is_written(
    swap: Swap, kept: KeptRun, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch, what: str, when: str
) -> None:
    often(monkeypatch)
    if what == "write_snapshot":
        monkeypatch.setattr(recorder, "WEIGHTS_SECONDS", 0.0)
    now = ["beginning"]
    real_write, real_take = getattr(recorder, what), recorder.Recorder.take
    real_checkpoint, real_close = recorder.Recorder._take_checkpoint, recorder.Recorder.close

    def write(folder: Path, *arguments: Any) -> None:
        if now[0] == when:
            swap()
        real_write(folder, *arguments)

    def take(self: recorder.Recorder, event: Event) -> None:
        if isinstance(event, CheckpointTaken | Ended):
            last = isinstance(event, Ended) or not event.periodic
            now[0] = "at the end" if last else "on the way"
        elif isinstance(event, TrainingProgress | Paused):
            now[0] = "on the way"
        real_take(self, event)

    def take_checkpoint(self: recorder.Recorder, event: CheckpointTaken) -> None:
        """All of them as those of a pause, which the recorder writes itself."""
        real_checkpoint(self, CheckpointTaken(event.checkpoint))

    def close(self: recorder.Recorder) -> None:
        now[0] = "closing"
        real_close(self)

    monkeypatch.setattr(recorder, what, write)
    monkeypatch.setattr(recorder.Recorder, "take", take)
    monkeypatch.setattr(recorder.Recorder, "_take_checkpoint", take_checkpoint)
    monkeypatch.setattr(recorder.Recorder, "close", close)
    check_rescued(swap, kept, trained(swap.folder, few_digits))


@pytest.mark.usefixtures("_system")
@pytest.mark.parametrize("at", [2, 12])
def test_replaced_between_two_checks(
    swap: Swap, kept: KeptRun, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Curves, record and weights are written before the folder is checked."""
    often(monkeypatch)
    monkeypatch.setattr(recorder, "WEIGHTS_SECONDS", 0.0)

    def go(event: Event) -> None:
        if isinstance(event, MetricPoint) and (event.split, event.step) == ("training", at):
            swap()

    check_rescued(swap, kept, trained(swap.folder, few_digits, go))


@pytest.mark.usefixtures("_system")
def test_replaced_before_the_first_step(swap: Swap, few_digits: Dataset) -> None:
    spec = RunSpec("run", quick_recipe(), few_digits.origin, "cpu")

    def slow_to_start(events: Any) -> Any:
        for event in events:
            if isinstance(event, Started):
                swap()
            yield event

    with pytest.raises(StudioError, match="was moved or deleted"):
        list(record(slow_to_start(train(spec, few_digits)), spec, swap.folder))
    swap.check()


@pytest.mark.usefixtures("_system")
def test_an_empty_folder_that_replaced_the_run_stays(tmp_path: Path, few_digits: Dataset) -> None:
    """A training that never began removes its own folder, not the one that replaced it."""
    folder, spec = tmp_path / "run", RunSpec("run", quick_recipe(), few_digits.origin, "cpu")

    def fails(events: Any) -> Any:
        folder.rename(tmp_path / "away")
        folder.mkdir()
        raise StudioError("no")
        yield

    with pytest.raises(StudioError, match="no"):
        list(record(fails(train(spec, few_digits)), spec, folder))
    assert folder.is_dir()


@pytest.mark.usefixtures("_system")
def test_the_reserve_is_taken_and_given_in_the_held_folder(swap: Swap) -> None:
    locked_folder = LockedFolder(swap.folder)
    reserve = ReservedSpace(locked_folder)
    assert reserve.reserve(1000)
    swap()
    reserve.reserve(2000)
    reserve.release()
    locked_folder.release()
    swap.check()


@pytest.mark.usefixtures("_system")
def test_the_history_of_another_run_is_not_removed(swap: Swap) -> None:
    locked_folder = LockedFolder(swap.folder)
    swap()
    history_checkpoints = HistoryWriter(swap.folder, locked_folder.is_there)
    history_checkpoints.begin(9, 9)
    assert history_checkpoints.free_space(9) == 0
    history_checkpoints._drop(history_checkpoints._history.until(-1))
    DiskSpace(locked_folder, history_checkpoints).close()
    locked_folder.release()
    swap.check()


@pytest.mark.usefixtures("_system")
def test_curves_go_to_the_held_folder(swap: Swap) -> None:
    locked_folder = LockedFolder(swap.folder)
    swap()
    point = MetricPoint("training", 1, 0.1, {"loss": 1.0})
    if held_folder._BY_FOLDER:
        file = MetricsFile(swap.folder, locked_folder.open)
        file.add(point)
        file.close()
        assert (swap.away / "metrics.jsonl").stat().st_size > 0
    else:
        with pytest.raises(StudioError, match="Cannot be written"):
            MetricsFile(swap.folder, locked_folder.open)
    locked_folder.release()
    swap.check()


@pytest.mark.skipif(not held_folder._BY_FOLDER, reason="a system that cannot hold a folder open")
def test_a_new_folder_of_the_same_number_is_another_one(tmp_path: Path) -> None:
    """File systems give the number of a deleted folder to the next new one."""
    for name in map(str, range(20)):
        locked_folder = LockedFolder(tmp_path / name)
        shutil.rmtree(locked_folder.path)
        locked_folder.path.mkdir()
        assert not locked_folder.is_there()
        with pytest.raises(StudioError, match="moved or deleted"):
            locked_folder.renew_lock()
        locked_folder.release()


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="only Linux lists open files there")
def test_no_folder_stays_open(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for number in range(5):
        locked_folder = LockedFolder(tmp_path / "run")
        (tmp_path / "run").rename(tmp_path / f"away {number}")
        locked_folder.rescue()
        locked_folder.release()
        locked_folder.release()
    assert len(os.listdir("/proc/self/fd")) == before
