"""What is said of a sweep."""

from __future__ import annotations

import pytest

from aestudio.gui.state.sweep_state import RunningSweep, SweepDraft, SweepEstimate
from aestudio.gui.window.sweeps.sweep_texts import (
    choice_text,
    cost_text,
    duration_text,
    metric_choices,
    running_text,
    suggested_values,
    varied_settings,
)
from aestudio.recipes.library import find_recipe
from aestudio.sweeps.cost import SweepCost
from aestudio.sweeps.sweep_results import sweep_results
from aestudio.sweeps.variation import NOT_VARIED, parse_variation
from tests.sweeps.test_sweep_results import PLAN, known

VAE = find_recipe("vae")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1 seconds"), (40, "40 seconds"), (61, "1 minute"), (840, "14 minutes"), (9000, "2.5 hours")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


def test_what_it_takes() -> None:
    draft = SweepDraft(VAE, (("latent_size", "2, 8"),))
    assert cost_text(SweepEstimate(draft, 36, 2)) == "36 runs; the time is being measured ..."
    estimate = SweepEstimate(draft, 36, 2, SweepCost(36, 840.0, 380_000_000))
    said = "36 runs, about 14 minutes on this machine with 2 at a time, at most 380 MB"
    assert cost_text(estimate) == said


def test_how_far_it_is() -> None:
    assert running_text(RunningSweep()) == "The sweep begins ..."
    assert running_text(RunningSweep("s", 36, 12)) == "12 of 36 runs"
    assert running_text(RunningSweep("s", 36, 12, 0, 540.0)) == "12 of 36 runs, about 9 minutes left"
    pausing = RunningSweep("s", 36, 12, 0, 540.0, True)
    assert running_text(pausing) == "12 of 36 runs; the others stop after their step ..."


def test_what_to_choose() -> None:
    assert choice_text(sweep_results(PLAN, {})) == "No candidate has all of its runs yet."
    assert choice_text(sweep_results(PLAN, known())) == (
        "Best: latent 32 (5.000 ± 0.58). Simplest within one standard error: latent 8 (5.100 ± 0.53)."
    )


@pytest.mark.parametrize("name", ["vae", "deep-ae", "conv-vae", "digit-classifier", "vq-vae"])
def test_what_is_suggested_can_be_tried(name: str) -> None:
    recipe = find_recipe(name)
    infos = varied_settings(recipe)
    assert infos
    assert not NOT_VARIED & {info.name for info in infos}
    tried = 0
    for info in infos:
        if info.kind in ("integer", "number", "sizes") and info.name != "seed":
            values = suggested_values(info, recipe.value(info.name))
            for value in values.replace(";", ",").split(","):
                float(value)
            tried += 1
    assert tried > 5
    for setting in ("epochs", "batch_size", "learning_rate"):
        info = recipe.info(setting)
        found = parse_variation(f"{setting}={suggested_values(info, recipe.value(setting))}", recipe)
        assert len(found.values) > 1


def test_the_usual_metric_is_the_first_choice() -> None:
    assert metric_choices(VAE)[0] == ("squared_error", "Squared error")
    assert metric_choices(find_recipe("digit-classifier"))[0][0] == "accuracy"
    names = [name for name, _ in metric_choices(VAE)]
    assert len(names) == len(set(names)) > 4
