"""Intents about the tour of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.effects.reactions import GoOnWithTour
from aestudio.gui.state.tour import begun, gone_on

if TYPE_CHECKING:
    from aestudio.gui.controllers.store import Store
    from aestudio.gui.state.studio_state import TourStep

translate = QCoreApplication.translate


class TourController:
    """Begins the tour, goes on to its next step and ends it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.react_with(GoOnWithTour, self._leave_out)

    def begin(self) -> bool:
        """Begin at the first step that is possible; if there is none, a message says so.

        Returns whether it began.
        """
        self._store.set_state(begun(self._store.state))
        if self._store.state.tour is None:
            text = translate("session", "The tour is about sliders, map and Start: none can be used now.")
            self._store.show_message(text)
        return self._store.state.tour is not None

    def go_on(self) -> bool:
        """Go on to the next step; after the last one the tour is over. Returns whether there was a tour.

        During a presentation it is hidden, and waits.
        """
        if self._store.state.tour is None or self._store.state.presentation:
            return False
        self._store.set_state(gone_on(self._store.state))
        return True

    def _leave_out(self, _: GoOnWithTour) -> None:
        self._store.set_state(gone_on(self._store.state))

    def has_done(self, step: TourStep) -> None:
        """The user did what this step is about: go on, if it is the present one."""
        if self._store.state.tour == step:
            self.go_on()

    def prepare_training(self) -> None:
        """Point at Start once more: the user wants to train a model."""
        if self._store.state.tour is not None:
            self._store.update(tour="train")

    def end(self) -> None:
        """End the tour."""
        if self._store.state.tour is not None:
            self._store.update(tour=None)
