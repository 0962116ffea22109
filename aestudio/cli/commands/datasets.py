"""`aestudio datasets`: the data sets that have a name; what a file or folder holds; converting it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aestudio.cli.options import (
    AxesOption,
    BrokenOption,
    CutOption,
    DataDir,
    FramesOption,
    GreyOption,
    InvertOption,
    Json,
    LabelsOption,
    ValuesOption,
    chosen_reading,
)
from aestudio.cli.output import BadUsage, print_json, print_result, table
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.datasets.catalogue import (
    DatasetInfo,
    check_data_folder,
    file_sources,
    list_datasets,
    load_dataset,
)
from aestudio.datasets.converted import write_converted
from aestudio.datasets.reading_cache import forget_cached
from aestudio.datasets.reading_switches import SWITCHES
from aestudio.datasets.summary import class_counts, summary_of
from aestudio.errors import BadChoice, StudioError
from aestudio.memory import in_words
from aestudio.printable import printable
from aestudio.storage.os_errors import is_there

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset

_FIELDS = tuple(switch.field for switch in SWITCHES)
_MOST_CLASSES, _MOST_LEFT_OUT = 40, 20  # lines


def command(
    action: Annotated[
        str | None, typer.Argument(metavar="[ACTION]", help="show, convert or forget; without it, the list.")
    ] = None,
    path: Annotated[
        str | None,
        typer.Argument(metavar="[PATH]", help="File or folder to read, or a data set's name."),
    ] = None,
    out: Annotated[
        Path | None, typer.Argument(metavar="[OUT]", help="File that convert writes, with the ending .npz.")
    ] = None,
    axes: AxesOption = "auto",
    invert: InvertOption = "auto",
    values: ValuesOption = "auto",
    labels: LabelsOption = "auto",
    frames: FramesOption = "all",
    cut: CutOption = "auto",
    broken: BrokenOption = "few",
    grey: GreyOption = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """List the data sets; show what a file or folder holds and how it is read; convert it to .npz; forget
    what was kept of large folders, so that they are read again."""
    reading = chosen_reading(axes, invert, values, labels, frames, cut, broken, grey)
    if action is None:
        _list(data_dir, json)
        return
    if action == "forget":
        _forget(json)
        return
    if action not in ("show", "convert"):
        raise BadChoice("action", action, ("show", "convert", "forget"))
    if path is None or (action == "convert") != (out is not None):
        raise BadUsage(f"Write: aestudio datasets {action} PATH{' OUT.npz' if action == 'convert' else ''}")
    if out is not None and out.suffix.lower() != ".npz":
        raise BadChoice("file to write", out.name, "a name that ends with .npz")
    if out is not None and is_there(out):
        raise StudioError(
            "This file exists already", where=str(out), advice="Choose another name, or move it."
        )
    with TerminalProgress() as progress:
        dataset = load_dataset(path, data_dir=data_dir, progress=progress, reading=reading)
    if out is None:
        _show(dataset, json)
        return
    write_converted(out, dataset)
    if json:
        print_json(_content(dataset) | {"written": str(out)})
    else:
        print_result(f"{_count(dataset)} written to {printable(str(out))}.")


def _forget(json: bool) -> None:
    count, size = forget_cached()
    if json:
        print_json({"removed": count, "bytes": size})
    else:
        print_result(f"Removed what was kept of {count:,} folders ({in_words(size)}); they are read again.")


def _list(data_dir: Path | None, json: bool) -> None:
    check_data_folder(data_dir)
    datasets = list_datasets(data_dir)
    if json:
        print_json([_as_json(info) for info in datasets])
        return
    rows = [(info.name, info.title, str(info.image), _state(info), info.summary) for info in datasets]
    print_result(table(rows, ("DATASET", "TITLE", "IMAGES", "ON THIS MACHINE", "WHAT IT IS")))
    kinds = "\n".join(f"  {info.title}: {info.summary}" for info in file_sources() if info.name != "kept")
    print_result(
        f"\nA path works too; images keep their colour and a size from 8 × 8 to 64 × 64:\n{kinds}\n"
        "`aestudio datasets show PATH` says how it is read. "
        "`auto` means MNIST if it is here or can be downloaded, else the built-in digits."
    )


def _show(dataset: Dataset, json: bool) -> None:
    """What was read: counts by class, shape, range, and every decision."""
    content = _content(dataset)
    if json:
        print_json(content)
        return
    print_result(f"{printable(dataset.title)}: {_count(dataset)}\n")
    for note in dataset.notes:
        print_result(f"- {printable(note)}")
    summary = summary_of(dataset)
    print_result(f"- Values from {summary.least} to {summary.greatest}, {summary.mean:.0f} on average.")
    left = () if dataset.provenance is None else dataset.provenance.left_out
    for file in left[:_MOST_LEFT_OUT]:
        print_result(f"- Left out: {printable(file.name)} ({file.why}).")
    if len(left) > _MOST_LEFT_OUT:
        print_result(f"- and {len(left) - _MOST_LEFT_OUT:,} more.")
    names = dataset.train.class_names
    if names:
        counts = [class_counts(part, len(names)) for part in (dataset.train, dataset.test)]
        rows = [
            (printable(name), *(str(count[at]) if count else "?" for count in counts))
            for at, name in enumerate(names[:_MOST_CLASSES])
        ]
        print_result("\n" + table(rows, ("CLASS", "TRAINING", "TEST")))
        if len(names) > _MOST_CLASSES:
            print_result(f"and {len(names) - _MOST_CLASSES:,} more classes")


def _count(dataset: Dataset) -> str:
    shape = dataset.shape.image
    return f"{len(dataset.train):,} training and {len(dataset.test):,} test images of {shape}"


def _content(dataset: Dataset) -> dict[str, Any]:
    reading, found, summary = dataset.reading, dataset.provenance, summary_of(dataset)
    parts = {"train": dataset.train, "test": dataset.test}
    return {
        "name": dataset.name,
        "title": dataset.title,
        "origin": dataset.origin,
        "image": list(dataset.shape.image.array),
        "class_names": list(dataset.train.class_names),
        "notes": list(dataset.notes),
        "reading": None if reading is None else {name: getattr(reading, name) for name in _FIELDS},
        "decided": None if found is None else asdict(found.decided),
        "files": None if found is None else len(found.files),
        "left_out": [] if found is None else [asdict(file) for file in found.left_out],
        "histogram": list(summary.histogram),
        "parts": {
            name: {
                "images": len(part),
                "classes": list(class_counts(part, len(dataset.train.class_names))) or None,
                "least": int(part.images.min()),
                "greatest": int(part.images.max()),
                "mean": round(float(part.images.mean()), 3),
                "digest": part.fingerprint.images,
            }
            for name, part in parts.items()
        },
    }


def _state(info: DatasetInfo) -> str:
    if info.damaged:
        return f"damaged: {printable(info.damaged)}"
    if info.available:
        return "yes"
    return "is downloaded" if info.kind == "download" else "is made"


def _as_json(info: DatasetInfo) -> dict[str, object]:
    return {
        "name": info.name,
        "title": info.title,
        "summary": info.summary,
        "kind": info.kind,
        "image": list(info.image.array),
        "available": info.available,
        "damaged": info.damaged or None,
        "where": None if info.where is None else str(info.where),
    }
