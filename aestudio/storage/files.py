"""Writes files of a run, completely or not at all, and JSON that keeps every float."""

from __future__ import annotations

import json
import math
import sys
import threading
import time
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any, cast

from aestudio.errors import StudioError
from aestudio.printable import json_safe
from aestudio.storage.atomic_file import new_file
from aestudio.storage.json_text import number, table_of
from aestudio.storage.os_errors import reading, writing
from aestudio.storage.regular_file import read_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# The window renames a run while the training thread writes into it: one writer at a time.
WRITING = threading.RLock()

_WINDOWS: bool = sys.platform == "win32"
_PATIENCE = 20  # times 25 ms, for a reader on Windows to close the file that is being replaced


def replace_file(
    path: Path,
    data: bytes,
    durable: bool = True,
    alone: bool = False,
    is_there: Callable[[], bool] | None = None,
) -> None:
    """Replace the content of the file, completely or not at all; raises StudioError.

    Its folder must exist: a run that was moved must not reappear with a single file.

    durable, is_there: as in `new_file`
    alone:   no other thread writes this file, so that it need not wait for other writers
    """
    with nullcontext() if alone else WRITING:
        for attempt in range(_PATIENCE):
            try:
                with new_file(path, durable, make_folder=False, is_there=is_there) as file:
                    file.write(data)
                return
            except StudioError as problem:
                busy = _WINDOWS and isinstance(problem.__cause__, PermissionError)
                if not busy or attempt == _PATIENCE - 1:
                    raise
                time.sleep(0.025)


def free_name(folder: Path, name: str, *others: Path) -> Path:
    """The path of this name in the folder, with a number if the name is taken, there or in other folders."""
    path, number = folder / name, 2
    while any((one / path.name).exists() for one in (folder, *others)):
        path, number = folder / f"{name} ({number})", number + 1
    return path


def new_folder(folder: Path, name: str) -> Path:
    """Make an empty folder of this name, with a number if it is taken, also by another process meanwhile.

    Returns its path; raises StudioError.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            path = free_name(folder, name)
            with suppress(FileExistsError):
                path.mkdir()
                return path


def read_bytes(path: Path, most_bytes: int) -> bytes:
    """The file's content; raises StudioError, also for a file of more bytes."""
    with reading(path):
        return read_file(path, most_bytes)


def to_json(value: Any) -> Any:
    """The value with every float that JSON cannot write as "nan", "inf" or "-inf"."""
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict):
        return {str(key): to_json(entry) for key, entry in cast("dict[object, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [to_json(entry) for entry in cast("list[Any]", value)]
    return value


def to_text(value: Any, indent: int | None = None) -> str:
    """The value as JSON; finite floats are written so that they read back bit for bit.

    Names of files that are no UTF-8 read back as the same names.
    """
    return json_safe(json.dumps(to_json(value), ensure_ascii=False, allow_nan=False, indent=indent))


def floats(table: Any) -> dict[str, float]:
    """A table of numbers as `to_json` wrote it; raises ValueError for anything else."""
    return {name: number(value) for name, value in table_of(table).items()}
