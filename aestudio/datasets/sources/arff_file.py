"""A user's own ARFF file, as Weka and OpenML have tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets import memory_limit
from aestudio.datasets.importers.arff import DAMAGE, table_of_arff
from aestudio.datasets.importers.csv_table import read_table
from aestudio.datasets.own_data import SourceArrays, own_dataset
from aestudio.datasets.row_reader import rows_of
from aestudio.datasets.source import FileSource
from aestudio.storage.os_errors import reading as reading_file
from aestudio.storage.regular_file import read_file

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress


def _accepts(path: Path) -> bool:
    return path.suffix.lower() == ".arff"


def _load(path: Path, progress: Progress, reading: Reading) -> Dataset:
    progress(0, None, "Reading the table")
    with reading_file(path):
        content = read_file(path, memory_limit.MOST_BYTES)
    try:
        table = read_table(table_of_arff(content, str(path)), str(path))
    except ValueError as error:
        raise DAMAGE.error(path, error) from error
    labels = None if table.labels is None else rows_of(table.labels, str(path))
    parts = [SourceArrays(rows_of(table.images, str(path)), labels)]
    return own_dataset(path, parts, progress, reading, notes=table.notes, labelled="a column")


SOURCE = FileSource(
    name="arff",
    title="Table of Weka and OpenML (.arff)",
    summary="a row for each image, with its pixels and its class",
    order=126,
    accepts=_accepts,
    load=_load,
)
