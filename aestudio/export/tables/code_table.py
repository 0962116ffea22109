"""Codes of images as arrays (.npz), or as a table (.csv, .parquet) with a row for each image."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np

from aestudio.export.tables.parquet_table import SUFFIX as PARQUET
from aestudio.export.tables.parquet_table import require_pyarrow, write_parquet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import IO

    from numpy.typing import NDArray

SUFFIXES = (".npz", ".csv", PARQUET)
_FIRST = ("part", "split", "indices", "source_file", "source_row")
_ABOUT = ("recipe", "run", "step", "sabotage")
_NUMBERED = {"codes": "code", "deviation": "deviation", "entries": "entry", "points": "point"}
_TITLES = {"indices": "index"}


def write_codes(file: IO[bytes], path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Write named arrays (N, ...) into a file that is to be at this path: by its ending as a table or arrays.

    Columns of the table: part or split, index in it, source_file and source_row if they are known, label and
    class, then code 1, code 2 ... and what else there is of each code. Text is UTF-8 with a byte order mark,
    by which spreadsheets know it. Parquet keeps the types of the numbers, and has the recipe as metadata.
    """
    suffix = path.suffix.lower()
    if suffix == PARQUET:
        require_pyarrow(path)
        about = {name: arrays[name].tolist() for name in _ABOUT if name in arrays}
        write_parquet(file, dict(_columns(arrays, as_text=False)), about)
        return
    if suffix != ".csv":
        np.savez(file, allow_pickle=False, **dict(arrays))
        return
    columns = list(_columns(arrays))
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([title for title, _ in columns])
    writer.writerows(zip(*(values for _, values in columns), strict=True))
    text.detach()


def _columns(
    arrays: Mapping[str, NDArray[np.generic]], as_text: bool = True
) -> Iterator[tuple[str, list[object] | NDArray[np.generic]]]:
    """Titles and values, one for each image. as_text: whether numbers of codes are texts"""
    count = len(arrays["codes"])
    for name in _FIRST:
        if name in arrays and arrays[name].ndim:
            yield _TITLES.get(name, name), arrays[name].tolist()
    if "labels" in arrays:
        yield "label", arrays["labels"].tolist()
        names = arrays["class_names"]
        if len(names):
            yield "class", names[np.asarray(arrays["labels"], np.int64)].tolist()
    if "sabotage" in arrays:
        yield "sabotage", [arrays["sabotage"].item()] * count
    for name, title in _NUMBERED.items():
        if name in arrays:
            flat = arrays[name].reshape(count, -1)
            for place in range(flat.shape[1]):
                # float32 in as few digits as tell it from all others
                numbers = flat[:, place]
                yield f"{title} {place + 1}", [str(number) for number in numbers] if as_text else numbers
