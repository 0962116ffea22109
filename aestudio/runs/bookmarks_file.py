"""The bookmarks of a run, points of its latent space that the user kept: `bookmarks.npz` in its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.analysis.code_limit import LARGEST
from aestudio.runs.mixed_images import image_arrays, image_rules, images_of
from aestudio.storage.arrays import ArrayRule
from aestudio.storage.atomic_file import new_file
from aestudio.storage.damage import Damage
from aestudio.storage.npz import read_npz
from aestudio.storage.os_errors import reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

FILE = "bookmarks.npz"
MOST_BYTES = 256_000_000  # in memory
KeptBookmark = tuple[str, "NDArray[np.float32]", "NDArray[np.uint8] | None"]
"""Name, code float32 (L,), image uint8 (C, H, W) or None."""

_RULES = {
    "names": ArrayRule("text", ("places",)),
    "lengths": ArrayRule("int64", ("places",)),
    "codes": ArrayRule("float32", ("numbers",), finite=True, most=LARGEST),
    "pictured": ArrayRule("bool", ("places",)),
}
_IMAGES, _COUNT = "pictures", "places"
_DAMAGE = Damage("The bookmarks of this run cannot be read", "Restore the file from a copy, or remove it.")


def write_bookmarks(path: Path, bookmarks: Sequence[KeptBookmark], make_folder: bool = True) -> None:
    """Replace the file by these bookmarks, codes float32 (L,), completely or not at all; raises StudioError.

    make_folder: as in `new_file`
    """
    codes = [np.asarray(code, np.float32) for _, code, _ in bookmarks]
    with new_file(path, make_folder=make_folder) as file:
        np.savez_compressed(
            file,
            allow_pickle=False,
            names=np.array([name for name, _, _ in bookmarks], np.str_),
            lengths=np.array([len(code) for code in codes], np.int64),
            codes=np.concatenate([np.zeros(0, np.float32), *codes]),
            pictured=np.array([image is not None for _, _, image in bookmarks], bool),
            **image_arrays(_IMAGES, [image for _, _, image in bookmarks]),
        )


def read_bookmarks(path: Path) -> tuple[KeptBookmark, ...]:
    """The bookmarks in the file, codes float32 (L,); () without a file. Raises StudioError if damaged."""
    if not path.exists():
        return ()
    with reading(path):
        rules = {**_RULES, **image_rules(path, _IMAGES, _COUNT, _DAMAGE)}
        arrays = read_npz(path, rules, MOST_BYTES, _DAMAGE)
    names, lengths, codes = arrays["names"], arrays["lengths"], arrays["codes"]
    # Each by itself: lengths that are negative or huge can have the right sum.
    if ((lengths < 0) | (lengths > len(codes))).any() or lengths.sum() != len(codes):
        raise _DAMAGE.error(path, "the lengths of the codes are wrong")
    split_codes = np.split(codes, np.cumsum(lengths)[:-1]) if len(lengths) else []
    pictures = images_of(arrays, _IMAGES, path, _DAMAGE)
    rows = zip(names, split_codes, arrays["pictured"], pictures, strict=True)
    return tuple((str(name), code, image if has else None) for name, code, has, image in rows)
