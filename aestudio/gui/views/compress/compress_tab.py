"""The tab of the Compress view."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.tab import ViewTab


class CompressTab(ViewTab):
    """Of CompressView."""

    name: ClassVar[str] = "compress"
    order: ClassVar[int] = 50
    shows_image: ClassVar[bool] = True

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("CompressView", "Compress")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate(
            "CompressView", "Round the code to a few bits and see how the reconstruction changes"
        )
