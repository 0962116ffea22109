"""Labels of pictures from a file beside them: a line for each, with its name and its label."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.importers.label_lines import label_lines
from aestudio.datasets.label_table import LabelTable, label_table
from aestudio.datasets.picture_parts import part_of_words
from aestudio.datasets.provenance import SourceFile, content_held, taken_file
from aestudio.datasets.row_reader import rows_of
from aestudio.errors import StudioError
from aestudio.printable import shortened
from aestudio.storage.os_errors import reading
from aestudio.storage.regular_file import read_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from aestudio.datasets.entries import Entry
    from aestudio.datasets.importers.label_lines import Lines
    from aestudio.datasets.reading import Reading

MOST_BYTES = 256 << 20
_MOST_FILES = 20
_MOST_NOTES = 3
_LABELS = (
    *("label", "labels", "class", "classes", "class name", "class label", "label name", "category", "target"),
    *("targets", "y", "digit", "letter", "character", "symbol", "breed", "species", "variety", "emotion"),
    *("diagnosis", "dx", "kind", "type", "tag", "class id", "label id", "category id", "category name"),
)
_ENOUGH = 0.5  # of the pictures must be named
_MOST_CLASSES = 1000
_MOST_LOOKED_AT = 2000  # rows, by which the column of the names is found


@dataclass(frozen=True, eq=False)
class LabelFile:
    """What files beside the pictures say of them.

    files:   with size and digest
    titles:  their names, for people
    columns: the names of the columns of labels; one mostly
    values:  by the place of a picture, as many texts
    sure:    whether the column is called so that it must be that of the labels
    notes:   what was decided
    class_names: of labels that are numbers, if they are known
    """

    files: tuple[SourceFile, ...]
    titles: str
    columns: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]
    sure: bool
    notes: tuple[str, ...]
    class_names: tuple[str, ...] = ()

    def table(self, places: Sequence[str], reading: Reading) -> LabelTable:
        """The labels of pictures at these places; one that is not named has none. Raises StudioError."""
        count = len(self.columns)
        if count == 1:
            array = _numbers_or_texts([self.values.get(place, ("",))[0] for place in places])
        else:
            rows = [self.values.get(place, ("0",) * count) for place in places]
            array = np.maximum(np.array(rows, np.float32), 0)  # -1 means no, too
        return label_table(
            [rows_of(array, self.titles)], reading, self.columns if count > 1 else self.class_names
        )


@dataclass(frozen=True)
class _Found:
    """name: the number of the column of names; labels: those of the labels"""

    lines: Lines
    labels: tuple[int, ...]
    sure: bool
    pictures: Mapping[int, tuple[str, ...]]  # by the number of a picture, its row


def label_file(texts: Sequence[Entry], pictures: Sequence[Entry]) -> tuple[LabelFile | None, tuple[str, ...]]:
    """What the texts say of the pictures, None if they say nothing of half of them; notes if it is not used.

    Raises StudioError for a text that cannot be read.
    """
    if not pictures:
        return None, ()
    index = _index(pictures)
    found: list[tuple[Entry, SourceFile, _Found]] = []
    notes: list[str] = []
    for text in texts[:_MOST_FILES]:
        file, content = _content(text)
        one = _found(label_lines(content, text.suffix), text, pictures, index)
        if isinstance(one, str):
            notes.append(f"{shortened(text.name, 60)} {one}")
        elif one is not None:
            found.append((text, file, one))
    found = [entry for entry in found if len(entry[2].labels) == len(found[0][2].labels)]
    values: dict[str, tuple[str, ...]] = {}
    for _, _, one in found:
        for number, row in one.pictures.items():
            values.setdefault(pictures[number].place, tuple(row[at] for at in one.labels))
    if not found:
        return None, _together(notes)
    titles = ", ".join(shortened(text.name, 60) for text, _, _ in found)
    if len(values) < _ENOUGH * len(pictures):
        named = f"{titles} names {len(values):,} of {len(pictures):,} pictures, so that it is not used."
        return None, (*_together(notes), named)
    lines, labels = found[0][2].lines, found[0][2].labels
    columns = tuple(lines.names[at] for at in labels)
    what = f'Labels from the column "{shortened(columns[0], 40)}" of {titles}.'
    more = f"Labels from {len(columns)} columns of {titles}."
    return (
        LabelFile(
            tuple(file for _, file, _ in found),
            titles,
            columns,
            values,
            all(one.sure for _, _, one in found),
            (*notes, what if len(columns) == 1 else more),
        ),
        (),
    )


def _together(notes: Sequence[str]) -> tuple[str, ...]:
    """The first of many sentences of the kind, and how many there are."""
    if len(notes) <= _MOST_NOTES:
        return tuple(notes)
    more = len(notes) - _MOST_NOTES + 1
    return (*notes[: _MOST_NOTES - 1], f"{more} more files beside the pictures say no labels either.")


def _content(text: Entry) -> tuple[SourceFile, bytes]:
    """A text's file, and what it says: nothing if it is larger than any table of labels."""
    content = content_held(text.path, text.read())
    if content is None:
        with reading(text.path):
            small = text.path.stat().st_size <= MOST_BYTES
            content = read_file(text.path, MOST_BYTES) if small else b""
    return taken_file(text.place, text.path, content), content


def _index(pictures: Sequence[Entry]) -> Mapping[str, list[int]]:
    """The numbers of the pictures by every end of their paths, with and without their endings."""
    index: defaultdict[str, list[int]] = defaultdict(list)
    for number, picture in enumerate(pictures):
        parts = [part.casefold() for part in picture.parts]
        stem = parts[-1].rpartition(".")[0]
        for start in range(len(parts)):
            for last in {parts[-1], stem}:
                index["/".join([*parts[start:-1], last])].append(number)
    return index


def _key(cell: str) -> str:
    return cell.replace("\\", "/").removeprefix("./").strip("/").casefold()


def _meant(cell: str, text: Entry, pictures: Sequence[Entry], index: Mapping[str, list[int]]) -> int | None:
    """The picture that is meant, if that is clear: of several, the one that belongs to the text."""
    key = _key(cell)
    for _ in range(key.count("/") + 1):
        numbers = index.get(key, [])
        if len(numbers) > 1:
            numbers = _nearest(numbers, text, pictures)
        if len(numbers) == 1:
            return numbers[0]
        key = key.partition("/")[2]  # folders of the computer on which it was written
    return None


def _nearest(numbers: list[int], text: Entry, pictures: Sequence[Entry]) -> list[int]:
    folder = text.parts[:-1]
    below = [number for number in numbers if pictures[number].parts[: len(folder)] == folder]
    if len(below) > 1:
        part = part_of_words(text.name)
        of_part = [
            number for number in below if part and part in map(part_of_words, pictures[number].parts[:-1])
        ]
        beside = [number for number in below if pictures[number].parts[:-1] == folder]
        below = of_part if len(of_part) == 1 else beside or below
    return below


def _found(
    lines: Lines, text: Entry, pictures: Sequence[Entry], index: Mapping[str, list[int]]
) -> _Found | str | None:
    """What a text says; the end of a sentence if it names pictures and not their labels; None otherwise."""
    width = len(lines.names)
    if width < 2:
        return None
    if any(_meant(name, text, pictures, index) is not None for name in lines.names):
        names = tuple(f"column {number + 1}" for number in range(width))
        lines = type(lines)(names, (lines.names, *lines.rows))
    looked_at = lines.rows[:: max(1, len(lines.rows) // _MOST_LOOKED_AT)]
    hits = [
        sum(_meant(row[at], text, pictures, index) is not None for row in looked_at) for at in range(width)
    ]
    column = int(np.argmax(hits))
    if not hits[column]:
        labelled = any(map(is_label_word, lines.names))
        return "names none of the pictures, so that its labels are not used." if labelled else None
    named: dict[int, tuple[str, ...]] = {}
    for row in lines.rows:
        number = _meant(row[column], text, pictures, index)
        if number is not None:
            named.setdefault(number, row)
    labels, sure = _label_columns(lines, column, tuple(named.values()))
    if not labels:
        return "names pictures, and none of its columns is called label or class."
    return _Found(lines, labels, sure, named)


def is_label_word(column: str) -> bool:
    """Whether a column of this name is that of the labels, or one of several."""
    return _words(column) in _LABELS or _words(column).rpartition(" ")[2] == _LABELS[0]


def _words(column: str) -> str:
    return " ".join(column.lower().replace("_", " ").replace("-", " ").split())


def _label_columns(lines: Lines, name: int, rows: Sequence[tuple[str, ...]]) -> tuple[tuple[int, ...], bool]:
    """The columns of labels, () if that is not clear, and whether they are called so."""
    others = [at for at in range(len(lines.names)) if at != name]
    words = [_words(column) for column in lines.names]
    for word in _LABELS:
        called = [at for at in others if words[at] == word]
        if called:
            return (called[0],), True
    if len(others) == 1:
        return (others[0],), False
    if all({row[at] for row in rows} <= {"0", "1", "-1", "0.0", "1.0", "-1.0"} for at in others):
        return tuple(others), True
    counts = {at: len({row[at] for row in rows}) for at in others}
    likely = [at for at in others if 2 <= counts[at] <= min(_MOST_CLASSES, len(rows) // 2)]
    return (tuple(likely), False) if len(likely) == 1 else ((), False)


def _numbers_or_texts(cells: list[str]) -> NDArray[np.float64] | NDArray[np.str_]:
    """Whole numbers, NaN for an empty text, or texts."""
    try:
        numbers = np.array([float(cell) if cell else math.nan for cell in cells], np.float64)
    except ValueError:
        return np.array(cells, np.str_)
    known = numbers[~np.isnan(numbers)]
    whole = bool(np.isfinite(known).all() and (known == np.rint(known)).all())
    return numbers if whole and len(known) else np.array(cells, np.str_)


def no_label_file(where: str) -> StudioError:
    """What is said if labels are to be from a file, and none names the pictures."""
    return StudioError(
        "No file beside the pictures says their labels",
        where=where,
        advice="Put a table (.csv) or .json beside them: the name of each picture, and its label.",
    )
