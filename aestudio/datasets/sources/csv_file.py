"""A user's own table: a row for each image, with its label and its pixels, as Kaggle has MNIST."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets import memory_limit
from aestudio.datasets.importers.csv_table import read_table
from aestudio.datasets.own_data import SourceArrays, own_dataset
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


def _accepts(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES


def _load(path: Path, progress: Progress, reading: Reading) -> Dataset:
    """The table, and the one with the test images beside it (train.csv and test.csv), if there is one."""
    files = [path]
    beside = path.with_name(path.name.replace("train", "test"))
    if beside != path and beside.is_file():
        files.append(beside)
    parts: list[SourceArrays] = []
    notes: list[str] = []
    for number, file in enumerate(files):
        progress(number, len(files), f"Reading {shortened(file.name, 60)}")
        with reading_file(file):
            table = read_table(read_file(file, memory_limit.MOST_BYTES), str(file))
        labels = None if table.labels is None else rows_of(table.labels, str(file))
        parts.append(SourceArrays(rows_of(table.images, str(file)), labels))
        notes += [note for note in table.notes if note not in notes]
    if len(files) > 1:
        notes.append(f"The test part is {shortened(beside.name, 60)}.")
    return own_dataset(path, parts, progress, reading, notes=notes, files=files, labelled="a column")


SOURCE = FileSource(
    name="csv",
    title="Table (.csv)",
    summary="a row for each image, with its label and its pixels",
    order=127,
    accepts=_accepts,
    load=_load,
)
