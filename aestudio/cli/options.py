"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        show_default=False,
        help="Folder that already has the datasets (torchvision's layout); else AESTUDIO_DATA.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
RunWord = Annotated[
    str, typer.Argument(metavar="RUN", help="A run's folder, a kept run's name, or a shipped model's name.")
]
OwnDataset = Annotated[
    str | None,
    typer.Option("--dataset", show_default=False, help="A name or a path; else what it was trained on."),
]
