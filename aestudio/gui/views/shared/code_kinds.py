"""The kinds of files to which codes of images can be written."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from aestudio.gui.widgets.save_dialog import FileKind

translate = QCoreApplication.translate


def code_kinds() -> tuple[FileKind, ...]:
    """Arrays for NumPy, or a table with a row for each image; Parquet needs a library, and says so."""
    return (
        FileKind(translate("code_kinds", "NumPy arrays"), "npz"),
        FileKind(translate("code_kinds", "Table (CSV)"), "csv"),
        FileKind(translate("code_kinds", "Table (Parquet)"), "parquet"),
    )
