"""A user's own table: a row for each image, with its label and its pixels, as Kaggle has MNIST."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.datasets import memory_limit
from aestudio.datasets.importers.csv_table import read_table
from aestudio.datasets.own_data import SourceArrays, own_dataset
from aestudio.datasets.parts_beside import note_on_parts, parts_beside
from aestudio.datasets.picture_parts import validation_note
from aestudio.datasets.row_reader import rows_of
from aestudio.datasets.source import FileSource
from aestudio.printable import shortened
from aestudio.storage.os_errors import reading as reading_file
from aestudio.storage.regular_file import read_file

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress

_SUFFIXES = (".csv", ".tsv")
_VALIDATED = "The validation part is taken for testing."


def _accepts(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES


def _load(path: Path, progress: Progress, reading: Reading) -> Dataset:
    """The table, and the one with the test images beside it (train.csv and test.csv), if there is one."""
    files = [path]
    beside = path.with_name(path.name.replace("train", "test"))
    if beside != path and beside.is_file():
        files.append(beside)
    others = parts_beside(path) if reading.reads_parts_beside else {}
    if "val" in others:
        files.append(others["val"])
    parts: list[SourceArrays] = []
    notes: list[str] = []
    for number, file in enumerate(files):
        progress(number, len(files), f"Reading {shortened(file.name, 60)}")
        with reading_file(file):
            table = read_table(read_file(file, memory_limit.MOST_BYTES), str(file))
        labels = None if table.labels is None else rows_of(table.labels, str(file))
        parts.append(SourceArrays(rows_of(table.images, str(file)), labels))
        notes += [note for note in table.notes if note not in notes]
    if others:
        notes.append(note_on_parts(others))
        only = others.keys() == {"val"}
        if "val" in others:
            notes.append(_VALIDATED if only else validation_note(len(parts[-1].images), True))
    elif len(files) > 1:
        notes.append(f"The test part is {shortened(beside.name, 60)}.")
    upright = reading.reads_tables and reading.axes == "auto" and "emnist" in path.name.lower()
    if upright:
        notes.append("Turned upright, because EMNIST is published with rows and columns exchanged.")
    read = replace(reading, axes="transposed") if upright else reading
    dataset = own_dataset(path, parts, progress, read, notes=notes, files=files, labelled="a column")
    return replace(dataset, reading=replace(dataset.reading or read, axes=reading.axes))


SOURCE = FileSource(
    name="csv",
    title="Table (.csv)",
    summary="a row for each image, with its label and its pixels",
    order=127,
    accepts=_accepts,
    load=_load,
)
