"""Places in a model's latent space that a person kept, as a file: `bookmarks.npz` in the run's folder."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from aestudio.data.digits import SIDE
from aestudio.data.new_file import new_file
from aestudio.errors import StudioError
from aestudio.runs.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

FILE = "bookmarks.npz"
Place = tuple[str, "NDArray[np.float32]", "NDArray[np.uint8] | None"]
"""Name, code (latent,), picture uint8 (28, 28) or None."""


def write_bookmarks(path: Path, places: Sequence[Place], make_folder: bool = True) -> None:
    """Replace the file by these places, wholly or not at all; raises StudioError.

    make_folder: as of `new_file`
    """
    blank = np.zeros((SIDE, SIDE), np.uint8)
    codes = [np.asarray(code, np.float32) for _, code, _ in places]
    with new_file(path, make_folder=make_folder) as file:
        np.savez_compressed(
            file,
            allow_pickle=False,
            names=np.array([name for name, _, _ in places], np.str_),
            lengths=np.array([len(code) for code in codes], np.int64),
            codes=np.concatenate([np.zeros(0, np.float32), *codes]),
            pictured=np.array([picture is not None for _, _, picture in places], bool),
            pictures=np.array([blank if picture is None else picture for _, _, picture in places], np.uint8),
        )


def read_bookmarks(path: Path) -> tuple[Place, ...]:
    """The places in the file, none where there is no file; raises StudioError for a damaged one."""
    if not path.exists():
        return ()
    data = read_bytes(path)
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            names, lengths, codes = file["names"], file["lengths"], file["codes"]
            pictured, pictures = file["pictured"], file["pictures"]
        if len(codes) != lengths.sum() or codes.dtype != np.float32 or pictures.dtype != np.uint8:
            raise ValueError("lengths and codes disagree")
        parts = np.split(codes, np.cumsum(lengths)[:-1]) if len(lengths) else []
        found = zip(names, parts, pictured, pictures, strict=True)
        return tuple((str(name), code, picture if has else None) for name, code, has, picture in found)
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise StudioError(
            "The bookmarks of this run cannot be read", where=str(path),
            advice="Restore the file from a copy, or remove it.",
        ) from error  # fmt: skip
