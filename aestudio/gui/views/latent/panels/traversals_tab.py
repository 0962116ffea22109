"""The tab of the panel Traversals."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.tab import PanelTab


class TraversalsTab(PanelTab):
    """Of TraversalsPanel."""

    name: ClassVar[str] = "traversals"
    order: ClassVar[int] = 60
    icon: ClassVar[str] = "sliders"

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("TraversalsPanel", "Traversals")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate(
            "TraversalsPanel", "A row of decoded images for each axis, the most informative first"
        )
