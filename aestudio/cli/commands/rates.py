"""`aestudio rates`: bits against error of a model's compressed files, and of the usual formats."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import TYPE_CHECKING, Annotated

import typer

from aestudio.cli.loading import load_for
from aestudio.cli.options import DataDir, DatasetOption, Json, RunArgument  # noqa: TC001 - typer reads them
from aestudio.cli.output import print_json, print_result, print_warning, table
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.errors import StudioError
from aestudio.runs.index import find_run
from aestudio.storage.os_errors import is_there

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.codec.rate_distortion import MeasuredRate

_REFERENCE = 2_000  # training images, for the widths of the cells and the principal components
_HEADING = ("CODEC", "SETTING", "BITS, ALONE", "BITS, SHARED", "MSE", "PSNR", "SSIM", "RECOGNISED")


def command(
    run: RunArgument,
    count: Annotated[int, typer.Option("--images", min=1, max=10_000, help="Test images to compress.")] = 200,
    at: Annotated[
        float | None,
        typer.Option(
            "--at", show_default=False, help="Equal bytes: of each codec the best within these shared bits."
        ),
    ] = None,
    headers: Annotated[
        bool, typer.Option("--headers", help="Equal bytes with --at are those of files of one image each.")
    ] = False,
    picture: Annotated[
        Path | None,
        typer.Option(
            "--picture", show_default=False, help="PNG of the first image in all of them; best with --at."
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an existing picture.")] = False,
    dataset: DatasetOption = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Write test images by the model, PCA, JPEG, WebP, AVIF, JPEG XL and PNG: bits per image against error.

    Alone: each image is a file, with its header. Shared: many images share the header; the file of a black
    image is taken away from that of a picture format. Recognised: the share of decoded images of which a
    classifier names the class right.
    """
    if picture is not None and is_there(picture) and not overwrite:
        advice = "Choose another name, or add --overwrite."
        raise StudioError("This file already exists", where=str(picture), advice=advice)
    kept = find_run(run)
    data = load_for(kept, dataset, data_dir)
    snapshot = kept.snapshot(print_warning)

    from aestudio.codec.rate_distortion import Recogniser, best_within, measured_rates
    from aestudio.codec.rounded_codes import require_codec
    from aestudio.datasets.dataset import part_of
    from aestudio.inference.codes import encode_set
    from aestudio.inference.conditions import condition_of_set
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.runs.sample_classifier import sample_classifier
    from aestudio.training.threads import temporary_threads

    require_codec(snapshot.architecture)
    with temporary_threads(1), TerminalProgress() as progress:
        model = FrozenModel(snapshot)
        training, test = part_of(data.train, slice(_REFERENCE)), part_of(data.test, slice(count))
        condition = condition_of_set(snapshot.architecture, test)
        reference = encode_set(model, training, progress)
        classify = sample_classifier(data.test, data.train, progress)
        recogniser = None if classify is None or test.labels is None else Recogniser(classify, test.labels)
        rates = measured_rates(
            model, reference, training.images, test.images, condition, recogniser, progress
        )
    if at is not None:
        rates = best_within(rates, at, alone=headers)
    if picture is not None:
        from aestudio.cli.rate_pictures import save_examples

        save_examples(picture, test.images[0], rates)
    if json:
        print_json({"images": len(test), "rates": [_as_table(rate) for rate in rates]})
    else:
        print_result(_lines(rates))


def _as_table(rate: MeasuredRate) -> dict[str, str | float | None]:
    names = ("codec", "setting", "alone", "shared", "mse", "psnr", "ssim", "accuracy")
    return {name: getattr(rate, name) for name in names}


def _lines(rates: Sequence[MeasuredRate]) -> str:
    rows = [
        (
            rate.codec,
            rate.setting,
            f"{rate.alone:,.0f}",
            f"{rate.shared:,.0f}",
            f"{rate.mse:.5f}",
            f"{rate.psnr:.1f}",
            f"{rate.ssim:.3f}",
            "" if rate.accuracy is None else f"{rate.accuracy:.1%}",
        )
        for rate in rates
    ]
    return table(rows, _HEADING)
