"""What is known of the Compare view before it is made."""

from __future__ import annotations

from dataclasses import replace

from aestudio.gui.state.studio_state import StudioState
from aestudio.gui.views.compare.compare_tab import CompareTab
from aestudio.gui.views.reconstruct.reconstruct_tab import ReconstructTab
from aestudio.gui.views.train.train_tab import TrainTab
from aestudio.recipes.library import find_recipe


def test_an_image_is_shown_in_it_once_runs_are_compared() -> None:
    state = StudioState(recipe=find_recipe("vae"))
    assert not CompareTab.can_show_image(state)
    comparison = replace(state.comparison, runs=(object(),))
    assert CompareTab.can_show_image(replace(state, comparison=comparison))
    assert ReconstructTab.can_show_image(state)
    assert not TrainTab.can_show_image(state)
