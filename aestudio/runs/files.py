"""How files of a run are written: whole or not at all, and plain JSON that keeps every float."""

from __future__ import annotations

import json
import math
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from aestudio.data.new_file import new_file
from aestudio.data.problems import reading
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from pathlib import Path

# The window renames a run while the training thread writes into it: one writer at a time.
WRITING = threading.RLock()

_PATIENCE = 20  # times 25 ms, for a reader on Windows to close the file that is being replaced


def replace_file(path: Path, data: bytes, durable: bool = True) -> None:
    """Put the data in the place of the file, whole or not at all; raises StudioError.

    Its folder must be there: a run that was moved away must not come back as one with a single file.

    durable: as of `new_file`
    """
    with WRITING:
        for attempt in range(_PATIENCE):
            try:
                with new_file(path, durable, make_folder=False) as file:
                    file.write(data)
                return
            except StudioError as problem:
                busy = sys.platform == "win32" and isinstance(problem.__cause__, PermissionError)
                if not busy or attempt == _PATIENCE - 1:
                    raise
                time.sleep(0.025)


def read_bytes(path: Path) -> bytes:
    """The file's content; raises StudioError."""
    with reading(path):
        return path.read_bytes()


def to_json(value: Any) -> Any:
    """The value with every float that JSON has no word for written as "nan", "inf" or "-inf"."""
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict):
        return {str(key): to_json(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(entry) for entry in value]
    return value


def to_text(value: Any, indent: int | None = None) -> str:
    """The value as JSON; finite floats are written so that they read back bit for bit."""
    return json.dumps(to_json(value), ensure_ascii=False, allow_nan=False, indent=indent)


def floats(table: Any) -> dict[str, float]:
    """A table of numbers as `to_json` wrote it; raises ValueError, TypeError for anything else."""
    if not isinstance(table, dict):
        raise TypeError("not a table of numbers")
    return {str(name): float(value) for name, value in table.items()}
