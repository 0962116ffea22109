"""Sizes of runs, and histories that are made smaller after the training."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import BadChoice, Cancelled, StudioError
from aestudio.paths import runs_folder
from aestudio.runs.branch import branch_run
from aestudio.runs.index import kept_runs, shipped_models
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.run_size import size_of, total_size
from aestudio.runs.thinning import plan_thinning, thin_histories, thin_history

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset


@pytest.fixture
def run(kept_once: Path) -> KeptRun:
    """A finished run in the user's folder: checkpoints at steps 0 to 17 and the last, 18."""
    return KeptRun.at(Path(shutil.copytree(kept_once, runs_folder() / "run")))


def steps(run: KeptRun) -> list[int]:
    return [checkpoint.step for checkpoint in run.history_checkpoints()]


def counted(folder: Path) -> int:
    """Bytes of all files, by another way."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_the_size_of_a_run_is_that_of_its_files(run: KeptRun) -> None:
    assert size_of(run.folder) == counted(run.folder) > 1_000_000
    assert size_of(run.folder / "nothing") == 0


def test_what_a_branch_shares_counts_once(run: KeptRun) -> None:
    branch = branch_run(run, 9, {})
    one, other = counted(run.folder), counted(branch.folder)
    shared = sum((run.folder / "moments" / f"{step:09d}.safetensors").stat().st_size for step in range(10))
    assert total_size([run, branch]) == one + other - shared
    assert total_size([branch]) == other


def test_links_lead_nowhere(run: KeptRun, tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * 10_000_000)
    before = size_of(run.folder)
    (run.folder / "link").symlink_to(tmp_path / "large")
    (run.folder / "folder").symlink_to(tmp_path)
    assert size_of(run.folder) == before


def test_a_run_is_thinned_to_its_limit_and_still_opens(run: KeptRun) -> None:
    before, weights = size_of(run.folder), run.snapshot().weights
    entry = (run.folder / "moments" / "000000003.safetensors").stat().st_size
    limit = before - 7 * entry + 5_000  # their headers differ by some bytes
    thinned = thin_history(run, limit)
    assert limit - entry < size_of(run.folder) == before - thinned.freed <= limit
    left = steps(KeptRun.at(run.folder))
    assert len(left) == 19 - 7
    assert (left[0], left[-1]) == (0, 18)
    assert sorted([*left, *thinned.steps]) == list(range(19))
    # In log(step), the late ones are the nearest to each other: the beginning stays dense.
    assert left[:6] == [0, 1, 2, 3, 4, 5]
    again = KeptRun.at(run.folder)
    assert all((again.snapshot().weights[name] == array).all() for name, array in weights.items())
    assert again.newest_state().step == 18
    assert again.history_checkpoint(left[2]).counters["step"] == left[2]


def test_whatever_the_limit_the_ends_and_the_newest_state_stay(run: KeptRun) -> None:
    assert thin_history(run, 0).steps == tuple(range(1, 18))
    assert steps(run) == [0, 18]
    assert thin_history(run, 0).steps == ()


def test_the_step_of_a_branch_stays(run: KeptRun) -> None:
    """Where files cannot be shared, the branch has copies: its step stays in the history all the same."""
    branch = branch_run(run, 9, {"beta": 2.0})
    for path in (branch.folder / "moments").iterdir():
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data)
    thin_history(run, 0)
    assert steps(run) == [0, 9, 18]


def test_what_is_shared_stays_because_it_frees_nothing(run: KeptRun) -> None:
    branch = branch_run(run, 5, {})
    assert thin_history(run, 0).steps == tuple(range(6, 18))
    assert steps(run) == [0, 1, 2, 3, 4, 5, 18]
    assert thin_history(branch, 0).steps == ()


def test_the_only_state_that_can_be_resumed_stays(run: KeptRun) -> None:
    """Killed before its checkpoint was written: the history alone holds states, the last is half-written."""
    (run.folder / "checkpoint.safetensors").unlink()
    last = run.folder / "moments" / "000000018.safetensors"
    last.write_bytes(last.read_bytes()[:1000])
    resumable = run.newest_state().step
    assert resumable == 17
    thin_history(run, 0)
    assert KeptRun.at(run.folder).newest_state().step == resumable


def test_cancelling_leaves_what_was_not_removed_yet(run: KeptRun) -> None:
    def cancel(done: float, total: float | None, what: str) -> None:
        assert (total, what) == (17, "Thinning histories")
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        thin_history(run, 0, cancel)
    assert len(steps(run)) == 19 - 3
    assert thin_history(run, 0).freed > 0, "the lock is free again"


def test_several_runs_with_progress(run: KeptRun) -> None:
    other = KeptRun.at(Path(shutil.copytree(run.folder, runs_folder() / "other")))
    shutil.rmtree(other.folder / "moments")
    parts: list[float] = []

    def note(done: float, total: float | None, what: str) -> None:
        assert (total, what) == (2, "Thinning histories")
        parts.append(done)

    result = thin_histories([*kept_runs(), *shipped_models()], 0, note)
    assert set(result.runs) == {"run"}
    assert result.freed == result.runs["run"].freed > 0
    assert result.problems == ()
    assert parts == sorted(parts)
    assert 1 < max(parts) < 2 or parts[-1] == 1


def test_of_some_runs_the_branches_of_all_count(run: KeptRun) -> None:
    branch = branch_run(run, 9, {})
    for path in (branch.folder / "moments").iterdir():
        path.write_bytes(path.read_bytes())
    os.remove(branch.folder / "moments" / "000000009.safetensors")
    thin_histories([run], 0)
    assert 9 in steps(run)


_TRAINING = """
import sys, time
from pathlib import Path
from aestudio.storage.lock import RunLock
lock = RunLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_run_that_another_process_trains_stays_as_it_is(run: KeptRun, few_digits: Dataset) -> None:
    other = KeptRun.at(Path(shutil.copytree(run.folder, runs_folder() / "other")))
    process = subprocess.Popen(
        [sys.executable, "-c", _TRAINING, str(run.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(StudioError, match="being trained right now"):
            thin_history(run, 0)
        result = thin_histories([run, other], 0)
    finally:
        process.communicate("", timeout=300)
    assert steps(run) == list(range(19))
    assert set(result.runs) == {"other"}
    assert len(result.problems) == 1


def test_what_is_refused(run: KeptRun) -> None:
    with pytest.raises(BadChoice, match="limit"):
        thin_history(run, -1)
    with pytest.raises(StudioError, match="shipped model has no history"):
        thin_history(shipped_models()[0], 0)


def test_a_plan_says_what_thinning_does_and_changes_nothing(run: KeptRun) -> None:
    before = {path: path.stat().st_size for path in run.folder.rglob("*")}
    planned = plan_thinning([run, *shipped_models()], 0)
    assert {path: path.stat().st_size for path in run.folder.rglob("*")} == before
    assert planned.freed > 0
    assert thin_histories([run], 0) == planned
    assert plan_thinning([run], 0).runs == {}


def test_a_plan_leaves_out_a_run_that_is_being_trained(run: KeptRun) -> None:
    from aestudio.storage.lock import RunLock

    lock = RunLock(run.folder)
    try:
        planned = plan_thinning([run], 0)
    finally:
        lock.release()
    assert planned.runs == {}
    assert planned.problems == ()
