"""Keeps the folder of the last file that was saved, in save_folder.json; an invalid file is ignored."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from aestudio.errors import StudioError
from aestudio.paths import settings_folder
from aestudio.storage.atomic_file import new_file
from aestudio.storage.json_text import parse_json, table_of

FILE = "save_folder.json"
MAXIMUM_BYTES = 10_000


def read_save_folder() -> Path:
    """The folder of the last file; the user's documents if there is none, or it is gone."""
    path = settings_folder() / FILE
    try:
        if path.is_file() and path.stat().st_size <= MAXIMUM_BYTES:
            folder = Path(str(table_of(parse_json(path.read_bytes()))["folder"]))
            if folder.is_absolute() and folder.is_dir():
                return folder
    except (OSError, ValueError, KeyError):
        pass
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(documents) if documents else Path.home()


def write_save_folder(folder: Path) -> None:
    """Keep the folder; no error if that cannot be written."""
    path = settings_folder() / FILE
    try:
        if path.exists() and not path.is_file():
            return
        with new_file(path, durable=False) as file:
            file.write(json.dumps({"folder": str(folder.absolute())}).encode())
    except (OSError, StudioError):
        return
