"""The arrow beside a step button: a menu with each phase of a step, to execute it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.menus import empty_menu
from aestudio.gui.widgets.plain_text import menu_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.recipes.phase import Phase


class PhaseButton(IconButton):
    """Hidden as long as a step has a single phase. chosen(name of a phase)."""

    chosen = Signal(str)

    def __init__(self, tip: str, parent: QWidget | None = None) -> None:
        super().__init__("chevron-down", tip, parent, role="quiet", side=12)
        self._phases: tuple[Phase, ...] = ()
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self.fill)
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.hide()

    def set_phases(self, phases: Sequence[Phase]) -> None:
        """Offer these phases, in their order; one alone is no choice."""
        self._phases = tuple(phases)
        self.setVisible(len(phases) > 1)

    def fill(self) -> QMenu:
        """Fill the menu with the phases, and return it."""
        empty_menu(self._menu)
        for phase in self._phases:
            text = self.tr("Step: {} only").format(menu_text(phase.title))
            self._menu.addAction(text, lambda name=phase.name: self.chosen.emit(name))
        return self._menu
