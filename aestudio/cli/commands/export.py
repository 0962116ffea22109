"""`aestudio export`: the codes of a whole data set, for other programs."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import Annotated

import typer

from aestudio.cli.loading import load_for
from aestudio.cli.options import DataDir, DatasetOption, RunArgument  # noqa: TC001 - typer reads them
from aestudio.cli.output import print_result, print_warning
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.errors import BadChoice, StudioError
from aestudio.runs.index import find_run
from aestudio.storage.os_errors import is_there


def command(
    run: RunArgument,
    features: Annotated[Path, typer.Option("--features", help="The .npz file to write.")],
    split: Annotated[
        str, typer.Option(help="Which images: all (test, then training), test or train.")
    ] = "all",
    dataset: DatasetOption = None,
    data_dir: DataDir = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an existing file.")] = False,
) -> None:
    """Write the codes, labels, indices and min-max scaling of the images to an .npz file."""
    if split not in ("all", "test", "train"):
        raise BadChoice("--split", split, ("all", "test", "train"))
    if features.suffix != ".npz":
        raise BadChoice("--features", str(features), "a file whose name ends in .npz")
    if is_there(features) and not overwrite:
        raise StudioError(
            "This file already exists",
            where=str(features),
            advice="Choose another name, or add --overwrite.",
        )
    kept = find_run(run)
    data = load_for(kept, dataset, data_dir)
    from aestudio.export.features import export_features

    with TerminalProgress() as progress:
        chosen = {"all": data, "test": data.test, "train": data.train}[split]
        count = export_features(kept.snapshot(print_warning), chosen, features, progress, split)
    of = f"{len(data.test):,} test and {len(data.train):,} training images" if split == "all" else split
    print_result(f"{count:,} codes written to {features} ({of})")
