"""The next step of a training in the real window, part by part, and then by the training itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from aestudio.gui.window.slow_motion.slow_motion_window import SlowMotionWindow
from aestudio.training.step_parts import parts_of
from tests.end_to_end.conftest import LONG, small

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.end_to_end.conftest import Person


@pytest.fixture
def person(shared_person: Person) -> Iterator[Person]:
    """A training that is paused after some steps."""
    person = shared_person
    session = person.window.session
    if not person.training.active:
        session.recipe.choose_recipe(small(epochs=LONG, precision="float32"))
        session.training.start()
        person.wait(lambda: person.step > 3)
        session.training.pause()
    person.wait_phase("paused")
    yield person
    for one in windows():
        one.close()


def windows() -> list[SlowMotionWindow]:
    found = QApplication.topLevelWidgets()
    return [one for one in found if isinstance(one, SlowMotionWindow) and one.isVisible()]


def opened(person: Person) -> SlowMotionWindow:
    """The window, once the first steps are known."""
    person.window.commands.run("training.slow_motion")
    (window,) = windows()
    person.wait(lambda: window.records)
    return window


def test_one_key_shows_the_next_part_with_formula_numbers_and_code(person: Person) -> None:
    window, seen = opened(person), []
    parts = parts_of(window.records[0])
    for number in range(len(parts)):
        assert window.part == window.flow.lit == number
        seen.append((window.heading.text(), window.formula.text, window.line.text()))
        person.keys("Right", window)
    assert [title for title, _, _ in seen] == [
        *("Batch", "Encoder", "Code", "Sample", "Decoder", "Loss", "Gradients", "Update")
    ]
    assert all(formula and code for _, formula, code in seen)
    assert seen[3] == (
        "Sample",
        "z = μ + σ ε;  ε ~ N(0, 1)",
        "sample = likelihood.reparameterise(mean, log_variance, batch.noise)",
    )
    assert (window.at, window.part) == (1, 0), "after the update comes the next batch"
    person.keys("Left", window)
    assert (window.at, window.part) == (0, len(parts) - 1)
    assert len(window.bars.rows) == len(window.records[0].phases[0].changes)


def test_a_box_of_the_diagram_shows_its_part(person: Person) -> None:
    window = opened(person)
    person.click(window.flow, window.flow.box(5).center().toPoint())
    assert window.heading.text() == "Loss"
    (phase,) = window.records[0].phases
    assert f"{phase.terms['loss']:.5g}" in window.sentence.text()
    titles = {line.rsplit("  ", 1)[0] for line in window.numbers.text().splitlines()}
    assert titles >= {"Reconstruction", "KL", "Negative ELBO"}, "as the curves are called"


def test_the_training_does_the_same_step(person: Person) -> None:
    """The weights after the looked-at step are those of the training after its own."""
    window, at = opened(person), person.step
    assert window.records[0].number == at
    assert person.step == at, "looking does no step"
    watched = window._training
    assert watched is not None
    ahead = len(window.records)
    expected = {name: value.numpy().copy() for name, value in watched.loop.model.state_dict().items()}
    for number in range(ahead):
        person.window.session.training.step()
        person.wait(lambda number=number: person.step == at + number + 1)
    person.wait(lambda: person.training.snapshot is not None and person.training.snapshot.step == at + ahead)
    assert person.training.snapshot is not None
    weights = person.training.snapshot.weights
    assert all(np.array_equal(weights[name], expected[name]) for name in expected)


def test_it_goes_on_by_itself_and_computes_steps_ahead(person: Person) -> None:
    window = opened(person)
    window.speed.show_value("step4")
    window.speed.chosen.emit("step4")
    person.keys("Space", window)
    person.wait(lambda: window.at >= 5)
    person.keys("Space", window)
    assert not window._clock.isActive()
    assert window.record is window.records[window.at]


def test_while_it_runs_it_says_that_it_must_be_paused(person: Person) -> None:
    person.window.session.training.resume()
    person.wait_phase("running")
    assert "Pause the training first" in person.window.commands["training.slow_motion"].obstacle()
    person.window.session.training.pause()
    person.wait(lambda: person.training.phase in ("paused", "finished", "stopped"))


def test_the_bars_say_what_they_are_and_numbers_have_a_true_minus(person: Person) -> None:
    window = opened(person)
    window.show_part(2)
    assert "−" in window.numbers.text()
    assert "-" not in window.numbers.text()
    for part in (6, 7):
        window.show_part(part)
        assert "on a logarithmic scale" in window.sentence.text()


def test_in_a_presentation_it_is_as_large_as_its_type(person: Person) -> None:
    """A dialog of 1000 x 616 with type for the last row would leave most of a projector's picture unused."""
    holder, before = person.window.theme_holder, person.window.size()
    assert holder is not None
    person.window.resize(1920, 1080)
    holder.set_scale(1.5)
    try:
        window = opened(person)
        assert window.size().toTuple() == (1350, 870)
        window.close()
        person.window.resize(1280, 800)
        assert opened(person).size().toTuple() == (1256, 776)
    finally:
        holder.set_scale(1.0)
        person.window.resize(before)


def test_it_fits_the_smallest_window_with_large_type(person: Person) -> None:
    window, holder = opened(person), person.window.theme_holder
    assert holder is not None
    holder.set_scale(1.5)
    try:
        person.settle()
        least = window.minimumSizeHint()
        assert least.width() <= 1024
        assert least.height() <= 640
    finally:
        holder.set_scale(1.0)
