"""What a monkey does to the window: each act goes the way of a person's, through Qt's windows."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAction, QDrag, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QInputDialog, QMenu, QWidget

from benchmarks.window.stage import turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.main_window import MainWindow

_KEYS = (
    Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down,
    Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Home, Qt.Key.Key_End,
    Qt.Key.Key_Delete, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_L, Qt.Key.Key_P, Qt.Key.Key_1,
    Qt.Key.Key_9, Qt.Key.Key_Comma, Qt.Key.Key_Period, Qt.Key.Key_F2, Qt.Key.Key_Menu, Qt.Key.Key_PageUp,
)  # fmt: skip
_MODIFIERS = (
    *(Qt.KeyboardModifier.NoModifier,) * 6, Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier,
)  # fmt: skip
_MOST_NOTCHES = 40
_NOTCH = 120
_MOST_MOVES = 12
# What nests an event loop (a modal question, a menu's) is closed after so long.
_PATIENCE = 400
_SCHEMES = ("dark", "light", "system")


class Hands:
    """Acts at random; `done` lists what was done.

    File dialogs of the system are never opened: they answer with nothing, or with a file of a folder of the
    monkey's own. A drag of the system, which waits for the real mouse, ends at once.
    """

    def __init__(self, window: MainWindow, seed: int) -> None:
        self._window = window
        self._random = random.Random(seed)
        self.done: list[str] = []
        self._folder = tempfile.TemporaryDirectory(prefix="monkey")
        self._actions = [action for action in window.actions_by_text.values() if not _ends(action)]
        self._keep_from_blocking()
        acts: dict[Callable[[], None], int] = {
            self._click: 34, self._right_click: 6, self._double_click: 4, self._drag: 16, self._wheel: 12,
            self._key: 16, self._menu_action: 6, self._theme: 1, self._view: 4, self._train: 3,
        }  # fmt: skip
        self._acts, self._weights = list(acts), list(acts.values())

    def act(self) -> None:
        """One event, and what it brings about until the event loop is empty."""
        rescue = QTimer()
        rescue.timeout.connect(_close_what_is_modal)
        rescue.start(_PATIENCE)
        popup = QApplication.activePopupWidget()
        dialog = QApplication.activeModalWidget()
        if popup is not None:
            self._use_popup(popup)
        elif dialog is not None and self._random.random() < 0.3:
            self.done.append("close dialog")
            dialog.close()
        else:
            act = self._random.choices(self._acts, self._weights)[0]
            self.done.append(act.__name__.lstrip("_"))
            act()
        QApplication.processEvents()
        rescue.stop()

    def let_go(self) -> None:
        """Close every menu and dialog, stop the training, and put away what was written."""
        for _ in range(20):
            if not _close_what_is_modal():
                break
            turn(0.05)
        self._window.session.training.stop()
        self._window.session.twins.stop()
        turn(1.0)
        self._folder.cleanup()

    # ---- where ----------------------------------------------------------------------------------------

    def _widget(self) -> QWidget:
        """A widget that the mouse can reach: of the dialog in front, else of the window."""
        top = QApplication.activeModalWidget() or self._window
        reachable = [top, *(w for w in top.findChildren(QWidget) if w.isVisible() and w.window() is top)]
        return self._random.choice(reachable)

    def _place(self) -> tuple[QWindow, QPoint]:
        widget = self._widget()
        at = QPoint(
            self._random.randrange(max(1, widget.width())), self._random.randrange(max(1, widget.height()))
        )
        top = widget.window()
        there = widget.mapTo(top, at)
        x, y = min(max(there.x(), 0), top.width() - 1), min(max(there.y(), 0), top.height() - 1)
        return top.windowHandle(), QPoint(x, y)

    # ---- acts -----------------------------------------------------------------------------------------

    def _click(self) -> None:
        QTest.mouseClick(*self._mouse(Qt.MouseButton.LeftButton))

    def _right_click(self) -> None:
        window, button, modifiers, at = self._mouse(Qt.MouseButton.RightButton)
        QTest.mouseClick(window, button, modifiers, at)
        # What the system makes of it where there is one; offscreen nobody does.
        widget = QApplication.widgetAt(window.mapToGlobal(at))
        if widget is not None:
            _ask_for_menu(widget, window.mapToGlobal(at))

    def _double_click(self) -> None:
        QTest.mouseDClick(*self._mouse(Qt.MouseButton.LeftButton))

    def _drag(self) -> None:
        buttons = (Qt.MouseButton.LeftButton,) * 4 + (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton)
        window, button, modifiers, at = self._mouse(self._random.choice(buttons))
        QTest.mousePress(window, button, modifiers, at)
        for _ in range(self._random.randrange(1, _MOST_MOVES)):
            x, y = (value + self._random.randrange(-60, 61) for value in (at.x(), at.y()))
            at = QPoint(min(max(x, 0), window.width() - 1), min(max(y, 0), window.height() - 1))
            QTest.mouseMove(window, at)
        QTest.mouseRelease(window, button, modifiers, at)

    def _mouse(self, button: Qt.MouseButton) -> tuple[QWindow, Any, Any, QPoint]:
        window, at = self._place()
        return window, button, self._random.choice(_MODIFIERS), at

    def _wheel(self) -> None:
        window, at = self._place()
        way = self._random.choice((-_NOTCH, _NOTCH))
        for _ in range(self._random.randrange(1, _MOST_NOTCHES)):
            QTest.wheelEvent(window, QPointF(at), QPoint(0, way))

    def _key(self) -> None:
        top = QApplication.activeModalWidget() or self._window
        QTest.keyClick(top.windowHandle(), self._random.choice(_KEYS), self._random.choice(_MODIFIERS))

    def _menu_action(self) -> None:
        if QApplication.activeModalWidget() is None:
            self._random.choice(self._actions).trigger()

    def _theme(self) -> None:
        holder = self._window.theme_holder
        if holder is not None:
            holder.set_scheme(self._random.choice(_SCHEMES))

    def _view(self) -> None:
        self._window.show_view(self._random.choice(list(self._window.views)))

    def _train(self) -> None:
        control = self._window.session.training
        self._random.choice((control.start, control.toggle, control.stop, control.step))()

    def _use_popup(self, popup: QWidget) -> None:
        actions = [action for action in popup.actions() if action.isEnabled() and not action.isSeparator()]
        if isinstance(popup, QMenu) and actions and self._random.random() < 0.5:
            action = self._random.choice(actions)
            if not _ends(action):
                self.done.append("choose in menu")
                QTest.mouseClick(popup, Qt.MouseButton.LeftButton, pos=popup.actionGeometry(action).center())
                return
        if self._random.random() < 0.4:
            self.done.append("key in popup")
            QTest.keyClick(popup, self._random.choice(_KEYS))
            return
        self.done.append("close popup")
        popup.close()

    # ---- what would wait for ever -----------------------------------------------------------------------

    def _keep_from_blocking(self) -> None:
        """Questions of the system, which only a person could answer, have an answer."""
        folder = Path(self._folder.name)

        def existing(*_: Any, **__: Any) -> tuple[str, str]:
            return self._random.choice((("", ""), (str(folder / "missing.npz"), "")))

        def a_folder(*_: Any, **__: Any) -> str:
            return self._random.choice(("", str(folder)))

        def text(*_: Any, **__: Any) -> tuple[str, bool]:
            return self._random.choice(("", "a <b>name</b>", "x" * 300)), self._random.random() < 0.5

        def drag(*_: Any) -> Qt.DropAction:
            return Qt.DropAction.IgnoreAction

        for owner, name, answer in (
            (QFileDialog, "getOpenFileName", existing), (QFileDialog, "getSaveFileName", existing),
            (QFileDialog, "getExistingDirectory", a_folder), (QInputDialog, "getText", text),
            (QDrag, "exec", drag),
        ):  # fmt: skip
            setattr(owner, name, answer if owner is QDrag else staticmethod(answer))


def _ends(action: QAction) -> bool:
    return action.text().replace("&", "").startswith("Quit")


def _ask_for_menu(widget: QWidget, at: QPoint) -> None:
    from PySide6.QtGui import QContextMenuEvent

    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, widget.mapFromGlobal(at), at)
    QApplication.sendEvent(widget, event)


def _close_what_is_modal() -> bool:
    """Close the menu or the dialog in front; whether there was one."""
    popup, dialog = QApplication.activePopupWidget(), QApplication.activeModalWidget()
    if popup is not None:
        popup.close()
    elif isinstance(dialog, QDialog):
        dialog.reject()
    elif dialog is not None:
        dialog.close()
    return popup is not None or dialog is not None
