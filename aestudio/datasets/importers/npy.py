"""Reads .npy files: one array each, mapped into memory; pickles are never read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.memory_limit import check_size
from aestudio.datasets.row_reader import Rows, rows_of
from aestudio.storage.damage import Damage
from aestudio.storage.npy_header import read_npy_header
from aestudio.storage.os_errors import reading
from aestudio.storage.regular_file import file_size, open_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

DAMAGE = Damage(
    "This .npy file cannot be read",
    "Save it again with numpy.save, as plain numbers, or choose another file.",
)


def npy_rows(path: Path) -> Rows:
    """The array in a .npy file, of which only the header is read here.

    Raises StudioError if it cannot be read, is cut off, holds Python objects or more than is allowed.
    """
    with reading(path), open_file(path) as file:
        try:
            header = read_npy_header(file)
            info = header.info
            if header.length + info.bytes > file_size(file):
                raise ValueError("it ends too early")
        except ValueError as error:
            raise DAMAGE.error(path, error) from error
        check_size(info.bytes, str(path), "The numbers that its header announces")
        if not info.bytes:
            return rows_of(np.zeros(info.shape, info.dtype), str(path))
        array: NDArray[Any] = np.memmap(path, info.dtype, "r", header.length, info.shape, header.order)
    return rows_of(array if array.ndim else array.reshape(1), str(path))
