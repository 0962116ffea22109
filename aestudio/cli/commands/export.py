"""`aestudio export`: the codes of a whole data set for other programs, or a sheet of traversals."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import TYPE_CHECKING, Annotated

import typer

from aestudio.cli.loading import load_for
from aestudio.cli.options import DataDir, DatasetOption, RunArgument  # noqa: TC001 - typer reads them
from aestudio.cli.output import print_result, print_warning
from aestudio.cli.sheet_options import (  # noqa: TC001 - typer reads them
    AroundImage,
    ClassOption,
    Columns,
    Factors,
    InkOnPaper,
    Rows,
    Scale,
    Traversals,
)
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.cli.traversal_export import SheetOptions, write_sheet
from aestudio.errors import BadChoice, StudioError
from aestudio.runs.index import find_run
from aestudio.storage.os_errors import is_there

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


def command(
    run: RunArgument,
    features: Annotated[
        Path | None, typer.Option("--features", show_default=False, help="The .npz file to write.")
    ] = None,
    split: Annotated[
        str, typer.Option(help="With --features, which images: all (test, then training), test or train.")
    ] = "all",
    traversals: Traversals = None,
    columns: Columns = 11,
    rows: Rows = None,
    scale: Scale = None,
    image: AroundImage = None,
    label: ClassOption = None,
    factors: Factors = None,
    ink_on_paper: InkOnPaper = False,
    dataset: DatasetOption = None,
    data_dir: DataDir = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an existing file.")] = False,
) -> None:
    """Write codes with labels and indices (--features), or a sheet of traversals (--traversals)."""
    sheet = None
    if traversals is not None:
        sheet = SheetOptions(traversals, columns, rows, scale, image, label, factors, ink_on_paper)
        sheet.check()
    elif features is None:
        raise StudioError(
            "There is nothing to write",
            where="aestudio export",
            advice="Add --features FILE.npz, or --traversals FILE.png or FILE.gif.",
        )
    if features is not None:
        _check_features(features, split)
    for path in (features, traversals):
        if path is not None and is_there(path) and not overwrite:
            raise StudioError(
                "This file already exists", where=str(path), advice="Choose another name, or add --overwrite."
            )
    kept = find_run(run)
    needs_images = features is not None or kept.snapshot(print_warning).architecture.encodes
    data = load_for(kept, dataset, data_dir) if needs_images else None
    snapshot = kept.snapshot(print_warning)
    if features is not None and data is not None:
        _write_features(snapshot, data, features, split)
    if sheet is not None:
        with TerminalProgress() as progress:
            count, width, height = write_sheet(snapshot, None if data is None else data.test, sheet, progress)
        print_result(f"{count:,} dimensions written to {traversals} ({width} x {height} pixels)")


def _check_features(features: Path, split: str) -> None:
    if split not in ("all", "test", "train"):
        raise BadChoice("--split", split, ("all", "test", "train"))
    if features.suffix != ".npz":
        raise BadChoice("--features", str(features), "a file whose name ends in .npz")


def _write_features(snapshot: Snapshot, data: Dataset, features: Path, split: str) -> None:
    from aestudio.export.features import export_features

    with TerminalProgress() as progress:
        chosen = {"all": data, "test": data.test, "train": data.train}[split]
        count = export_features(snapshot, chosen, features, progress, split)  # type: ignore[arg-type]
    of = f"{len(data.test):,} test and {len(data.train):,} training images" if split == "all" else split
    print_result(f"{count:,} codes written to {features} ({of})")
