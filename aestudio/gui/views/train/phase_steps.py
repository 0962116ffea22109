"""Buttons that execute one phase of a step alone, side by side: a GAN stepped generator by critic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aestudio.gui.state.shown import Shown
from aestudio.gui.state.training_group import group_phase
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import fill, label, row
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.recipes.phase import Phase


class PhaseSteps(QWidget):
    """The view shows it if there are several phases and room. While a training runs, a click pauses it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown, self._enabled_shown = Shown(), Shown()
        self.buttons: list[TextButton] = []
        self._row = row(label(self.tr("One step of"), "muted"), gap=4)
        self.setLayout(row(self._row, fill(), gap=0))
        self.hide()

    @property
    def offered(self) -> bool:
        """Whether there is a choice between phases."""
        return len(self.buttons) > 1

    def fit(self, left: int, spacing: int) -> int:
        """Show the buttons if there is height left; returns by how much less there is then, in pixels.

        Without them the arrow beside Step has the same.
        """
        height = self.sizeHint().height() + spacing
        before = 0 if self.isHidden() else height
        self.setVisible(self.offered and left + before >= height)
        return (0 if self.isHidden() else height) - before

    def show_state(self, state: StudioState) -> bool:
        """Offer the phases of the recipe; returns whether that changes what is offered."""
        objective, offered = state.recipe.objective, self.offered
        if self._shown.differs(objective):
            self._make(objective.phases())
        busy = group_phase(state, "training") in ("preparing", "stopping")
        usable = state.torch_phase == "ready" and not busy and not state.obstacles()
        if self._enabled_shown.differs(objective, usable):
            for button in self.buttons:
                button.setEnabled(usable)
        return offered != self.offered

    def _make(self, phases: Sequence[Phase]) -> None:
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [self._button(phase) for phase in phases]
        for button in self.buttons:
            self._row.addWidget(button)

    def _button(self, phase: Phase) -> TextButton:
        name = one_line(phase.title)
        tip = self.tr("One step of “{}” alone, then pause; it counts as a step, with its batch").format(name)
        button = TextButton("step", name, tip=tip)
        button.setAccessibleName(self.tr("One step of {}").format(name))
        button.clicked.connect(lambda: self._session.training.step(phase.name))
        return button
