"""window.ini costs at most the window's place, whatever is in it."""

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


def put(content: bytes) -> Path:
    settings_folder().mkdir(parents=True, exist_ok=True)
    path = settings_folder() / FILE
    path.write_bytes(content)
    return path


@pytest.mark.qt_log_ignore("QVariant::load: unknown user type")  # Qt's own, when the file is written anew
@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
def test_a_damaged_file_costs_the_place_alone(qtbot: QtBot, content: bytes) -> None:
    put(content)
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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_or_a_folder_in_its_place_holds_nothing_up(qtbot: QtBot) -> None:
    path = put(b"")
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


def test_the_place_comes_back(qtbot: QtBot) -> None:
    window, again = QMainWindow(), QMainWindow()
    for each in (window, again):
        qtbot.addWidget(each)
    window.setGeometry(QRect(40, 60, 640, 420))
    save_geometry(window)
    restore_geometry(again)
    assert again.size().toTuple() == (640, 420)


@pytest.mark.parametrize("place", [QRect(52_428_800, 25, 600, 400), QRect(0, -5000, 600, 400)])
def test_a_place_off_every_screen_is_given_up(qtbot: QtBot, place: QRect) -> None:
    window, again = QMainWindow(), QMainWindow()
    for each in (window, again):
        qtbot.addWidget(each)
        each.resize(600, 400)
    window.setGeometry(place)
    save_geometry(window)
    restore_geometry(again)
    seen = QGuiApplication.primaryScreen().availableGeometry().intersected(again.geometry())
    assert seen.width() >= 64
    assert seen.height() >= 64


def test_a_window_is_no_larger_than_the_screen(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    room = QGuiApplication.primaryScreen().availableGeometry()
    window.resize(room.width() + 400, room.height() + 100)
    fit_to_screen(window)
    assert window.size().toTuple() == (room.width(), room.height() - TITLE)
    window.resize(300, 200)
    fit_to_screen(window)
    assert window.size().toTuple() == (300, 200)
