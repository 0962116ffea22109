"""The palette: a field over the window in which anything is found by typing.

It is a child of the window and no dialog: so it gets the keyboard on every platform, also in a presentation,
and a training goes on behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QWidget

from aestudio.gui.theme.style import current_theme, is_theme_change, set_role
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys
from aestudio.gui.window.files.recent_file import add_recent, read_recent
from aestudio.gui.window.palette.palette_entries import PaletteEntry, matching, palette_entries
from aestudio.gui.window.palette.palette_list import PaletteList
from aestudio.gui.window.perform import perform

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QObject
    from PySide6.QtGui import QHideEvent, QMouseEvent, QShowEvent

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.window.commands.command import CommandTable

OPENS = "palette.open"  # the command whose key closes it again
_WIDEST, _HIGHEST, _AROUND = 640, 460, 24  # logical pixels
_ABOVE = (QEvent.Type.Show, QEvent.Type.ZOrderChange)
translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "Find anything"),
    LocalKey("palette.next", ("Down",), lambda: translate("keys", "selects the next entry")),
    LocalKey("palette.previous", ("Up",), lambda: translate("keys", "selects the previous entry")),
    LocalKey("palette.page_down", ("PgDown",), lambda: translate("keys", "goes a page further")),
    LocalKey("palette.page_up", ("PgUp",), lambda: translate("keys", "goes a page back")),
    LocalKey("palette.run", ("Return", "Enter"), lambda: translate("keys", "does or shows the entry")),
    LocalKey("palette.close", ("Esc",), lambda: translate("keys", "closes it")),
)


class _Field(QLineEdit):
    """What is typed; the keys that move through the list are passed on.

    pressed(id): of one of `KEYS`
    """

    pressed = Signal(str)

    def event(self, event: QEvent) -> bool:
        """Take these keys before a shortcut of the window does: in a presentation a page key is one."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and KEYS.command(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = KEYS.command(event)
        if command:
            self.pressed.emit(command)
        else:
            super().keyPressEvent(event)


class CommandPalette(QFrame):
    """Every command, recipe, run, data set, view and panel; Escape, a click elsewhere or a key closes it."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._entries: tuple[PaletteEntry, ...] = ()
        self._recent: tuple[str, ...] = ()
        self._before: QWidget | None = None
        set_role(self, "floating")
        self.setAccessibleName(self.tr("Find anything"))
        self.field = _Field()
        self.field.setPlaceholderText(self.tr("A command, recipe, run, data set, view or panel"))
        self.field.setAccessibleName(self.tr("What to find"))
        self.field.setMaxLength(200)
        self.list = PaletteList(self)
        self.help = ElidedLabel(muted=True)
        self.count = label("", "caption")
        column(self.field, fill(self.list), row(fill(self.help), self.count), margins=12, on=self)
        self.field.textChanged.connect(self._find)
        self.field.pressed.connect(self._pressed)
        self.list.clicked.connect(self._clicked)
        self.list.entered.connect(self._hovered)
        self.list.selectionModel().currentChanged.connect(self._show_help)
        self.hide()

    def toggle(self, commands: CommandTable) -> None:
        """Open it, empty and with the recent entries first, or close it."""
        if self.isVisible():
            self.close_palette()
            return
        state = self._session.state
        self._entries = palette_entries(commands.values(), state.presentation)
        self._recent = read_recent("palette")
        self._before = self.window().focusWidget()
        self.field.clear()
        self._find("")
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_palette(self) -> None:
        """Close it, and give the focus back to the widget that had it."""
        self.hide()
        before = self._before
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        else:
            self.window().setFocus()

    # ---- finding and choosing ---------------------------------------------------------------------

    def _find(self, typed: str) -> None:
        found = matching(self._entries, typed, self._recent)
        self.list.show_entries(found)
        whole, part = self.tr("{} entries"), self.tr("{} of {}")
        total = len(self._entries)
        self.count.setText(whole.format(total) if len(found) == total else part.format(len(found), total))
        self._show_help()

    def _show_help(self) -> None:
        entry = self.list.entry
        if entry is None:
            self.help.set_text(self.tr("Nothing is called that. Fewer letters find more."))
        else:
            self.help.set_text(entry.obstacle or entry.help)

    def _pressed(self, command: str) -> None:
        moves = {
            "palette.next": 1,
            "palette.previous": -1,
            "palette.page_down": self.list.page,
            "palette.page_up": -self.list.page,
        }
        if command in moves:
            self.list.select(self.list.row + moves[command])
        elif command == "palette.close":
            self.close_palette()
        elif self.list.entry is not None:
            self._run(self.list.entry)

    def _clicked(self, index: QModelIndex) -> None:
        self.list.setCurrentIndex(index)
        self._pressed("palette.run")

    def _hovered(self, index: QModelIndex) -> None:
        """Say what the entry under the pointer does; the selected one stays the one for Return."""
        entry = self.list.entries.entries[index.row()]
        self.help.set_text(entry.obstacle or entry.help)

    def _run(self, entry: PaletteEntry) -> None:
        """Close first: the command may open a dialog, or be about the widget in focus."""
        self.close_palette()
        add_recent("palette", (entry.key,))
        perform(self._session, entry.command, **entry.values)

    # ---- its place in the window ------------------------------------------------------------------

    def _place(self) -> None:
        """In the middle of the window's width, near its upper edge."""
        window, px = self.window(), current_theme().px
        width = min(px(_WIDEST), window.width() - 2 * px(_AROUND))
        height = min(px(_HIGHEST), window.height() - 2 * px(_AROUND))
        top = min(px(2 * _AROUND), (window.height() - height) // 2)
        self.setGeometry((window.width() - width) // 2, top, width, height)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close on a click elsewhere in the window, and before a key runs a command; follow its size.

        Nothing that appears in the window meanwhile lies over it.
        """
        if event.type() == QEvent.Type.Shortcut and watched.objectName() != OPENS:
            self.close_palette()  # the command may be about the widget that had the focus
        elif event.type() == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            inside = watched is self or self.isAncestorOf(watched)
            if watched.window() is self.window() and not inside:
                self.hide()
        elif event.type() == QEvent.Type.Resize and watched is self.window():
            self._place()
        elif event.type() in _ABOVE and watched is not self and watched.parent() is self.parent():
            self.raise_()  # as of a tour that begins or moves: who types sees what is typed
        return False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event) and self.isVisible():
            self._place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # a click on the frame must not reach the widgets below
