"""The options of `aestudio export --to`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ToOption = Annotated[
    str | None,
    typer.Option("--to", metavar="FORMAT", show_default=False, help="The format; a wrong one lists all."),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", show_default=False, help="--to: the new file, or the new folder.")
]
ExportSettings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", show_default=False, help="--to: an option of the format."),
]
