"""The tab of the panel Interpolate."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.tab import PanelTab


class InterpolateTab(PanelTab):
    """Of InterpolatePanel."""

    name: ClassVar[str] = "interpolation"
    order: ClassVar[int] = 20
    icon: ClassVar[str] = "play"

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("InterpolatePanel", "Interpolate")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate(
            "InterpolatePanel", "Interpolation through keyframes: images, drawings, bookmarks, means"
        )
