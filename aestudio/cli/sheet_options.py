"""The options of `aestudio export --traversals`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Traversals = Annotated[
    Path | None,
    typer.Option(
        "--traversals",
        show_default=False,
        help="The .png or .gif file to write: decoded images along each latent dimension, sorted by KL.",
    ),
]
Columns = Annotated[int, typer.Option(help="Images in each row of a .png: 7, 9, 11, 13 or 15.")]
Rows = Annotated[
    int | None, typer.Option(show_default=False, help="The number of dimensions, the most informative first.")
]
Scale = Annotated[
    int | None,
    typer.Option(show_default=False, help="Pixels of the file for each pixel of an image, 1 to 64."),
]
AroundImage = Annotated[
    int | None,
    typer.Option(
        show_default=False, help="Around the code of this test image; without it, the mean of the prior."
    ),
]
ClassOption = Annotated[
    str | None,
    typer.Option(
        "--class", show_default=False, help="The class to decode as, by its number; for models told one."
    ),
]
Factors = Annotated[
    str | None,
    typer.Option(show_default=False, help="The factors to decode with, numbers with commas."),
]
InkOnPaper = Annotated[
    bool, typer.Option("--ink-on-paper", help="Grey images black on white instead of white on black.")
]
