"""`aestudio export`: a run as one file to share, or the codes of a whole data set for other programs."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import TYPE_CHECKING, Annotated

import typer

from aestudio.cli.loading import load_for
from aestudio.cli.options import DataDir, DatasetOption, RunArgument  # noqa: TC001 - typer reads them
from aestudio.cli.output import BadUsage, print_result, print_warning
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.errors import BadChoice, StudioError
from aestudio.runs.index import find_run
from aestudio.runs.run_rows import size_text
from aestudio.runs.shared_run import SUFFIX
from aestudio.runs.shared_run_export import SharedParts, share_run
from aestudio.storage.os_errors import is_there

if TYPE_CHECKING:
    from aestudio.runs.kept_run import KeptRun


def command(
    run: RunArgument,
    file: Annotated[
        Path | None,
        typer.Option("--file", show_default=False, help=f"The {SUFFIX} file to write: the run, to share it."),
    ] = None,
    features: Annotated[
        Path | None,
        typer.Option("--features", show_default=False, help="The .npz file to write: the codes of images."),
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="--file: with the checkpoints of the past, which are large.")
    ] = False,
    weights_only: Annotated[
        bool, typer.Option("--weights-only", help="--file: without the state to resume from.")
    ] = False,
    split: Annotated[
        str, typer.Option(help="--features: which images: all (test, then training), test or train.")
    ] = "all",
    dataset: DatasetOption = None,
    data_dir: DataDir = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an existing file.")] = False,
) -> None:
    """Write a run as one file that others can import, or its codes of the images to an .npz file."""
    if (file is None) == (features is None):
        raise BadUsage(
            "Missing option '--file' or '--features'",
            advice="--file writes the whole run, --features the codes of the images.",
        )
    if file is not None:
        if dataset is not None or split != "all":
            name = "--split" if dataset is None else "--dataset"
            raise BadChoice("place of an option", name, "with --features")
        _check_path("--file", file, SUFFIX, overwrite)
        _share(find_run(run), file, SharedParts(checkpoint=not weights_only, history=history))
    elif features is not None:
        if history or weights_only:
            name = "--history" if history else "--weights-only"
            raise BadChoice("place of an option", name, "with --file")
        _check_path("--features", features, ".npz", overwrite)
        _write_codes(run, features, split, dataset, data_dir)


def _check_path(option: str, path: Path, suffix: str, overwrite: bool) -> None:
    if path.suffix != suffix:
        raise BadChoice(option, str(path), f"a file whose name ends in {suffix}")
    if is_there(path) and not overwrite:
        raise StudioError(
            "This file already exists",
            where=str(path),
            advice="Choose another name, or add --overwrite.",
        )


def _share(kept: KeptRun, path: Path, parts: SharedParts) -> None:
    with TerminalProgress() as progress:
        size = share_run(kept, path, parts, progress)
    print_result(
        f"{kept.title} was written to {path} ({size_text(size)}). To open it: aestudio import {path}"
    )


def _write_codes(run: str, features: Path, split: str, dataset: str | None, data_dir: Path | None) -> None:
    if split not in ("all", "test", "train"):
        raise BadChoice("--split", split, ("all", "test", "train"))
    kept = find_run(run)
    data = load_for(kept, dataset, data_dir)
    from aestudio.export.features import export_features

    with TerminalProgress() as progress:
        chosen = {"all": data, "test": data.test, "train": data.train}[split]
        count = export_features(kept.snapshot(print_warning), chosen, features, progress, split)
    of = f"{len(data.test):,} test and {len(data.train):,} training images" if split == "all" else split
    print_result(f"{count:,} codes written to {features} ({of})")
