"""Keys of widgets: one meaning a key, listed as they work."""

from __future__ import annotations

import ast
import importlib

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from aestudio.gui.widgets.local_keys import DIGITS, LocalKey, LocalKeys
from aestudio.gui.window.local_key_tables import local_key_tables
from tests.sources import PACKAGE, nodes_of, sources

# Keys of an editor, of a filter above a list, and views that leave theirs to the class chooser.
WITHOUT_TABLE = {
    "widgets/number_box.py",
    "widgets/popup_frame.py",
    "widgets/setting_box.py",
    "window/branch_popup.py",
    "window/main_window.py",
    "window/runs/queue_window.py",
    "window/runs/runs_window.py",
    "window/sabotage/guess_dialog.py",
    "window/slow_motion/slow_motion_window.py",
    "views/latent/latent_view.py",
    "views/compare/compare_view.py",
}


def pressed(key: Qt.Key) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.ShiftModifier)


def test_a_key_means_its_command_whatever_modifier_is_held(qapp: object) -> None:
    keys = LocalKeys(lambda: "Thing", LocalKey("thing.out", ("-",), lambda: "out"))
    assert keys.command(pressed(Qt.Key.Key_Minus)) == "thing.out"
    assert keys.command(pressed(Qt.Key.Key_Plus)) == ""


def test_keys_of_one_meaning_share_a_row(qapp: object) -> None:
    keys = LocalKeys(
        lambda: "Thing",
        LocalKey("thing.left", ("Left",), lambda: "moves"),
        LocalKey("thing.out", ("-",), lambda: "zooms"),
        LocalKey("thing.right", ("Right",), lambda: "moves"),
        LocalKey("thing.number", DIGITS, lambda: "chooses"),
    )
    native = QKeySequence.SequenceFormat.NativeText
    left, right = (QKeySequence(key).toString(native) for key in ("Left", "Right"))
    assert keys.rows() == [(f"{left}, {right}", "moves"), ("-", "zooms"), ("0 – 9", "chooses")]


def test_a_key_has_one_meaning() -> None:
    with pytest.raises(ValueError, match="Home means"):
        LocalKeys(
            lambda: "Thing",
            LocalKey("thing.first", ("Home",), lambda: "first"),
            LocalKey("thing.reset", ("Home",), lambda: "reset"),
        )


def test_ids_are_unique_and_every_key_can_be_pressed() -> None:
    ids = [key.id for table in local_key_tables() for key in table.keys]
    assert len(ids) == len(set(ids))
    for table in local_key_tables():
        assert table.title()
        for key in table.keys:
            assert key.text()
            assert all(QKeySequence(text)[0].key() != Qt.Key.Key_unknown for text in key.keys), key


def test_each_widget_that_handles_keys_is_listed() -> None:
    listed = {id(table) for table in local_key_tables()}
    for path in sources("gui"):
        name = path.relative_to(PACKAGE / "gui").as_posix()
        handles = any(function.name == "keyPressEvent" for function in nodes_of(path, ast.FunctionDef))
        if handles and name not in WITHOUT_TABLE:
            module = importlib.import_module("aestudio.gui." + name.removesuffix(".py").replace("/", "."))
            assert id(module.KEYS) in listed, name
