"""`aestudio datasets`: the data sets that have a name."""

from __future__ import annotations

from aestudio.cli.options import DataDir, Json  # noqa: TC001 - typer reads it at run time
from aestudio.cli.output import print_json, print_result, table
from aestudio.datasets.catalogue import DatasetInfo, list_datasets


def command(data_dir: DataDir = None, json: Json = False) -> None:
    """List the data sets, and which of them are on this machine."""
    datasets = list_datasets(data_dir)
    if json:
        print_json([_as_json(info) for info in datasets])
        return
    rows = [(info.name, info.title, str(info.image), _state(info), info.summary) for info in datasets]
    print_result(table(rows, ("DATASET", "TITLE", "IMAGES", "ON THIS MACHINE", "WHAT IT IS")))
    print_result(
        "\nA path works too: a folder of images, an .npz, or an IDX pair, whose images keep their "
        "colour and a size from 8 × 8 to 64 × 64. "
        "`auto` means MNIST if it is here or can be downloaded, else the built-in digits."
    )


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
