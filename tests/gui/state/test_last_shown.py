"""What the next start shows: the run on the screen, or a training that can be resumed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.effects.appearance import keep_last_shown
from aestudio.gui.state.effects.reactions import KeepLastShown
from aestudio.gui.state.last_shown import run_to_open
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.shown_run import with_opened
from aestudio.gui.state.studio_state import StudioState
from aestudio.paths import runs_folder
from aestudio.recipes.library import find_recipe
from aestudio.training.events import Snapshot

RECIPE = find_recipe("vae")
STATE = StudioState(recipe=RECIPE, view="latent")


def model(run: str, origin: str = "kept", home: str = "") -> ExploredModel:
    return ExploredModel(Snapshot(run, RECIPE, 3, 0.3, {}, data=MNIST, home=home), run, origin)  # type: ignore[arg-type]


def test_the_run_on_the_screen_is_opened_again(tmp_path: Path) -> None:
    assert run_to_open(STATE) == ""
    assert run_to_open(replace(STATE, model=model("conv-vae", "shipped"))) == "conv-vae"
    assert Path(run_to_open(replace(STATE, model=model("old")))) == runs_folder() / "old"
    assert run_to_open(replace(STATE, model=model("old", home=str(tmp_path)))) == str(tmp_path)
    assert run_to_open(replace(STATE, model=model("", "training"))) == "", "initial weights are kept nowhere"


def test_a_training_that_goes_on_comes_first() -> None:
    trained = replace(STATE, model=model("new", "training"), training=RunState("running", "new"))
    beside = with_opened(trained, RunState(run="old"), model("old"), ())
    assert Path(run_to_open(beside)) == runs_folder() / "new"
    ended = replace(beside, training=replace(beside.training, phase="ended"))
    assert Path(run_to_open(ended)) == runs_folder() / "old"


def test_it_is_kept_when_it_changes() -> None:
    shown = replace(STATE, model=model("conv-vae", "shipped"))
    assert keep_last_shown(STATE, shown) == (KeepLastShown("latent", "conv-vae"),)
    assert keep_last_shown(shown, replace(shown, view="train")) == (KeepLastShown("train", "conv-vae"),)
    assert keep_last_shown(shown, replace(shown, selected=4)) == ()
    assert keep_last_shown(shown, replace(shown, model=model("conv-vae", "shipped"))) == ()
