"""One run of a sweep is an ordinary run, whose score is measured on the images that were held back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

import aestudio
from aestudio.paths import runs_folder
from aestudio.runs.kept_run import KeptRun
from aestudio.sweeps.sweep_folder import ask_to_stop
from aestudio.sweeps.sweep_runner import task_of
from aestudio.sweeps.trial_run import run_trial
from aestudio.training.preparation import fold_indices

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.sweeps.plan import SweepPlan
    from aestudio.sweeps.trial_run import TrialTask


def task(plan: SweepPlan, folder: Path, number: int) -> TrialTask:
    return replace(task_of(plan, plan.trials[number - 1], folder, None), separate=False)


def test_its_score_is_the_error_on_its_fold(kept: Callable[..., tuple[SweepPlan, Path]]) -> None:
    plan, folder = kept(folds=3)
    result = run_trial(task(plan, folder, 4))  # the second size, the second fold
    assert (result.problem, result.stopped, result.run) == ("", False, "s 4")
    run = aestudio.open_run(str(runs_folder() / "s 4"))
    assert run.recipe.value("latent_size") == 4
    train = run.dataset.train
    held = train.images[fold_indices(train.labels, len(train), run.recipe.images)]
    shown = run.kept.snapshot()
    assert shown.step > 0
    difference = (run.reconstruct(held).astype(np.float64) - held) / 255
    by_hand = float((difference**2).sum(axis=(1, 2, 3)).mean())
    assert result.metrics["squared_error"] == pytest.approx(by_hand, rel=2e-3)  # grey levels are rounded
    assert "s" in run.kept.tags
    assert run.kept.title.endswith(", latent 4, fold 2 of 3")


def test_a_finished_run_is_only_measured_again(kept: Callable[..., tuple[SweepPlan, Path]]) -> None:
    plan, folder = kept()
    first = run_trial(task(plan, folder, 1))
    before = (runs_folder() / "s 1" / "run.json").read_bytes()
    assert run_trial(task(plan, folder, 1)) == first
    assert (runs_folder() / "s 1" / "run.json").read_bytes() == before


def test_a_run_of_another_kind_is_left_alone(kept: Callable[..., tuple[SweepPlan, Path]]) -> None:
    plan, folder = kept()
    run_trial(task(plan, folder, 1))
    (runs_folder() / "s 1").rename(runs_folder() / "s 2")
    before = (runs_folder() / "s 2" / "run.json").read_bytes()
    result = run_trial(task(plan, folder, 2))
    assert "has other settings" in result.problem
    assert (runs_folder() / "s 2" / "run.json").read_bytes() == before


def test_nothing_begins_after_the_wish_to_stop(kept: Callable[..., tuple[SweepPlan, Path]]) -> None:
    plan, folder = kept()
    ask_to_stop(folder)
    assert run_trial(task(plan, folder, 1)).stopped
    assert not (runs_folder() / "s 1").exists()


def test_a_missing_file_is_a_sentence(kept: Callable[..., tuple[SweepPlan, Path]], digits_file: Path) -> None:
    plan, folder = kept()
    digits_file.rename(digits_file.with_name("gone.npz"))
    result = run_trial(task(plan, folder, 1))
    assert "digits.npz" in result.problem
    assert KeptRun.at(runs_folder() / "s 1").record is None


def test_without_images_held_back_nothing_is_compared(kept: Callable[..., tuple[SweepPlan, Path]]) -> None:
    plan, folder = kept()
    without = plan.model_copy(update={"recipe": plan.recipe.with_settings({"validation_images": 0})})
    assert "No image is held back" in run_trial(task(without, folder, 1)).problem
