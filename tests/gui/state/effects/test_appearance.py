"""What follows from another size of the text, other preferences and another view in front."""

from __future__ import annotations

from dataclasses import replace

from aestudio.gui.state.effects.appearance import keep_preferences, scale_text, share_core
from aestudio.gui.state.effects.ordered import EFFECTS
from aestudio.gui.state.effects.reactions import KeepPreferences, ScaleText, ShareCore
from aestudio.gui.state.studio_state import StudioState
from aestudio.recipes.library import find_recipe

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
    all_points = replace(STATE, embedding=replace(STATE.embedding, points="all"))
    assert keep_preferences(STATE, all_points) == (KeepPreferences((("map.embedded", "all"),)),)
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
