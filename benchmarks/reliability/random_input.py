"""Random mouse and keyboard input for the window, sent through Qt's windows like a user's.

Longer than other files: a list of the kinds of input, each a small method.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent, QDrag, QKeyEvent, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QDialog,
    QFileDialog,
    QInputDialog,
    QLineEdit,
    QMenu,
    QWidget,
)

from benchmarks.reliability.random_commands import RandomCommands
from benchmarks.window.driver import run_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.gui.window.main_window import MainWindow

_KEYS = (
    Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up,
    Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Escape,
    Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Delete, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_L,
    Qt.Key.Key_P, Qt.Key.Key_1, Qt.Key.Key_9, Qt.Key.Key_Comma, Qt.Key.Key_Period, Qt.Key.Key_F2,
    Qt.Key.Key_Menu, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
)  # a table  # fmt: skip
_MODIFIERS = (
    *(Qt.KeyboardModifier.NoModifier,) * 6,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
_EDITING = ("Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+Z", "Ctrl+Y", "Ctrl+W", "Shift+F10", "Ctrl+Tab")
_TYPED = (
    "", "abc", "1,5", "1.5", "-2,25", "0", "-0", "7", "64", "3e38", "-3e38", "1e309", "99999999999999999999",
    "1.000,5", "nan", "inf", "--", ",", "0x10", "256,128", "32, 32, 32", "ä<b>ö", "9" * 400,
)  # a table  # fmt: skip
_LAST_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape, None)
_MAX_NOTCHES = 40
_NOTCH = 120
_MAX_MOVES = 12
_MODAL_TIMEOUT = 400  # milliseconds after which a dialog or menu with its own event loop is closed
_MENU_DELAY = 40  # milliseconds until an entry is chosen
_ACROSS = ("LatentSlider", "PlaneView", "ThemedPlot", "MapPlot", "ImageGrid", "DrawingPad")


class RandomInput:
    """Random actions; action, position and arguments depend only on the seed and the event number.

    If the window has other widgets or runs than in the last test, the same number means another one.
    File dialogs of the system are never opened: they return nothing, or a file of the test. A drag of the
    system, which waits for the real mouse, ends at once.
    """

    def __init__(self, window: MainWindow, seed: int, folder: Path) -> None:
        self._window, self._seed, self._event = window, seed, 0
        self._random = random.Random(seed)
        self.done: Counter[str] = Counter()
        self._last: deque[str] = deque(maxlen=6)
        for action in window.actions_by_id.values():
            if _quits(action):
                action.setEnabled(False)  # also if the arrow keys reach it
        self._shortcuts = [
            c.shortcut for c in window.commands.values() if c.shortcut and c.shortcut != "Ctrl+Q"
        ]
        self._commands = RandomCommands(window, self._random, folder)
        self._replace_blocking_dialogs(folder)
        weights: dict[Callable[[], str], int] = {
            self._click: 30,
            self._right_click: 7,
            self._double_click: 4,
            self._drag: 12,
            self._across: 6,
            self._wheel: 12,
            self._key: 14,
            self._type: 10,
            self._shortcut: 8,
            **self._commands.weights,
        }
        self._actions, self._weights = list(weights), list(weights.values())

    def doing(self) -> str:
        """The last actions with their numbers, the newest last: "812: type 1,5 into QLineEdit"."""
        *before, last = self._last or ("0: start",)
        return ", ".join((*before, f"event {last}"))

    def act(self) -> None:
        """Do one action, and process events until the event loop is empty."""
        self._event += 1
        self._random.seed(f"{self._seed} {self._event}")
        closer = QTimer()
        closer.timeout.connect(_close_modal)
        closer.start(_MODAL_TIMEOUT)
        popup, dialog = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        if popup is not None:
            self._do("popup", lambda: self._use_popup(popup))
        elif dialog is not None and self._random.random() < 0.3:
            self._do("close", lambda: f"{_name(dialog)} {dialog.close()}")
        else:
            action = self._random.choices(self._actions, self._weights)[0]
            self._do(action.__name__.lstrip("_"), action)
        QApplication.processEvents()
        closer.stop()

    def _do(self, kind: str, action: Callable[[], str]) -> None:
        self._last.append(f"{self._event}: {kind}")
        self.done[kind] += 1
        self._last[-1] = f"{self._event}: {kind} {action()}"

    def finish(self) -> None:
        """Close every menu and dialog, and stop all trainings."""
        for _ in range(20):
            if not _close_modal():
                break
            run_for(0.05)
        self._window.session.training.stop()
        self._window.session.training.stop(group="comparison")
        run_for(1.0)

    # ---- positions ------------------------------------------------------------------------------------

    def _top(self) -> QWidget:
        return QApplication.activeModalWidget() or self._window

    def _widgets(self, kinds: type[QWidget] | tuple[type[QWidget], ...] = QWidget) -> list[QWidget]:
        """The widgets that the mouse can reach: in the dialog in front, otherwise in the window."""
        top = self._top()
        return [
            widget
            for widget in (top, *top.findChildren(QWidget))
            if isinstance(widget, kinds) and widget.isVisible() and widget.window() is top
        ]

    def _position(self, widgets: list[QWidget]) -> tuple[str, QWindow, QPoint]:
        """The name of one of them, its window, and a random position on it, in the window's pixels."""
        widget = self._random.choice(widgets)
        x, y = self._random.random() * widget.width(), self._random.random() * widget.height()
        top = widget.window()
        return _name(widget), top.windowHandle(), _within(top, widget.mapTo(top, QPoint(int(x), int(y))))

    def _modifier(self) -> Qt.KeyboardModifier:
        return self._random.choice(_MODIFIERS)

    # ---- mouse ----------------------------------------------------------------------------------------

    def _click(self) -> str:
        name, window, at = self._position(self._widgets())
        QTest.mouseClick(window, Qt.MouseButton.LeftButton, self._modifier(), at)
        return f"on {name}"

    def _double_click(self) -> str:
        name, window, at = self._position(self._widgets())
        QTest.mouseDClick(window, Qt.MouseButton.LeftButton, self._modifier(), at)
        return f"on {name}"

    def _right_click(self) -> str:
        """Open a context menu and, usually, choose an entry."""
        name, window, at = self._position(self._widgets())
        modifier, chosen = self._modifier(), self._random.random()
        if chosen < 0.75:
            QTimer.singleShot(_MENU_DELAY, lambda: self._choose_in_menu(chosen / 0.75))
        QTest.mouseClick(window, Qt.MouseButton.RightButton, modifier, at)
        # The offscreen platform does not send the context menu event.
        under = QApplication.widgetAt(window.mapToGlobal(at))
        if under is not None:
            position = window.mapToGlobal(at)
            event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, under.mapFromGlobal(position), position)
            QApplication.sendEvent(under, event)
        run_for(2 * _MENU_DELAY / 1000)
        return f"on {name}"

    def _choose_in_menu(self, position: float) -> None:
        popup = QApplication.activePopupWidget()
        if isinstance(popup, QMenu):
            actions = [
                action for action in popup.actions() if action.isEnabled() and not action.isSeparator()
            ]
            if actions:
                action = actions[int(position * len(actions))]
                self.done["menu entry"] += 1
                QTest.mouseClick(popup, Qt.MouseButton.LeftButton, pos=popup.actionGeometry(action).center())

    def _drag(self) -> str:
        buttons = (Qt.MouseButton.LeftButton,) * 4 + (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton)
        name, window, at = self._position(self._widgets())
        steps = [
            QPoint(self._random.randrange(-60, 61), self._random.randrange(-60, 61))
            for _ in range(self._random.randrange(1, _MAX_MOVES))
        ]
        self._drag_along(window, self._random.choice(buttons), at, steps)
        return f"over {name}"

    def _across(self) -> str:
        """Drag between two positions of a plot, a slider or the drawing pad, once or to and fro."""
        kinds = [
            widget
            for widget in self._widgets()
            if isinstance(widget, QAbstractSlider)
            or any(base.__name__ in _ACROSS for base in type(widget).__mro__)
        ]
        if not kinds:
            return "nothing"
        name, window, at = self._position([chosen := self._random.choice(kinds)])
        target = QPoint(
            int(self._random.random() * chosen.width()), int(self._random.random() * chosen.height())
        )
        to = chosen.mapTo(chosen.window(), target)
        steps = [(to - at) / _MAX_MOVES] * _MAX_MOVES
        button = self._random.choice((Qt.MouseButton.LeftButton,) * 3 + (Qt.MouseButton.RightButton,))
        self._drag_along(
            window, button, at, steps + [-step for step in steps[: self._random.randrange(_MAX_MOVES)]]
        )
        return name

    def _drag_along(self, window: QWindow, button: Qt.MouseButton, at: QPoint, steps: list[QPoint]) -> None:
        modifier = self._modifier()
        QTest.mousePress(window, button, modifier, at)
        for step in steps:
            if not shiboken6.isValid(window):  # a dialog that was closed during the drag
                return
            at = _within(window, at + step)
            QTest.mouseMove(window, at)
            QApplication.processEvents()  # as between two movements of a real mouse
        if shiboken6.isValid(window):
            QTest.mouseRelease(window, button, modifier, at)

    def _wheel(self) -> str:
        name, window, at = self._position(self._widgets())
        angle, modifier = self._random.choice((-_NOTCH, _NOTCH)), self._modifier()
        sideways = self._random.random() < 0.1
        for _ in range(self._random.randrange(1, _MAX_NOTCHES)):
            if not shiboken6.isValid(window):
                break
            QTest.wheelEvent(
                window, QPointF(at), QPoint(angle, 0) if sideways else QPoint(0, angle), stateKey=modifier
            )
            QApplication.processEvents()
        return f"over {name}"

    # ---- keys -----------------------------------------------------------------------------------------

    def _key(self) -> str:
        key, modifier = self._random.choice(_KEYS), self._modifier()
        QTest.keyClick(self._top().windowHandle(), key, modifier)
        return f"{modifier.name} {key.name}"

    def _shortcut(self) -> str:
        text = self._random.choice((*self._shortcuts, *_EDITING))
        keys = QKeySequence(text)[0]  # type: ignore[index]  # missing in the stubs
        QTest.keyClick(self._top().windowHandle(), keys.key(), keys.keyboardModifiers())
        return text

    def _type(self) -> str:
        """Type into a field, replacing its text or in its middle."""
        fields = [w for w in self._widgets((QLineEdit, QAbstractSpinBox)) if w.isEnabled()]
        text, end = self._random.choice(_TYPED), self._random.choice(_LAST_KEYS)
        replaces = self._random.random() < 0.7
        if not fields:
            return "nothing"
        name, window, at = self._position([field := self._random.choice(fields)])
        QTest.mouseClick(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        if replaces:
            QTest.keyClick(window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClick(window, Qt.Key.Key_Delete)
        for character in text:
            if not shiboken6.isValid(window):
                return f"into {name}, which disappeared"
            if character.isascii():
                QTest.keyClick(window, character)  # type: ignore[call-overload]
            elif shiboken6.isValid(field):  # QTest has no keys beyond Latin 1
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    QApplication.sendEvent(
                        field, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, character)
                    )
        if end is not None and shiboken6.isValid(window):
            QTest.keyClick(window, end)
        return f"{text[:24]!r} into {name}"

    def _use_popup(self, popup: QWidget) -> str:
        choice, position = self._random.random(), self._random.random()
        if isinstance(popup, QMenu) and choice < 0.5:
            self._choose_in_menu(position)
            return "choose"
        if choice < 0.7:
            key = self._random.choice(_KEYS)
            QTest.keyClick(popup, key)
            return key.name
        if choice < 0.85:
            at = QPoint(int(position * popup.width()), popup.height() // 2)
            QTest.mouseClick(popup, Qt.MouseButton.LeftButton, pos=at)
            return "click"
        popup.close()
        return "close"

    # ---- dialogs that would wait for ever -------------------------------------------------------------

    def _replace_blocking_dialogs(self, folder: Path) -> None:
        """Replace the dialogs of the system, which wait for a real user, by functions that return at once."""
        files = self._commands.files

        def existing(*_: Any, **__: Any) -> tuple[str, str]:
            return self._random.choice(("", *map(str, files))), ""

        def new(*_: Any, **__: Any) -> tuple[str, str]:
            return self._random.choice(("", str(folder / "written.npz"))), ""

        def any_folder(*_: Any, **__: Any) -> str:
            return self._random.choice(("", str(folder)))

        def text(*_: Any, **__: Any) -> tuple[str, bool]:
            return self._random.choice(("", "a <b>name</b>", "x" * 300)), self._random.random() < 0.5

        def drag(*_: Any) -> Qt.DropAction:
            return Qt.DropAction.IgnoreAction

        for owner, name, function in (
            (QFileDialog, "getOpenFileName", existing),
            (QFileDialog, "getSaveFileName", new),
            (QFileDialog, "getExistingDirectory", any_folder),
            (QInputDialog, "getText", text),
            (QDrag, "exec", drag),
        ):
            setattr(owner, name, function if owner is QDrag else staticmethod(function))


def _within(top: QWidget | QWindow, at: QPoint) -> QPoint:
    return QPoint(min(max(at.x(), 0), top.width() - 1), min(max(at.y(), 0), top.height() - 1))


def _name(widget: QWidget) -> str:
    label = widget.objectName() or widget.accessibleName()
    return f"{type(widget).__name__}{f' {label!r}' if label else ''}"


def _quits(action: QAction) -> bool:
    return action.objectName() == "window.close"


def _close_modal() -> bool:
    """Close the menu or dialog in front; return whether one was open."""
    popup, dialog = QApplication.activePopupWidget(), QApplication.activeModalWidget()
    if popup is not None:
        popup.close()
    elif isinstance(dialog, QDialog):
        dialog.reject()
    elif dialog is not None:
        dialog.close()
    return popup is not None or dialog is not None
