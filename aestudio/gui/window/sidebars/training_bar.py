"""A thin bar: how much of a training, or of an epoch, is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QProgressBar

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

translate = QCoreApplication.translate

_STEPS = 1000


class TrainingBar(QProgressBar):
    """Shows a share, from 0 to 1, without a text."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        """name: for screen readers and the tooltip; by default that of the whole training"""
        super().__init__(parent)
        name = name or translate("TrainingBox", "Progress of the whole training")
        self.setRange(0, _STEPS)
        self.setTextVisible(False)
        self.setAccessibleName(name)
        self.setToolTip(name)

    def show_share(self, share: float) -> None:
        """Show how much is done."""
        self.setValue(round(_STEPS * share))
