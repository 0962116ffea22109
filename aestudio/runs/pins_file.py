"""The run's file `pins.npz`: digits drawn by hand that are followed through its training."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from aestudio.data.digits import SIDE
from aestudio.errors import StudioError
from aestudio.runs.files import read_bytes, replace_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

FILE = "pins.npz"
NamedDrawing = tuple[str, "NDArray[np.uint8]"]


def write_pins(folder: Path, drawings: Sequence[NamedDrawing]) -> None:
    """Replace the folder's pins by these names and pictures uint8 (28, 28); raises StudioError."""
    images = np.stack([image for _, image in drawings]) if drawings else np.zeros((0, SIDE, SIDE), np.uint8)
    buffer = io.BytesIO()
    names = np.array([name for name, _ in drawings], np.str_)
    np.savez_compressed(buffer, allow_pickle=False, names=names, images=images)
    replace_file(folder / FILE, buffer.getvalue())


def read_pins(folder: Path) -> tuple[NamedDrawing, ...]:
    """The pins in the folder, none where there is no file; raises StudioError for a damaged one."""
    path = folder / FILE
    if not path.exists():
        return ()
    data = read_bytes(path)
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            names, images = file["names"], file["images"]
        if images.dtype != np.uint8 or images.shape != (len(names), SIDE, SIDE):
            raise ValueError(f"pictures are {images.dtype} {images.shape}")
        return tuple((str(name), image) for name, image in zip(names, images, strict=True))
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise StudioError(
            "The drawings that were pinned to this run cannot be read", where=str(path),
            advice="Restore the file from a copy, or remove it.",
        ) from error  # fmt: skip
