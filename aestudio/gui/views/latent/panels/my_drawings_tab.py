"""The tab of the panel My Drawings."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.tab import PanelTab


class MyDrawingsTab(PanelTab):
    """Of MyDrawingsPanel."""

    name: ClassVar[str] = "drawings"
    order: ClassVar[int] = 50
    icon: ClassVar[str] = "pencil"

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("MyDrawingsPanel", "My drawings")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate(
            "MyDrawingsPanel", "My drawings: draw images and follow them on the map while the model learns"
        )
