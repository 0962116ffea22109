"""`aestudio reconstruct`: reconstructions of image files."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import Annotated

import typer

from aestudio.cli.condition_options import condition_for
from aestudio.cli.images import free_targets, save_triple
from aestudio.cli.options import RunArgument  # noqa: TC001 - typer reads it at run time
from aestudio.cli.output import print_result, print_warning
from aestudio.datasets.own_picture import BOXED, FITS, read_for_model
from aestudio.errors import BadChoice
from aestudio.runs.index import find_run


def command(
    run: RunArgument,
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...", help="Image files of any size.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the results, one PNG file per image.")],
    fit: Annotated[
        str,
        typer.Option(
            help="digit: the ink in a box, centred by mass, as MNIST (grey only); whole: all of it scaled; "
            "auto: digit for models of MNIST, but images of a model's own size as they are."
        ),
    ] = "auto",
    label: Annotated[
        str | None,
        typer.Option(
            "--class",
            show_default=False,
            help="The class of the images, by its number; only for models that are told one.",
        ),
    ] = None,
    factors: Annotated[
        str | None,
        typer.Option(
            show_default=False,
            help="The factors of the images, numbers with commas; only for models that are told them.",
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace existing files.")] = False,
) -> None:
    """Write each image, its reconstruction and the signed error side by side."""
    if fit not in FITS:
        raise BadChoice("--fit", fit, FITS)
    kept = find_run(run)
    boxed = kept.require_record().dataset in BOXED
    snapshot = kept.snapshot(print_warning)
    shape = snapshot.data.image
    condition = condition_for(snapshot.architecture, len(images), label, factors)
    inputs = [read_for_model(path, fit, boxed, shape) for path in images]
    targets = free_targets(images, out, overwrite)

    import numpy as np

    from aestudio.analysis.reconstructions import reconstruct_images
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.training.threads import temporary_threads

    with temporary_threads(1):
        images_in = np.stack([picture.image for picture in inputs])
        result = reconstruct_images(FrozenModel(snapshot), images_in, condition=condition)
    shown = "" if shape.grey else "; luminance error"
    for index, (picture, target) in enumerate(zip(inputs, targets, strict=True)):
        save_triple(target, result.originals[index], result.reconstructed[index], result.errors[index])
        metrics = {"squared error": result.squared_error[index], result.loss_unit: result.loss[index]}
        text = ", ".join(f"{value:.4g} {unit}" for unit, value in metrics.items())
        print_result(f"{target}  {text}; {picture.steps}{shown}")
