"""A run's folder is moved or deleted during its training: reported, and the run is saved elsewhere."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import StudioError
from aestudio.paths import runs_folder
from aestudio.runs import locked_folder as held_folder
from aestudio.runs import recorder
from aestudio.runs.index import kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.record import record
from aestudio.storage.lock import has_writer
from aestudio.training.events import (
    Ended,
    HistoryCheckpointKept,
    HistoryCheckpointsDropped,
    MetricPoint,
    RunMoved,
)
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.runs.conftest import quick_recipe, same_weights

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Event


@pytest.fixture(autouse=True)
def _looks_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test trains in less than the quarter of a second between two looks."""
    monkeypatch.setattr(recorder, "CHECK_SECONDS", 0.0)


@pytest.fixture
def lose(few_digits: Dataset) -> Callable[..., tuple[list[Event], list[StudioError], StudioError | None]]:
    """`lose(folder, how, at)`: train into the folder, call `how` after the training point of step `at`."""

    def trained(
        folder: Path, how: Callable[[], object], at: int = 12
    ) -> tuple[list[Event], list[StudioError], StudioError | None]:
        problems: list[StudioError] = []
        received: list[Event] = []
        raised = None
        spec = RunSpec(folder.name, quick_recipe(), few_digits.origin, "cpu")
        try:
            for event in record(train(spec, few_digits), spec, folder, problems.append):
                received.append(event)
                if isinstance(event, MetricPoint) and (event.split, event.step) == ("training", at):
                    how()
        except StudioError as problem:
            raised = problem
        return received, problems, raised

    return trained


def delete(path: Path) -> None:
    """Also while another thread writes into it."""
    while path.exists():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def check(run: KeptRun, straight: KeptRun, events: list[Event]) -> None:
    checkpoint = run.checkpoint()
    assert checkpoint is not None
    assert checkpoint.counters["step"] == 18
    assert run.status == "finished"
    assert same_weights(run.snapshot(), straight.snapshot())
    assert run.points() == straight.points() == tuple(e for e in events if isinstance(e, MetricPoint))
    found: set[int] = set()
    for event in events:
        match event:
            case HistoryCheckpointKept():
                found.add(event.history_checkpoint.step)
            case HistoryCheckpointsDropped():
                found -= set(event.steps)
            case RunMoved():
                found.clear()
            case _:
                pass
    assert {history_checkpoint.step for history_checkpoint in run.history_checkpoints()} == found, (
        "listeners know which checkpoints exist"
    )


@pytest.mark.parametrize("at", [2, 12, 17])
@pytest.mark.parametrize("how", ["deleted", "moved", "replaced"])
def test_the_run_is_saved_beside_the_old_folder(
    tmp_path: Path, lose: Callable[..., tuple], kept: KeptRun, how: str, at: int
) -> None:
    folder, away = tmp_path / "runs" / "run", tmp_path / "away"

    def remove() -> None:
        if how == "deleted":
            delete(folder)
        else:
            folder.rename(away)
        if how == "replaced":
            folder.mkdir()
            (folder / "thesis.txt").write_text("irreplaceable")

    events, problems, raised = lose(folder, remove, at)
    rescued = tmp_path / "runs" / "run (rescued)"
    check(KeptRun.at(rescued), kept, events)
    assert isinstance(events[-1], Ended)
    assert events[-1].problem is raised is problems[-1]
    assert str(folder) in str(raised)
    assert str(rescued) in str(raised)
    assert len(problems) == 1
    assert not has_writer(rescued)
    if how == "replaced":
        assert [path.name for path in folder.iterdir()] == ["thesis.txt"]
    else:
        assert not folder.exists(), "no ghost"
    if how != "deleted":
        assert KeptRun.at(away).status == "interrupted"


def test_the_home_folder_is_deleted(tmp_path: Path, lose: Callable[..., tuple], kept: KeptRun) -> None:
    home = tmp_path / "home"
    events, _, raised = lose(runs_folder() / "run", lambda: home.rename(tmp_path / "away"))
    (found,) = kept_runs()
    assert found.name == "run (rescued)"
    assert str(found.folder) in str(raised)
    check(found, kept, events)


def test_a_folder_is_lost_twice(tmp_path: Path, lose: Callable[..., tuple], kept: KeptRun) -> None:
    folder = tmp_path / "runs" / "run"
    again = iter([folder, tmp_path / "runs" / "run (rescued)"])
    spec_points = []

    def remove() -> None:
        spec_points.append(next(again))
        spec_points[-1].rename(tmp_path / f"away {len(spec_points)}")

    received, _, raised = lose(folder, remove, 3)
    assert "run (rescued)" in str(raised)
    check(KeptRun.at(tmp_path / "runs" / "run (rescued)"), kept, received)


def test_files_are_deleted_and_the_folder_stays(
    tmp_path: Path, lose: Callable[..., tuple], kept: KeptRun
) -> None:
    """As `rm -r` ends while the training still writes."""
    folder = tmp_path / "run"

    def remove() -> None:
        for path in folder.iterdir():
            delete(path)

    events, problems, raised = lose(folder, remove)
    check(KeptRun.at(folder), kept, events)
    assert not list(tmp_path.glob("*rescued*"))
    assert "were deleted" in str(raised)
    assert problems == [raised]


def test_no_folder_can_be_written(
    tmp_path: Path, lose: Callable[..., tuple], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "run"

    def remove() -> None:
        delete(folder)
        monkeypatch.setattr(held_folder, "_candidates", lambda _: [])

    events, problems, raised = lose(folder, remove)
    assert isinstance(events[-1], Ended)
    assert events[-1].problem is raised
    assert raised is not None
    assert "not kept" in raised.what
    assert "what came since is lost" in raised.advice
    assert len(problems) == 1
    assert not folder.exists()
