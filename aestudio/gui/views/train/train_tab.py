"""The tab of the Train view."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.tab import ViewTab


class TrainTab(ViewTab):
    """Of TrainView."""

    name: ClassVar[str] = "train"
    order: ClassVar[int] = 10

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("TrainView", "Train")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate(
            "TrainView", "Live loss curves, and reconstructions that improve as it learns"
        )
