"""A lesson given through the real window: forward and back, guesses by key, nothing shown before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from aestudio.lessons.lesson_record import lesson_records
from aestudio.paths import user_lessons_folder
from aestudio.storage.digest import digest_of_arrays
from tests.lessons.conftest import LESSON, texts_of

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.state.lesson_state import LessonState
    from aestudio.gui.window.lessons.lesson_panel import LessonPanel
    from tests.end_to_end.conftest import Person

STEPS = ("fresh", "ask", "train", "why", "choice", "chosen")
CHOICE = """
[[steps]]
id = "choice"
phase = "predict"
view = "latent"

[steps.guess]
kind = "choice"
measure = "code_spread"
relative_step = 0
bounds = [0.5, 1.0]

[[steps]]
id = "chosen"
phase = "explain"
view = "reconstruct"
options = { "window.right_sidebar" = false, "curves.clip_outliers" = true }
actions = [{ do = "overlay", what = "density" }]
"""


@pytest.fixture
def own_lesson(digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lesson in the user's folder, on the digits of the tests."""
    text = LESSON[: LESSON.index('[[steps]]\nid = "curve"')] + CHOICE
    folder = user_lessons_folder()
    folder.mkdir(parents=True)
    (folder / "small.lesson.toml").write_text(text, encoding="utf-8")
    (folder / "small.en.toml").write_text(texts_of(STEPS), encoding="utf-8")
    monkeypatch.setattr("aestudio.lessons.prepared.load_dataset", lambda *_, **__: digits)


def lesson_of(person: Person) -> LessonState:
    return person.state.lesson


def panel_of(person: Person) -> LessonPanel:
    panel = person.window.lesson_place.panel
    assert panel is not None
    return panel


def press(person: Person, key: Qt.Key, step: int) -> None:
    """Press a key of the lesson, and wait for the step."""
    person.qtbot.keyClick(panel_of(person), key)
    person.wait(lambda: lesson_of(person).shown == step and not person.state.tasks)


def weights(person: Person) -> str:
    assert person.state.snapshot is not None
    return digest_of_arrays(dict(person.state.snapshot.weights))


@pytest.mark.thorough
def test_a_lesson_is_given(own_lesson: None, person: Person) -> None:
    """In one window: opening it, and preparing the lesson, takes most of the time."""
    person.window.commands.run("help.lessons")
    person.wait(lambda: lesson_of(person).page == "list")
    panel = panel_of(person)
    assert panel.isVisible()
    person.settle()
    titles = [lesson.texts.title for lesson in lesson_of(person).listed]
    person.click(panel.list.buttons[titles.index("A small lesson")])
    person.wait(lambda: lesson_of(person).page == "preparing")
    person.settle()
    person.click(panel.preparation.begin)
    person.wait(lambda: lesson_of(person).shown == 0)
    person.wait(lambda: not person.state.tasks)

    # The first step: its run is on the screen, fresh, with its image; its number was measured.
    assert person.window.view.name == "reconstruct"
    assert person.state.snapshot is not None
    assert (person.state.snapshot.step, person.state.selected) == (0, 4)
    assert lesson_of(person).numbers["error"] in panel.steps.say.text()
    fresh = weights(person)

    # No way past a question that is not answered, by key, button or list.
    press(person, Qt.Key.Key_PageDown, 1)
    assert not panel.steps.forward.isEnabled()
    press(person, Qt.Key.Key_PageDown, 1)
    person.window.session.lessons.go_to(3)
    person.wait(lambda: not person.state.tasks)
    assert lesson_of(person).shown == 1
    assert len(person.state.shown_run.validation) == 0  # nor is the curve of what comes told

    line = panel.steps.guess.editors["number"].line  # type: ignore[attr-defined]
    person.click(line)
    answer = lesson_of(person).answer
    assert answer == pytest.approx(0.5, abs=0.05)
    person.click(panel.steps.guess.commit)
    person.click(line)
    assert lesson_of(person).committed == {1: answer}
    assert panel.steps.guess.said.text() == "Committed"

    press(person, Qt.Key.Key_PageDown, 2)
    assert person.state.snapshot.step == 12
    trained = weights(person)
    assert trained != fresh
    assert [change.name for change in person.state.shown_run.changes] == ["beta"]
    assert panel.steps.prepared.isVisible()
    press(person, Qt.Key.Key_PageDown, 3)
    shown = lesson_of(person).outcomes[1]
    assert lesson_of(person).numbers["left"] in panel.steps.say.text()
    assert panel.steps.revealed.isVisible()
    assert panel.steps.revealed.said.text() == f"Score {round(100 * shown.score)} of 100"

    # A choice by its key, committed by Enter.
    press(person, Qt.Key.Key_PageDown, 4)
    assert person.window.view.name == "latent"
    person.qtbot.keyClick(panel, Qt.Key.Key_4)  # there are three
    assert lesson_of(person).answer is None
    person.qtbot.keyClick(panel, Qt.Key.Key_2)
    person.qtbot.keyClick(panel, Qt.Key.Key_Return)
    assert lesson_of(person).committed[4] == 1
    press(person, Qt.Key.Key_Return, 5)
    assert person.state.clip_outliers
    assert person.state.map_choice.overlay == "density"
    assert not person.window.is_open(person.window.right)
    right = lesson_of(person).outcomes[4].right
    assert isinstance(right, int)
    assert panel.steps.revealed.editors["choice"].texts[right].text().endswith("(measured)")  # type: ignore[attr-defined]

    # Back, and by the list of steps: the same bits.
    press(person, Qt.Key.Key_PageUp, 4)
    person.window.commands.run("lesson.go_to", index=0)
    person.wait(lambda: lesson_of(person).shown == 0 and not person.state.tasks)
    assert weights(person) == fresh
    assert len(person.state.shown_run.validation) == 0
    panel.steps.jump.chosen.emit(2)
    person.wait(lambda: lesson_of(person).shown == 2 and not person.state.tasks)
    assert weights(person) == trained

    # What was guessed and measured is kept, also after the panel is closed.
    person.click(panel.close_button)
    person.wait(lambda: not panel.isVisible())
    (record,) = lesson_records("small")
    assert [guess.step for guess in record.guesses] == ["ask", "choice"]
    assert record.guesses[0].guess == answer
    assert record.guesses[1].score == float(right == 1)

    # Prepared already: it begins at once.
    person.window.commands.run("lesson.give", name_or_path="small")
    person.wait(lambda: lesson_of(person).shown == 0)
    assert lesson_of(person).committed == {}


@pytest.mark.thorough
def test_a_lesson_that_cannot_be_read_says_so(own_lesson: None, person: Person) -> None:
    path = user_lessons_folder() / "small.lesson.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('phase = "do"', 'phase = "doo"', 1))
    person.window.commands.run("help.lessons")
    person.wait(lambda: lesson_of(person).page == "list")
    assert "did you mean do?" in str(lesson_of(person).problems[0])
    person.window.commands.run("lesson.give", name_or_path="small")
    person.wait(lambda: "did you mean do?" in person.state.message.text)
    assert lesson_of(person).page == "list"
