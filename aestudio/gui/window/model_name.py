"""Beside the tabs: which model all views show, because the recipe on the left may be another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from aestudio.gui.state.shown import Shown
from aestudio.gui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.state.model_state import ExploredModel
    from aestudio.gui.state.studio_state import StudioState


class ModelName(ElidedLabel):
    """One muted line at the right edge, elided where there is little room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, muted=True)
        self.set_alignment(Qt.AlignmentFlag.AlignRight)
        self._shown = Shown()

    def show_state(self, state: StudioState) -> None:
        """Name the model, and where it comes from."""
        if self._shown.differs(state.model, state.training.active):
            self.set_text("" if state.model is None else self._words(state.model, state.training.active))

    def _words(self, model: ExploredModel, active: bool) -> str:
        if model.origin == "training" and active:
            return self.tr("Training: {}").format(model.title)
        return self.tr("Shown: {}").format(model.title)
