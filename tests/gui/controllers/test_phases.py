"""One phase of a step alone, in a training and in a comparison, with real trainers on their threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.gui.state.comparison_state import ComparedRun
from aestudio.gui.views.compare.comparison_curves import shared_terms
from aestudio.gui.views.compare.set_up import phases_of
from aestudio.recipes.library import find_recipe
from tests.gui.controllers.conftest import plan_problem
from tests.phased_recipes import two_phases

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.controllers.session import Session
    from aestudio.recipes.recipe import Recipe
    from aestudio.training.events import Snapshot

    Reach = Callable[[Callable[[], object]], None]

PROBE = {"objective.probe.0.weight", "objective.probe.0.bias"}


@pytest.fixture
def phased(session: Session) -> Session:
    """The session with the recipe of two phases."""
    session.update(recipe=two_phases(epochs=3, validation_images=30))
    return session


def changed(before: Snapshot, after: Snapshot) -> set[str]:
    return {name for name, array in before.weights.items() if not np.array_equal(array, after.weights[name])}


def paused_at(session: Session, step: int) -> bool:
    training = session.state.training
    return training.phase == "paused" and training.progress is not None and training.progress.step == step


def test_a_run_may_begin_with_one_phase(phased: Session, reach: Reach) -> None:
    """The very first step is of the probe alone: its curves begin with it, the loss's with the second."""
    phased.training.step("probe")
    reach(lambda: paused_at(phased, 1))
    assert phased.state.message.text == "Step 1: phase “Probe” alone."
    series = phased.state.training.training
    assert set(series.names) == {"misreading", "brightness"}
    assert series.last("distance") is None
    phased.training.step()
    reach(lambda: paused_at(phased, 2))
    series = phased.state.training.training
    assert [len(series.curve(name)[0]) for name in ("distance", "misreading")] == [1, 1]
    assert series.curve("distance")[0][0] == pytest.approx(2 / 9)


def test_the_message_is_not_repeated(phased: Session, reach: Reach) -> None:
    """A changed setting ends the pause for a moment; the phase of the last step is no news then."""
    phased.training.step()
    reach(lambda: paused_at(phased, 1))
    phased.training.step("probe")
    reach(lambda: paused_at(phased, 2))
    phased.show_message("something else")
    phased.recipe.set_value("learning_rate", 0.0005)
    reach(lambda: phased.state.training.live["learning_rate"] == 0.0005)
    phased.training.resume()
    reach(lambda: phased.state.training.phase == "running" or phased.state.training.phase == "ended")
    assert "Probe" not in phased.state.message.text


def test_a_comparison_of_objectives_with_and_without_the_phase(phased: Session, reach: Reach) -> None:
    """The recipe's own objective, which did not come with the program, against a shipped one."""
    phased.comparison.choose_difference("objective")
    phased.comparison.set_value(0, phased.state.recipe.objective.kind())
    phased.comparison.set_value(1, "reconstruction")
    assert plan_problem(phased) is None
    phased.training.step(group="comparison")
    reach(lambda: steps(phased) == {1} and phased.state.comparison.phase == "paused")
    before = phased.state.comparison.snapshots
    phased.training.step("probe", group="comparison")
    reach(lambda: steps(phased) == {2} and phased.state.comparison.phase == "paused")
    with_probe, without = (
        changed(one, other) for one, other in zip(before, phased.state.comparison.snapshots, strict=True)
    )
    assert with_probe == PROBE
    assert without == set(before[1].weights)
    text = "Step 2: phase “Probe” alone, a whole step of runs without it."
    assert phased.state.message.text == text
    phased.training.stop(group="comparison")
    reach(lambda: phased.state.comparison.phase == "ended")


def steps(session: Session) -> set[int]:
    return {snapshot.step for snapshot in session.state.comparison.snapshots}


# ---- what is compared ---------------------------------------------------------------------------------


def compared(*recipes: Recipe) -> tuple[ComparedRun, ...]:
    return tuple(ComparedRun(title=str(number), recipe=recipe) for number, recipe in enumerate(recipes))


def test_what_is_minimised_is_compared_between_equal_objectives_only() -> None:
    same = compared(two_phases(), two_phases(latent_size=2))
    assert list(shared_terms(same)) == ["distance", "misreading", "brightness"]
    different = compared(two_phases(), two_phases(probe_every=2))
    assert list(shared_terms(different)) == ["brightness"]


def test_the_loss_of_an_image_is_the_first_choice() -> None:
    assert next(iter(shared_terms(compared(find_recipe("vae"), find_recipe("vae"))))) == "reconstruction"


def test_every_phase_of_any_run_can_be_stepped() -> None:
    plain, phased = find_recipe("deep-ae"), two_phases()
    assert phases_of([plain, plain]) == ()
    assert [phase.name for phase in phases_of([plain, phased, phased])] == ["autoencoder", "probe"]
