"""A kill, an error of the disk or a power cut at every single call of a training that changes the disk.

After each the folder must open with a state, curves and weights of the undisturbed run, and the run must go
on to the same end, bit for bit. The trainings run in forks of a process of their own. All calls are a slow
test, a sample of them is a thorough one.
"""

from __future__ import annotations

import json
import pickle
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from tests.forks import Forks
from tests.runs.faulty_disk import after_power_cut

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks are POSIX's")

DIED = 9
# What the process of the forks has: a small run of six steps, what disturbs it, and what is checked.
CODE = """
import json, os, pickle, shutil
from pathlib import Path
import numpy as np
os.environ["AESTUDIO_THREADS"] = "1"
import torch
from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.errors import StudioError
from aestudio.recipes.library import find_recipe
from aestudio.runs import recorder
from aestudio.runs.index import kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.start import resume_run, start_run
from aestudio.training.commands import Commands
from aestudio.training.events import Paused
from tests.runs.faulty_disk import PowerCuts, watch

random = np.random.default_rng(0)
def images(count):
    pixels = random.integers(0, 256, (count, 1, 8, 8), dtype=np.uint8)
    return ImageSet(pixels, np.arange(count) % 2, ("a", "b"))
DATA = Dataset("numbers", "Numbers", images(40), images(4))
RECIPE = find_recipe("vae").with_settings(
    {"hidden": (4,), "latent_size": 2, "epochs": 2, "batch_size": 16, "validation_images": 4})
recorder.RECORD_SECONDS = 0.0  # writes its record with every report

def train(folder, stop_at=None):
    folder = Path(folder)
    commands = Commands()
    if stop_at is not None:
        commands.advance(stop_at)
    if (folder / "run.json").exists():
        events = resume_run(KeptRun.at(folder), DATA, commands)
    else:
        events = start_run(RECIPE, DATA, commands, folder=folder, device="cpu")
    for event in events:
        if stop_at is not None and isinstance(event, Paused):
            commands.stop()

def digest(state):
    return None if state is None else [
        sorted((name, array.tobytes()) for name, array in state.snapshot.weights.items()),
        sorted((name, array.tobytes()) for name, array in state.optimiser.items()),
        state.noise.tobytes(), sorted(state.counters.items())]

def case(what, folder, *more):
    globals()[what](folder, *more)

def reference(folder, answer):
    train(folder)
    run = KeptRun.at(Path(folder))
    states = {one.step: digest(run.history_checkpoint(one.step)) for one in run.history_checkpoints()}
    weights = {step: state[0] for step, state in states.items()}
    Path(answer).write_bytes(pickle.dumps((states, weights, run.points())))

def stopped(folder):
    train(folder, stop_at=2)

def count(folder, answer):
    calls = []
    watch(lambda call: calls.append((call.kind, os.path.basename(call.path))))
    train(folder)
    Path(answer).write_text(json.dumps(calls))

def fault(folder, number, how):
    number, seen = int(number), [0]
    def hook(call):
        seen[0] += 1
        if seen[0] != number:
            return
        if how == "dies":
            os._exit(9)
        if how == "dies half way":
            call.half()
            os._exit(9)
        raise OSError(int(how), os.strerror(int(how)))
    watch(hook)
    try:
        train(folder)
    except (StudioError, OSError):
        os._exit(1)
    os._exit(0)

def cuts(folder, answer):
    power = PowerCuts(folder)
    watch(power.take)
    train(folder)
    Path(answer).write_bytes(pickle.dumps(power.steps))

def check(folder, expected, at_least, why):
    # Nothing in the folder may be anything that the undisturbed run has not.
    folder = Path(folder)
    states, weights, points = pickle.loads(Path(expected).read_bytes())
    run = next((one for one in kept_runs(folder.parent) if one.folder == folder), None)
    if run is None or not (folder / "run.json").exists():
        assert int(at_least) < 0, "the run is gone"
        assert run is None, "a folder without a record is listed as a damaged run"
    else:
        assert run.problem is None, run.problem
        assert run.status != "running"
        kept = run.points()
        assert kept == points[: len(kept)], "the curves are a beginning of the run's"
        state = run.newest_state()
        assert why == "power" or not state.problems, state.problems
        if state.checkpoint is None:
            assert int(at_least) <= 0
        else:
            assert state.step >= int(at_least)
            # Sums for the next point of the curves are of before or after it; the end shows them.
            assert digest(state.checkpoint)[:3] == states[state.step][:3]
            shown = run.snapshot()
            assert sorted((n, a.tobytes()) for n, a in shown.weights.items()) == weights[shown.step]
        for one in run.history_checkpoints():
            try:
                found = digest(run.history_checkpoint(one.step))
            except StudioError:
                assert why == "power", "only a power cut may cost a state of the history"
                continue
            assert found[:3] == states[one.step][:3]
        assert run.status != "finished" or run.snapshot().step == max(states)
    train(folder)
    run = KeptRun.at(folder)
    assert run.status == "finished"
    assert digest(run.newest_state().checkpoint) == states[max(states)]
    assert run.points() == points
    left = [path.name for path in folder.rglob("*.part")]
    assert not left, left
"""


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """The process whose forks train; one that says why it failed on stderr."""
    forks = Forks(CODE, tmp_path_factory.mktemp("home"))
    yield forks
    forks.close()


class Disturbed:
    """Runs that are disturbed at one call, each in a folder of its own, and what they must be then."""

    def __init__(self, forks: Forks, folder: Path) -> None:
        self.forks, self.folder = forks, folder
        self.expected = folder / "expected"
        self.stopped = folder / "stopped" / "run"
        self._number = 0
        assert forks.run("reference", str(folder / "whole" / "run"), str(self.expected)) == 0
        assert forks.run("stopped", str(self.stopped)) == 0

    def calls(self, resumed: bool) -> list[tuple[str, str]]:
        """Kind and file of every call of a new training, or of one that is resumed."""
        answer = self.folder / "calls"
        assert self.forks.run("count", str(self._run(resumed)), str(answer)) == 0
        return [tuple(call) for call in json.loads(answer.read_text())]

    def fault(self, number: int, how: str, resumed: bool) -> int:
        """Train with a fault in the call of this number, check what is left, and go on; the exit code."""
        run = self._run(resumed)
        code = self.forks.run("fault", str(run), str(number), how)
        self.check(run, resumed)
        return code

    def power_cuts(self, resumed: bool) -> list[tuple[str, str, str, bytes]]:
        """The steps of a training, with what was synced; `cut` makes what is left after some of them."""
        run, answer = self._run(resumed), self.folder / "steps"
        assert self.forks.run("cuts", str(run), str(answer)) == 0
        steps = pickle.loads(answer.read_bytes())
        self.source = str(run)
        return steps

    def cut(self, steps: list[tuple[str, str, str, bytes]], resumed: bool) -> None:
        run = self._next()
        after_power_cut(steps, self.source, run, self.stopped if resumed else None)
        self.check(run, resumed, "power")

    def check(self, run: Path, resumed: bool, why: str = "kill") -> None:
        at_least = "2" if resumed else "-1"
        assert self.forks.run("check", str(run), str(self.expected), at_least, why) == 0

    def _next(self) -> Path:
        self._number += 1
        return self.folder / f"{self._number}" / "run"

    def _run(self, resumed: bool) -> Path:
        run = self._next()
        if resumed:
            shutil.copytree(self.stopped, run)
        return run


@pytest.fixture(scope="module")
def disturbed(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Disturbed:
    return Disturbed(forks, tmp_path_factory.mktemp("runs"))


ALL = pytest.param(1, marks=pytest.mark.slow)
EVERY = [ALL, pytest.param(47, marks=pytest.mark.thorough)]
BOTH = pytest.mark.parametrize("resumed", [False, True], ids=["new", "resumed"])


@BOTH
@pytest.mark.parametrize("every", EVERY)
@pytest.mark.parametrize("how", ["dies", "dies half way"])
def test_killed_at_every_call(disturbed: Disturbed, how: str, resumed: bool, every: int) -> None:
    calls = disturbed.calls(resumed)
    assert {"create", "write", "sync", "replace"} <= {kind for kind, _ in calls}
    kinds = {"write"} if how == "dies half way" else {kind for kind, _ in calls}
    numbers = [number for number, (kind, _) in enumerate(calls, 1) if kind in kinds]
    ended = [disturbed.fault(number, how, resumed) for number in numbers[::every]]
    # Two threads write, so that the last calls may have other numbers.
    assert ended.count(DIED) >= len(ended) - 5


@BOTH
@pytest.mark.parametrize(
    ("error", "every"),
    [
        pytest.param("5", 1, marks=pytest.mark.slow, id="broken disk"),
        pytest.param("28", 1, marks=pytest.mark.slow, id="full disk"),
        pytest.param("5", 47, marks=pytest.mark.thorough, id="broken disk, a sample"),
    ],
)
def test_every_call_fails_once(disturbed: Disturbed, error: str, resumed: bool, every: int) -> None:
    numbers = range(1, len(disturbed.calls(resumed)) + 1)
    for number in numbers[::every]:
        assert disturbed.fault(number, error, resumed) in (0, 1)


@BOTH
@pytest.mark.parametrize("every", EVERY)
def test_power_fails_after_every_call(disturbed: Disturbed, resumed: bool, every: int) -> None:
    steps = disturbed.power_cuts(resumed)
    for number in range(0, len(steps) + 1, every):
        disturbed.cut(steps[:number], resumed)
