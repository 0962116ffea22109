"""The recipe box in a low window: all but its title scrolls, and what is unfolded comes into view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent

from aestudio.gui.window.sidebars.recipe_box import RecipeBox
from tests.gui.conftest import WAIT
from tests.settling import settle

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.widgets.folded_settings import FoldedSettings

WIDTH, LOWEST, LOW, HIGH = 288, 270, 340, 1400  # logical pixels; low: in a window of 1024 x 640


@pytest.fixture
def box(qtbot: QtBot, studio_session: Session) -> RecipeBox:
    widget = RecipeBox(studio_session)
    qtbot.addWidget(widget)
    studio_session.changed.connect(lambda: widget.show_state(studio_session.state))
    widget.show_state(studio_session.state)
    widget.resize(WIDTH, LOW)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def group(box: RecipeBox, title: str) -> FoldedSettings:
    assert box.form is not None
    return next(folded for folded in box.form._folded if folded.button.text() == title)


def place(box: RecipeBox, widget: QWidget) -> QRect:
    """Where a widget is in the view that scrolls."""
    return widget.rect().translated(widget.mapTo(box._scroll.viewport(), QPoint(0, 0)))


def unfold(qtbot: QtBot, box: RecipeBox, title: str) -> FoldedSettings:
    folded = group(box, title)
    before = box._scroll.verticalScrollBar().value()
    qtbot.mouseClick(folded.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: box._scroll.verticalScrollBar().value() > before, timeout=WAIT)
    return folded


def test_the_settings_have_nearly_the_whole_height(box: RecipeBox) -> None:
    assert box._scroll.viewport().height() >= LOW - box.choose.height() - 12
    assert place(box, box.diagram).top() == 0
    assert box.choose.isVisible()


def test_a_long_group_is_shown_from_its_title_on(qtbot: QtBot, box: RecipeBox) -> None:
    box.resize(WIDTH, LOWEST)
    folded = unfold(qtbot, box, "Augmentation")
    assert place(box, folded.button).top() == 0
    assert place(box, box.preview.strip).bottom() < 120
    assert place(box, folded.panel).bottom() > box._scroll.viewport().height()
    assert box.form is not None
    editors = [box.form.row(name).editor for name in ("augment_rotation", "augment_shift", "augment_scale")]
    view = box._scroll.viewport().rect()
    assert all(view.contains(place(box, editor)) for editor in editors)


def test_a_group_that_fits_is_shown_to_its_end(qtbot: QtBot, box: RecipeBox) -> None:
    folded = unfold(qtbot, box, "Augmentation")
    needed = place(box, folded.panel).bottom() - place(box, folded.button).top()
    qtbot.mouseClick(folded.button, Qt.MouseButton.LeftButton)
    box.resize(WIDTH, box.height() - box._scroll.viewport().height() + needed + 20)
    box._scroll.verticalScrollBar().setValue(0)
    unfold(qtbot, box, "Augmentation")
    view = box._scroll.viewport().rect()
    assert view.contains(place(box, folded.button))
    assert abs(place(box, folded.panel).bottom() - view.bottom()) <= 2


def test_nothing_moves_if_the_group_is_visible_already(qtbot: QtBot, box: RecipeBox) -> None:
    box.resize(WIDTH, HIGH)
    qtbot.waitUntil(lambda: box.diagram.width() == WIDTH, timeout=WAIT)
    before = place(box, box.diagram)
    folded = group(box, "Augmentation")
    qtbot.mouseClick(folded.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(folded.panel.isVisible)
    settle(box)
    assert box._scroll.verticalScrollBar().maximum() == 0
    assert place(box, box.diagram) == before


def test_everything_is_as_wide_as_the_box_while_nothing_scrolls(qtbot: QtBot, box: RecipeBox) -> None:
    qtbot.waitUntil(lambda: box._scroll.verticalScrollBar().maximum() > 0, timeout=WAIT)
    narrow = box.diagram.width()
    assert narrow <= WIDTH - box._scroll.verticalScrollBar().width() - 4
    box.resize(WIDTH, HIGH)
    qtbot.waitUntil(lambda: box.diagram.width() == WIDTH, timeout=WAIT)
    box.resize(WIDTH, LOW)
    qtbot.waitUntil(lambda: box.diagram.width() == narrow, timeout=WAIT)


def test_scrolling_over_a_box_changes_no_choice(qtbot: QtBot, box: RecipeBox) -> None:
    recipe = box._session.state.recipe
    for choice in (box.network, box.objective):
        assert choice.count() > 1
        assert not turn(choice), "so the page scrolls instead"
    assert box._session.state.recipe == recipe
    box.network.setFocus()
    qtbot.waitUntil(box.network.hasFocus, timeout=WAIT)
    assert turn(box.network)
    assert box._session.state.recipe.network.kind() != recipe.network.kind()


def test_a_change_elsewhere_fills_nothing_again(box: RecipeBox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Filling the form takes 4 ms, at each change of the state, also while a training runs."""
    session, filled = box._session, []
    assert box.form is not None
    box.show_state(session.state)
    monkeypatch.setattr(box.form, "set_values", lambda *_, **__: filled.append("form"))
    session.update(hovered=3)
    box.show_state(session.state)
    assert filled == []
    session.recipe.set_value("learning_rate", 0.005)
    box.show_state(session.state)
    assert filled == ["form"]


def turn(widget: QWidget) -> bool:
    """One notch of the wheel, towards the user; whether the widget used it."""
    centre = QPointF(widget.rect().center())
    none, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(
        centre,
        widget.mapToGlobal(centre),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        none,
        phase,
        False,
    )
    widget.event(event)
    return event.isAccepted()


def test_a_long_title_of_a_part_does_not_widen_the_sidebar(qtbot: QtBot, box: RecipeBox) -> None:
    title = "A network of somebody with a title that is longer than the sidebar"
    box.network.setItemText(box.network.currentIndex(), title)
    box._show_parts(box._session.state.recipe)
    qtbot.waitUntil(lambda: box._scroll.horizontalScrollBar().maximum() == 0)
    assert box._scroll.viewport().rect().contains(place(box, box.network))
    assert title in box.network.toolTip()
