"""F11 and back leaves the window as it was."""

import pytest

from aestudio.gui.main_window import MainWindow
from aestudio.gui.session.session import Session


@pytest.fixture
def window(qtbot):
    session = Session()
    made = MainWindow(session)
    made.show()
    yield made
    made.hide()
    qtbot.waitUntil(session.close)
    made.deleteLater()


def test_a_folded_rail_stays_folded_after_the_stage(window):
    window.fold(window.left)
    window.toggle_stage()
    assert window.isFullScreen()
    assert not window.right.isVisible()
    window.toggle_stage()
    assert not window.left.isVisible()
    assert window.right.isVisible()
    assert window.menuBar().isVisible()


def test_a_maximised_window_is_maximised_after_the_stage(window):
    window.showMaximized()
    window.toggle_stage()
    window.toggle_stage()
    assert window.isMaximized()
