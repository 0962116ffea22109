"""What a shipped model brings along, so that the Latent view works before there is a dataset.

`exhibit.npz`: codes (N, latent) float16 of test digits, labels (N,) uint8, ranges (latent, 2) float32 for
the sliders, digits (M, 28, 28) uint8 and digit_labels (M,) uint8: a few dozen digits to look at.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.data.digits import DIGIT_NAMES, Digits
from aestudio.errors import StudioError
from aestudio.runs.files import replace_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

CODES, DIGITS = 2_000, 40


@dataclass(frozen=True, eq=False)
class Exhibit:
    """codes: float32 (N, latent); labels: int64 (N,); ranges: float32 (latent, 2); digits: a few."""

    codes: NDArray[np.float32]
    labels: NDArray[np.int64]
    ranges: NDArray[np.float32]
    digits: Digits


def write_exhibit(path: Path, exhibit: Exhibit) -> None:
    """Write the file whole; codes keep three digits, enough for a map."""
    labels = exhibit.digits.labels
    assert labels is not None
    content = io.BytesIO()
    np.savez_compressed(
        content, codes=exhibit.codes.astype(np.float16), labels=exhibit.labels.astype(np.uint8),
        ranges=exhibit.ranges.astype(np.float32), digits=exhibit.digits.images[:, 0],
        digit_labels=labels.astype(np.uint8),
    )  # fmt: skip
    replace_file(path, content.getvalue())


def read_exhibit(path: Path) -> Exhibit:
    """Read it; raises StudioError where it is damaged."""
    try:
        with np.load(path) as file:
            digits = Digits(file["digits"][:, None], file["digit_labels"].astype(np.int64), DIGIT_NAMES)
            return Exhibit(
                file["codes"].astype(np.float32), file["labels"].astype(np.int64), file["ranges"], digits
            )
    except (OSError, ValueError, KeyError) as error:
        raise StudioError(f"The codes of this model cannot be read ({error})", where=str(path)) from error
