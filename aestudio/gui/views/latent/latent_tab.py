"""The tab of the Latent view."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.tab import ViewTab


class LatentTab(ViewTab):
    """Of LatentView."""

    name: ClassVar[str] = "latent"
    order: ClassVar[int] = 30
    shows_image: ClassVar[bool] = True
    shows_code: ClassVar[bool] = True

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("LatentView", "Latent")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate(
            "LatentView", "Explore the latent space: sliders, map, grid, interpolation"
        )
