"""Where the controls of the grid are: it depends on the space for the panel, and is decided once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QStackedWidget

from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.studio_state import DataState
from aestudio.gui.views.latent.panels.grid import GridPanel
from aestudio.gui.widgets.scroll_page import add_scroll_page
from tests.conditional.models import class_conditional
from tests.gui.conftest import tiny_snapshot
from tests.settling import settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session


class Resizes(QObject):
    """Counts the resizes of a widget."""

    def __init__(self, widget: QObject) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Resize
        return super().eventFilter(watched, event)


@pytest.fixture
def panel(qtbot: QtBot, studio_session: Session, few_digits: Dataset) -> Iterator[GridPanel]:
    """The grid of a model that is told the class, whose controls are one box more, in a page that scrolls."""
    snapshot = class_conditional()
    studio_session.update(
        model=ExploredModel(snapshot, snapshot.recipe.title, "kept"),
        data=DataState(few_digits.name, "ready", dataset=few_digits),
    )
    shown, stack = GridPanel(studio_session), QStackedWidget()
    qtbot.addWidget(stack)
    add_scroll_page(stack).addWidget(shown)
    stack.resize(600, 300)
    stack.show()
    qtbot.waitExposed(stack)
    shown.show_state(studio_session.state)
    yield shown
    stack.close()


def beside(panel: GridPanel) -> bool:
    return panel.controls.geometry().right() < panel.view.geometry().left()


@pytest.mark.parametrize("width", [352, 380, 400, 420])
@pytest.mark.parametrize("height", [300, 320, 340, 360, 420])
def test_a_size_of_the_window_gives_one_arrangement(
    panel: GridPanel, width: int, height: int, qtbot: QtBot
) -> None:
    resizes = Resizes(panel)
    panel.window().resize(width, height)
    settle(panel.window())
    assert resizes.count <= 3, "a panel that wants another width each time had no end"
    # With the style of the program, controls and the smallest grid beside each other need a little more.
    assert panel.width() == max(width, panel.minimumSizeHint().width())


def test_controls_are_beside_a_low_grid_and_above_a_high_one(panel: GridPanel, qtbot: QtBot) -> None:
    for width, height, expected in ((600, 300, True), (600, 700, False), (900, 700, True)):
        panel.window().resize(width, height)
        qtbot.waitUntil(lambda expected=expected: beside(panel) is expected)


def test_controls_that_do_not_fit_above_the_grid_are_beside_it(panel: GridPanel, qtbot: QtBot) -> None:
    wide = panel.controls.row_width
    panel.window().resize(wide, 700)
    qtbot.waitUntil(lambda: not beside(panel))
    panel.window().resize(wide - 1, wide)
    qtbot.waitUntil(lambda: beside(panel))
    assert panel.controls.row_width == wide


def test_in_a_high_panel_controls_that_do_not_fit_in_one_line_are_in_two_above_the_grid(
    panel: GridPanel,
) -> None:
    controls = panel.controls
    for width, lines in ((controls.row_width, 1), (controls.row_width - 1, 2)):
        panel.window().resize(width, 700)
        settle(panel.window())
        assert not beside(panel)
        assert panel.view.geometry().top() > controls.geometry().bottom()
        boxes, buttons = controls.side.geometry(), controls._buttons.geometry()
        assert (buttons.top() > boxes.bottom()) is (lines == 2)


def test_controls_move_when_one_more_is_offered(
    panel: GridPanel, studio_session: Session, qtbot: QtBot
) -> None:
    conditional = studio_session.state.model
    plain = tiny_snapshot()
    studio_session.update(model=ExploredModel(plain, plain.recipe.title, "kept"))
    panel.show_state(studio_session.state)
    wide = panel.controls.row_width
    panel.window().resize(wide, wide)
    qtbot.waitUntil(lambda: not beside(panel))
    studio_session.update(model=conditional)
    panel.show_state(studio_session.state)  # it offers the rows of classes
    qtbot.waitUntil(lambda: beside(panel))
