"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from aestudio.datasets.reading import Reading, reading_with
from aestudio.datasets.reading_switches import switch_of

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        show_default=False,
        help="Folder that already has the data sets, in torchvision's layout; default: AESTUDIO_DATA.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for programs.")]
RunArgument = Annotated[
    str, typer.Argument(metavar="RUN", help="A run's folder, a kept run's name, or a shipped model's name.")
]
DeviceOption = Annotated[
    str | None, typer.Option("--device", show_default="the best", help="auto, cpu, cuda:0 or mps.")
]
TensorBoardOption = Annotated[
    Path | None,
    typer.Option("--tensorboard", show_default=False, help="Folder for event files of the curves."),
]
DatasetOption = Annotated[
    str | None,
    typer.Option(
        "--dataset",
        show_default=False,
        help="Data set, a name or a path; without it, the one that the run was trained on.",
    ),
]


ResumeOption = Annotated[
    bool,
    typer.Option(
        "--resume",
        help="Resume a run: `train --resume RUN`. With a recipe: the run in --out, or the newest "
        "unfinished one.",
    ),
]
SabotageOption = Annotated[
    str | None,
    typer.Option(
        "--sabotage",
        metavar="NAME",
        show_default=False,
        help="For teaching: do one thing wrong from the first step on, such as kl_sign; another "
        "NAME is answered with those that the recipe allows.",
    ),
]


def reading_option(field: str) -> Any:
    """The option of a decision of reading, as the preview's switch of it."""
    switch = switch_of(field)
    return typer.Option(switch.option, help=switch.option_help)


AxesOption = Annotated[str, reading_option("axes")]
InvertOption = Annotated[str, reading_option("invert")]
ValuesOption = Annotated[str, reading_option("values")]
LabelsOption = Annotated[str, reading_option("labels")]
FramesOption = Annotated[str, reading_option("frames")]
CutOption = Annotated[str, reading_option("cut")]
BrokenOption = Annotated[str, reading_option("broken")]
GreyOption = Annotated[bool, reading_option("colour")]


def chosen_reading(
    axes: str, invert: str, values: str, labels: str, frames: str, cut: str, broken: str, grey: bool
) -> Reading:
    """The reading of these options, in their order; raises BadChoice for a value that is not allowed."""
    return reading_with(
        axes=axes,
        invert=invert,
        values=values,
        labels=labels,
        frames=frames,
        cut=cut,
        broken=broken,
        colour=not grey,
    )
