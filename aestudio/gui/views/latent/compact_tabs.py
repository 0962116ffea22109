"""Tabs of the panels in a narrow drawer: icons, and a text on the one in front only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon

from aestudio.gui.theme.icons import icon
from aestudio.gui.theme.style import current_theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QTabBar

    from aestudio.gui.theme.tokens import Theme

_ICON = 16  # logical pixels


@dataclass(frozen=True)
class TabFace:
    """What a tab shows: its text, and the name of the icon that stands for it in a narrow row."""

    text: str
    icon: str


class CompactTabs:
    """Keeps the tabs within a width: all with their text, or icons with that of the front one, if it fits.

    Every panel stays one click away; a bar that scrolls, or a menu of what does not fit, hides some.
    """

    def __init__(self, tabs: QTabBar, faces: Sequence[TabFace]) -> None:
        self._tabs, self._faces = tabs, tuple(faces)
        self._compact, self._width = False, 0
        self._measured: tuple[Theme, int] | None = None  # the width of all texts in a theme
        tabs.setUsesScrollButtons(False)
        for index, face in enumerate(self._faces):
            tabs.setAccessibleTabName(index, face.text)
        tabs.currentChanged.connect(self._show)

    def fit(self, width: int) -> None:
        """Show the tabs within this width, in logical pixels."""
        theme, self._width = current_theme(), width
        if self._measured is None or self._measured[0] is not theme:
            self._compact = False
            self._show()
            self._measured = theme, self._tabs.sizeHint().width()
        self._compact = self._measured[1] > width
        self._show()
        self._tabs.updateGeometry()  # which Qt leaves out for tabs that change while they are hidden

    def _show(self) -> None:
        tabs, theme = self._tabs, current_theme()
        side = QSize(theme.px(_ICON), theme.px(_ICON))
        if tabs.iconSize() != side:
            tabs.setIconSize(side)
        for index, face in enumerate(self._faces):
            text = "" if self._compact and index != tabs.currentIndex() else face.text
            if tabs.tabText(index) != text:
                tabs.setTabText(index, text)
            if self._compact or not tabs.tabIcon(index).isNull():
                tabs.setTabIcon(index, icon(face.icon, theme, theme.px(_ICON)) if self._compact else QIcon())
        if self._compact and tabs.sizeHint().width() > self._width:
            tabs.setTabText(tabs.currentIndex(), "")  # even its text is too much
