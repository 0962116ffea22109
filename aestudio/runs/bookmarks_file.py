"""Places in a model's latent space that a person kept, as a file: `bookmarks.npz` in the run's folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.analysis.code_limit import LARGEST
from aestudio.datasets.dataset import SIDE
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
Place = tuple[str, "NDArray[np.float32]", "NDArray[np.uint8] | None"]
"""Name, code (latent,), image uint8 (28, 28) or None."""

_RULES = {
    "names": ArrayRule("text", ("places",)),
    "lengths": ArrayRule("int64", ("places",)),
    "codes": ArrayRule("float32", ("numbers",), finite=True, most=LARGEST),
    "pictured": ArrayRule("bool", ("places",)),
    "pictures": ArrayRule("uint8", ("places", SIDE, SIDE)),
}
_DAMAGE = Damage("The bookmarks of this run cannot be read", "Restore the file from a copy, or remove it.")


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
    """The places in the file, none if there is no file; raises StudioError for a damaged one."""
    if not path.exists():
        return ()
    with reading(path):
        arrays = read_npz(path, _RULES, MOST_BYTES, _DAMAGE)
    names, lengths, codes = arrays["names"], arrays["lengths"], arrays["codes"]
    # Each by itself: lengths that are negative or huge can have the right sum.
    if ((lengths < 0) | (lengths > len(codes))).any() or lengths.sum() != len(codes):
        raise _DAMAGE.error(path, "the lengths of the codes are wrong")
    parts = np.split(codes, np.cumsum(lengths)[:-1]) if len(lengths) else []
    found = zip(names, parts, arrays["pictured"], arrays["pictures"], strict=True)
    return tuple((str(name), code, picture if has else None) for name, code, has, picture in found)
