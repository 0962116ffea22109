"""As `test_run_beside_training.py`, in windows of their own: closed, broken, given other data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.training.events import MetricPoint
from aestudio.training.loop import TrainingLoop
from tests.end_to_end.conftest import LONG, close, small
from tests.end_to_end.test_run_beside_training import advance, begin, chip, open_run, snapshot, train

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable

    from aestudio.runs.index import KeptRun
    from tests.end_to_end.conftest import Person


def train_beside(person: Person) -> tuple[Person, KeptRun]:
    first = train(person, small("deep-ae", latent_size=3))
    begin(person, small(epochs=LONG))
    open_run(person, first)
    return person, first


@pytest.mark.thorough
def test_a_paused_training_stays_paused_while_a_run_is_looked_at(person: Person) -> None:
    first = train(person, small("deep-ae", latent_size=3))
    begin(person, small(epochs=LONG))
    person.click(person.window.left.training.start)
    person.wait_phase("paused")
    step, name = person.step, person.training.run
    open_run(person, first)
    person.wait_computed()
    assert person.training.phase == "paused"
    person.click(chip(person).show_training)
    assert (snapshot(person).run, snapshot(person).step, person.step) == (name, step, step)
    assert person.window.left.training.start.text() == "Resume"


def test_a_training_is_the_same_bit_for_bit(person: Person) -> None:
    """Whatever is looked at meanwhile."""
    recipe, start = small(epochs=8), person.window.left.training.start
    undisturbed = train(person, recipe)
    person.click(person.window.left.training.step)
    person.wait(lambda: person.training.phase == "paused" and snapshot(person).run == person.training.run)
    open_run(person, undisturbed)
    person.show("latent")
    person.wait_computed()
    person.click(person.window.left.training.step)
    person.wait(lambda: person.step == 2 and person.training.phase == "paused")
    person.window.session.explore.move_to(np.full(len(person.state.exploration.code), 0.5, np.float32))
    person.keys("Alt+Home")
    person.click(start)
    person.wait_phase("ended")
    assert snapshot(person).run == undisturbed.name
    assert person.training.snapshot is not None
    assert person.training.run != undisturbed.name
    points = (point for point in undisturbed.points() if isinstance(point, MetricPoint))
    losses = {point.step: dict(point.terms)["loss"] for point in points if point.split == "validation"}
    own = person.training.validation
    assert dict(zip(own.step.tolist(), own.term("loss").tolist(), strict=True)) == losses
    weights = undisturbed.snapshot().weights
    for name, values in person.training.snapshot.weights.items():
        np.testing.assert_array_equal(values, weights[name])


@pytest.mark.thorough
def test_the_end_of_a_hidden_training_loses_nothing(person: Person) -> None:
    first = train(person, small("deep-ae", latent_size=3))
    begin(person, small(epochs=60))
    name = person.training.run
    open_run(person, first)
    person.live(50)
    line, height = chip(person), person.window.bar.height()
    person.wait_phase("ended")
    person.live(50)
    assert person.window.bar.height() == height, "nothing moves when a training ends"
    assert snapshot(person).run == first.name
    assert line.text.text == "Finished: VAE, epochs 60, hidden layers 32, batch…"
    assert line.put_away.isVisible()
    person.click(line.show_training)
    assert snapshot(person).run == name
    assert person.window.bar.header.text.endswith("finished")
    open_run(person, first)  # the training has ended: it takes its place
    assert person.state.hidden_training is None
    assert not line.isVisible()


@pytest.mark.thorough
def test_a_hidden_training_that_breaks_is_told_and_can_be_resumed(
    person: Person, logged_errors: list[logging.LogRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = train(person, small("deep-ae", latent_size=3))
    begin(person, small(epochs=LONG))
    open_run(person, first)
    real, last = TrainingLoop.advance, person.step + 40

    def advance(loop: TrainingLoop, most: int | None = None, phase: str = "") -> None:
        if loop.step >= last:
            raise RuntimeError("the machine broke")
        real(loop, most, phase)

    monkeypatch.setattr(TrainingLoop, "advance", advance)
    person.wait(lambda: person.training.phase == "idle" and person.training.checkpoint is not None)
    assert len(logged_errors) == 1
    assert snapshot(person).run == first.name
    assert chip(person).text.text == "Broke off: VAE, epochs 10000, hidden layers 32, ba…"
    monkeypatch.setattr(TrainingLoop, "advance", real)
    person.click(person.window.left.training.start)
    person.wait(lambda: person.training.phase == "running" and person.step > last)
    assert snapshot(person).run == person.training.run


@pytest.mark.thorough
def test_the_shown_run_can_take_the_place_of_a_training_that_has_ended(person: Person) -> None:
    begin(person, small("deep-ae", latent_size=3, epochs=LONG))
    assert person.training.started is not None
    advance(person, person.training.started.steps_per_epoch)  # a shorter try would be replaced by the next
    person.click(person.window.left.training.stop)
    person.wait_phase("ended")
    person.wait(lambda: any(run.name == person.training.run for run in person.state.runs))
    first = next(run for run in person.state.runs if run.name == person.training.run)
    begin(person, small(epochs=60))
    open_run(person, first)
    person.wait_phase("ended")
    person.click(chip(person).put_away)
    assert person.training.run == first.name
    assert person.state.recipe.name == "deep-ae"
    step = snapshot(person).step
    assert person.window.left.training.start.text() == "Resume"
    person.click(person.window.left.training.start)
    person.wait(lambda: person.step > step)
    assert person.training.run == first.name


@pytest.mark.thorough
def test_the_training_keeps_its_images_while_others_are_shown(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aestudio.datasets.synthetic import generate

    own, session = person.state.data.dataset, person.window.session
    others = generate(train=300, test=60, seed=77)
    loaded = {"other": others}
    place = "aestudio.gui.controllers.data_controller.load_dataset"
    monkeypatch.setattr(place, lambda name, **_: loaded.get(name, own))
    session.data.choose("other")
    person.wait(lambda: person.state.data.dataset is others)
    first = train(person, small("deep-ae", latent_size=3))
    loaded[first.origin] = others
    session.data.choose("mine")
    person.wait(lambda: person.state.data.dataset is own)
    begin(person, small(epochs=LONG))
    open_run(person, first)
    person.wait(lambda: person.state.data.dataset is others)
    assert person.state.training_data.dataset is own
    assert "720" in person.window.left.data.images.text(), "the sidebar is about the training"
    person.wait_computed()
    advance(person)
    person.click(chip(person).show_training)
    assert person.state.data.dataset is own
    assert person.state.data.phase == "ready"
    person.wait_computed()
    assert all(person.state.shows(one.request.subject) for one in person.state.results.values())


@pytest.mark.thorough
def test_a_window_that_is_closed_meanwhile_keeps_the_training(
    person: Person, open_window: Callable[..., Person]
) -> None:
    train_beside(person)
    name = person.training.run
    advance(person)
    step = person.step
    close(person)
    other = open_window(run=name)
    other.wait(lambda: other.state.snapshot is not None and other.training.run == name)
    assert snapshot(other).step >= step
    assert other.training.resumable


@pytest.mark.thorough
def test_a_shipped_model_is_looked_at_beside_a_training(person: Person) -> None:
    begin(person, small(epochs=LONG))
    name = person.training.run
    person.window.session.runs.open("conv-vae")
    person.wait(lambda: snapshot(person).run == "conv-vae")
    assert person.window.bar.header.text.endswith("shipped with AE Studio")
    advance(person)
    person.click(chip(person).show_training)
    assert snapshot(person).run == name


@pytest.mark.thorough
def test_a_run_is_looked_at_while_others_are_compared(person: Person) -> None:
    first = train(person, small("deep-ae", latent_size=3))
    session = person.window.session
    session.recipe.choose_recipe(small(epochs=LONG))
    session.training.start(group="comparison")
    person.wait(lambda: person.state.comparison.phase == "running")
    open_run(person, first)
    assert person.state.comparison.phase == "running"
    person.wait(lambda: chip(person).text.text.startswith("Training: "))
    assert f"runs of {small().title}, epoch 1 of {LONG:,}" in chip(person).text.text
    person.click(chip(person).show_training)
    assert person.window.view.name == "compare"
    assert not chip(person).isVisible()
    person.show("train")
    assert chip(person).isVisible()
    compared = person.state.comparison.runs[0].run
    session.runs.open(compared)
    assert "in a comparison" in person.state.message.text
    assert snapshot(person).run == first.name
    session.training.stop(group="comparison")
    person.wait(lambda: person.state.comparison.phase == "ended")
    assert snapshot(person).run == first.name
