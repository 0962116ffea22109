"""`aestudio evaluate`: the metrics of a run on a test set."""

from __future__ import annotations

from typing import Annotated

import typer

from aestudio.cli.loading import FILES, load_for
from aestudio.cli.options import DataDir, DatasetOption, Json, RunArgument  # noqa: TC001 - typer reads them
from aestudio.cli.output import metrics_table, print_json, print_notice, print_result, print_warning
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.recipes.requirements import not_measured
from aestudio.runs.index import find_run
from aestudio.runs.run_metrics import gaps, latent_metrics_of, metrics_of
from aestudio.sabotage.sabotage_list import warning


def command(
    run: RunArgument,
    dataset: DatasetOption = None,
    files: Annotated[
        str,
        typer.Option(
            help="Of the run's own pictures: recorded (refused if they have changed), now (as they are now, "
            "in the parts that the run recorded) or new (only those that it had not)."
        ),
    ] = FILES[0],
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Measure test loss terms, error per pixel and per image, PSNR, SSIM and the mutual information gap.

    SSIM: Gaussian windows of 11x11 pixels, sigma 1.5, and of as many as fit into smaller images. A VAE's
    terms: one draw from the posterior per image.
    """
    kept = find_run(run)
    data = load_for(kept, dataset, data_dir, files)
    with TerminalProgress() as progress:
        metrics = metrics_of(kept, data, progress, print_warning)
        metrics |= gaps(latent_metrics_of(kept.snapshot(), data, progress))
    if json:
        print_json(metrics)
    else:
        if kept.sabotage:
            print_result(f"{warning(kept.sabotage)}.")
        print_result(metrics_table(metrics))
        for sentence in not_measured(kept.require_record().architecture):
            print_notice(sentence)
