"""A user's own Parquet files: one, or those of a set in parts and shards as Hugging Face publishes them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.entries import Entry
from aestudio.datasets.importers.parquet import SUFFIX, ParquetTable, read_parquet
from aestudio.datasets.label_file import LabelFile
from aestudio.datasets.labels import natural_key
from aestudio.datasets.own_data import SourceArrays, own_dataset
from aestudio.datasets.picture_parts import part_of_words, validation_note
from aestudio.datasets.picture_set import picture_dataset
from aestudio.datasets.picture_tree import Placed, Tree
from aestudio.datasets.provenance import source_files
from aestudio.datasets.row_reader import rows_of
from aestudio.datasets.source import FileSource
from aestudio.errors import StudioError
from aestudio.printable import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress

_BELOW = "data"  # the folder of the files in a repository of Hugging Face's
_ORDER = ("train", "test", "val")


def _accepts(path: Path) -> bool:
    if path.is_dir():
        return bool(_files_in(path))
    return path.suffix.lower() == SUFFIX


def _files_in(folder: Path) -> list[Path]:
    for place in (folder, folder / _BELOW):
        if place.is_dir():
            found = [file for file in place.iterdir() if file.suffix.lower() == SUFFIX and file.is_file()]
            if found:
                return sorted(found, key=lambda file: natural_key(file.name))
    return []


def _parts(path: Path) -> tuple[list[tuple[str, list[Path]]], list[str]]:
    """The files of the training part and of the test part, and notes; a file of a part brings the others."""
    files = (
        _files_in(path if path.is_dir() else path.parent)
        if path.is_dir() or part_of_words(path.name)
        else [path]
    )
    by_part = {part: [file for file in files if part_of_words(file.name) == part] for part in (*_ORDER, "")}
    if not by_part["train"]:
        return [("", by_part[""] or files)], []
    second = next((part for part in _ORDER[1:] if by_part[part]), "")
    notes = ["The validation part is taken for testing."] if second == "val" else []
    third = "val" if second == "test" and by_part["val"] else ""
    return [(part, by_part[part]) for part in ("train", second, third) if part], notes


def _load(path: Path, progress: Progress, reading: Reading) -> Dataset:
    parts, notes = _parts(path)
    files = [file for _, own in parts for file in own]
    tables: list[list[ParquetTable]] = []
    for _, own in parts:
        tables.append([])
        for file in own:
            progress(len(tables[-1]), len(files), f"Reading {shortened(file.name, 60)}")
            tables[-1].append(read_parquet(file))
    first = tables[0][0]
    if first.column:
        notes.append(f'Labels from the column "{shortened(first.column, 40)}".')
    if first.others:
        others = ", ".join(shortened(name, 40) for name in first.others)
        notes.append(f"Other columns that may be labels are not used: {others}.")
    if len(parts) == len(_ORDER):
        count = sum(len(table) for table in tables[2])
        notes.append(validation_note(count, kept=True))
    if all(table.pictures for part in tables for table in part):
        return _of_pictures(path, [own for _, own in parts], tables, notes, progress, reading)
    return _of_numbers(path, tables, files, notes, progress, reading)


def _of_numbers(
    path: Path,
    tables: Sequence[Sequence[ParquetTable]],
    files: Sequence[Path],
    notes: Sequence[str],
    progress: Progress,
    reading: Reading,
) -> Dataset:
    parts: list[SourceArrays] = []
    for part in tables:
        images = [table.images for table in part if table.images is not None]
        labels = [table.labels for table in part if table.labels is not None]
        if len(images) < len(part) or len({array.shape[1:] for array in images}) > 1:
            raise StudioError(
                "These files hold different kinds of images",
                where=str(path),
                advice="Choose one of them, or a folder whose files are of one set.",
            )
        known = rows_of(np.concatenate(labels), str(path)) if len(labels) == len(part) else None
        parts.append(SourceArrays(rows_of(np.concatenate(images), str(path)), known))
    first = tables[0][0]
    return own_dataset(
        path, parts, progress, reading, "", notes, first.class_names, files, f"the column {first.column}"
    )


def _of_pictures(
    path: Path,
    files: Sequence[Sequence[Path]],
    tables: Sequence[Sequence[ParquetTable]],
    notes: Sequence[str],
    progress: Progress,
    reading: Reading,
) -> Dataset:
    """Each row is read as a file of its own; where it is from says its file and its row."""
    groups: list[tuple[Placed, ...]] = []
    labels: dict[str, tuple[str, ...]] = {}
    row_of: dict[str, tuple[int, int]] = {}
    number = 0
    for own, part in zip(files, tables, strict=True):
        placed: list[Placed] = []
        for file, table in zip(own, part, strict=True):
            for row, content in enumerate(table.pictures):
                entry = Entry((file.name, f"row {row}"), file / f"row {row}", _Content(content))
                placed.append(Placed(entry, ""))
                row_of[entry.place] = number, row
                if table.labels is not None:
                    labels[entry.place] = (_text(table.labels[row]),)
            number += 1
        groups.append(tuple(placed))
    first = tables[0][0]
    beside = LabelFile((), f"the column {first.column}", ("label",), labels, True, (), first.class_names)
    tree = Tree(tuple(groups), tuple(notes), beside.titles, (), beside if labels else None)
    dataset = picture_dataset(path, tree, progress, reading)
    found = dataset.provenance
    assert found is not None  # as of all pictures
    assert found.file_of is not None
    indices: list[int] = found.file_of.tolist()
    places = [row_of[found.files[index].name] for index in indices]
    return replace(
        dataset,
        provenance=replace(
            found,
            files=source_files([file for own in files for file in own]),
            file_of=np.array([file for file, _ in places], np.int32),
            row_of=np.array([row for _, row in places], np.int64),
        ),
    )


class _Content:
    """What reads the bytes of a row."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __call__(self) -> bytes:
        return self._content


def _text(label: object) -> str:
    """A label as `LabelFile` has it: of a number that means none, nothing."""
    return "" if str(label) == "-1" else str(label)


SOURCE = FileSource(
    name="parquet",
    title="Parquet files",
    summary="images as bytes or numbers, as Hugging Face has them; needs the library pyarrow",
    order=124,
    accepts=_accepts,
    load=_load,
)
