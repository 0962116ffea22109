"""`aestudio export`: a run in any format that is declared in `export/`, or a sheet of traversals."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aestudio.cli.export_options import (  # noqa: TC001 - typer reads them
    ExportSettings,
    OutOption,
    ToOption,
)
from aestudio.cli.export_to import chosen_exporter, export_to
from aestudio.cli.loading import load_for
from aestudio.cli.options import DataDir, DatasetOption, RunArgument  # noqa: TC001 - typer reads them
from aestudio.cli.output import BadUsage, print_result, print_warning
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
from aestudio.export.exporter import exporters
from aestudio.export.tables.code_table import SUFFIXES
from aestudio.runs.index import find_run
from aestudio.runs.run_rows import size_text
from aestudio.runs.shared_run import SUFFIXES as SHARED
from aestudio.runs.shared_run_export import SharedParts, share_run
from aestudio.storage.os_errors import is_there

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.runs.kept_run import KeptRun
    from aestudio.training.events import Snapshot


def command(
    run: RunArgument,
    to: ToOption = None,
    out: OutOption = None,
    options: ExportSettings = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", show_default=False, help="As --to run --out FILE."),
    ] = None,
    features: Annotated[
        Path | None,
        typer.Option("--features", show_default=False, help="As --to features --out FILE."),
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
    """Write a run in another form: aestudio export RUN --to FORMAT --out PATH, or --traversals."""
    if all(path is None for path in (to, out, file, features, traversals)):
        raise BadUsage(
            "Missing option '--to', '--file', '--features' or '--traversals'",
            advice=f"--to chooses a format: {', '.join(exporters())}.",
        )
    chosen = chosen_exporter(to, out, options, overwrite)
    sheet = None
    if traversals is not None:
        sheet = SheetOptions(traversals, columns, rows, scale, image, label, factors, ink_on_paper)
        sheet.check()
    _refuse_without("--file", file, {"--history": history, "--weights-only": weights_only})
    _refuse_without("--features", features, {"--split": split != "all"})
    uses_images = features or traversals or out
    _refuse_without("--to, --features or --traversals", uses_images, {"--dataset": dataset is not None})
    _check_path("--file", file, SHARED, overwrite)
    _check_path("--features", features, SUFFIXES, overwrite)
    _check_path("--traversals", traversals, "", overwrite)
    if split not in ("all", "test", "train"):
        raise BadChoice("--split", split, ("all", "test", "train"))
    if chosen is not None:
        export_to(chosen, run, dataset, data_dir, overwrite)
    kept = find_run(run)
    if file is not None:
        _share(kept, file, SharedParts(checkpoint=not weights_only, history=history))
    if features is None and sheet is None:
        return
    snapshot = kept.snapshot(print_warning)
    needs_images = features is not None or snapshot.architecture.encodes
    data = load_for(kept, dataset, data_dir) if needs_images else None
    if features is not None and data is not None:
        _write_codes(snapshot, data, features, split)
    if sheet is not None:
        with TerminalProgress() as progress:
            count, width, height = write_sheet(snapshot, None if data is None else data.test, sheet, progress)
        print_result(f"{count:,} dimensions written to {traversals} ({width} x {height} pixels)")


def _refuse_without(option: str, path: Path | None, given: dict[str, bool]) -> None:
    """Raise BadChoice for an option that means nothing without another one."""
    for name, used in given.items():
        if used and path is None:
            raise BadChoice("place of an option", name, f"with {option}")


def _check_path(option: str, path: Path | None, suffix: str | tuple[str, ...], overwrite: bool) -> None:
    if path is None:
        return
    suffixes = (suffix,) if isinstance(suffix, str) else suffix
    if suffix and path.suffix not in suffixes:
        raise BadChoice(option, str(path), f"a file whose name ends in {' or '.join(suffixes)}")
    if is_there(path) and not overwrite:
        raise StudioError(
            "This file already exists", where=str(path), advice="Choose another name, or add --overwrite."
        )


def _share(kept: KeptRun, path: Path, parts: SharedParts) -> None:
    with TerminalProgress() as progress:
        size = share_run(kept, path, parts, progress)
    print_result(
        f"{kept.title} was written to {path} ({size_text(size)}). To open it: aestudio import {path}"
    )


def _write_codes(snapshot: Snapshot, data: Dataset, features: Path, split: str) -> None:
    from aestudio.export.tables.features import export_features

    with TerminalProgress() as progress:
        chosen = {"all": data, "test": data.test, "train": data.train}[split]
        part: Any = split  # checked by the command
        count = export_features(snapshot, chosen, features, progress, part, data.provenance)
    of = f"{len(data.test):,} test and {len(data.train):,} training images" if split == "all" else split
    print_result(f"{count:,} codes written to {features} ({of})")
