"""Base class of the panels under the map; each file in `panels/` is one tab of the Latent view."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from aestudio.gui.views.discovery import classes_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState


class Panel(QWidget):
    """One method of exploring the latent space. A panel knows the session, and no other panel.

    name: its name in the program and in tests
    order: its position among the tabs, from the left

    A tab needs only the class; the panel is created when it is first shown.
    """

    name: ClassVar[str]
    order: ClassVar[int]

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session

    @classmethod
    def title(cls) -> str:
        """The tab's text, translated and short."""
        raise NotImplementedError

    @classmethod
    def help(cls) -> str:
        """One sentence for the tab's tooltip, translated."""
        raise NotImplementedError

    def unavailable(self, state: StudioState) -> str:
        """Why this panel has no meaning for the shown model, translated; "" if it has.

        The sentence then replaces the panel, which is neither asked for requests nor shown a state.
        """
        del state
        return ""

    def requests(self, state: StudioState) -> Iterable[Request]:
        """The requests whose results this state needs; only used while the panel is in front."""
        del state
        return ()

    def show_state(self, state: StudioState) -> None:
        """Show the state: set only what changed. Called only while the panel is in front."""
        raise NotImplementedError

    def path(self) -> NDArray[np.float32] | None:
        """Codes, float32 (M, L), of a line over the map while the panel is in front; None without one."""
        return None

    def leave(self) -> None:
        """Stop any animation: another panel comes to the front."""

    def refresh(self) -> None:
        """A control of the panel changed: renew the requests and show the results that exist."""
        state = self.session.state
        self.session.request(self.requests(state))
        self.show_state(state)


def panel_keys(index: int) -> str:
    """The shortcut that brings the panel at this index to the front, as in QKeySequence."""
    return f"Alt+{index + 1}"


def discover_panels() -> tuple[type[Panel], ...]:
    """Every panel in `aestudio.gui.views.latent.panels`, in the order of the tabs."""
    from aestudio.gui.views.latent import panels

    return tuple(sorted(classes_in(panels, Panel), key=lambda panel: panel.order))
