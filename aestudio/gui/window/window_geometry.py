"""Where the window was, kept in window.ini. A file that tells nothing usable costs only the place."""

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
MOST_BYTES = 1_000_000
TITLE = 32  # pixels of the window's own title, which no system tells before it is shown
MINIMUM_VISIBLE = 64  # pixels of the window's width and height
_KEY = "geometry"
# Qt would read any of its types from this file, each with warnings of its own; this one only is written.
_BYTES = re.compile(rb"^geometry=\"?@ByteArray\(.", re.MULTILINE)


def restore_geometry(window: QMainWindow) -> None:
    """Put the window where it was, as far as the file says so."""
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
    """Make it no larger than the screen lets it be, with its title: on a projector nothing may hang out."""
    room = QGuiApplication.primaryScreen().availableGeometry().size() - QSize(0, TITLE)
    window.resize(window.size().boundedTo(room))


def save_geometry(window: QMainWindow) -> None:
    """Remember where the window is; without a word where the folder does not allow it.

    Below a folder whose name is not UTF-8, Qt would write into another one.
    """
    path = settings_folder() / FILE
    if printable(str(path)) != str(path):
        return
    if path.is_file() or not path.exists():
        _settings(path).setValue(_KEY, window.saveGeometry())


def _on_a_screen(place: QRect) -> bool:
    """Whether enough of it is to be seen to take hold of it, and it is no larger than all screens together.

    Qt sees to it only for a place that was sound when it was written.
    """
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    whole = QGuiApplication.primaryScreen().virtualGeometry().size() * 2
    if place.width() > whole.width() or place.height() > whole.height():
        return False
    seen = [screen.intersected(place) for screen in screens]
    return any(part.width() >= MINIMUM_VISIBLE and part.height() >= MINIMUM_VISIBLE for part in seen)


def _settings(path: Path) -> QSettings:
    return QSettings(str(path), QSettings.Format.IniFormat)


def _content(path: Path) -> bytes:
    """The file's bytes, none where there is no file, no permission, or far too much in it."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return b""
        return path.read_bytes()
    except OSError:
        return b""
