"""The tab of the panel Grid."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.tab import PanelTab


class GridTab(PanelTab):
    """Of GridPanel."""

    name: ClassVar[str] = "grid"
    order: ClassVar[int] = 10
    icon: ClassVar[str] = "grid"

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("GridPanel", "Grid")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate("GridPanel", "Decoded images over the plane of the map")
