"""A sweep in processes: whatever is killed, it ends with the same table."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.errors import Cancelled, StudioError
from aestudio.paths import runs_folder
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.labels_file import valid_tags
from aestudio.storage.lock import locked
from aestudio.sweeps.sweep_folder import ask_to_stop, read_results
from aestudio.sweeps.sweep_results import sweep_results
from aestudio.sweeps.sweep_runner import LOCK, Pool, run_sweep, run_tag, usual_jobs
from aestudio.sweeps.trial_run import FINISHED

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.sweeps.plan import SweepPlan

pytestmark = pytest.mark.thorough
SECONDS = 240


@pytest.fixture
def undisturbed(
    kept: Callable[..., tuple[SweepPlan, Path]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., dict[int, dict[str, float]]]:
    """The metrics of every run of the same sweep, carried out one by one in another home."""

    def carry_out(**changes: int) -> dict[int, dict[str, float]]:
        with monkeypatch.context() as patch:
            patch.setenv("AESTUDIO_HOME", str(tmp_path / "undisturbed"))
            plan, folder = kept(**changes)
            results = list(run_sweep(plan, folder, Pool(1)))
        assert not any(result.problem for result in results)
        return {result.number: result.metrics for result in results}

    return carry_out


def metrics(folder: Path) -> dict[int, dict[str, float]]:
    return {number: result.metrics for number, result in read_results(folder).items()}


def test_a_killed_process_costs_one_run_some_steps(
    kept: Callable[..., tuple[SweepPlan, Path]], undisturbed: Callable[..., dict[int, dict[str, float]]]
) -> None:
    plan, folder = kept(epochs=3, folds=3)
    numbers = []
    with closing(run_sweep(plan, folder, Pool(2))) as results:
        for result in results:
            numbers.append(result.number)
            assert (result.problem, result.stopped) == ("", False)
            if len(numbers) == 1:
                kill = multiprocessing.active_children()[0].pid
                assert kill is not None
                os.kill(kill, signal.SIGKILL)
    assert sorted(numbers) == list(range(1, 7))
    assert multiprocessing.active_children() == []
    assert metrics(folder) == undisturbed(epochs=3, folds=3)
    assert all(KeptRun.at(runs_folder() / plan.run_name(one)).status in FINISHED for one in plan.trials)


def test_a_stopped_sweep_goes_on(
    kept: Callable[..., tuple[SweepPlan, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AESTUDIO_THREADS", raising=False)  # then a run has one
    plan, folder = kept(epochs=2, folds=2)
    stopped = []
    with closing(run_sweep(plan, folder, Pool(1))) as results:
        for result in results:
            if result.stopped:
                stopped.append(result.number)
            else:
                ask_to_stop(folder)
    done = set(read_results(folder))
    assert 1 in done  # the next may have ended before it heard of it
    assert {3, 4} <= set(stopped) == {1, 2, 3, 4} - done
    assert {result.number for result in run_sweep(plan, folder, Pool(2))} == set(stopped)
    assert not any(result.problem for result in read_results(folder).values())
    assert list(run_sweep(plan, folder, Pool(2))) == []


def test_a_sweep_whose_program_was_killed_ends_with_the_same_table(
    kept: Callable[..., tuple[SweepPlan, Path]], undisturbed: Callable[..., dict[int, dict[str, float]]]
) -> None:
    plan, folder = kept(epochs=30, folds=2)
    command = [sys.executable, "-m", "aestudio", "sweep", "--resume", plan.name, "--jobs", "2"]
    program = subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    began = time.monotonic()
    while not list(runs_folder().glob("s */checkpoint*")) and time.monotonic() - began < SECONDS:
        time.sleep(0.02)
    os.killpg(program.pid, signal.SIGKILL)
    program.wait()
    unfinished = {trial.number for trial in plan.trials} - set(read_results(folder))
    assert unfinished
    results = list(run_sweep(plan, folder, Pool(2)))
    assert {result.number for result in results} == unfinished
    assert metrics(folder) == undisturbed(epochs=30, folds=2)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="finds the processes of the program in /proc")
def test_a_sweep_of_forty_runs_survives_the_kill_of_a_worker_and_of_the_program(
    kept: Callable[..., tuple[SweepPlan, Path]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    settings = tuple({"latent_size": size} for size in range(2, 12))

    def table(plan: SweepPlan, folder: Path) -> tuple[list[Any], Any, Any]:
        found = sweep_results(plan, read_results(folder))
        rows = [(one.settings, one.scores, one.parameters, one.problems) for one in found.candidates]
        assert found.best is not None
        assert found.chosen is not None
        return rows, found.best.settings, found.chosen.settings

    with monkeypatch.context() as patch:
        patch.setenv("AESTUDIO_HOME", str(tmp_path / "undisturbed"))
        plan, folder = kept(epochs=2, folds=4, settings=settings)
        assert len(plan.trials) == 40
        assert len(list(run_sweep(plan, folder, Pool(2)))) == 40
        expected = table(plan, folder)
    plan, folder = kept(epochs=2, folds=4, settings=settings)
    command = [sys.executable, "-m", "aestudio", "sweep", "--resume", plan.name, "--jobs", "2"]
    program = subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )

    def wait_for(count: int) -> None:
        began = time.monotonic()
        while len(read_results(folder)) < count:
            assert time.monotonic() - began < SECONDS
            time.sleep(0.02)

    def workers() -> list[int]:
        pids = map(int, Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split())
        return [pid for pid in pids if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()]

    wait_for(5)
    os.kill(workers()[0], signal.SIGKILL)
    wait_for(15)
    os.killpg(program.pid, signal.SIGKILL)
    program.wait()
    assert len(read_results(folder)) < 40
    list(run_sweep(plan, folder, Pool(2)))
    assert table(plan, folder) == expected


def test_two_programs_do_not_carry_out_the_same_sweep(kept: Callable[..., tuple[SweepPlan, Path]]) -> None:
    plan, folder = kept()
    with locked(folder / LOCK), pytest.raises(StudioError):
        next(run_sweep(plan, folder, Pool(1)))


def test_a_tag_is_what_a_tag_may_be() -> None:
    assert run_tag("vae sweep 1") == "vae sweep 1"
    assert valid_tags([run_tag(f"a, b {'x' * 60}")]) == (f"a b {'x' * 36}",)


def test_jobs_follow_from_cores_and_memory(
    kept: Callable[..., tuple[SweepPlan, Path]], few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, _ = kept(folds=5)
    monkeypatch.setattr("os.sched_getaffinity", lambda process: set(range(6)), raising=False)
    monkeypatch.setattr("aestudio.sweeps.sweep_runner.available_memory", lambda: 0)
    assert usual_jobs(plan, few_digits.shape) == 6
    monkeypatch.setattr("aestudio.sweeps.sweep_runner.available_memory", lambda: 1_000_000_000)
    assert usual_jobs(plan, few_digits.shape) == 2
    monkeypatch.setattr("aestudio.sweeps.sweep_runner.available_memory", lambda: 1_000)
    assert usual_jobs(plan, few_digits.shape) == 1


def test_a_sweep_ends_when_it_is_told_to_between_results(kept: Callable[..., tuple[SweepPlan, Path]]) -> None:
    plan, folder = kept(epochs=10_000)
    began = time.monotonic()

    def check() -> None:
        if list(runs_folder().glob("s */metrics.jsonl")) or time.monotonic() - began > SECONDS:
            raise Cancelled

    with pytest.raises(Cancelled):
        list(run_sweep(plan, folder, Pool(2, check, gentle=True)))
    assert multiprocessing.active_children() == []
    assert list(runs_folder().glob("s */run.json"))
    assert read_results(folder) == {}
