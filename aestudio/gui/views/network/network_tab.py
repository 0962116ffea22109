"""The tab of the Network view."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.tab import ViewTab


class NetworkTab(ViewTab):
    """Of NetworkView."""

    name: ClassVar[str] = "network"
    order: ClassVar[int] = 70
    shows_image: ClassVar[bool] = True

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("NetworkView", "Network")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate(
            "NetworkView", "See the layers to scale, their weights, and what each makes of the selected image"
        )
