"""The tab of the Compare view."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.tab import ViewTab


class CompareTab(ViewTab):
    """Of CompareView."""

    name: ClassVar[str] = "compare"
    order: ClassVar[int] = 60

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("CompareView", "Compare")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate(
            "CompareView", "Train two to four runs that differ in one setting, and compare them side by side"
        )
