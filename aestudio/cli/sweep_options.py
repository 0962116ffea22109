"""The options of `aestudio sweep`."""

from __future__ import annotations

from typing import Annotated

import typer

Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        metavar="name=values",
        help="A setting and its values: latent_size=2,8,32 or beta=0.5:8:log5 (:linN in equal steps). "
        "May be given several times: every combination is tried.",
    ),
]
Random = Annotated[
    int | None, typer.Option("--random", metavar="N", help="Try N of the combinations, drawn.")
]
Folds = Annotated[
    int, typer.Option(help="Parts of a stratified cross-validation; 0: the recipe's own validation images.")
]
Repeats = Annotated[int, typer.Option(help="How many times the folds are drawn anew.")]
Metric = Annotated[
    str | None,
    typer.Option(
        show_default="squared_error",
        help="By which candidates are compared, on the images held back: a loss term of the recipe, "
        "squared_error, mse_per_pixel, psnr, ssim or accuracy.",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(metavar="N", show_default="as cores and memory allow", help="How many runs at a time."),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help="Carry the runs out on the workers of this dask scheduler, as tcp://10.0.0.1:8786.",
    ),
]
Name = Annotated[
    str | None, typer.Option(show_default="recipe and date", help="Of the sweep and of its runs.")
]
Resume = Annotated[str | None, typer.Option("--resume", metavar="NAME", help="Go on with a kept sweep.")]
Cost = Annotated[bool, typer.Option("--cost", help="Say what it would take, and train nothing.")]
