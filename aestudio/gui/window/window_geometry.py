"""Saves the geometry of the window in window.ini; an invalid file is ignored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QMargins, QRect, QSettings, QSize, Qt
from PySide6.QtGui import QGuiApplication

from aestudio.paths import settings_folder
from aestudio.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QMainWindow

FILE = "window.ini"
MAXIMUM_BYTES = 1_000_000
# Logical pixels of the frame, which is unknown before the window is shown: left, title bar, right, bottom.
FRAME = QMargins(4, 36, 4, 4)
FIRST_SIZE = QSize(1480, 900)  # of the first window: both sidebars are open in it
SMALL_SCREEN = QSize(1024, 640)
LARGE_SCREEN = QSize(1366, 768)  # on a smaller one the first window is maximised
MINIMUM_VISIBLE = 64  # logical pixels, of its width and of its height
_KEY = "geometry"
# Qt would read any of its types from this file, some with warnings; only this one is written.
_BYTES = re.compile(rb"^geometry=\"?@ByteArray\(.", re.MULTILINE)


def restore_geometry(window: QMainWindow) -> bool:
    """Restore the saved geometry, if the file has a valid one that is on a screen; return whether it had."""
    path = settings_folder() / FILE
    if not _BYTES.search(_content(path)):
        return False
    geometry = _settings(path).value(_KEY)
    if not isinstance(geometry, QByteArray):
        return False
    before = window.size()
    window.restoreGeometry(geometry)
    if not _on_a_screen(window.geometry()):
        window.resize(before)
        window.move(QGuiApplication.primaryScreen().availableGeometry().topLeft())
        return False
    return True


def available_area(window: QMainWindow) -> QRect:
    """The part of the window's screen that no panel of the desktop covers."""
    screen = window.screen() or QGuiApplication.primaryScreen()
    return screen.availableGeometry()


def first_geometry(available: QRect, frame: QMargins = FRAME) -> tuple[QRect, bool]:
    """Where a first window is, without its frame, and whether it is maximised; all of it is on the screen."""
    inner = available.marginsRemoved(frame)
    size = FIRST_SIZE.boundedTo(inner.size())
    corner = QRect(inner.topLeft(), size)
    corner.moveCenter(inner.center())
    small = available.width() < LARGE_SCREEN.width() or available.height() < LARGE_SCREEN.height()
    return corner, small


def minimum_size(
    window: QMainWindow, usual: QSize, scale: float, area: Callable[[QMainWindow], QRect] = available_area
) -> QSize:
    """The least size of a window whose type is `scale` times as large, if the screen has space for it.

    It does not grow beyond the smallest of the usual screens: there the views scroll.
    """
    space = area(window).marginsRemoved(FRAME).size()
    return (usual * scale).boundedTo(SMALL_SCREEN).boundedTo(space).expandedTo(usual)


def fitted(geometry: QRect, available: QRect, frame: QMargins = FRAME) -> QRect:
    """A geometry, without the frame, moved and shrunk so that all of it is in the available part."""
    inner = available.marginsRemoved(frame)
    result = QRect(geometry.topLeft(), geometry.size().boundedTo(inner.size()))
    result.moveLeft(max(inner.left(), min(result.left(), inner.right() + 1 - result.width())))
    result.moveTop(max(inner.top(), min(result.top(), inner.bottom() + 1 - result.height())))
    return result


def fit_to_screen(
    window: QMainWindow, restored: bool = True, area: Callable[[QMainWindow], QRect] = available_area
) -> None:
    """Put a window that is about to be shown on its screen, frame included.

    restored: whether it has a geometry of its own; a first window gets the usual one, maximised on a small
    screen. area: of the screen
    """
    available = area(window)
    _allow_to_fit(window, available)
    if restored:
        if not window.isMaximized():
            window.setGeometry(fitted(window.geometry(), available))
        return
    geometry, maximised = first_geometry(available)
    window.setGeometry(geometry)
    if maximised:
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)


def _allow_to_fit(window: QMainWindow, available: QRect) -> None:
    """Let the window be smaller than it should be where the screen is: what does not fit in it scrolls."""
    window.setMinimumSize(window.minimumSize().boundedTo(available.marginsRemoved(FRAME).size()))


def fit_with_frame(window: QMainWindow, area: Callable[[QMainWindow], QRect] = available_area) -> None:
    """Correct a window that is shown, now that the size of its frame is known."""
    if window.isMaximized() or window.isFullScreen():
        return
    outer, inner = window.frameGeometry(), window.geometry()
    frame = QMargins(
        inner.left() - outer.left(),
        inner.top() - outer.top(),
        outer.right() - inner.right(),
        outer.bottom() - inner.bottom(),
    )
    wanted = fitted(inner, area(window), frame)
    if wanted != inner:
        window.setGeometry(wanted)


def save_geometry(window: QMainWindow, geometry: QByteArray | None = None) -> None:
    """Save the geometry of the window, or this one of it; no error if the file cannot be written.

    Nothing is saved below a folder whose name is not UTF-8: Qt would write to another folder.
    """
    path = settings_folder() / FILE
    if printable(str(path)) != str(path):
        return
    if path.is_file() or not path.exists():
        _settings(path).setValue(_KEY, geometry or window.saveGeometry())


def _on_a_screen(geometry: QRect) -> bool:
    """Whether enough of the window is visible to drag it, and it is not much larger than all screens.

    Qt corrects only a geometry that was valid when it was written.
    """
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    largest = QGuiApplication.primaryScreen().virtualGeometry().size() * 2
    if geometry.width() > largest.width() or geometry.height() > largest.height():
        return False
    visible = [screen.intersected(geometry) for screen in screens]
    return any(part.width() >= MINIMUM_VISIBLE and part.height() >= MINIMUM_VISIBLE for part in visible)


def _settings(path: Path) -> QSettings:
    return QSettings(str(path), QSettings.Format.IniFormat)


def _content(path: Path) -> bytes:
    """The content of the file; empty if it is missing, unreadable or too large."""
    try:
        if not path.is_file() or path.stat().st_size > MAXIMUM_BYTES:
            return b""
        return path.read_bytes()
    except OSError:
        return b""
