"""The tab of the Compare view."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.tab import ViewTab

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState


class CompareTab(ViewTab):
    """Of CompareView."""

    name: ClassVar[str] = "compare"
    order: ClassVar[int] = 60

    @classmethod
    def can_show_image(cls, state: StudioState) -> bool:
        """Once there are runs: until then it is about what is compared."""
        return bool(state.comparison.runs)

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("CompareView", "Compare")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate(
            "CompareView", "Train two to four runs that differ in one setting, and compare them side by side"
        )
