"""The left sidebar: what will be trained next, and Start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from aestudio.gui.state.next_training import as_set_up, sets_up_next
from aestudio.gui.theme.style import set_role
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.window.sidebars.data_box import DataBox
from aestudio.gui.window.sidebars.queue_row import QueueRow
from aestudio.gui.window.sidebars.recipe_box import RecipeBox
from aestudio.gui.window.sidebars.start_button import training_title
from aestudio.gui.window.sidebars.training_box import TrainingBox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState


class LeftSidebar(QFrame):
    """Recipe, data set and device, settings; the buttons at the bottom are always visible.

    fold: the button that folds it
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self.heading = label(training_title(active=False), "label")
        self.heading.setToolTip(self.tr("What Start trains. What the views show is named above them."))
        self.other = TextButton("", training_title(active=False), role="quiet")
        self.other.clicked.connect(lambda: session.recipe.show_next(not sets_up_next(session.state)))
        policy = self.other.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.other.setSizePolicy(policy)
        self.queue = QueueRow(session)
        self.fold = IconButton("fold-left", self.tr("Fold this sidebar (Ctrl+B)"))
        self.data = DataBox(session)
        self.recipe = RecipeBox(session)
        self.training = TrainingBox(session)
        self.training.reason.clicked.connect(self.recipe.show_invalid)
        heading = row(fill(self.heading), self.other, self.fold, gap=4)
        parts = (heading, fill(self.recipe), self.data, self.queue, self.training)
        column(*parts, gap=8, margins=(16, 8, 12, 8), on=self)

    def requests(self, state: StudioState) -> Iterable[Request]:
        """What the recipe's settings show."""
        return self.recipe.requests(as_set_up(state))

    def prepare(self, state: StudioState) -> None:
        """Create slow widgets while the sidebar is hidden."""
        self.recipe.prepare(as_set_up(state))

    def show_state(self, state: StudioState) -> None:
        """Show all three parts."""
        active, sets_up = state.training.active, sets_up_next(state)
        self.heading.setText(training_title(active and not sets_up))
        self.other.setText(training_title(sets_up))
        self.other.setToolTip(
            self.tr("Show the recipe of the training that runs (Ctrl+Shift+N)")
            if sets_up
            else self.tr("Set up what is trained after this one (Ctrl+Shift+N)")
        )
        self.other.setVisible(active)
        self.recipe.show_state(as_set_up(state))
        for part in (self.data, self.queue, self.training):
            part.show_state(state)
