"""The tab of the panel Samples."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.tab import PanelTab


class SamplesTab(PanelTab):
    """Of SamplesPanel."""

    name: ClassVar[str] = "samples"
    order: ClassVar[int] = 40
    icon: ClassVar[str] = "dice"

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("SamplesPanel", "Samples")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate(
            "SamplesPanel", "Images drawn at random, and the real images nearest to them"
        )
