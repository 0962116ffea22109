"""What follows from another size of the text, other preferences and another view in front."""

from __future__ import annotations

from dataclasses import replace

from aestudio.gui.state.effects.appearance import (
    MORE_BESIDE_LONG_STEPS,
    keep_preferences,
    scale_text,
    share_core,
)
from aestudio.gui.state.effects.ordered import EFFECTS
from aestudio.gui.state.effects.reactions import KeepPreferences, ScaleText, ShareCore
from aestudio.gui.state.embedding_state import with_setting
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.studio_state import StudioState
from aestudio.recipes.library import find_recipe
from aestudio.training.events import TrainingProgress
from tests.small_models import untrained

STATE = StudioState(recipe=find_recipe("vae"))


def test_they_are_among_the_effects() -> None:
    assert {scale_text, keep_preferences, share_core} <= set(EFFECTS)


def test_another_size_of_the_text_is_applied_and_kept() -> None:
    larger = replace(STATE, text_size=125)
    assert scale_text(STATE, larger) == (ScaleText(125),)
    assert keep_preferences(STATE, larger) == (KeepPreferences((("text_size", 125),)),)
    assert scale_text(larger, larger) == ()
    assert keep_preferences(larger, replace(larger, selected=3)) == ()


def test_only_what_has_changed_is_kept() -> None:
    other = replace(STATE, map_choice=replace(STATE.map_choice, colour="loss", decoded=False))
    assert keep_preferences(STATE, other) == (
        KeepPreferences((("map.colour", "loss"), ("map.decoded", False))),
    )
    other = replace(STATE, embedding=with_setting(STATE.embedding, "umap", "neighbours", 7))
    assert keep_preferences(STATE, other) == (KeepPreferences((("embedding.umap.neighbours", 7),)),)
    assert keep_preferences(STATE, replace(STATE, embedding=replace(STATE.embedding))) == ()
    assert keep_preferences(STATE, replace(STATE, map_choice=replace(STATE.map_choice))) == ()


def test_the_share_of_the_view_in_front_is_told_once_there_is_a_worker() -> None:
    waiting = replace(STATE, core_share=0.13)
    ready = replace(waiting, inference_ready=True)
    assert share_core(STATE, waiting) == ()
    assert share_core(waiting, ready) == (ShareCore(0.13),)
    assert share_core(ready, ready) == ()
    assert share_core(ready, replace(ready, core_share=0.04)) == (ShareCore(0.04),)
    assert share_core(STATE, replace(STATE, inference_ready=True)) == ()


def test_more_is_shared_beside_long_steps() -> None:
    snapshot = untrained("vae", batch_size=128)
    progress = TrainingProgress(10, 0.1, 128 / 0.02, 60.0, 0, 1e-3)
    training = RunState(phase="running", snapshot=snapshot, progress=progress)
    ready = replace(STATE, core_share=0.1, inference_ready=True)
    long_steps = replace(ready, training=training)
    assert share_core(ready, long_steps) == (ShareCore(0.1 * MORE_BESIDE_LONG_STEPS),)
    assert share_core(long_steps, replace(long_steps, selected=3)) == ()
    for other in (
        replace(training, phase="paused"),
        replace(training, progress=replace(progress, images_per_second=128 / 0.006)),
        replace(training, progress=replace(progress, images_per_second=0.0)),
    ):
        assert share_core(long_steps, replace(ready, training=other)) == (ShareCore(0.1),)
