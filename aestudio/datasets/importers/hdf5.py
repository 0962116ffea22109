"""Reads the arrays of HDF5 files, and of MATLAB's version 7.3, which are such files, through h5py."""

from __future__ import annotations

from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.importers.optional_library import optional_library
from aestudio.datasets.memory_limit import MOST_LABELS, check_packing, check_size
from aestudio.datasets.row_reader import Rows, rows_of
from aestudio.errors import StudioError
from aestudio.storage.damage import Damage
from aestudio.storage.os_errors import reading

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.progress import Progress

SUFFIXES = (".h5", ".hdf5", ".he5", ".hdf")
_MOST_ARRAYS = 10_000
_EACH_TEXT = 60  # bytes of a Python text beside its letters
_OWN_OF_MATLAB = "#refs#"  # a group in which MATLAB keeps its cells
_DAMAGE = Damage(
    "This HDF5 file cannot be read", "Save it again, or save its arrays with numpy.savez(file, images=...)."
)
_ERRORS = (OSError, RuntimeError, ValueError, KeyError, TypeError, OverflowError, MemoryError, AttributeError)


@contextmanager
def hdf5_arrays(path: Path, matlab: bool = False, content: bytes | None = None) -> Generator[dict[str, Rows]]:
    """The arrays of a file by the names down to them, readable until the block ends.

    matlab:  its dimensions are in the other order, and its texts are numbers
    content: the file's, if it is none of its own

    Links to other files are not followed. Raises StudioError if it cannot be read, or h5py is missing.
    """
    library = optional_library("h5py", "h5py", str(path))
    if content is None:
        with reading(path):
            path.open("rb").close()  # a sentence of the system, rather than of the library
    try:
        with library.File(path if content is None else BytesIO(content), "r") as file:
            found: dict[str, Rows] = {}
            for name, dataset in _datasets(library, file, path):
                kind = dataset.attrs.get("MATLAB_class", b"") if matlab else b""
                if kind not in (b"char", b"cell", b"function_handle"):
                    found[name] = _rows(dataset, name, path, matlab)
            yield found
    except StudioError:
        raise
    except _ERRORS as error:
        raise _DAMAGE.error(path, error) from error


def _datasets(library: Any, file: Any, path: Path) -> list[tuple[str, Any]]:
    """Every array of numbers or texts with its name; "/" between groups becomes "_" between words."""
    found: list[tuple[str, Any]] = []

    def visit(name: str, item: Any) -> bool | None:
        if (
            isinstance(item, library.Dataset)
            and not name.startswith(_OWN_OF_MATLAB)
            and _is_plain(library, item)
        ):
            found.append((name.replace("/", "_"), item))
        return True if len(found) > _MOST_ARRAYS else None

    if file.visititems(visit):
        raise StudioError(
            f"There are more than {_MOST_ARRAYS:,} arrays in this file",
            where=str(path),
            advice="Save the images as one array, (N, height, width).",
        )
    return found


def _is_plain(library: Any, item: Any) -> bool:
    """Whether an array lies in this file, and holds numbers or texts."""
    if item.shape is None or item.external or item.is_virtual:
        return False
    return item.dtype.kind in "buifS" or library.check_string_dtype(item.dtype) is not None


def _rows(item: Any, name: str, path: Path, matlab: bool) -> Rows:
    where = f"{path} ({name})"
    shape = tuple(reversed(item.shape)) if matlab else tuple(item.shape)
    if item.dtype.kind == "O":
        check_size(item.size * _EACH_TEXT, where, "The texts", MOST_LABELS)
        return rows_of(np.atleast_1d(np.array(item.asstr()[()], np.str_)), where)
    if not shape or 0 in shape:
        return rows_of(np.atleast_1d(np.asarray(item[()])), where)

    def whole(_: Progress) -> NDArray[Any]:
        check_size(item.nbytes, where)
        check_packing(item.nbytes, item.id.get_storage_size(), where)
        array = np.asarray(item[()])
        return np.ascontiguousarray(array.T if matlab else array)

    def batches(count: int) -> Iterator[NDArray[Any]]:
        return (np.asarray(item[start : start + count]) for start in range(0, shape[0], count))

    packed = int(item.id.get_storage_size())
    return Rows(shape, item.dtype.newbyteorder("="), where, packed, batches, whole if matlab else None)
