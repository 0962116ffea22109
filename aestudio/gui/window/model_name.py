"""The label beside the tabs: the model that all views show, which can differ from the recipe on the left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from aestudio.gui.state.shown import Shown
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.state.model_state import ExploredModel
    from aestudio.gui.state.studio_state import StudioState


class ModelName(ElidedLabel):
    """One muted line at the right edge, elided if it does not fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, muted=True)
        self.set_alignment(Qt.AlignmentFlag.AlignRight)
        self._title = ""
        self._shown = Shown()

    def show_state(self, state: StudioState) -> None:
        """Show the title of the model, and whether it is being trained."""
        if self._shown.differs(state.model, state.training.active):
            self._title = "" if state.model is None else state.model.title
            self.set_text("" if state.model is None else self._text_for(state.model, state.training.active))

    @property
    def shown(self) -> str:
        """The whole text, or if that does not fit the beginning of the title alone."""
        metrics = self.fontMetrics()
        if metrics.horizontalAdvance(self.text) <= self.width():
            return self.text
        return metrics.elidedText(one_line(self._title), Qt.TextElideMode.ElideRight, self.width())

    def _text_for(self, model: ExploredModel, active: bool) -> str:
        if model.origin == "training" and active:
            return self.tr("Training: {}").format(model.title)
        return self.tr("Shown: {}").format(model.title)
