"""Leaving the presentation restores the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from aestudio.gui.controllers.session import Session
from aestudio.gui.theme.holder import ThemeHolder
from aestudio.gui.window.main_window import MainWindow


@pytest.fixture
def window(qtbot):
    session = Session()
    main_window = MainWindow(session)
    main_window.show()
    for sidebar in (main_window.left, main_window.right):
        main_window.sidebars.set_open(sidebar, True)
    yield main_window
    main_window.hide()
    qtbot.waitUntil(session.close)
    main_window.deleteLater()


def test_a_hidden_sidebar_stays_hidden_after_the_presentation(window):
    window.toggle_sidebar(window.left)
    window.toggle_presentation()
    assert window.isFullScreen()
    assert not window.right.isVisible()
    window.toggle_presentation()
    assert not window.left.isVisible()
    assert window.right.isVisible()
    assert window.menuBar().isVisible()


def test_a_maximised_window_is_maximised_after_the_presentation(window):
    window.showMaximized()
    window.toggle_presentation()
    window.toggle_presentation()
    assert window.isMaximized()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_history_bar_grows_with_the_fonts(window):
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    holder = ThemeHolder(app, "dark")
    window.use_theme_holder(holder)
    bar = window.history
    bar._pages.setCurrentWidget(bar.controls)
    window.toggle_presentation()
    QApplication.processEvents()
    for part in (bar.play, bar.now, bar.branch):
        assert bar.controls.rect().contains(part.geometry())
    window.toggle_presentation()
    holder.deleteLater()


def test_escape_leaves_the_presentation_and_has_no_other_effect(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    window.toggle_presentation()
    qtbot.keyClick(window.tabs, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert window.menuBar().isVisible()
