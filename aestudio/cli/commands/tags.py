"""`aestudio tags`: the tags and notes that the user gave to images of a data set."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import Annotated

import typer

from aestudio.cli.loading import load
from aestudio.cli.options import DataDir, Json  # noqa: TC001 - typer reads it at run time
from aestudio.cli.output import print_json, print_notice, print_result, table
from aestudio.errors import StudioError
from aestudio.runs.image_tags_file import (
    COLUMNS,
    ImageTags,
    of_dataset,
    read_tags,
    tags_path,
    write_tag_table,
)
from aestudio.storage.os_errors import is_there


def command(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="A data set, by name or path.")],
    csv: Annotated[
        Path | None, typer.Option("--csv", show_default=False, help="The table to write, a .csv file.")
    ] = None,
    data_dir: DataDir = None,
    json: Json = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an existing file.")] = False,
) -> None:
    """List the images of a data set that were tagged in the window, or write them as a table."""
    if csv is not None and is_there(csv) and not overwrite:
        raise StudioError(
            "This file already exists", where=str(csv), advice="Choose another name, or add --overwrite."
        )
    data = load(dataset, data_dir)
    entries = read_tags(tags_path(data))
    found = list(of_dataset(entries, {"test": data.test, "train": data.train}).values())
    missing = len({entry.image for entry in entries}) - len({entry.image for entry in found})
    if missing:
        print_notice(f"{missing:,} tags belong to images that are no longer at their place.")
    if csv is not None:
        print_result(f"The tags of {write_tag_table(csv, found):,} images written to {csv}")
    elif json:
        print_json([_as_json(entry) for entry in found])
    else:
        rows = [
            (f"{entry.index}", entry.part, entry.label, ", ".join(entry.tags), " ".join(entry.note.split()))
            for entry in sorted(found, key=lambda entry: (entry.part, entry.index))
        ]
        print_result(table(rows, tuple(name.upper() for name in COLUMNS)) if rows else "No image has a tag.")


def _as_json(entry: ImageTags) -> dict[str, object]:
    return {
        "index": entry.index,
        "set": entry.part,
        "label": entry.label,
        "tags": list(entry.tags),
        "note": entry.note,
    }
