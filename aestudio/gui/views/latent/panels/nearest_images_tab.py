"""The tab of the panel Nearest."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.tab import PanelTab


class NearestTab(PanelTab):
    """Of NearestPanel."""

    name: ClassVar[str] = "nearest"
    order: ClassVar[int] = 70
    icon: ClassVar[str] = "search"

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("NearestPanel", "Nearest")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate(
            "NearestPanel",
            "The training images nearest to the decoded one, by code and by pixels",
        )
