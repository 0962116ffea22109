"""`aestudio pretrain`: trains the shipped models."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import Annotated

import typer

from aestudio.cli.loading import load
from aestudio.cli.options import DataDir  # noqa: TC001 - typer reads it at run time
from aestudio.cli.output import print_result
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.resources import resources_folder
from aestudio.runs.pretrained import SHIPPED, make_pretrained


def command(
    recipes: Annotated[
        list[str] | None, typer.Argument(help="Recipes to train; without any, those of the shipped models.")
    ] = None,
    dataset: Annotated[str, typer.Option(help="Data set to train on.")] = "mnist",
    out: Annotated[Path | None, typer.Option("--out", help="Folder to write the models to.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Train the shipped models again, on the CPU, with the settings of their recipes."""
    data = load(dataset, data_dir)
    folder = resources_folder() / "models" if out is None else out
    for name in recipes or SHIPPED:
        with TerminalProgress() as progress:
            run = make_pretrained(name, data, folder, progress)
        size = sum(path.stat().st_size for path in run.folder.iterdir())
        print_result(f"{run.folder}  {size / 1e6:.2f} MB, validation loss {run.last_loss:.5g}")
