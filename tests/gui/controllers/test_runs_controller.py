"""Kept runs: listed, opened, renamed, removed, exported."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.gui.controllers.session import Session
    from aestudio.runs.kept_run import KeptRun

    Reach = Callable[[Callable[[], object]], None]


def kept(session: Session) -> list[KeptRun]:
    return [run for run in session.state.runs if not run.shipped]


@pytest.fixture
def trained(session: Session, reach: Reach) -> Session:
    """A session with one finished run."""
    session.training.start()
    reach(lambda: session.state.training.phase == "ended" and kept(session))
    return session


def test_a_reopened_run_has_its_state(trained: Session, reach: Reach) -> None:
    before = trained.state
    trained.runs.open(kept(trained)[0].name)
    reach(lambda: trained.state.model is not before.model)
    after = trained.state
    assert after.model is not None
    assert after.model.origin == "kept"
    assert after.recipe == before.recipe
    assert before.snapshot is not None
    for name, weights in before.snapshot.weights.items():
        np.testing.assert_array_equal(after.model.snapshot.weights[name], weights)
    np.testing.assert_array_equal(after.training.training.term("kl"), before.training.training.term("kl"))
    np.testing.assert_array_equal(after.training.validation.step, before.training.validation.step)
    assert after.training.checkpoint is None, "a finished run is not resumed"


def test_weights_that_come_from_the_checkpoint_are_reported(trained: Session, reach: Reach) -> None:
    before, run = trained.state, kept(trained)[0]
    (run.folder / "weights.safetensors").write_bytes(b"damaged")
    trained.runs.open(run.name)
    reach(lambda: trained.state.model is not before.model)
    assert trained.state.message.tone == "warn"
    assert "in its checkpoint are used" in trained.state.message.text


def test_an_unknown_run_is_reported(session: Session, reach: Reach) -> None:
    session.runs.open("no such run")
    reach(lambda: session.state.message.tone == "bad")
    assert "no such run" in session.state.message.text
    assert session.state.training.phase == "idle"


def test_a_run_that_was_removed_meanwhile_says_so_and_how_it_comes_back(
    trained: Session, reach: Reach
) -> None:
    """By the entry of a list that was read before, by its name and by its folder."""
    run = kept(trained)[0]
    ways = (run, run.name, str(run.folder))
    run.move_to_trash()  # as another window does
    for wanted in ways:
        trained.show_message("")
        trained.runs.open(wanted)
        reach(lambda: trained.state.message.tone == "bad")
        assert "was removed meanwhile" in trained.state.message.text
        assert "Restore, in the window of all runs" in trained.state.message.text
    reach(lambda: not kept(trained))


def test_a_run_whose_folder_is_gone_says_so(trained: Session, reach: Reach) -> None:
    run = kept(trained)[0]
    shutil.rmtree(run.folder)
    for wanted in (run, str(run.folder)):
        trained.show_message("")
        trained.runs.open(wanted)
        reach(lambda: trained.state.message.tone == "bad")
        assert "is not there any more" in trained.state.message.text
        assert str(run.folder) in trained.state.message.text
    reach(lambda: not kept(trained))


def test_a_run_opens_beside_a_training_that_was_started_meanwhile(
    trained: Session, reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither replaces the other, even if the training began while the run was being read."""
    from aestudio.gui.controllers import runs_controller as runs_control

    name, read, gate = kept(trained)[0].name, runs_control.read_run, threading.Event()
    monkeypatch.setattr(runs_control, "read_run", lambda name: (gate.wait(20), read(name))[1])
    trained.runs.open(name)
    trained.training.step()
    reach(lambda: trained.state.training.phase == "paused")
    new, recipe = trained.state.training.run, trained.state.recipe
    gate.set()
    reach(lambda: trained.state.hidden_training is not None)
    assert trained.state.training.run == new != name
    assert trained.state.recipe is recipe
    assert trained.state.shown_run.run == name
    assert trained.state.snapshot is not None
    assert trained.state.snapshot.run == name
    trained.runs.open(new)
    assert "open" not in trained.state.tasks, "it is in memory, newer than in its folder"
    assert trained.state.hidden_training is None
    assert trained.state.snapshot.run == new


def test_no_run_is_opened_while_a_training_gets_ready(trained: Session, reach: Reach) -> None:
    trained.training.step()
    assert trained.state.training.phase == "preparing"
    trained.runs.open(kept(trained)[0].name)
    assert trained.state.message.tone == "warn"
    assert "open" not in trained.state.tasks
    reach(lambda: trained.state.training.phase == "paused")
    assert trained.state.hidden_training is None


def test_runs_are_renamed_and_moved_to_the_trash(trained: Session, reach: Reach) -> None:
    run = kept(trained)[0]
    trained.runs.rename(run, "My best")
    reach(lambda: kept(trained)[0].title == "My best")
    assert kept(trained)[0].name == run.name
    trained.runs.remove(kept(trained)[0])
    reach(lambda: not kept(trained))
    assert (run.folder.parent / "trash" / run.name).is_dir()


def test_export_writes_all_codes(trained: Session, reach: Reach, tmp_path: Path) -> None:
    trained.runs.export_features(tmp_path / "f.npz", "train")
    reach(lambda: trained.state.message.tone == "good" and (tmp_path / "f.npz").exists())
    with np.load(tmp_path / "f.npz") as file:
        assert file["codes"].shape == (300, 3)


def test_an_export_leaves_the_cores_to_others(
    trained: Session, reach: Reach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new thread begins with as many threads of torch as any other one chose last."""
    import torch

    used: list[int] = []
    monkeypatch.setattr(
        "aestudio.export.tables.features.export_features",
        lambda *_: used.append(torch.get_num_threads()) or 1,
    )
    torch.set_num_threads(2)
    try:
        trained.runs.export_features(tmp_path / "f.npz")
        reach(lambda: used)
    finally:
        torch.set_num_threads(1)
    assert used == [1]


def test_export_into_nowhere_is_reported(trained: Session, reach: Reach, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    trained.runs.export_features(tmp_path / "file" / "f.npz")
    reach(lambda: trained.state.message.tone == "bad")


def test_export_without_a_model_is_reported(session: Session, tmp_path: Path) -> None:
    session.runs.export_features(tmp_path / "f.npz")
    assert session.state.message.tone == "warn"
