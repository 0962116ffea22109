"""The header of an array in a .npz file: what numpy writes before the numbers (the .npy format 1 to 3).

numpy's own function evaluates older headers through Python's tokenizer, with its own warnings
and errors; this one reads plain numbers and texts only, and names what it refuses.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from aestudio.storage.arrays import ArrayInfo, check_shape

if TYPE_CHECKING:
    from typing import IO

_MAGIC = b"\x93NUMPY"
_LONGEST = 10_000  # numpy's own limit
_PYTHON_2 = re.compile(r"(\d)L\b")
_PLAIN = re.compile(r"[<>|=]?[?buifcSU]\d{0,9}")


class NotPlain(ValueError):
    """The array holds neither plain numbers nor texts: Python objects (a pickle, never read) or records."""


@dataclass(frozen=True)
class NpyHeader:
    """The header of an array. order: which index moves fastest; length: bytes of the header itself."""

    info: ArrayInfo
    order: Literal["C", "F"]
    length: int


def read_npy_header(file: IO[bytes]) -> NpyHeader:
    """Read up to the first number; raises ValueError saying what is wrong."""
    start = file.read(8)
    if len(start) < 8 or start[:6] != _MAGIC or start[6] not in (1, 2, 3):
        raise ValueError("it is not a NumPy array")
    width = 2 if start[6] == 1 else 4
    length = int.from_bytes(file.read(width), "little")
    text = file.read(length) if length <= _LONGEST else b""
    if len(text) < max(length, 1):
        raise ValueError("its header is too long or cut off")
    table = _table(text.decode("utf-8" if start[6] == 3 else "latin1"))
    info = ArrayInfo(_dtype(table["descr"]), check_shape(table["shape"]))
    return NpyHeader(info, "F" if table["fortran_order"] else "C", 8 + width + length)


def _table(text: str) -> dict[str, object]:
    try:
        table = ast.literal_eval(_PYTHON_2.sub(r"\1", text).strip())
    except (SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise ValueError("its header cannot be read") from error
    if not isinstance(table, dict):
        raise ValueError("its header cannot be read")
    table = cast("dict[str, object]", table)  # its keys are compared next
    if table.keys() != {"descr", "fortran_order", "shape"}:
        raise ValueError("its header cannot be read")
    if type(table["fortran_order"]) is not bool:
        raise ValueError("its header cannot be read")
    return table


def _dtype(described: object) -> np.dtype[np.generic]:
    if not isinstance(described, str) or not _PLAIN.fullmatch(described):
        raise NotPlain("it holds neither plain numbers nor texts")
    try:
        return np.dtype(described)
    except TypeError as error:
        raise NotPlain(f"its type {described} is unknown") from error
