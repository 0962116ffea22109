"""What is behind a tab: a view of the window, or a panel of the Latent view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.views.shared.empty_reason import Reason

OPEN_SHIPPED = "conv-vae-2d"
"""The shipped model that the button of an empty page opens."""


class Page(QWidget):
    """One way to look at the state. Knows the session, no other page, and not the trainer.

    name: as its tab has it, which `PageTabs` knows without importing the page's file (`tab.py`)

    What takes long to import (pyqtgraph) is imported where it is made: the page in front is imported before
    the first frame is painted.
    """

    name: str = ""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session

    def reason(self, state: StudioState) -> Reason | None:
        """Why the page is empty; None if it is not.

        The reason then replaces the page, which is neither shown a state nor, unless the reason may be
        passing, asked for requests.
        """
        del state
        return None

    def requests(self, state: StudioState) -> Iterable[Request]:
        """The requests whose results this state needs; sent only while the page is in front."""
        del state
        return ()

    def show_state(self, state: StudioState) -> None:
        """Show the state: set only what changed. Called only while the page is in front."""
        raise NotImplementedError

    def leave(self) -> None:
        """Stop any animation: another page comes to the front, or a reason replaces this one."""

    def refresh(self) -> None:
        """A control of the page changed: renew the requests and show the results that exist."""
        state = self.session.state
        if self.reason(state) is None:
            self.session.request(self.requests(state))
            self.show_state(state)

    def open_shipped(self) -> None:
        """Open the shipped model: the button below a reason was clicked."""
        self.session.runs.open(OPEN_SHIPPED)
