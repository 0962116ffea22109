"""The left rail: what will be trained, and Start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QVBoxLayout

from aestudio.gui.theme.style import current_theme, keep_length, set_role
from aestudio.gui.window.sidebars.data_box import DataBox
from aestudio.gui.window.sidebars.recipe_box import RecipeBox
from aestudio.gui.window.sidebars.training_box import TrainingBox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState

WIDTH = 320


class LeftSidebar(QFrame):
    """Recipe, dataset and device, settings; the buttons stay at the foot, always visible."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        theme = current_theme()
        keep_length(self, lambda sidebar, theme: sidebar.setFixedWidth(theme.px(WIDTH)))
        self.data = DataBox(session)
        self.recipe = RecipeBox(session)
        self.training = TrainingBox(session)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(16), theme.px(16), theme.px(16), theme.px(12))
        column.setSpacing(theme.px(12))
        column.addWidget(self.recipe, 1)
        column.addWidget(self.data)
        column.addWidget(self.training)

    def requests(self, state: StudioState) -> Iterable[Request]:
        """Nothing to ask."""
        del state
        return ()

    def keep_ready(self, state: StudioState) -> None:
        """Make what takes long to make, while it cannot be seen."""
        self.recipe.keep_ready(state)

    def show_state(self, state: StudioState) -> None:
        """Show all three parts."""
        for part in (self.recipe, self.data, self.training):
            part.show_state(state)
