"""The menu of a right click, the Menu key or Shift+F10 on anything in a window that has no menu of its own.

Qt gives the event to the widget at the pointer, or to the one with the focus, and then to those around it
up to the window, where it is taken; the menu is made of what these widgets offer (`widgets/offer.py`). Text
fields keep Qt's menus with Cut, Copy and Paste.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QChildEvent, QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QWidget

from aestudio.gui.widgets.menus import open_once
from aestudio.gui.widgets.offer_kinds import offer_of
from aestudio.gui.widgets.plain_text import menu_text
from aestudio.gui.window.context.applying import applies
from aestudio.gui.window.context.disabled_buttons import DisabledButtons
from aestudio.gui.window.perform import perform

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.views.page_tabs import PageTabs
    from aestudio.gui.views.tab import Tab
    from aestudio.gui.views.view import View
    from aestudio.gui.widgets.offer import Offer
    from aestudio.gui.window.commands.command import Command, CommandTable

translate = QCoreApplication.translate

_LONGEST = 60  # characters of a line that says what the thing is
OF_THINGS = (
    ("picture.copy", "picture.save", "pictures.copy", "pictures.save", "plot.copy", "plot.save"),
    ("cells.copy", "values.copy", "values.save", "text.copy"),
    ("thing.explain",),
)
OF_THE_VIEW = ("edit.copy_view", "export.view")


class _Target(Protocol):
    session: Session
    views: PageTabs[View]
    commands: CommandTable


class ContextMenus(QObject):
    """Opens the menus; `here` is what its entries, and the same entries of the Edit menu, are about."""

    def __init__(self, target: _Target, window: QWidget) -> None:
        super().__init__(window)
        self._target, self._window = target, window
        self._chosen: tuple[Offer, QWidget, QPoint] | None = None
        self.attach(window)

    def attach(self, window: QWidget) -> None:
        """Open menus in this window; its dialogs, and windows beside it, follow when they are first shown."""
        window.installEventFilter(self)
        # Later, as below.
        queued = Qt.ConnectionType.QueuedConnection
        DisabledButtons(window).clicked.connect(self._open_by_mouse, queued)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what no widget of the window has taken."""
        if isinstance(event, QContextMenuEvent) and isinstance(watched, QWidget):
            by_keys = event.reason() == event.Reason.Keyboard
            # Not here: an error in an event filter ends the process.
            QTimer.singleShot(0, self, partial(self.open_at, watched, event.globalPos(), by_keys=by_keys))
            return True
        if event.type() == QEvent.Type.ChildPolished and isinstance(event, QChildEvent):
            dialog = event.child()
            if isinstance(dialog, QDialog) and not isinstance(dialog, QFileDialog):  # has menus of its own
                self.attach(dialog)
        return False

    def _open_by_mouse(self, window: QWidget, at: QPoint) -> None:
        self.open_at(window, at, by_keys=False)

    def open_by_keys(self) -> None:
        """Open the menu of the widget with the focus, unless a menu is open already."""
        if QApplication.activePopupWidget() is not None:
            return
        window = QApplication.activeWindow() or self._window
        widget = window.focusWidget() or window
        middle = widget.rect().center()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, middle, widget.mapToGlobal(middle))
        QApplication.sendEvent(widget, event)

    def open_at(self, window: QWidget, at: QPoint, *, by_keys: bool) -> None:
        """Open the menu of what is at a place of the screen, or of what the keys of the window are about."""
        widget = window.focusWidget() if by_keys else window.childAt(window.mapFromGlobal(at))
        widget = window if widget is None else widget
        offer = offer_of(widget, None if by_keys else widget.mapFromGlobal(at))
        menu = self.menu_of(offer, widget, at)
        if menu.isEmpty():  # as between the parts of a dialog
            menu.deleteLater()
        else:
            open_once(menu, at)

    # ---- what an entry is about -------------------------------------------------------------------

    @property
    def here(self) -> Offer:
        """What the chosen entry is about; without one, the widget with the focus."""
        return self.place[0]

    @property
    def place(self) -> tuple[Offer, QWidget, QPoint]:
        """The same with the widget that offers it, and where on the screen."""
        if self._chosen is not None:
            return self._chosen
        widget = self._window.focusWidget() or self._window
        return offer_of(widget, None), widget, widget.mapToGlobal(widget.rect().center())

    # ---- the menu ---------------------------------------------------------------------------------

    def menu_of(self, offer: Offer, widget: QWidget, at: QPoint) -> QMenu:
        """The menu of an offer: what it is, where to go, its own entries, copying and saving."""
        menu = QMenu(self._window if widget.window() is self._window else widget.window())
        menu.setToolTipsVisible(True)
        place = (offer, widget, at)
        for line in filter(None, (offer.what or offer.chart).splitlines()):
            heading = menu.addAction(menu_text(_short(line)))
            heading.setObjectName("heading")
            heading.setEnabled(False)
        menu.addSeparator()
        if offer.digit is not None:
            for choice in self._views_of_a_digit():
                text = translate("context", "Show in {}").format(choice.title())
                act = partial(self._run, place, "image.show_in", index=offer.digit, view=choice.name)
                menu.addAction(menu_text(text)).triggered.connect(lambda *_, act=act: act())
            menu.addSeparator()
        for entry in offer.entries:
            action = menu.addAction(entry.text)
            action.setCheckable(entry.checked is not None)
            action.setChecked(bool(entry.checked))
            action.setEnabled(not entry.obstacle)
            action.setToolTip(entry.obstacle)
            action.triggered.connect(lambda *_, act=entry.act: act())
        menu.addSeparator()
        in_main = widget.window() is self._window
        for group in (offer.commands, *OF_THINGS, OF_THE_VIEW if in_main else ()):
            for name in group:
                self._add(menu, place, self._target.commands[name])
            menu.addSeparator()
        return menu

    def _views_of_a_digit(self) -> list[type[Tab]]:
        """The views that show one image, but for the one in front."""
        views, state = self._target.views, self._target.session.state
        shown = ((name, kind) for name, kind in views.known.items() if kind.can_show_image(state))
        return [kind for name, kind in shown if name != views.front_name]

    def _add(self, menu: QMenu, place: tuple[Offer, QWidget, QPoint], command: Command) -> None:
        """An entry for a command; left out if the thing is of another kind, off if it cannot be done now."""
        if not applies(place[0], command.id):
            return
        self._chosen = place
        obstacle = command.obstacle()
        self._chosen = None
        action = menu.addAction(command.text)
        action.setObjectName(command.id)
        if command.shortcut:
            action.setShortcut(QKeySequence(command.shortcut))
        action.setCheckable(command.checked is not None)
        action.setChecked(command.checked is not None and command.checked())
        action.setEnabled(not obstacle)
        action.setToolTip(obstacle or command.help)
        action.triggered.connect(lambda *_: self._run(place, command.id))

    def _run(self, place: tuple[Offer, QWidget, QPoint], name: str, **values: object) -> None:
        self._chosen = place
        try:
            perform(self._target.session, self._target.commands[name], **values)
        finally:
            self._chosen = None


def _short(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 2].rstrip()} …"
