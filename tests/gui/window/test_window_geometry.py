"""An invalid window.ini is ignored, and so is a geometry off every screen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from aestudio.gui.window.window_geometry import (
    FILE,
    MAXIMUM_BYTES,
    TITLE,
    fit_to_screen,
    restore_geometry,
    save_geometry,
)
from aestudio.paths import settings_folder

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

CONTENTS = {
    "empty value": b"[General]\ngeometry=\n",
    "no value": b"[General]\ngeometry\n",
    "empty": b"",
    "zeros": bytes(400),
    "a number": b"[General]\ngeometry=5\n",
    "a list": b"[General]\ngeometry=1, 2, 3\n",
    "empty bytes": b"[General]\ngeometry=@ByteArray()\n",
    "other bytes": b"[General]\ngeometry=@ByteArray(nonsense)\n",
    "cut off": b"[General]\ngeometry=@ByteArray(\\x1\\xd9\\xd0\\xcb\\0\\x3\n",
    "a rectangle": b"[General]\ngeometry=@Rect(0 0 5 5)\n",
    "a variant": b"[General]\ngeometry=@Variant(\\0\\0\\0\\x7f\\0\\0\\0\\xf" + b"QUnknownType\\0)\n",
    "a font": b"[General]\ngeometry=@Variant(\\0\\0\\0\\x40\\xff\\xff\\xff\\xff)\n",
    "not UTF-8": b"[General]\ngeometry=\xff\xfe\xfa\n",
    "another group": b"[geometry\ngeometry=@ByteArray(\\x1)\n",
    "much": b"[General]\ngeometry=@ByteArray(" + b"x" * (MAXIMUM_BYTES + 1) + b")\n",
}


def write(content: bytes) -> Path:
    settings_folder().mkdir(parents=True, exist_ok=True)
    path = settings_folder() / FILE
    path.write_bytes(content)
    return path


@pytest.mark.qt_log_ignore("QVariant::load: unknown user type")  # a warning of Qt's when it rewrites the file
@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
def test_an_invalid_file_is_ignored(qtbot: QtBot, content: bytes) -> None:
    write(content)
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(700, 500)
    restore_geometry(window)
    assert window.size().toTuple() == (700, 500)
    save_geometry(window)
    again = QMainWindow()
    qtbot.addWidget(again)
    restore_geometry(again)
    if len(content) <= MAXIMUM_BYTES:
        assert again.size().toTuple() == (700, 500)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_or_a_folder_with_this_name_does_not_block(qtbot: QtBot) -> None:
    path = write(b"")
    path.unlink()
    os.mkfifo(path)
    window = QMainWindow()
    qtbot.addWidget(window)
    restore_geometry(window)
    save_geometry(window)
    path.unlink()
    path.mkdir()
    restore_geometry(window)
    save_geometry(window)


def test_the_geometry_is_restored(qtbot: QtBot) -> None:
    window, again = QMainWindow(), QMainWindow()
    for each in (window, again):
        qtbot.addWidget(each)
    window.setGeometry(QRect(40, 60, 640, 420))
    save_geometry(window)
    restore_geometry(again)
    assert again.size().toTuple() == (640, 420)


@pytest.mark.parametrize("geometry", [QRect(52_428_800, 25, 600, 400), QRect(0, -5000, 600, 400)])
def test_a_geometry_off_every_screen_is_corrected(qtbot: QtBot, geometry: QRect) -> None:
    window, again = QMainWindow(), QMainWindow()
    for each in (window, again):
        qtbot.addWidget(each)
        each.resize(600, 400)
    window.setGeometry(geometry)
    save_geometry(window)
    restore_geometry(again)
    visible = QGuiApplication.primaryScreen().availableGeometry().intersected(again.geometry())
    assert visible.width() >= 64
    assert visible.height() >= 64


def test_a_window_is_no_larger_than_the_screen(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    screen = QGuiApplication.primaryScreen().availableGeometry()
    window.resize(screen.width() + 400, screen.height() + 100)
    fit_to_screen(window)
    assert window.size().toTuple() == (screen.width(), screen.height() - TITLE)
    window.resize(300, 200)
    fit_to_screen(window)
    assert window.size().toTuple() == (300, 200)
