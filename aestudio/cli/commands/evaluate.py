"""`aestudio evaluate`: the metrics of a run on a test set."""

from __future__ import annotations

from aestudio.cli.loading import load_for
from aestudio.cli.options import DataDir, Json, OwnDataset, RunWord  # noqa: TC001 - typer reads them
from aestudio.cli.output import figures_table, say, say_json, warn
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.runs.index import find_run
from aestudio.runs.test_metrics import gaps, latent_metrics_of, metrics_of


def command(run: RunWord, dataset: OwnDataset = None, data_dir: DataDir = None, json: Json = False) -> None:
    """Measure test loss terms, error per pixel and per image, PSNR, SSIM and the mutual information gap.

    SSIM: Gaussian windows of 11x11 pixels, sigma 1.5. A VAE's terms: one draw from the posterior per image.
    """
    kept = find_run(run)
    digits = load_for(kept, dataset, data_dir)
    with TerminalProgress() as progress:
        figures = metrics_of(kept, digits, progress, warn)
        figures |= gaps(latent_metrics_of(kept.snapshot(), digits, progress))
    if json:
        say_json(figures)
    else:
        say(figures_table(figures))
