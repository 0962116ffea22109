"""The watch over the size that a view is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QScrollArea, QWidget
from shiboken6 import Shiboken

from aestudio.gui.views.shared.visible_height import GivenSizeWatch, given_size

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_it_goes_on_after_pyside_forgot_the_viewport(qtbot: QtBot) -> None:
    """PySide takes its object of a viewport for deleted at times; the error ended the process."""
    area, page, sizes = QScrollArea(), QWidget(), []
    qtbot.addWidget(area)
    area.setWidgetResizable(True)
    watch = GivenSizeWatch(page)
    watch.changed.connect(lambda: sizes.append(given_size(page)))
    area.setWidget(page)
    area.resize(300, 200)
    area.show()
    qtbot.waitUntil(lambda: bool(sizes))
    Shiboken.invalidate(area.viewport())
    page.hide()
    page.show()
    area.resize(400, 300)
    qtbot.waitUntil(lambda: sizes[-1] == area.maximumViewportSize())
    assert sizes[-1].width() > 390
