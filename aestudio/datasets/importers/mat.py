"""Reads MATLAB's .mat files up to version 7 through scipy, as named arrays."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from aestudio.datasets.memory_limit import check_free, check_size
from aestudio.datasets.row_reader import Rows, rows_of
from aestudio.errors import StudioError
from aestudio.storage.damage import Damage
from aestudio.storage.os_errors import reading
from aestudio.storage.regular_file import open_file

if TYPE_CHECKING:
    from pathlib import Path

_DAMAGE = Damage("This .mat file cannot be read", "Save it again in MATLAB, or choose another file.")
_MOST_NESTED = 5
_BYTES = {"double": 8, "single": 4, "int64": 8, "uint64": 8, "int32": 4, "uint32": 4, "int16": 2, "uint16": 2}


def mat_arrays(path: Path) -> dict[str, Rows]:
    """The arrays of a file by name; those of structures by the names down to them, with "_" between.

    Raises StudioError if it cannot be read, is of version 7.3 (HDF5), or takes more memory than is free.
    """
    from scipy.io import loadmat, whosmat

    try:
        with reading(path), open_file(path) as file:
            sizes = [_BYTES.get(kind, 1) * math.prod(shape) for _, shape, kind in whosmat(file)]
            check_size(sum(sizes), str(path))
            check_free(2 * sum(sizes), str(path))
            file.seek(0)
            table = loadmat(file)
    except NotImplementedError as error:
        raise StudioError(
            "This .mat file is of MATLAB's version 7.3, which is not read",
            where=str(path),
            advice="Save it in MATLAB with save(..., '-v7'), or from Python as .npz.",
        ) from error
    except StudioError:
        raise
    except Exception as error:  # whatever its reader raises for damaged files
        raise _DAMAGE.error(path, f"{type(error).__name__}: {error}") from error
    found: dict[str, Rows] = {}
    for name, value in table.items():
        if not name.startswith("__"):
            _collect(found, name, value, str(path), 0)
    return found


def _collect(found: dict[str, Rows], name: str, content: object, where: str, depth: int) -> None:
    """Add the arrays in a value: plain ones, texts in cells, and the fields of a structure."""
    value = cast("Any", content)
    if not isinstance(content, np.ndarray) or depth > _MOST_NESTED or not value.size:
        return
    if value.dtype.names:
        for field in value.dtype.names:
            _collect(found, f"{name}_{field}", value[field].flat[0], where, depth + 1)
    elif value.dtype.kind == "O":
        cells: list[Any] = list(value.flat)
        texts = [
            str(cell.item()) for cell in cells if isinstance(cell, np.ndarray) and cell.dtype.kind == "U"
        ]
        if len(texts) == len(cells):
            found[name] = rows_of(np.array(texts), f"{where} ({name})")
    elif value.dtype.kind in "buifUS":
        found[name] = rows_of(value, f"{where} ({name})")
