"""What a view is, and how the window finds them.

A folder NAME in `views/` with a `View` in NAME_view.py is one tab.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from aestudio.gui.views.discovery import classes_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState


class View(QWidget):
    """One way to look at the state. Knows the session, no other view, and not the trainer.

    name:  the name of its folder, also on the command line ("latent"); order: position among the tabs

    Tabs and menus need the class only; the view is made when it is first shown. Its module is imported
    before the first frame is painted, so what takes long to import (pyqtgraph) is imported where it is made.
    """

    name: ClassVar[str]
    order: ClassVar[int]

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session

    @classmethod
    def title(cls) -> str:
        """The tab's text, translated."""
        raise NotImplementedError

    @classmethod
    def help(cls) -> str:
        """One sentence for the tab's tooltip, translated."""
        raise NotImplementedError

    def requests(self, state: StudioState) -> Iterable[Request]:
        """The requests whose results this state needs; sent only while the view is visible."""
        del state
        return ()

    def show_state(self, state: StudioState) -> None:
        """Show the state: set only what changed. Called only while the view is visible."""
        raise NotImplementedError

    def show_point(self, state: StudioState) -> float | None:
        """Show at once what follows the pointer through the latent space; `show_state` comes a little later.

        Returns when the image was painted, by `time.perf_counter()`; None if no image was painted.
        """
        del state
        return None


def discover_views() -> tuple[type[View], ...]:
    """Every view in `aestudio.gui.views`, in the order of the tabs."""
    from aestudio.gui import views

    return tuple(sorted(classes_in(views, View), key=lambda view: view.order))
