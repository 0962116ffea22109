"""Sweeps beside the window: begun, paused, continued; in processes, with a real trainer."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.datasets.catalogue import load_dataset
from aestudio.gui.state.studio_state import DataState
from aestudio.gui.state.sweep_state import RunningSweep, SweepDraft, SweepsState
from aestudio.recipes.library import find_recipe
from aestudio.sweeps.sweep_folder import find_sweep, read_results, sweep_names

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session
    from aestudio.recipes.recipe import Recipe

WAIT = 240_000


def small(epochs: int = 1) -> Recipe:
    return find_recipe("compress-ae").with_settings(
        {"epochs": epochs, "batch_size": 32, "hidden": (16,), "validation_images": 60}
    )


@pytest.fixture
def from_file(studio_session: Session, few_digits: Dataset, tmp_path: Path) -> Session:
    """A session whose images the processes of a sweep can load."""
    path = tmp_path / "digits.npz"
    train, test = few_digits.train, few_digits.test
    assert train.labels is not None
    assert test.labels is not None
    np.savez(path, x_train=train.images, y_train=train.labels, x_test=test.images, y_test=test.labels)
    dataset = load_dataset(str(path))
    studio_session.update(data=DataState(str(path), "ready", dataset=dataset))
    return studio_session


def sweeps(session: Session) -> SweepsState:
    return session.state.run_list.sweeps


def test_what_a_draft_takes(from_file: Session, qtbot: QtBot) -> None:
    draft = SweepDraft(small(), (("latent_size", "2, 4, 8"),), folds=3, jobs=2)
    from_file.sweeps.estimate(draft)
    qtbot.waitUntil(lambda: sweeps(from_file).estimate is not None, timeout=WAIT)

    def cost() -> object:
        estimate = sweeps(from_file).estimate
        return None if estimate is None else estimate.cost

    qtbot.waitUntil(lambda: cost() is not None, timeout=WAIT)
    estimate = sweeps(from_file).estimate
    assert estimate is not None
    assert (estimate.draft, estimate.runs, estimate.jobs, estimate.problem) == (draft, 9, 2, "")
    from_file.sweeps.forget_estimate()
    assert sweeps(from_file).estimate is None


@pytest.mark.parametrize(
    ("vary", "folds", "said"),
    [
        ((("latent_size", "2, x"),), 0, "whole number"),
        ((("latent_size", ""),), 0, "Vary: as latent_size=2,8,32"),
        ((("latent_size", "2"), ("latent_size", "4")), 0, "each once"),
        ((("latent_size", "2, 4"),), 1, "Folds: 0, or a whole number from 2 on."),
    ],
)
def test_what_cannot_be_carried_out_is_said(
    from_file: Session, qtbot: QtBot, vary: tuple[tuple[str, str], ...], folds: int, said: str
) -> None:
    from_file.sweeps.estimate(SweepDraft(small(), vary, folds))
    qtbot.waitUntil(lambda: sweeps(from_file).estimate is not None, timeout=WAIT)
    estimate = sweeps(from_file).estimate
    assert estimate is not None
    assert said in estimate.problem
    assert estimate.runs == 0


def test_only_one_sweep_at_a_time_and_only_with_data(studio_session: Session) -> None:
    assert studio_session.sweeps.obstacle() == ""
    run_list = studio_session.state.run_list
    studio_session.update(run_list=replace(run_list, sweeps=SweepsState(running=RunningSweep("mine"))))
    assert "carried out already" in studio_session.sweeps.obstacle()
    assert not studio_session.sweeps.begin(SweepDraft(small(), (("latent_size", "2, 4"),)))
    studio_session.sweeps.go_on("mine")
    assert "carried out already" in studio_session.state.message.text
    studio_session.update(run_list=run_list, data=DataState())
    assert studio_session.sweeps.obstacle() == "Load a data set first."
    assert not sweep_names()


@pytest.mark.thorough
def test_a_sweep_is_paused_and_continued(from_file: Session, qtbot: QtBot) -> None:
    draft = SweepDraft(small(epochs=30), (("latent_size", "2, 4"),), folds=2, jobs=1)
    assert from_file.sweeps.begin(draft)
    qtbot.waitUntil(lambda: (sweeps(from_file).running or RunningSweep()).done >= 1, timeout=WAIT)
    (name,) = sweep_names()
    assert sweeps(from_file).is_carried_out(name)
    assert sweeps(from_file).chosen == name
    from_file.sweeps.pause()
    running = sweeps(from_file).running
    assert running is not None
    assert running.pausing
    qtbot.waitUntil(lambda: sweeps(from_file).running is None, timeout=WAIT)
    assert "paused after" in from_file.state.message.text
    plan, folder = find_sweep(name)
    done = {number: one.metrics for number, one in read_results(folder).items() if not one.stopped}
    assert 1 <= len(done) < 4
    assert multiprocessing.active_children() == []

    from_file.sweeps.go_on(name)
    qtbot.waitUntil(lambda: sweeps(from_file).running is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: sweeps(from_file).running is None, timeout=WAIT)
    assert from_file.state.message.text == "The sweep has ended: 4 runs."
    qtbot.waitUntil(lambda: not from_file.state.tasks, timeout=WAIT)
    shown = sweeps(from_file).shown
    assert shown is not None
    assert shown.plan == plan
    assert shown.summary.results.best is not None
    after = {number: one.metrics for number, one in read_results(folder).items()}
    assert set(after) == {1, 2, 3, 4}
    assert done.items() <= after.items(), "what was done is kept"
    listed = sweeps(from_file).listed
    assert listed is not None
    assert [(one.name, one.done, one.runs) for one in listed] == [(name, 4, 4)]


@pytest.mark.thorough
def test_a_closed_window_keeps_what_is_done(from_file: Session, qtbot: QtBot) -> None:
    from_file.sweeps.begin(SweepDraft(small(epochs=10_000), (("latent_size", "2, 4"),), jobs=2))
    qtbot.waitUntil(lambda: bool(multiprocessing.active_children()), timeout=WAIT)
    qtbot.waitUntil(from_file.close, timeout=WAIT)
    assert multiprocessing.active_children() == []
    assert len(sweep_names()) == 1
