"""What is kept across starts is written and read alike; a value that is unknown or damaged is ignored."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.analysis.embedding_settings import TsneSettings, UmapSettings
from aestudio.gui.state.embedding_state import EmbeddingState
from aestudio.gui.state.preferences import (
    NORMAL_TEXT,
    TEXT_SIZES,
    other_text_size,
    preferences_of,
    text_size_in,
    with_preferences,
)
from aestudio.gui.state.studio_state import MapChoice, PlaneChoice, StudioState
from aestudio.recipes.library import find_recipe

STATE = StudioState(recipe=find_recipe("vae"))
CHOSEN = replace(
    STATE,
    text_size=125,
    theme="light",
    ink_on_paper=True,
    tour_seen=True,
    smoothing=0.02,
    logarithmic=True,
    clip_outliers=True,
    axes={10: PlaneChoice("components", 0, 2, 4)},
    workspace=replace(STATE.workspace, sliders=replace(STATE.workspace.sliders, basis="components")),
    comparison=replace(STATE.comparison, same_axes=False),
    map_choice=MapChoice("loss", "all", "density", False, "faint", 30, rings=False),
    embedding=EmbeddingState(
        settings={
            "tsne": TsneSettings(
                perplexity=5.0,
                learning_rate=70.0,
                exaggeration=4.0,
                iterations=900,
                points=70_000,
                start="random",
                seed=3,
            ),
            "umap": UmapSettings(
                neighbours=5, minimum_distance=0.3, metric="cosine", points=500, start="random", seed=7
            ),
        }
    ),
)


def shown(state: StudioState) -> tuple[object, ...]:
    curves = (state.smoothing, state.logarithmic, state.clip_outliers)
    looks = (state.text_size, state.theme, state.ink_on_paper, state.tour_seen)
    views = (state.workspace.sliders.basis, state.comparison.same_axes)
    return *looks, *curves, *views, state.map_choice, dict(state.axes), dict(state.embedding.settings)


def test_what_is_kept_is_restored() -> None:
    table = json.loads(json.dumps(preferences_of(CHOSEN)))
    assert shown(with_preferences(STATE, table)) == shown(CHOSEN)
    assert set(preferences_of(STATE)) == set(preferences_of(CHOSEN))
    assert all(preferences_of(STATE)[name] != value for name, value in table.items()), "all differ here"


def test_without_a_table_all_is_as_at_first() -> None:
    assert shown(with_preferences(STATE, {})) == shown(STATE)


@pytest.mark.parametrize("name", sorted(preferences_of(STATE)))
@pytest.mark.parametrize("value", [None, "no such", 1, 0, -3.5, [], {}, ["class"], "true"])
def test_a_damaged_value_is_ignored_and_the_others_are_restored(name: str, value: Any) -> None:
    if name.endswith(".seed") and value in (0, 1):
        return  # a seed like any other
    found = preferences_of(with_preferences(STATE, {**preferences_of(CHOSEN), name: value}))
    assert found == {**preferences_of(CHOSEN), name: preferences_of(STATE)[name]}


@given(st.dictionaries(st.sampled_from(sorted(preferences_of(STATE))), st.none() | st.integers() | st.text()))
def test_no_table_breaks_the_start(table: dict[str, Any]) -> None:
    state = with_preferences(STATE, table)
    assert state.text_size in TEXT_SIZES
    assert state.map_choice == MapChoice()


def test_the_size_of_the_text_has_steps_with_two_ends() -> None:
    sizes = [NORMAL_TEXT]
    while other_text_size(sizes[-1], 1) != sizes[-1]:
        sizes.append(other_text_size(sizes[-1], 1))
    assert sizes == [100, 110, 125, 150]
    assert [other_text_size(size, -1) for size in sizes] == [100, 100, 110, 125]
    assert [text_size_in({"text_size": size}) for size in (125, 126, "125", 125.0)] == [125, 100, 100, 100]
