"""Where files are saved: the last folder, a free name, the suffix of the chosen kind, nothing overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from aestudio.gui.widgets.save_dialog import FileKind, free_name, open_save_dialog
from aestudio.gui.widgets.save_folder import FILE, read_save_folder, write_save_folder
from aestudio.paths import settings_folder

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)
KINDS = (FileKind("PDF", "pdf"), FileKind("SVG", "svg"))


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def test_it_begins_where_the_last_file_was_saved(parent: QWidget, tmp_path: Path) -> None:
    saved: list[Path] = []
    dialog = open_save_dialog(parent, "Save", "Table", "curves.csv", saved.append)
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("curves.csv")
    dialog.accept()
    assert saved == [tmp_path / "curves.csv"]
    assert read_save_folder() == tmp_path
    (tmp_path / "curves.csv").write_text("kept")
    second = open_save_dialog(parent, "Save", "Table", "curves.csv", saved.append)
    assert second.directory().absolutePath() == str(tmp_path)
    assert second.selectedFiles() == [str(tmp_path / "curves 2.csv")]
    assert not second.testOption(QFileDialog.Option.DontConfirmOverwrite)
    second.reject()


def test_the_suffix_follows_the_kind(parent: QWidget, tmp_path: Path) -> None:
    write_save_folder(tmp_path)
    saved: list[tuple[Path, int]] = []
    dialog = open_save_dialog(
        parent, "Save", KINDS, "plot.pdf", lambda path, kind: saved.append((path, kind))
    )
    dialog.selectNameFilter(dialog.nameFilters()[1])
    dialog.filterSelected.emit(dialog.nameFilters()[1])
    dialog.accept()
    assert saved == [(tmp_path / "plot.svg", 1)]


def test_a_folder_that_is_gone_or_an_invalid_file_is_not_used(tmp_path: Path) -> None:
    usual = read_save_folder()
    gone = tmp_path / "gone"
    gone.mkdir()
    write_save_folder(gone)
    assert read_save_folder() == gone
    gone.rmdir()
    assert read_save_folder() == usual
    for text in ("", "[]", '{"folder": 3}', '{"folder": "relative"}'):
        (settings_folder() / FILE).write_text(text)
        assert read_save_folder() == usual


def test_free_names_count(tmp_path: Path) -> None:
    assert free_name(tmp_path, "a.png") == "a.png"
    for name in ("a.png", "a 2.png"):
        (tmp_path / name).touch()
    assert free_name(tmp_path, "a.png") == "a 3.png"
