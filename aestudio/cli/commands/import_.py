"""`aestudio import`: a run that somebody shared as one file becomes one of the kept runs."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import Annotated

import typer

from aestudio.cli.options import Json  # noqa: TC001 - typer reads it at run time
from aestudio.cli.output import print_json, print_notice, print_result
from aestudio.cli.run_table import row_to_json
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.runs.run_rows import run_row
from aestudio.runs.shared_run_import import import_run


def command(
    file: Annotated[Path, typer.Argument(help="A file that `aestudio export RUN --file` has written.")],
    json: Json = False,
) -> None:
    """Check a run that somebody shared as one file, and keep it under a free name."""
    with TerminalProgress() as progress:
        run = import_run(file, progress=progress)
    if json:
        print_json([row_to_json(run_row(run))])
    else:
        print_result(f"{run.title} from {file.name} was imported. Its name here: {run.name}")
    if run.imported is not None and run.imported.newer:
        print_notice(f"{run.imported.sentence}.")
