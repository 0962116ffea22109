"""The tab of the Reconstruct view."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.tab import ViewTab


class ReconstructTab(ViewTab):
    """Of ReconstructView."""

    name: ClassVar[str] = "reconstruct"
    order: ClassVar[int] = 20
    shows_image: ClassVar[bool] = True

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("ReconstructView", "Reconstruct")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate(
            "ReconstructView", "Compare images with their reconstructions, and draw one yourself"
        )
