"""An invalid window.ini is ignored, and so is a geometry off every screen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from aestudio.gui.window.window_geometry import (
    FILE,
    FIRST_SIZE,
    FRAME,
    MAXIMUM_BYTES,
    first_geometry,
    fit_to_screen,
    fit_with_frame,
    fitted,
    minimum_size,
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


def test_whether_a_geometry_was_restored_is_told(qtbot: QtBot) -> None:
    window, again = QMainWindow(), QMainWindow()
    for each in (window, again):
        qtbot.addWidget(each)
    assert not restore_geometry(window)
    window.setGeometry(QRect(40, 60, 640, 420))
    save_geometry(window)
    assert restore_geometry(again)


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


SCREENS = [
    QRect(0, 0, 800, 600),
    QRect(0, 24, 1024, 744),
    QRect(0, 0, 1280, 760),
    QRect(64, 0, 1302, 768),
    QRect(0, 0, 1366, 768),
    QRect(0, 27, 1920, 1053),
    QRect(1920, 0, 2560, 1400),
]


def with_frame(geometry: QRect) -> QRect:
    return geometry.marginsAdded(FRAME)


@pytest.mark.parametrize("screen", SCREENS)
def test_a_first_window_is_on_the_screen_with_its_frame_and_maximised_on_a_small_one(screen: QRect) -> None:
    geometry, maximised = first_geometry(screen)
    assert screen.contains(with_frame(geometry))
    assert maximised == (screen.width() < 1366 or screen.height() < 768)
    assert geometry.size() == FIRST_SIZE.boundedTo(screen.marginsRemoved(FRAME).size())


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize(
    "geometry", [QRect(-500, -300, 5000, 4000), QRect(9000, 9000, 600, 400), QRect(70, 60, 640, 420)]
)
def test_a_kept_geometry_is_brought_onto_the_screen(screen: QRect, geometry: QRect) -> None:
    result = fitted(geometry, screen)
    assert screen.contains(with_frame(result))
    if screen.contains(with_frame(geometry)):
        assert result == geometry, "nothing is moved that fits"


@pytest.mark.parametrize("screen", SCREENS)
def test_a_window_that_is_about_to_be_shown_is_put_on_its_screen(qtbot: QtBot, screen: QRect) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    fit_to_screen(window, restored=False, area=lambda _: screen)
    expected, maximised = first_geometry(screen)
    assert window.isMaximized() == maximised
    assert maximised or window.geometry() == expected
    again = QMainWindow()
    qtbot.addWidget(again)
    again.setGeometry(screen.x() + 20, screen.y() + 50, 4000, 3000)
    fit_to_screen(again, restored=True, area=lambda _: screen)
    assert screen.contains(with_frame(again.geometry()))
    assert not again.isMaximized()


def test_a_window_with_a_larger_frame_than_expected_is_corrected(qtbot: QtBot) -> None:
    class Framed(QMainWindow):
        def frameGeometry(self) -> QRect:
            return self.geometry().adjusted(-20, -70, 20, 20)

    window = Framed()
    qtbot.addWidget(window)
    screen = QRect(0, 0, 700, 600)
    fit_to_screen(window, restored=True, area=lambda _: screen)
    window.setGeometry(fitted(QRect(0, 0, 4000, 3000), screen))
    assert not screen.contains(window.frameGeometry())
    fit_with_frame(window, area=lambda _: screen)
    assert screen.contains(window.frameGeometry())


@pytest.mark.parametrize(
    ("screen", "scale", "least"),
    [
        ((1920, 1080), 1.0, (800, 600)),
        ((1920, 1080), 1.1, (880, 640)),
        ((1920, 1080), 1.5, (1024, 640)),
        ((1024, 768), 1.5, (1016, 640)),  # with the frame it is 1024 wide
        ((800, 600), 1.5, (800, 600)),
    ],
)
def test_large_type_needs_a_larger_window_as_far_as_the_screen_allows(
    screen: tuple[int, int], scale: float, least: tuple[int, int], qtbot: QtBot
) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    found = minimum_size(window, QSize(800, 600), scale, lambda _: QRect(0, 0, *screen))
    assert found.toTuple() == least
