"""The latent sliders in the real window: keys, pages, animation, and a weight of a running training."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from tests.end_to_end.conftest import LONG, pixels, small

if TYPE_CHECKING:
    from aestudio.gui.views.latent.sliders.latent_sliders import LatentSliders
    from aestudio.gui.widgets.latent_slider import LatentSlider
    from tests.end_to_end.conftest import Person

SIZE = 64


def sliders_of(person: Person) -> LatentSliders:
    view: Any = person.window.views["latent"]
    return view.explorer.sliders


def slider_of(person: Person, index: int) -> LatentSlider:
    """The slider of an axis; typing its number turns to its page."""
    sliders = sliders_of(person)
    sliders.jump(index + 1)
    found: list[LatentSlider] = []

    def shown() -> bool:
        found[:] = [slider for slider in sliders.column.sliders if slider.row.key == ("axis", index)]
        return bool(found)

    person.wait(shown)
    return found[0]


def reveal(slider: LatentSlider) -> None:
    """Move the mouse to the name of a slider, where its buttons appear."""
    from PySide6.QtTest import QTest

    for x in (30, 31):
        QTest.mouseMove(slider, QPoint(x, slider.height() // 2))


def decoded_code(person: Person) -> np.ndarray:
    code = person.state.exploration.decoded_code
    assert code is not None
    return code


@pytest.fixture
def trained(person: Person) -> Person:
    """A VAE with 64 latent dimensions, trained for an epoch, and the Latent view in front."""
    person.window.resize(1280, 800)
    person.window.session.recipe.choose_recipe(small(latent_size=SIZE, epochs=1))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.show("latent")
    person.wait(lambda: person.state.value("sliders") is not None)
    person.wait(lambda: len(person.state.value("sliders").dimensions) == sliders_of(person).count == SIZE)
    sliders = sliders_of(person)
    person.wait(lambda: len(sliders.column.sliders) == len(sliders.column.rows))
    return person


def mute_solo_lock_and_undo(trained: Person) -> None:
    person, session = trained, trained.window.session
    code = person.state.exploration.code
    assert code is not None
    slider = slider_of(person, 1)
    reveal(slider)
    person.click(slider.buttons["muted"])
    assert decoded_code(person)[1] == 0.0  # the prior's mean
    assert np.array_equal(np.delete(decoded_code(person), 1), np.delete(code, 1))
    assert np.array_equal(person.state.exploration.code, code)  # type: ignore[arg-type]
    person.keys("Ctrl+Z")
    person.wait(lambda: decoded_code(person)[1] == code[1])
    person.wait(lambda: not slider.buttons["muted"].isChecked())

    slider.slider.setFocus()
    person.keys("S", slider.slider)
    assert decoded_code(person)[1] == code[1]
    assert not np.delete(decoded_code(person), 1).any()
    person.wait(lambda: [s.row.held for s in sliders_of(person).column.sliders].count(False) == 1)
    person.keys("S", slider.slider)
    np.testing.assert_array_equal(decoded_code(person), code)

    person.keys("L", slider.slider)
    assert person.state.workspace.sliders.locked == {1}
    person.keys("Right", slider.slider)
    assert slider.value == pytest.approx(code[1], abs=1e-6)  # a locked slider does not move
    person.keys("Ctrl+P")
    assert decoded_code(person)[1] == pytest.approx(code[1], abs=1e-6)
    assert not np.allclose(np.delete(decoded_code(person), 1), np.delete(code, 1))
    person.keys("A", slider.slider)
    assert not slider.buttons["playing"].isChecked()
    assert "locked" in person.state.message.text
    session.workspace.clear_sliders()
    assert person.state.workspace.sliders.locked == frozenset()


def keys_pages_sorting_and_filter(trained: Person) -> None:
    person, sliders = trained, sliders_of(trained)
    column = sliders.column
    page_size = len(column.sliders)
    assert 10 <= page_size < 24  # the other sliders do not exist
    assert page_size == column.capacity
    column.focus_slider(0)
    for _ in range(page_size):
        person.keys("Down", column.focusWidget())
        assert column.focusWidget() is not None
    assert column.sliders[0].row.key == ("axis", page_size)  # the next page's first
    assert column.sliders[0].slider.hasFocus()
    person.keys("PgUp", column.focusWidget())
    assert column.sliders[0].row.key == ("axis", 0)
    for digit in "42":
        person.keys(digit, column.focusWidget())
    focused = [slider for slider in column.sliders if slider.slider.hasFocus()]
    assert [slider.row.symbol for slider in focused] == ["z42"]
    before = focused[0].value
    inward = -1 if before > 0 else 1  # a code may be at the end of its slider
    person.keys("Right" if inward > 0 else "Left", focused[0].slider)
    code = person.state.exploration.code
    assert code is not None
    assert code[41] == pytest.approx(focused[0].value, abs=1e-6)
    assert (code[41] - before) * inward > 0
    person.keys("Home", focused[0].slider)
    assert person.state.exploration.code[41] == 0.0  # type: ignore[index]

    person.click(sliders.header.sort)
    statistics = person.state.value("sliders").dimensions
    order = np.argsort(-statistics.kl, kind="stable")
    assert [row.key[1] for row in column.rows] == order[: len(column.rows)].tolist()
    assert column.sliders[0].row.meter_text == f"{statistics.kl[order[0]]:.2f}"
    person.click(sliders.header.sort)
    person.qtbot.keyClicks(sliders.header.filter, "z6")
    assert [row.symbol for row in column.rows][:3] == ["z6", "z60", "z61"]
    person.qtbot.keyClicks(sliders.header.filter, "77")
    assert column.rows == ()
    assert sliders.no_match.isVisible()
    sliders.header.filter.clear()
    person.click(sliders.header.next)
    assert column.rows[0].symbol == f"z{len(column.rows) + 1}"


def animation_moves_several_and_stops_when_hidden(trained: Person) -> None:
    person, sliders = trained, sliders_of(trained)
    start = person.state.exploration.code
    sliders.turn_page(-9)
    person.wait(lambda: sliders.column.rows[0].key == ("axis", 0))
    undo_count = len(person.state.undo.past)
    image = person.window.view.explorer.image  # type: ignore[attr-defined]
    before = pixels(image)
    sliders.animator.seconds = 0.5
    for slider in sliders.column.sliders[:2]:
        reveal(slider)
        person.click(slider.buttons["playing"])
    recorded_codes: list[np.ndarray] = []
    sliders.animator.moved.connect(lambda _: recorded_codes.append(person.state.exploration.code))  # type: ignore[arg-type]
    person.wait(lambda: len(recorded_codes) > 8)
    codes = np.stack(recorded_codes)
    assert (codes.std(axis=0)[:2] > 0.1).all()
    np.testing.assert_array_equal(codes[:, 2:], np.tile(start[2:], (len(codes), 1)))  # type: ignore[index]
    assert not np.array_equal(before, pixels(image))
    assert len(person.state.undo.past) == undo_count + 2  # one for each start, none for each frame
    person.show("train")
    assert sliders.animator.playing == frozenset()
    halted = person.state.exploration.code
    person.live(100)
    assert person.state.exploration.code is halted
    person.show("latent")
    assert not any(slider.buttons["playing"].isChecked() for slider in sliders.column.sliders)


def components_and_added_directions(trained: Person) -> None:
    from aestudio.gui.state.workspace import Direction

    person, sliders, session = trained, sliders_of(trained), trained.window.session
    person.click(sliders.header.bases["components"])
    person.wait(lambda: sliders.column.rows[0].symbol == "PC 1")
    axes = person.state.value("sliders").axes_of("components")
    code = person.state.exploration.code
    assert code is not None
    first = sliders.column.sliders[0]
    assert first.value == pytest.approx(axes.coordinates(code)[0], abs=1e-4)
    first.slider.setFocus()
    person.keys("Right", first.slider)
    moved = person.state.exploration.code - code  # type: ignore[operator]
    along = axes.vectors[0] * axes.scale[0]
    np.testing.assert_allclose(moved / np.linalg.norm(moved), along / np.linalg.norm(along), atol=1e-3)

    vector = np.eye(SIZE, dtype=np.float32)[5]
    session.workspace.add_direction(Direction("bolder", vector, 0.1 * vector))
    person.wait(lambda: sliders.column.rows[0].symbol == "bolder")
    own = sliders.column.sliders[0]
    assert own.row.meter_text == "±10 %"
    own.slider.setFocus()
    for _ in range(4):
        person.keys("Right", own.slider)
    amount = person.state.workspace.directions[0].amount
    assert amount == pytest.approx(own.value)
    assert amount > 0
    at = person.state.exploration.code
    assert at is not None
    np.testing.assert_allclose(decoded_code(person) - at, amount * vector, atol=1e-6)
    reveal(own)
    person.click(own.remove_button)
    assert person.state.workspace.directions == ()
    np.testing.assert_allclose(decoded_code(person), at, atol=1e-6)


@pytest.mark.thorough
def test_64_sliders(trained: Person) -> None:
    """One window for all checks: opening it and training take longer than the checks."""
    mute_solo_lock_and_undo(trained)
    keys_pages_sorting_and_filter(trained)
    animation_moves_several_and_stops_when_hidden(trained)
    components_and_added_directions(trained)
    a_code_that_is_not_known_yet(trained)


def a_code_that_is_not_known_yet(person: Person) -> None:
    """No number, no handle, nothing to drag; the values come back with the code."""
    sliders, state = sliders_of(person), person.state
    first = sliders.column.sliders[0]
    first.slider.clearFocus()
    known, groove = first.box.text(), pixels(first.slider)
    assert known
    sliders.show_point(replace(state, exploration=replace(state.exploration, code=None)))
    for slider in sliders.column.sliders:
        assert slider.box.text() == ""
        assert not slider.box.isEnabled()
        assert not slider.slider.isEnabled()
        assert "not known yet" in slider.slider.toolTip()
        assert slider.offer_at(None).text == ""
    assert pixels(first.slider).max() < groove.max(), "without a handle"
    code = person.state.exploration.code
    first.reset()
    assert person.state.exploration.code is code
    sliders.show_point(state)
    assert first.box.text() == known
    assert first.slider.isEnabled()
    np.testing.assert_array_equal(pixels(first.slider), groove)


@pytest.mark.thorough
def test_a_weight_reaches_the_running_training(person: Person) -> None:
    from PySide6.QtWidgets import QSlider

    person.window.session.recipe.choose_recipe(small(latent_size=8, epochs=LONG, batch_size=20))
    person.show("latent")
    person.window.session.update(recipe_sidebar_open=False)
    weights = person.window.view.explorer.objective_weights  # type: ignore[attr-defined]
    person.wait(lambda: weights.isVisible())
    weights.set_open(True)
    assert set(weights.editors) == {"beta", "free_bits"}
    assert "at the next start" in weights.note.text
    person.click(person.window.left.training.start)
    person.wait_phase("running")
    person.wait(lambda: "Applies from the next step" in weights.note.text)
    person.wait(lambda: person.step > 20)
    slider = weights.editors["beta"].findChild(QSlider)
    assert slider is not None
    slider.setFocus()
    for _ in range(20):
        person.keys("Right", slider)
    beta = weights.editors["beta"].value
    assert beta > 1
    assert person.training.live["beta"] == beta
    box = weights.editors["free_bits"].tab_stops[1]
    box.setFocus()
    box.selectAll()
    person.qtbot.keyClicks(box, "0.25")
    person.keys("Return", box)

    def recorded() -> dict[str, float]:
        """The live settings that the trainer has applied, from the run's record."""
        from aestudio.paths import runs_folder
        from aestudio.runs.kept_run import KeptRun

        return dict(KeptRun.at(runs_folder() / person.training.run).require_record().live)

    person.wait(lambda: recorded() == {"beta": beta, "free_bits": 0.25})

    # The penalty changes here: loss = reconstruction + beta * sum max(lambda, KL).
    def penalised() -> bool:
        series = person.training.training
        newest = {name: series.last(name) or 0.0 for name in ("loss", "reconstruction", "kl")}
        penalty = (newest["loss"] - newest["reconstruction"]) / beta
        return penalty >= 8 * 0.25 - 1e-3 and penalty >= newest["kl"] - 1e-3

    person.wait(penalised)
    person.keys("Ctrl+Shift+S")
    person.wait_phase("ended")
    person.wait(lambda: "at Resume" in weights.note.text)
