"""A training of two phases in the real window: one phase is stepped alone, each has its curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.gui.views.compare.compare_view import CompareView
from aestudio.gui.views.train.train_view import TrainView
from aestudio.recipes.library import find_recipe
from tests.end_to_end.conftest import LONG
from tests.phased_recipes import two_phases

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.widgets.phase_button import PhaseButton
    from aestudio.recipes.recipe import Recipe
    from aestudio.training.events import Snapshot
    from tests.end_to_end.conftest import Person


@pytest.fixture
def person(
    open_window: Callable[..., Person], quick_data: None, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Person]:
    """`person(view)` opens a window with this view in front, and the recipe of two phases, or another."""

    def start(view: str, recipe: Recipe | None = None) -> Person:
        settings = {"epochs": LONG, "batch_size": 60, "validation_images": 60}
        recipe = two_phases(**settings) if recipe is None else recipe.with_settings(settings)
        monkeypatch.setattr("aestudio.gui.app.FIRST_VIEW", view)
        user = open_window()
        user.wait(lambda: user.state.torch_phase == "ready" and user.state.data.phase == "ready")
        user.wait_computed()
        user.window.session.recipe.choose_recipe(recipe)
        return user

    return start


def changed(before: Snapshot | None, after: Snapshot | None) -> set[str]:
    assert before is not None
    assert after is not None
    return {name for name, array in before.weights.items() if not np.array_equal(array, after.weights[name])}


def choose(button: PhaseButton, text: str) -> None:
    """Choose an entry of the menu as the mouse does."""
    menu = button.fill()
    (action,) = [action for action in menu.actions() if action.text() == text]
    action.trigger()


def counts(person: Person) -> dict[str, int]:
    series = person.training.training
    return {name: len(series.curve(name)[0]) for name in ("distance", "misreading", "brightness")}


def test_one_phase_is_stepped_alone(person: Callable[..., Person]) -> None:
    user = person("train")
    box, view = user.window.left.training, user.window.view
    assert isinstance(view, TrainView)
    assert box.phase.isVisible()
    assert [action.text() for action in box.phase.fill().actions()] == [
        "Step: Autoencoder only",
        "Step: Probe only",
    ]
    user.click(box.step)
    user.wait(lambda: user.training.phase == "paused" and user.step == 1)
    assert counts(user) == {"distance": 1, "misreading": 1, "brightness": 1}
    first = user.state.snapshot
    choose(box.phase, "Step: Probe only")
    user.wait(lambda: user.training.phase == "paused" and user.step == 2)
    second = user.state.snapshot
    assert changed(first, second) == {"objective.probe.0.weight", "objective.probe.0.bias"}
    assert counts(user) == {"distance": 1, "misreading": 2, "brightness": 2}
    assert user.state.message.text == "Step 2: phase “Probe” alone."
    choose(box.phase, "Step: Autoencoder only")
    user.wait(lambda: user.training.phase == "paused" and user.step == 3)
    third = user.state.snapshot
    assert changed(second, third).isdisjoint({"objective.probe.0.weight", "objective.probe.0.bias"})
    assert third is not None
    assert changed(second, third) == set(third.weights) - changed(first, second)
    assert counts(user) == {"distance": 2, "misreading": 2, "brightness": 2}
    assert view.heading.text() == "Distance, phase “Autoencoder”"
    user.wait(lambda: len(view.terms.plots) == 2)
    assert all(plot.accessibleName().startswith("Probe: ") for plot in view.terms.plots)
    lines = [line for plot in view.terms.plots for line in plot._lines]
    user.wait(lambda: [len(line.trend) for line in lines] == [2, 2])
    assert all(np.isfinite(line.trend).all() for line in lines), "no gap, and no zero"
    user.click(box.stop)
    user.wait_phase("ended")


@pytest.mark.thorough
def test_a_gan_is_stepped_generator_by_critic(person: Callable[..., Person]) -> None:
    """By the buttons in Train and by commands; the samples and their classes follow the generator's step."""
    user = person("train", find_recipe("gan").with_settings({"channels": (2, 2), "latent_size": 3}))
    view, commands = user.window.view, user.window.commands
    assert isinstance(view, TrainView)
    user.wait(lambda: view.phases.offered)
    critic, generator = view.phases.buttons
    assert (critic.text(), generator.text()) == ("Critic", "Generator")
    critic.click()
    user.wait(lambda: user.training.phase == "paused" and user.step == 1)
    user.wait_computed()
    assert view.classes.isVisible()
    first, shares = user.state.snapshot, view.classes.shares
    assert sum(shares) == pytest.approx(1)
    samples = user.state.value("reconstruction row")
    critic.click()
    user.wait(lambda: user.training.phase == "paused" and user.step == 2)
    user.wait_computed()
    second = user.state.snapshot
    assert {name.split(".")[0] for name in changed(first, second)} == {"encoder", "objective"}
    assert np.array_equal(samples, user.state.value("reconstruction row")), "the generator is the same"
    assert view.classes.shares == shares
    generator.click()
    user.wait(lambda: user.training.phase == "paused" and user.step == 3)
    user.wait_computed()
    third = user.state.snapshot
    assert {name.split(".")[0] for name in changed(second, third)} == {"decoder"}
    assert not np.array_equal(samples, user.state.value("reconstruction row"))
    choices = commands["training.step_phase"].choices
    assert choices is not None
    assert [choice.text for choice in choices()] == ["One step of: Critic", "One step of: Generator"]
    commands.run("training.step_phase", phase="generator")
    user.wait(lambda: user.training.phase == "paused" and user.step == 4)
    assert {name.split(".")[0] for name in changed(third, user.state.snapshot)} == {"decoder"}
    assert user.state.message.text == "Step 4: phase “Generator” alone."
    assert user.training.training.curve("critic_accuracy")[0].shape == (2,)
    assert user.training.training.curve("generator_loss")[0].shape == (2,)
    user.click(user.window.left.training.stop)
    user.wait_phase("ended")
    user.window.session.recipe.choose_recipe(find_recipe("vae"))
    assert commands["training.step_phase"].obstacle() == "A step of this recipe has a single phase."
    user.wait(lambda: view.phases.isHidden())


@pytest.mark.thorough
def test_curves_without_gaps(person: Callable[..., Person]) -> None:
    """The probe is trained in every fifth step; its curve has a point for each of them, and no others."""
    user = person("train")
    user.click(user.window.left.training.start)
    user.wait(lambda: user.step > 60)
    user.click(user.window.left.training.start)
    user.wait_phase("paused")
    series = user.training.training
    epochs, values = series.curve("misreading")
    assert np.isfinite(values).all()
    assert (values > 0).all()
    assert user.training.started is not None
    every = user.training.started.steps_per_epoch
    np.testing.assert_allclose(epochs * every, np.arange(1, len(series) + 1, 5))
    user.click(user.window.left.training.stop)
    user.wait_phase("ended")


@pytest.mark.thorough
def test_a_comparison_steps_one_phase(person: Callable[..., Person]) -> None:
    user = person("compare")
    session, view = user.window.session, user.window.view
    assert isinstance(view, CompareView)
    form = view.set_up
    session.comparison.choose_difference("latent_size")
    user.wait(lambda: form.phase.isVisible())
    assert "a whole step" in form.phase.toolTip()
    user.click(form.step)
    user.wait(lambda: user.state.comparison.phase == "paused" and steps(user) == {1})
    before = user.state.comparison.snapshots
    choose(form.phase, "Step: Probe only")
    user.wait(lambda: user.state.comparison.phase == "paused" and steps(user) == {2})
    for one, other in zip(before, user.state.comparison.snapshots, strict=True):
        assert changed(one, other) == {"objective.probe.0.weight", "objective.probe.0.bias"}
    assert user.state.message.text == "Step 2: phase “Probe” alone."
    user.click(form.stop)
    user.wait(lambda: user.state.comparison.phase == "ended")


def steps(user: Person) -> set[int]:
    return {snapshot.step for snapshot in user.state.comparison.snapshots}
