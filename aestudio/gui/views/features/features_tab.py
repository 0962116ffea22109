"""The tab of the Features view."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.tab import ViewTab


class FeaturesTab(ViewTab):
    """Of FeaturesView."""

    name: ClassVar[str] = "features"
    order: ClassVar[int] = 40

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("FeaturesView", "Features")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate(
            "FeaturesView",
            "See the first layer's weights, measure how well a classifier reads the codes, and export them",
        )
