"""Saves the geometry of the window in window.ini; an invalid file is ignored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRect, QSettings, QSize
from PySide6.QtGui import QGuiApplication

from aestudio.paths import settings_folder
from aestudio.printable import printable

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QMainWindow

FILE = "window.ini"
MAXIMUM_BYTES = 1_000_000
TITLE = 32  # logical pixels of the title bar, whose height is unknown before the window is shown
MINIMUM_VISIBLE = 64  # logical pixels, of its width and of its height
_KEY = "geometry"
# Qt would read any of its types from this file, some with warnings; only this one is written.
_BYTES = re.compile(rb"^geometry=\"?@ByteArray\(.", re.MULTILINE)


def restore_geometry(window: QMainWindow) -> None:
    """Restore the saved geometry, if the file has a valid one that is on a screen."""
    path = settings_folder() / FILE
    if not _BYTES.search(_content(path)):
        return
    geometry = _settings(path).value(_KEY)
    if not isinstance(geometry, QByteArray):
        return
    before = window.size()
    window.restoreGeometry(geometry)
    if not _on_a_screen(window.geometry()):
        window.resize(before)
        window.move(QGuiApplication.primaryScreen().availableGeometry().topLeft())


def fit_to_screen(window: QMainWindow) -> None:
    """Shrink the window to the screen, title bar included; projectors have small screens."""
    available = QGuiApplication.primaryScreen().availableGeometry().size() - QSize(0, TITLE)
    window.resize(window.size().boundedTo(available))


def save_geometry(window: QMainWindow) -> None:
    """Save the geometry of the window; no error if the file cannot be written.

    Nothing is saved below a folder whose name is not UTF-8: Qt would write to another folder.
    """
    path = settings_folder() / FILE
    if printable(str(path)) != str(path):
        return
    if path.is_file() or not path.exists():
        _settings(path).setValue(_KEY, window.saveGeometry())


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
