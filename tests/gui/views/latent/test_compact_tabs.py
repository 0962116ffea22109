"""Tabs of a narrow drawer: icons, the text of the front one, and all of them within the width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QTabBar

from aestudio.gui.views.latent.compact_tabs import CompactTabs, TabFace
from aestudio.gui.views.tab import PanelTab, discover

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_all_panels_fit_a_narrow_drawer_whichever_is_in_front(qtbot: QtBot) -> None:
    faces = [TabFace(tab.title(), tab.icon) for tab in discover(PanelTab)]
    tabs = QTabBar()
    qtbot.addWidget(tabs)
    tabs.setExpanding(False)
    tabs.setDocumentMode(True)
    tabs.setProperty("role", "small")
    for face in faces:
        tabs.addTab(face.text)
    compact = CompactTabs(tabs, faces)
    compact.fit(2_000)
    assert [tabs.tabText(index) for index in range(tabs.count())] == [face.text for face in faces]
    assert all(tabs.tabIcon(index).isNull() for index in range(tabs.count()))
    whole = tabs.sizeHint().width()
    compact.fit(whole - 1)
    for front in range(tabs.count()):
        tabs.setCurrentIndex(front)
        texts = [tabs.tabText(index) for index in range(tabs.count())]
        assert texts == [face.text if index == front else "" for index, face in enumerate(faces)]
        assert not any(tabs.tabIcon(index).isNull() for index in range(tabs.count()))
        assert tabs.accessibleTabName(front) == faces[front].text
        assert tabs.sizeHint().width() < whole
    compact.fit(1)
    assert not any(tabs.tabText(index) for index in range(tabs.count()))
    compact.fit(whole)
    assert tabs.sizeHint().width() == whole
