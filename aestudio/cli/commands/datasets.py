"""`aestudio datasets`: the data sets that have a name; what a file or folder holds; converting it."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from aestudio.cli.options import DataDir, Json  # noqa: TC001 - typer reads it at run time
from aestudio.cli.output import BadUsage, print_json, print_result, table
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.datasets.catalogue import DatasetInfo, file_sources, list_datasets, load_dataset
from aestudio.datasets.converted import write_converted
from aestudio.datasets.reading import reading_with
from aestudio.errors import BadChoice, StudioError
from aestudio.printable import printable
from aestudio.storage.os_errors import is_there

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset, ImageSet

_SWITCHES = ("axes", "invert", "values", "labels", "frames", "colour")
_MOST_CLASSES = 40  # lines of a table


def command(
    action: Annotated[
        str | None, typer.Argument(metavar="[ACTION]", help="show or convert; without it, the list.")
    ] = None,
    path: Annotated[
        str | None,
        typer.Argument(metavar="[PATH]", help="File or folder to read, or a data set's name."),
    ] = None,
    out: Annotated[
        Path | None, typer.Argument(metavar="[OUT]", help="File that convert writes, with the ending .npz.")
    ] = None,
    axes: Annotated[str, typer.Option(help="Axes of arrays: auto, first, last or transposed.")] = "auto",
    invert: Annotated[str, typer.Option(help="Dark on light: auto, yes or no.")] = "auto",
    values: Annotated[
        str, typer.Option(help="What is white: auto, own (the greatest number) or bytes (255).")
    ] = "auto",
    labels: Annotated[
        str, typer.Option(help="Of several labels an image: auto, first, attributes or none.")
    ] = "auto",
    frames: Annotated[str, typer.Option(help="Pages and frames: all or first.")] = "all",
    grey: Annotated[bool, typer.Option("--grey", help="Turn colours into grey.")] = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """List the data sets; show what a file or folder holds and how it is read; convert it to .npz."""
    reading = reading_with(
        axes=axes, invert=invert, values=values, labels=labels, frames=frames, colour=not grey
    )
    if action is None:
        _list(data_dir, json)
        return
    if action not in ("show", "convert"):
        raise BadChoice("action", action, ("show", "convert"))
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


def _list(data_dir: Path | None, json: bool) -> None:
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
    names = dataset.train.class_names
    if names:
        counts = [_counts(part, len(names)) for part in (dataset.train, dataset.test)]
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


def _counts(part: ImageSet, classes: int) -> list[int]:
    """Images of each class; [] without labels."""
    return [] if part.labels is None else np.bincount(part.labels, minlength=classes).tolist()


def _content(dataset: Dataset) -> dict[str, Any]:
    reading = dataset.reading
    parts = {"train": dataset.train, "test": dataset.test}
    return {
        "name": dataset.name,
        "title": dataset.title,
        "origin": dataset.origin,
        "image": list(dataset.shape.image.array),
        "class_names": list(dataset.train.class_names),
        "notes": list(dataset.notes),
        "reading": None if reading is None else {name: getattr(reading, name) for name in _SWITCHES},
        "parts": {
            name: {
                "images": len(part),
                "classes": _counts(part, len(dataset.train.class_names)) or None,
                "least": int(part.images.min()),
                "greatest": int(part.images.max()),
                "mean": round(float(part.images.mean()), 3),
                "digest": part.fingerprint.images,
            }
            for name, part in parts.items()
        },
    }


def _state(info: DatasetInfo) -> str:
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
        "where": None if info.where is None else str(info.where),
    }
