"""A disk that fills up while a run is recorded: its history gives way to its result."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.errors import StudioError
from aestudio.runs import disk_space as room
from aestudio.runs import metrics_file
from aestudio.runs.history_files import link_history
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.record import record
from aestudio.runs.start import resume_run
from aestudio.storage import files
from aestudio.training.events import (
    Ended,
    HistoryCheckpointKept,
    HistoryCheckpointsDropped,
    MetricPoint,
    Started,
)
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.runs.conftest import quick_recipe, same_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedRandom
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Event


class SmallDisk:
    """All files below a folder have so many bytes together; writing more fails as on a full disk."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self.size = folder, size

    def check(self, more: int = 0) -> None:
        if self.used() + more > self.size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def used(self) -> int:
        inodes = {}
        for path in self.folder.rglob("*"):
            try:
                found = path.stat()
            except FileNotFoundError:
                continue  # renamed by the history's thread meanwhile
            inodes[found.st_ino] = found.st_size if path.is_file() else 0
        return sum(inodes.values())


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], SmallDisk]:
    """`small_disk(size)`: from now on the folder "disk" takes so many bytes."""

    def make(size: int) -> SmallDisk:
        disk = SmallDisk(tmp_path / "disk", size)
        disk.folder.mkdir(exist_ok=True)
        real_file, real_write, real_allocate = files.new_file, os.write, room._allocate

        @contextmanager
        def new_file(path: Path, *arguments: Any, **named: Any) -> Iterator[BufferedRandom]:
            with real_file(path, *arguments, **named) as file:
                yield file
                file.flush()
                disk.check()

        def write(descriptor: int, data: bytes) -> int:
            disk.check(len(data))
            return real_write(descriptor, data)

        def allocate(descriptor: int, start: int, end: int) -> None:
            disk.check(end - start)
            real_allocate(descriptor, start, end)

        monkeypatch.setattr(files, "new_file", new_file)
        monkeypatch.setattr(metrics_file.os, "write", write)
        monkeypatch.setattr(room, "_allocate", allocate)
        return disk

    return make


def begin(folder: Path, digits: Dataset, problems: list[StudioError]) -> Iterator[Event]:
    spec = RunSpec(folder.name, quick_recipe(), digits.origin, "cpu")
    return record(train(spec, digits), spec, folder, problems.append)


def is_whole(run: KeptRun, straight: KeptRun, points: list[MetricPoint]) -> bool:
    """Whether model, last state, curves and record are those of the undisturbed run."""
    checkpoint = run.checkpoint()
    assert run.status == "finished"
    assert run.require_record().step == straight.require_record().step == 18
    assert checkpoint is not None
    assert checkpoint.counters["step"] == 18
    assert same_weights(run.snapshot(), straight.snapshot())
    assert list(run.points()) == points == list(straight.points())
    return True


def listed_steps(events: list[Event]) -> list[int]:
    """The steps of the history according to the events."""
    steps: set[int] = set()
    for event in events:
        if isinstance(event, HistoryCheckpointKept):
            steps.add(event.history_checkpoint.step)
        elif isinstance(event, HistoryCheckpointsDropped):
            steps -= set(event.steps)
    return sorted(steps)


# A complete state has 468 kB, the weights 156 kB; the last state needs its room beside the one before.
@pytest.mark.parametrize("size", [1_300_000, 1_500_000, 2_000_000, 3_000_000, 5_000_000])
def test_the_history_gives_way_to_the_result(
    small_disk: Callable[[int], SmallDisk], few_digits: Dataset, kept: KeptRun, size: int
) -> None:
    disk, problems = small_disk(size), []
    events = list(begin(disk.folder / "run", few_digits, problems))
    run = KeptRun.at(disk.folder / "run")
    assert is_whole(run, kept, [event for event in events if isinstance(event, MetricPoint)])
    assert isinstance(events[-1], Ended)
    assert events[-1].problem is None
    steps = [history_checkpoint.step for history_checkpoint in run.history_checkpoints()]
    assert steps == listed_steps(events)
    assert len(steps) < 19
    for step in steps:
        assert same_weights(run.history_checkpoint(step).snapshot, kept.history_checkpoint(step).snapshot)
    assert any("full" in problem.what and "history" in problem.what for problem in problems)
    assert len({str(problem) for problem in problems}) == len(problems), "each is reported once"
    assert {path.name for path in run.folder.iterdir()} == {
        "checkpoint.safetensors",
        "metrics.jsonl",
        "moments",
        "run.json",
        "weights.safetensors",
        "writer.lock",
    }


@pytest.mark.parametrize("megabytes", ["0", "256"])
def test_others_fill_the_disk_and_the_end_is_reserved_for(
    small_disk: Callable[[int], SmallDisk],
    few_digits: Dataset,
    kept: KeptRun,
    megabytes: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a history that could give way, and with none."""
    monkeypatch.setenv("AESTUDIO_MOMENTS_MB", megabytes)
    disk, problems, received = small_disk(100_000_000), [], []
    for event in begin(disk.folder / "run", few_digits, problems):
        received.append(event)
        if isinstance(event, MetricPoint) and event.step == 4:
            disk.size = disk.used()
    assert is_whole(
        KeptRun.at(disk.folder / "run"), kept, [e for e in received if isinstance(e, MetricPoint)]
    )


def test_a_disk_too_small_for_the_result_is_reported_at_start_and_end(
    small_disk: Callable[[int], SmallDisk], few_digits: Dataset
) -> None:
    disk, problems, events = small_disk(900_000), [], []
    with pytest.raises(StudioError, match="disk is full") as raised:
        events.extend(begin(disk.folder / "run", few_digits, problems))
    assert "no room for the end of this training" in problems[0].what
    assert "tried again while the training runs" in problems[-1].advice
    assert "resume this run" in raised.value.advice, "the training is over"
    assert "as long as" not in raised.value.advice
    run = KeptRun.at(disk.folder / "run")
    assert run.status == "interrupted", "nothing says that it is kept as it ended"
    assert run.snapshot().step == 18, "the finished weights have room, if not the complete state"


def test_shared_files_of_two_runs_are_not_removed(
    small_disk: Callable[[int], SmallDisk], few_digits: Dataset, kept: KeptRun
) -> None:
    """A branch shares its files with the run that it left: removing its names would give no room."""
    disk, problems = small_disk(100_000_000), []
    shutil.copytree(kept.folder, disk.folder / "one")
    events = begin(disk.folder / "two", few_digits, problems)
    for event in events:
        if isinstance(event, MetricPoint) and event.step == 5:
            break
    events.close()  # type: ignore[attr-defined]
    two = KeptRun.at(disk.folder / "two")
    shutil.rmtree(two.folder / "moments")
    link_history(disk.folder / "one", two.folder, 0)
    going_on = resume_run(KeptRun.at(two.folder), few_digits, on_problem=problems.append)
    assert isinstance(next(going_on), Started)
    disk.size = disk.used()
    with pytest.raises(StudioError, match="disk is full"):
        list(going_on)
    assert (two.folder / "moments" / "000000000.safetensors").exists()


def test_remains_of_a_kill_are_removed_when_the_run_resumes(
    tmp_path: Path, few_digits: Dataset, kept: KeptRun
) -> None:
    name = ".{}.aestudio-1-0123456789abcdef.part"
    own = [
        kept.folder / name.format("checkpoint.safetensors"),
        kept.folder / "moments" / name.format("000000003.safetensors"),
    ]
    mine = [kept.folder / "notes.txt", kept.folder / "moments" / name.format("thesis.tex")]
    for path in (*own, *mine):
        path.write_bytes(b"x")
    list(resume_run(KeptRun.at(kept.folder), few_digits, epochs=3))
    assert not any(path.exists() for path in own)
    assert all(path.exists() for path in mine)


def test_files_of_others_in_a_run_folder_stay_when_it_resumes(
    tmp_path: Path, few_digits: Dataset, kept: KeptRun
) -> None:
    """A window saves bookmarks and an export writes while another process resumes the run."""
    others = [
        kept.folder / f".{name}.aestudio-1-0123456789abcdef.part"
        for name in ("bookmarks.npz", "pins.npz", "codes.npz", "f.npz")
    ]
    for path in others:
        path.write_bytes(b"x")
    list(resume_run(KeptRun.at(kept.folder), few_digits, epochs=3))
    assert all(path.exists() for path in others)


REAL = """
mount -t tmpfs -o size=14m tmpfs "$1" || exit 77
"$2" -m aestudio train conv-vae --dataset builtin --epochs 1 --set batch_size=2000 --device cpu --out "$1/run"
echo "exit $?"
"$2" -c '
import sys
from pathlib import Path
from aestudio.runs.kept_run import KeptRun
run = KeptRun.at(Path(sys.argv[1]))
print(run.status, run.snapshot().step, int(run.checkpoint().counters["step"]))
' "$1/run"
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root mounts a disk")
def test_a_real_disk_of_14_megabytes(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("no unshare here")
    (tmp_path / "disk").mkdir()
    call = [unshare, "-m", "sh", "-c", REAL, "sh", str(tmp_path / "disk"), sys.executable]
    done = subprocess.run(call, check=False, capture_output=True, text=True, timeout=500)
    if done.returncode == 77:
        pytest.skip("no disk can be mounted here")
    assert "are deleted for newer ones" in done.stderr
    assert "exit 0" in done.stdout, done.stderr
    assert done.stdout.splitlines()[-1] == "finished 29 29"
