"""The window's views, each made when it is first looked at or when there is time for it.

Making all five before the first frame doubled the time until it stood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget

from aestudio.gui.views.view import View, discover_views
from aestudio.gui.widgets.scroll_page import add_scroll_page

if TYPE_CHECKING:
    from aestudio.gui.controllers.session import Session


class LazyStack(Mapping[str, View]):
    """View by name, in the order of the tabs; `stack` shows one at a time, `classes` lists them all.

    A view that does not fit (a notice above it, larger type) scrolls.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.classes: dict[str, type[View]] = {view.name: view for view in discover_views()}
        self.stack = QStackedWidget()
        self._pages = {name: add_scroll_page(self.stack, across=True) for name in self.classes}
        self._made: dict[str, View] = {}

    def __getitem__(self, name: str) -> View:
        if name not in self._made:
            page = self._pages[name]
            self._made[name] = self.classes[name](self._session)
            page.addWidget(self._made[name])
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self.classes

    def __iter__(self) -> Iterator[str]:
        return iter(self.classes)

    def __len__(self) -> int:
        return len(self.classes)

    @property
    def made(self) -> tuple[str, ...]:
        """Names of the views that exist already."""
        return tuple(self._made)

    @property
    def front(self) -> View:
        """The view that is shown."""
        return self[tuple(self.classes)[self.stack.currentIndex()]]

    def make_rest(self) -> None:
        """Make what has not been looked at yet, one view each time the event loop comes round."""
        missing = [name for name in self.classes if name not in self._made]
        if missing:
            self[missing[0]]
            QTimer.singleShot(0, self.stack, self.make_rest)
