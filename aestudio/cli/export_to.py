"""`aestudio export RUN --to FORMAT --out PATH`: every exporter that is declared in `export/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.cli.loading import load_for
from aestudio.cli.output import BadUsage, print_result, print_warning
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.export.exporter import check_path, export, exporters, find_exporter
from aestudio.runs.exported_run import KeptRunExport
from aestudio.runs.index import find_run

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.export.exporter import Exporter
    from aestudio.recipes.setting import Settings


def chosen_exporter(
    to: str | None, out: Path | None, changes: list[str] | None, overwrite: bool
) -> tuple[Exporter, Path, Settings] | None:
    """The format, its path and options, before anything is read; None without `--to`.

    Raises BadUsage, BadChoice, StudioError.
    """
    if to is None:
        if out is not None or changes:
            raise BadUsage("--out and --set need --to", advice=f"Formats: {', '.join(exporters())}.")
        return None
    exporter = find_exporter(to)
    options = exporter.parsed(changes or ())
    if out is None:
        what = "folder" if not exporter.suffix else f"file, its name ends in {exporter.suffix}"
        raise BadUsage("Missing option '--out'", advice=f"--out names the new {what}.")
    check_path(exporter, out, overwrite)
    return exporter, out, options


def export_to(
    chosen: tuple[Exporter, Path, Settings],
    run: str,
    dataset: str | None,
    data_dir: Path | None,
    overwrite: bool,
) -> None:
    """Write a run, and say what was written; raises StudioError, BadChoice."""
    exporter, out, options = chosen
    kept = find_run(run)
    exported = KeptRunExport(kept, lambda: load_for(kept, dataset, data_dir), on_problem=print_warning)
    with TerminalProgress() as progress:
        written = export(exporter, exported, out, options, progress, overwrite)
    print_result(f"{written}, to {out}")
