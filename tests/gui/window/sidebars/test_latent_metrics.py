"""The two lines of metrics: known, unknown, and hidden."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.studio_state import DataState, LatentMetricsState, StudioState
from aestudio.gui.window.sidebars.latent_metrics import LatentMetricsPanel
from aestudio.recipes.library import find_recipe
from tests.gui.conftest import tiny_snapshot
from tests.images import colour_32

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot

TABLE: dict[str, Any] = {
    "images": 5000,
    "bins": 20,
    "mig_measured": 0.1049,
    "mig_true": 0.344,
    "measured": {"slant": {"gap": 0.2, "dimension": 3, "tells": 0.5}},
    "true": {"pen softness": {"gap": 0.1, "dimension": 0, "tells": 0.2}},
}


@pytest.fixture
def lines(qtbot: QtBot) -> LatentMetricsPanel:
    widget = LatentMetricsPanel()
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture
def state(make_snapshot: Callable[..., Snapshot], few_digits: Dataset) -> StudioState:
    snapshot = make_snapshot("vae")
    return StudioState(
        recipe=snapshot.recipe,
        model=ExploredModel(snapshot, "", "kept"),
        data=DataState("builtin", "ready", dataset=few_digits),
        latent_metrics=LatentMetricsState(snapshot, few_digits, "Built-in digits", TABLE),
    )


def test_both_metrics_are_shown_with_their_terms(lines: LatentMetricsPanel, state: StudioState) -> None:
    lines.show_state(state)
    assert lines.measured.text() == "MIG 0.10 (measured factors)"
    assert lines.true.text() == "MIG 0.34 (true factors)"
    assert "5,000 test images of Built-in digits" in lines.measured.toolTip()
    assert "slant: 0.20, z4" in lines.measured.toolTip()
    assert "pen softness: 0.10, z1" in lines.true.toolTip()


def test_unknown_metrics_are_shown_as_a_dash(
    lines: LatentMetricsPanel, state: StudioState, make_snapshot: Callable[..., Snapshot]
) -> None:
    other = replace(state, model=ExploredModel(make_snapshot("vae", step=9), "", "kept"))
    lines.show_state(other)
    assert lines.measured.text() == "MIG – (measured factors)"
    assert "no training runs" in lines.measured.toolTip()


def test_without_true_factors_their_line_is_hidden(
    lines: LatentMetricsPanel, state: StudioState, few_digits: Dataset
) -> None:
    from aestudio.datasets.dataset import ImageSet

    plain = replace(few_digits, test=ImageSet(few_digits.test.images))
    known = LatentMetricsState(state.model.snapshot, plain, "Mine", TABLE | {"mig_true": None})  # type: ignore[union-attr]
    lines.show_state(replace(state, data=DataState("mine", "ready", dataset=plain), latent_metrics=known))
    assert lines.measured.isVisible()
    assert not lines.true.isVisible()


def test_a_classifier_and_a_single_dimension_have_no_metrics(
    lines: LatentMetricsPanel, state: StudioState, make_snapshot: Callable[..., Snapshot]
) -> None:
    lines.show_state(state)
    assert lines.isVisible()
    lines.show_state(replace(state, model=ExploredModel(make_snapshot("digit-classifier"), "", "kept")))
    assert not lines.isVisible()
    snapshot = make_snapshot("vae")
    single = replace(snapshot, recipe=find_recipe("vae").with_settings({"latent_size": 1}))
    lines.show_state(replace(state, model=ExploredModel(single, "", "kept")))
    assert not lines.isVisible()


def test_pictures_without_strokes_have_no_measured_factors(
    lines: LatentMetricsPanel, state: StudioState
) -> None:
    assert state.latent_metrics is not None
    table = {**TABLE, "mig_measured": None, "no_strokes": "not for these pictures: they are in colour"}
    lines.show_state(replace(state, latent_metrics=replace(state.latent_metrics, table=table)))
    assert lines.measured.text() == "No measured factors"
    assert lines.measured.toolTip() == "MIG of measured factors: not for these pictures: they are in colour."
    assert lines.true.text() == "MIG 0.34 (true factors)"


def test_colour_pictures_have_none_before_anything_is_measured(
    lines: LatentMetricsPanel, state: StudioState
) -> None:
    dataset = colour_32()
    snapshot = tiny_snapshot(data=dataset.shape)
    other = replace(state, model=ExploredModel(snapshot, "", "kept"), latent_metrics=None)
    lines.show_state(replace(other, data=DataState("x", "ready", dataset=dataset)))
    assert lines.measured.text() == "No measured factors"
    assert "these are in colour" in lines.measured.toolTip()
    lines.show_state(replace(state, latent_metrics=None))
    assert lines.measured.text() == "MIG – (measured factors)"


def test_images_of_another_shape_are_not_spoken_of_as_if_they_were_the_models(
    lines: LatentMetricsPanel, state: StudioState
) -> None:
    other = replace(state, data=DataState("x", "ready", dataset=colour_32()))
    lines.show_state(replace(other, latent_metrics=None))
    assert lines.measured.text() == "MIG: not for these images"
    assert "takes images of 28 × 28" in lines.measured.toolTip()
    assert "those of the data set are 32 × 32" in lines.measured.toolTip()
    assert not lines.true.isVisible()
    lines.show_state(other)  # what its run has kept is of its own images
    assert lines.measured.text() == "MIG 0.10 (measured factors)"
    assert "of Built-in digits" in lines.measured.toolTip()
