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
AxesOption = Annotated[str, typer.Option("--axes", help="Axes of arrays: auto, first, last or transposed.")]
InvertOption = Annotated[str, typer.Option("--invert", help="Dark on light: auto, yes or no.")]
ValuesOption = Annotated[
    str, typer.Option("--values", help="What is white: auto, own (the greatest number) or bytes (255).")
]
LabelsOption = Annotated[
    str, typer.Option("--labels", help="Of several labels an image: auto, first, attributes; none for none.")
]
FramesOption = Annotated[str, typer.Option("--frames", help="Pages and frames: all or first.")]
GreyOption = Annotated[bool, typer.Option("--grey", help="Turn colours into grey.")]
