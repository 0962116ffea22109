"""Kept runs are compared: read, measured on the images of each, and written as tables."""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.runs.kept_run import KeptRun

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.gui.controllers.session import Session

    Reach = Callable[[Callable[[], object]], None]


@pytest.fixture
def two(session: Session, reach: Reach) -> list[KeptRun]:
    """A finished run, and a copy of it."""
    session.training.start()
    reach(lambda: session.state.training.phase == "ended" and not session.state.tasks)
    folder = session.state.training.path
    shutil.copytree(folder, folder.parent / "copy")
    KeptRun.at(folder.parent / "copy").rename("the copy")
    session.runs.refresh()
    reach(lambda: not session.state.tasks)
    return [run for run in session.state.runs if not run.shipped]


def test_the_curves_of_all_runs_are_read(session: Session, reach: Reach, two: list[KeptRun]) -> None:
    session.compared_runs.compare(two)
    reach(lambda: session.state.run_list.compared is not None)
    compared = session.state.run_list.compared
    assert compared is not None
    assert set(compared.labels) == {row.name for row in compared.rows}
    assert "the copy" in compared.labels
    assert set(compared.curves) == {"step", "epoch", "images"}
    first = compared.curves["step"][0]
    trained = session.state.training.validation
    np.testing.assert_array_equal(first.x, trained.step)
    np.testing.assert_array_equal(first.values[0], trained.term("loss"))
    np.testing.assert_array_equal(first.values[0], first.values[1])
    assert not any(setting.differs for setting in compared.settings)


def test_runs_are_measured_on_their_images(session: Session, reach: Reach, two: list[KeptRun]) -> None:
    session.compared_runs.compare(two)
    reach(lambda: session.state.run_list.compared is not None)
    session.compared_runs.measure()
    reach(lambda: session.state.run_list.compared.metrics)
    metrics = {metric.name: metric for metric in session.state.run_list.compared.metrics}
    evaluated = KeptRun.at(two[0].folder)
    squared = metrics["mse"]
    assert squared.estimates[0] is not None
    assert squared.estimates[0] == squared.estimates[1]
    assert squared.differences[1] is not None
    assert squared.differences[1].mean == 0.0
    from aestudio.inference.frozen_model import FrozenModel

    images = session.state.data.dataset.test.images
    shown = FrozenModel(evaluated.snapshot()).reconstruct_exactly(images, None)
    errors = ((shown - images / 255.0) ** 2).reshape(len(images), -1).mean(axis=1)
    assert squared.estimates[0].mean == pytest.approx(errors.mean(), rel=1e-4)


def test_tables_are_written(session: Session, reach: Reach, two: list[KeptRun], tmp_path: Path) -> None:
    session.compared_runs.compare(two)
    reach(lambda: session.state.run_list.compared is not None)
    session.compared_runs.write_tables(tmp_path / "out")
    reach(lambda: "curves.csv" in session.state.message.text)
    with (tmp_path / "out" / "curves.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    compared = session.state.run_list.compared
    assert compared is not None
    losses = [
        float(row[compared.labels[0]]) for row in rows if (row["split"], row["term"]) == ("training", "loss")
    ]
    assert losses == session.state.training.training.term("loss").tolist()
    assert not (tmp_path / "out" / "metrics.csv").exists()
    (tmp_path / "file").write_text("")
    session.compared_runs.write_tables(tmp_path / "file")
    reach(lambda: session.state.message.tone == "bad")


def test_what_cannot_be_compared_is_refused(session: Session, reach: Reach, two: list[KeptRun]) -> None:
    session.compared_runs.compare(two[:1])
    reach(lambda: session.state.message.tone == "bad")
    assert "2 to 8 runs are compared" in session.state.message.text
    assert session.state.run_list.compared is None


def test_a_compared_try_is_not_replaced(session: Session, reach: Reach, two: list[KeptRun]) -> None:
    session.training.reset()
    reach(lambda: session.state.training.phase == "idle" and not session.state.tasks)
    session.training.step()
    reach(lambda: session.state.training.phase == "paused")
    folder = session.state.training.path
    session.training.stop()
    reach(lambda: session.state.training.phase == "ended" and not session.state.tasks)
    assert session.state.run_list.tries == (folder,)
    session.compared_runs.compare([KeptRun.at(folder), two[0]])
    assert session.state.run_list.tries == ()
    reach(lambda: not session.state.tasks)


def test_images_are_reconstructed_once(session: Session, reach: Reach, two: list[KeptRun]) -> None:
    session.compared_runs.compare(two)
    reach(lambda: session.state.run_list.compared is not None)
    session.compared_runs.show_images()
    reach(lambda: session.state.run_list.compared.images is not None)
    images = session.state.run_list.compared.images
    assert images is not None
    assert session.state.data.dataset is not None
    np.testing.assert_array_equal(images.originals, session.state.data.dataset.test.images[:10])
    np.testing.assert_array_equal(images.reconstructions[0], images.reconstructions[1])
    session.compared_runs.show_images()
    assert not session.state.tasks


def test_weights_that_cannot_be_read_are_said_once(
    session: Session, reach: Reach, two: list[KeptRun]
) -> None:
    session.compared_runs.compare(two)
    reach(lambda: session.state.run_list.compared is not None)
    for name in ("weights.safetensors", "checkpoint.safetensors"):
        (two[0].folder / name).unlink(missing_ok=True)
    shutil.rmtree(two[0].folder / "moments", ignore_errors=True)
    session.compared_runs.show_images()
    reach(lambda: session.state.run_list.compared.no_images)
    assert session.state.run_list.compared.images is None
    session.compared_runs.show_images()
    assert not session.state.tasks
