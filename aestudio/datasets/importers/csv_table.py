"""Reads tables of numbers, a row for each image: CSV, TSV and the like, of any usual layout."""

from __future__ import annotations

import csv
import io
import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.array_axes import FLAT_SIZES
from aestudio.datasets.memory_limit import check_free, check_size
from aestudio.errors import StudioError
from aestudio.printable import shortened

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DELIMITERS = (",", ";", "\t", " ")
_LABELS = ("label", "labels", "class", "target", "y", "digit", "character", "letter")
_IDS = ("id", "imageid", "image_id", "index", "")
_LOOK = 200  # rows, in which the column of labels is looked for
_ROWS = 2000  # between two calls of the progress callback
_SMALLEST = 16


@dataclass(frozen=True, eq=False)
class Table:
    """images: float32 (N, P); labels: (N,) whole numbers or texts, or None; notes: what was decided"""

    images: NDArray[np.float32]
    labels: NDArray[Any] | None
    notes: tuple[str, ...]


def read_table(content: bytes, where: str) -> Table:
    """The images and labels in a table; raises StudioError if it is none.

    The labels are in the column of such a name; without names, in the first or last one, if the others are as
    many as an image has pixels.
    """
    text = _text(content, where)
    lines = text.splitlines()
    if not lines:
        raise _no_table("This table is empty", where)
    delimiter = max(_DELIMITERS, key=lines[0].count)
    rows = csv.reader(io.StringIO("\n".join(lines[: _LOOK + 1])), delimiter=delimiter, skipinitialspace=True)
    first = [[cell.strip() for cell in row if row] for row in rows]
    if any(len(row) != len(first[0]) for row in first if row):
        raise _no_table("The rows of this table have different numbers of columns", where)
    numeric = sum(_numbers([cell]) for cell in first[0])
    names = [name.lower() for name in first[0]] if 2 * numeric < len(first[0]) else []
    body = [row for row in first[1 if names else 0 :] if row]
    if not body:
        raise _no_table("This table has no rows", where)
    column, skipped, how = _label_column(names, body, where)
    pixels = [number for number in range(len(body[0])) if number != column and number not in skipped]
    if not pixels:
        raise _no_table("This table has no columns of pixels", where)
    start = 1 if names else 0
    check_size(len(content) * 2, where)
    check_free(len(content) * 4, where)
    images = _pixels(lines[start:], delimiter, pixels, where)
    labels = None if column is None else _labels(lines[start:], delimiter, column)
    return Table(images, labels, how)


def column_of(content: bytes) -> NDArray[Any] | None:
    """The values of a table of one column, as labels in a file of their own are: (N,), or None.

    A first line that is no number above numbers is a name.
    """
    try:
        cells = [line.strip() for line in content.decode("utf-8-sig").splitlines() if line.strip()]
    except UnicodeDecodeError:
        return None
    if len(cells) < 2 or any(delimiter in cell for cell in cells for delimiter in ",;\t"):
        return None
    numbers = [_numbers([cell]) for cell in cells]
    if (not numbers[0] and all(numbers[1:])) or cells[0].lower() in _LABELS:
        cells, numbers = cells[1:], numbers[1:]
    if all(numbers) and all(float(cell).is_integer() for cell in cells):
        return np.array([int(float(cell)) for cell in cells])
    return None if any(" " in cell for cell in cells) else np.array(cells)


def _text(content: bytes, where: str) -> str:
    for encoding in ("utf-8-sig", "latin-1"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise _no_table("This is no table of text", where)


def _numbers(cells: list[str]) -> bool:
    try:
        return bool(cells) and all(math.isfinite(float(cell)) for cell in cells)
    except ValueError:
        return False


def _is_image(numbers: int) -> bool:
    side = math.isqrt(numbers)
    return numbers >= _SMALLEST and (side * side == numbers or numbers in FLAT_SIZES)


def _label_column(
    names: list[str], body: list[list[str]], where: str
) -> tuple[int | None, set[int], tuple[str, ...]]:
    """The column of labels or None, columns that are not used, and a note."""
    count = len(body[0])
    skipped = {number for number, name in enumerate(names) if name in _IDS}
    named = [number for number, name in enumerate(names) if name in _LABELS]
    if named:
        return named[0], skipped | set(named[1:]), (f'Labels from the column "{names[named[0]]}".',)
    if _is_image(count - len(skipped)):
        return None, skipped, ()
    if _is_image(count - len(skipped) - 1):
        ends = [number for number in range(count) if number not in skipped]
        values = {number: {row[number] for row in body} for number in (ends[0], ends[-1])}
        # Of pixels in a corner of an image, most sets have one value only.
        first = len(values[ends[0]]) > 1 or len(values[ends[-1]]) == 1
        column, place = (ends[0], "first") if first and _whole(values[ends[0]]) else (ends[-1], "last")
        return column, skipped, (f"Labels from the {place} column.",)
    raise StudioError(
        f"Rows of {count:,} columns are no square images, with or without a label",
        where=where,
        advice="Save a row for each image: its label and its pixels, row by row.",
    )


def _whole(cells: set[str]) -> bool:
    """Whether these may be labels: texts, or whole numbers."""
    return all(not _numbers([cell]) or float(cell) == int(float(cell)) for cell in cells)


def _pixels(lines: list[str], delimiter: str, columns: list[int], where: str) -> NDArray[np.float32]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return np.loadtxt(
                lines,
                np.float32,
                comments=None,
                delimiter=None if delimiter == " " else delimiter,
                usecols=columns,
                ndmin=2,
                quotechar='"',
            )
    except (ValueError, IndexError, UserWarning, OverflowError) as error:
        raise _no_table(
            f"This table holds something else than numbers ({shortened(str(error), 120)})", where
        ) from error


def _labels(lines: list[str], delimiter: str, column: int) -> NDArray[Any]:
    rows = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    cells = [row[column].strip() for row in rows if row]
    numbers = [cell for cell in cells if cell]
    if _numbers(numbers):
        return np.array([float(cell) if cell else np.nan for cell in cells], np.float64)
    return np.array(cells)


def _no_table(what: str, where: str) -> StudioError:
    return StudioError(
        what, where=where, advice="Save a row for each image: its label, then its pixels, as numbers."
    )
