"""A recipe of two phases on the command line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from aestudio.paths import user_recipes_folder
from aestudio.runs.kept_run import KeptRun
from tests.phased_recipes import two_phases

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


@pytest.fixture
def recipe() -> str:
    """The name of a recipe of two phases among the user's own."""
    user_recipes_folder().mkdir(parents=True, exist_ok=True)
    content = two_phases().model_copy(update={"name": "probed", "title": "Probed"}).model_dump_json()
    (user_recipes_folder() / "probed.json").write_text(content, encoding="utf-8")
    return "probed"


def test_the_first_phases_loss_is_printed(
    aestudio: Callable[..., Answer], recipe: str, tmp_path: Path
) -> None:
    answer = aestudio("train", recipe, "--dataset", "builtin", "--device", "cpu", "--out", tmp_path / "run")
    assert answer.code == 0, answer.err
    run = KeptRun.at(tmp_path / "run")
    last = run.require_record().last
    printed = re.findall(r"epoch 2 of 2: loss ([^,\s]+), validation ([^,\s]+)", answer.err)
    assert printed == [(f"{last['training']['distance']:.4g}", f"{last['validation']['distance']:.4g}")]


def test_a_run_goes_on_for_another_epoch(
    aestudio: Callable[..., Answer], recipe: str, tmp_path: Path
) -> None:
    first = aestudio("train", recipe, "--dataset", "builtin", "--device", "cpu", "--out", tmp_path / "run")
    assert first.code == 0, first.err
    again = aestudio("train", "--resume", "--out", tmp_path / "run", "--epochs", "3")
    assert again.code == 0, again.err
    assert KeptRun.at(tmp_path / "run").require_record().step == 27


def test_the_phases_are_described(aestudio: Callable[..., Answer], recipe: str) -> None:
    answer = aestudio("recipes", recipe)
    assert "Phases: Autoencoder (every step), Probe (0.5 x the learning rate, every 5 steps)\n" in answer.out
    assert "Phases:" not in aestudio("recipes", "vae").out


def test_a_later_phase_is_described(aestudio: Callable[..., Answer], recipe: str) -> None:
    (user_recipes_folder() / "probed.json").write_text(
        two_phases(probe_begins=1.5)
        .model_copy(update={"name": "probed", "title": "Probed"})
        .model_dump_json(),
        encoding="utf-8",
    )
    answer = aestudio("recipes", recipe)
    assert "Probe (0.5 x the learning rate, every 5 steps, after 1.5 epochs)\n" in answer.out
