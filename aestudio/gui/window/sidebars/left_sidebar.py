"""The left sidebar: what will be trained, and Start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from aestudio.gui.theme.style import keep_length, set_role
from aestudio.gui.widgets.layouts import column, fill
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
    """Recipe, data set and device, settings; the buttons at the bottom are always visible."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        keep_length(self, lambda sidebar, theme: sidebar.setFixedWidth(theme.px(WIDTH)))
        self.data = DataBox(session)
        self.recipe = RecipeBox(session)
        self.training = TrainingBox(session)
        self.training.reason.clicked.connect(self.recipe.show_invalid)
        column(fill(self.recipe), self.data, self.training, gap=12, margins=(16, 16, 16, 12), on=self)

    def requests(self, state: StudioState) -> Iterable[Request]:
        """What the recipe's settings show."""
        return self.recipe.requests(state)

    def prepare(self, state: StudioState) -> None:
        """Create slow widgets while the sidebar is hidden."""
        self.recipe.prepare(state)

    def show_state(self, state: StudioState) -> None:
        """Show all three parts."""
        for part in (self.recipe, self.data, self.training):
            part.show_state(state)
