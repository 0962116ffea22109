"""The same sweep on a cluster of two processes, with and without a common folder, and one of them killed."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from aestudio.datasets.synthetic import generate
from aestudio.errors import StudioError
from aestudio.paths import runs_folder
from aestudio.runs.kept_run import KeptRun
from aestudio.storage.lock import FILE as LOCK
from aestudio.sweeps.cluster import files_of, flaw_of_worker, keep_files
from aestudio.sweeps.sweep_folder import read_results
from aestudio.sweeps.sweep_runner import Pool, run_sweep
from aestudio.sweeps.trial_run import FINISHED
from aestudio.version import __version__
from tests.sweeps.test_sweep_runner import metrics, undisturbed  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.sweeps.plan import SweepPlan

SECONDS = 240
needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="needs the extra aestudio[cluster]"
)


def start(*arguments: str, **variables: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env={**os.environ, **variables},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for(condition: Callable[[], object]) -> None:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < SECONDS, "it takes too long"
        time.sleep(0.05)


@contextmanager
def cluster(folder: Path, homes: tuple[str, str]) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler on loopback with two workers, each with a home folder, and the workers."""
    import json

    file = folder / "scheduler.json"
    common = ("--host", "127.0.0.1", "--no-dashboard")
    processes = [
        start("distributed.cli.dask_scheduler", *common, "--port", "0", "--scheduler-file", str(file))
    ]
    try:
        wait_for(lambda: file.exists() and file.read_text().endswith("}"))
        address = json.loads(file.read_text())["address"]
        for home in homes:
            options = (
                "--nthreads",
                "1",
                "--no-nanny",
                "--local-directory",
                str(folder / f"dask{len(processes)}"),
            )
            worker = start("distributed.cli.dask_worker", address, *common, *options, AESTUDIO_HOME=home)
            processes.append(worker)
        from aestudio.sweeps.cluster import workers_at

        wait_for(lambda: workers_at(address) == len(homes))
        yield address, processes[1:]
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def sweep_there(plan: SweepPlan, address: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: the client leaves threads behind."""
    command = [sys.executable, "-m", "aestudio", "sweep", "--resume", plan.name, "--scheduler", address]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=SECONDS)


@needs_dask
@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore")
def test_a_killed_worker_costs_one_run_some_steps(
    kept: Callable[..., tuple[SweepPlan, Path]],
    undisturbed: Callable[..., dict[int, dict[str, float]]],  # noqa: F811
    tmp_path: Path,
) -> None:
    plan, folder = kept(epochs=20, folds=2)
    home = os.environ["AESTUDIO_HOME"]
    with cluster(tmp_path, (home, home)) as (address, workers):
        command = [sys.executable, "-m", "aestudio", "sweep", "--resume", plan.name, "--scheduler", address]
        program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        wait_for(lambda: list(runs_folder().glob("s */checkpoint*")))
        os.kill(workers[0].pid, signal.SIGKILL)
        _, said = program.communicate(timeout=SECONDS)
    assert program.returncode == 0, said
    assert metrics(folder) == undisturbed(epochs=20, folds=2)
    assert all(KeptRun.at(runs_folder() / plan.run_name(one)).status in FINISHED for one in plan.trials)


@needs_dask
@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore")
def test_workers_with_folders_of_their_own_send_the_same_runs(
    kept: Callable[..., tuple[SweepPlan, Path]],
    undisturbed: Callable[..., dict[int, dict[str, float]]],  # noqa: F811
    tmp_path: Path,
) -> None:
    plan, folder = kept(folds=2)
    homes = str(tmp_path / "first"), str(tmp_path / "second")
    with cluster(tmp_path, homes) as (address, _):
        done = sweep_there(plan, address)
    assert done.returncode == 0, done.stderr
    assert metrics(folder) == undisturbed(folds=2)
    for trial in plan.trials:
        run = KeptRun.at(runs_folder() / plan.run_name(trial))
        assert run.status in FINISHED
        assert run.recipe == plan.recipe_of(trial)
        assert run.snapshot().step > 0
    assert sum(len(list((tmp_path / name).rglob("run.json"))) for name in ("first", "second")) == 4


@needs_dask
@pytest.mark.filterwarnings("ignore")
def test_without_a_scheduler_it_says_what_to_do(kept: Callable[..., tuple[SweepPlan, Path]]) -> None:
    plan, _ = kept()
    done = sweep_there(plan, "tcp://127.0.0.1:9")
    assert done.returncode == 1
    assert "No dask scheduler answers" in done.stderr
    assert "dask scheduler" in done.stderr


def test_without_the_library_it_says_how_to_install_it(
    kept: Callable[..., tuple[SweepPlan, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, folder = kept()
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(StudioError, match="aestudio\\[cluster\\]"):
        list(run_sweep(plan, folder, Pool(1, scheduler="tcp://127.0.0.1:9")))
    assert read_results(folder) == {}


def test_a_worker_of_another_version_or_with_other_images_is_refused(
    kept: Callable[..., tuple[SweepPlan, Path]], few_digits: Dataset
) -> None:
    plan, _ = kept()
    assert flaw_of_worker(__version__, plan.origin, None, None) == ""
    assert "instead of 0.0.0" in flaw_of_worker("0.0.0", plan.origin, None, None)
    other = generate(train=20, test=10, seed=9).facts
    assert "training images" in flaw_of_worker(__version__, plan.origin, None, other)
    assert flaw_of_worker(__version__, "/nowhere.npz", None, None) != ""


def test_the_files_of_a_run_come_as_they_are(tmp_path: Path) -> None:
    source = tmp_path / "run"
    (source / "moments").mkdir(parents=True)
    (source / "run.json").write_bytes(b"{}")
    (source / "moments" / "1.safetensors").write_bytes(b"\x00\x01")
    (source / LOCK).write_bytes(b"")
    files = files_of(source)
    keep_files(files, tmp_path / "copy")
    assert files_of(tmp_path / "copy") == files == {"run.json": b"{}", "moments/1.safetensors": b"\x00\x01"}
    assert files_of(tmp_path / "none") == {}
    with pytest.raises(StudioError, match="outside"):
        keep_files({"../other/run.json": b""}, tmp_path / "bad")
    assert not (tmp_path / "bad").exists()
    assert not (tmp_path / "other").exists()
