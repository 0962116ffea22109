"""Tabs and the pages behind them: the views of the window, and the panels of the Latent view.

A page is imported and made when it is first looked at or when there is time for it: making all views before
the first frame doubled the time until it stood.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QStackedWidget, QTabBar

from aestudio.errors import BadChoice
from aestudio.gui.theme.late_parts import leave_until_shown
from aestudio.gui.theme.style import take_theme
from aestudio.gui.views.page import Page
from aestudio.gui.views.shared.empty_reason import Reason
from aestudio.gui.views.tab import Tab, discover
from aestudio.gui.widgets.empty_state import EmptyState
from aestudio.gui.widgets.scroll_page import add_scroll_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QVBoxLayout, QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState

translate = QCoreApplication.translate

Kind = TypeVar("Kind", bound=Page)


class PageTabs(Mapping[str, Kind]):
    """Page by name, in the order of the tabs. A page that does not fit scrolls.

    tabs, stack: the bar, and the pages, of which the front one is shown; to be laid out by the owner
    known:       every page's tab, by its name
    """

    def __init__(self, session: Session, tabs: type[Tab], kind: type[Kind], *, across: bool = False) -> None:
        """tabs: the kind of tab that is looked for; kind: what its pages are.

        across: pages scroll horizontally, too; otherwise they are as wide as the stack
        """
        self._session, self._noun, self._kind = session, tabs.noun, kind
        self.known: dict[str, type[Tab]] = {tab.name: tab for tab in discover(tabs)}
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.stack = QStackedWidget()
        self._layouts: dict[str, QVBoxLayout] = {}
        self._made: dict[str, Kind] = {}
        self._empty: dict[str, EmptyState] = {}
        self._reasons: dict[str, Reason | None] = {}
        self._errors: dict[str, Reason] = {}  # of pages that failed while they were in front
        self._failures: dict[str, Reason] = {}  # of pages that could not be made
        for index, (name, tab) in enumerate(self.known.items()):
            self._layouts[name] = add_scroll_page(self.stack, across)
            leave_until_shown(self._page(index))
            self.tabs.addTab(tab.title())
            keys = QKeySequence(tab.keys(index)).toString(QKeySequence.SequenceFormat.NativeText)
            self.tabs.setTabToolTip(index, f"{tab.help()} ({keys})")
        self.tabs.currentChanged.connect(self._bring_to_front)

    def __getitem__(self, name: str) -> Kind:
        if name not in self._made:
            self._made[name] = self._make(name)
            self._layouts[name].addWidget(self._made[name])
        return self._made[name]

    def _make(self, name: str) -> Kind:
        """A page; if it cannot be made, one without content, which says so.

        It is tried again when it is brought to the front again.
        """
        try:
            page = self.known[name].page(self._kind)(self._session)
        except Exception as error:
            sys.excepthook(type(error), error, error.__traceback__)
            self._failures[name] = _unexpected(error)
            page = self._kind(self._session)  # a page without a class of its own
        page.name = name
        return page

    def __contains__(self, name: object) -> bool:
        return name in self.known

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)

    @property
    def made(self) -> tuple[str, ...]:
        """Names of the pages that exist already."""
        return tuple(self._made)

    @property
    def front(self) -> Kind:
        """The page that is shown."""
        return self[self.front_name]

    @property
    def front_name(self) -> str:
        """The name of the page in front."""
        return tuple(self.known)[self.stack.currentIndex()]

    @property
    def reason(self) -> Reason | None:
        """Why the front page is replaced by a sentence; None if it is shown."""
        return self._reasons.get(self.front_name)

    def make_rest(self) -> None:
        """Make what has not been looked at yet, one page each time the event loop comes round."""
        missing = [name for name in self.known if name not in self._made]
        if missing:
            self[missing[0]]
            QTimer.singleShot(0, self.stack, self.make_rest)

    def show_page(self, name: str) -> None:
        """Bring a page to the front, by its name; raises BadChoice if there is none of it."""
        if name not in self.known:
            raise BadChoice(self._noun, name, self.known)
        self.tabs.setCurrentIndex(list(self.known).index(name))

    def requests(self, state: StudioState) -> Iterable[Request]:
        """The requests of the front page; none while a reason replaces it that they cannot end."""
        page = self.front
        try:
            reason = self._reason_of(page, state)
            return tuple(page.requests(state)) if reason is None or reason.passing else ()
        except Exception as error:
            self._failed(page, error)
            return ()

    def ask(self) -> None:
        """Send the requests of the front page for a state that is shown later."""
        self._session.request(self.requests(self._session.state))

    def show_state(self, state: StudioState) -> None:
        """Show the state in the front page, or instead of the page why it is empty."""
        page = self.front
        try:
            reason = self._reason_of(page, state)
            if reason != self.reason:
                self._show_reason(page, reason)
            if reason is None:
                page.show_state(state)
        except Exception as error:
            self._failed(page, error)

    def _reason_of(self, page: Kind, state: StudioState) -> Reason | None:
        return self._failures.get(page.name) or self._errors.get(page.name) or page.reason(state)

    def _failed(self, page: Kind, error: Exception) -> None:
        """Say that a page failed, in its place: it would go on showing what is no longer true.

        The other parts of the window go on. It is tried again when it is brought to the front again.
        """
        sys.excepthook(type(error), error, error.__traceback__)
        reason = _unexpected(error)
        self._errors[page.name] = reason
        self._show_reason(page, reason)

    def _show_reason(self, page: Kind, reason: Reason | None) -> None:
        self._reasons[page.name] = reason
        empty = self._empty.get(page.name)
        if reason is not None:
            page.leave()
            if empty is None:
                empty = self._empty[page.name] = EmptyState()
                empty.pressed.connect(page.open_shipped)
                self._layouts[page.name].addWidget(empty)
            empty.set_state(reason.icon, reason.sentence, reason.button)
        assert empty is not None
        # Never both: a page that is made smaller for the other one would renew its requests.
        for part in (page, empty) if reason is not None else (empty, page):
            part.setVisible((part is page) == (reason is None))

    def _bring_to_front(self, index: int) -> None:
        left = self._made.get(self.front_name)
        if left is not None:
            left.leave()
        self._bring_page(index)
        self._errors.pop(self.front_name, None)
        if self._failures.pop(self.front_name, None) is not None:
            self._forget(self.front_name)

    def _bring_page(self, index: int) -> None:
        take_theme(self._page(index))
        self.stack.setCurrentIndex(index)

    def _page(self, index: int) -> QWidget:
        page = self.stack.widget(index)
        assert page is not None
        return page

    def _forget(self, name: str) -> None:
        """Remove a page that could not be made, and the sentence that replaced it."""
        self._reasons.pop(name, None)
        for part in (self._made.pop(name, None), self._empty.pop(name, None)):
            if part is not None:
                self._layouts[name].removeWidget(part)
                part.hide()
                part.deleteLater()


def _unexpected(error: Exception) -> Reason:
    sentence = translate("PageTabs", "Something unexpected happened here ({}: {}). Please report it.")
    return Reason("warning", sentence.format(type(error).__name__, error))
