"""codes.npz of a shipped model: enough of the test set to look at before any data is there."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.data.digits import DIGIT_NAMES, Digits
from aestudio.errors import StudioError
from aestudio.runs.files import read_bytes, replace_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FILE = "codes.npz"


@dataclass(frozen=True, eq=False)
class Exhibit:
    """What comes with a shipped model.

    codes:  float32 (N, L), of the first N test images; labels: int64 (N,)
    ranges: float32 (L, 2), lowest and highest value worth sliding to, from the training codes
    digits: the first few of those test images
    """

    codes: NDArray[np.float32]
    labels: NDArray[np.int64]
    ranges: NDArray[np.float32]
    digits: Digits


def write_exhibit(folder: Path, exhibit: Exhibit) -> None:
    """Write the folder's codes.npz; raises StudioError."""
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer, allow_pickle=False, codes=exhibit.codes, labels=exhibit.labels.astype(np.uint8),
        ranges=exhibit.ranges, images=exhibit.digits.images[:, 0],
        class_names=np.array(exhibit.digits.class_names, np.str_),
    )  # fmt: skip
    replace_file(folder / FILE, buffer.getvalue())


def read_exhibit(folder: Path) -> Exhibit | None:
    """What lies in the folder, None where there is nothing; raises StudioError for a damaged file."""
    path = folder / FILE
    if not path.exists():
        return None
    data = read_bytes(path)
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            labels = file["labels"].astype(np.int64)
            images = file["images"][:, None]
            names = tuple(str(name) for name in file["class_names"]) or DIGIT_NAMES
            digits = Digits(images, labels[: len(images)].copy(), names)
            return Exhibit(
                file["codes"].astype(np.float32), labels, file["ranges"].astype(np.float32), digits
            )
    except (ValueError, KeyError, IndexError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise StudioError(
            "This file is damaged or cut off", where=str(path), advice="Reinstall aestudio."
        ) from error
