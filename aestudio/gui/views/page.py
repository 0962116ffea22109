"""What is behind a tab: a view of the window, or a panel of the Latent view, found by listing its folder."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from typing import TYPE_CHECKING, ClassVar, TypeVar

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

    name:  how it is called in the program, on the command line and in tests; order: position among the tabs

    A tab needs only the class; the page is made when it is first shown (`PageTabs`). Modules of views are
    imported before the first frame is painted, so what takes long to import (pyqtgraph) is imported where it
    is made.

    Of each kind of page:
    noun:     what a message calls it
    package:  the folder in which each file NAME.py, or NAME/NAME_view.py, brings one
    modifier: the key that together with the number of a tab brings its page to the front
    """

    name: ClassVar[str]
    order: ClassVar[int]
    noun: ClassVar[str]
    package: ClassVar[str]
    modifier: ClassVar[str]

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

    @classmethod
    def keys(cls, index: int) -> str:
        """The shortcut that brings the page at this index to the front, as in QKeySequence."""
        return f"{cls.modifier}+{index + 1}"

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


Kind = TypeVar("Kind", bound=Page)


def discover(kind: type[Kind]) -> tuple[type[Kind], ...]:
    """Every page of a kind that a module in its folder defines, in the order of the tabs."""
    package = importlib.import_module(kind.package)
    found = [
        value
        for entry in pkgutil.iter_modules(package.__path__)
        for value in _defined_in(f"{kind.package}.{entry.name}", entry.ispkg)
        if issubclass(value, kind) and value is not kind
    ]
    return tuple(sorted(found, key=lambda page: page.order))


def _defined_in(name: str, is_folder: bool) -> list[type]:
    """The classes that a module, or the NAME_view.py of a folder, defines itself."""
    if is_folder:
        name = f"{name}.{name.rpartition('.')[2]}_view"
        if importlib.util.find_spec(name) is None:
            return []
    module = importlib.import_module(name)
    return [value for value in vars(module).values() if isinstance(value, type) and value.__module__ == name]
