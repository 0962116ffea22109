"""The tab of the panel Attribute Vectors."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.tab import PanelTab


class AttributeVectorsTab(PanelTab):
    """Of AttributeVectorsPanel."""

    name: ClassVar[str] = "attribute vectors"
    order: ClassVar[int] = 30
    icon: ClassVar[str] = "swap"

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("AttributeVectorsPanel", "Attributes")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate(
            "AttributeVectorsPanel",
            "Attribute vectors: differences of groups, a − b + c, an image's style in other classes",
        )
