"""A user's own table in the form of LIBSVM's data sets, plain or .bz2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.importers.libsvm import is_libsvm, libsvm_tables
from aestudio.datasets.own_data import SourceArrays, own_dataset
from aestudio.datasets.row_reader import rows_of
from aestudio.datasets.source import FileSource
from aestudio.printable import shortened

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress


def _test_beside(path: Path) -> Path | None:
    """The test part as LIBSVM names it: mnist and mnist.t, mnist.scale and mnist.scale.t, train and test."""
    name = path.name.removesuffix(".bz2")
    names = [f"{name}.t", f"{name}.t.bz2"]
    if "train" in path.name:
        names.append(path.name.replace("train", "test"))
    return next((file for name in names if (file := path.with_name(name)).is_file()), None)


def _load(path: Path, progress: Progress, reading: Reading) -> Dataset:
    progress(0, None, "Reading the table")
    beside = _test_beside(path)
    files = [path] if beside is None else [path, beside]
    tables, notes = libsvm_tables(files)
    parts = [
        SourceArrays(rows_of(pixels, str(file)), rows_of(labels, str(file)))
        for file, (pixels, labels) in zip(files, tables, strict=True)
    ]
    if beside is not None:
        notes = (*notes, f"The test part is {shortened(beside.name, 60)}.")
    return own_dataset(
        path, parts, progress, reading, notes=notes, files=files, labelled="the first number of a line"
    )


SOURCE = FileSource(
    name="libsvm",
    title="Sparse table of LIBSVM (.libsvm, .bz2)",
    summary="a line for each image: its label, then place:value for each pixel with ink",
    order=105,
    accepts=is_libsvm,
    load=_load,
)
