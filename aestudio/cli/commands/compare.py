"""`aestudio compare`: settings, metrics and curves of two to eight kept runs, as tables and CSV files."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aestudio.cli.loading import load_for
from aestudio.cli.options import DataDir, Json  # noqa: TC001 - typer reads them at run time
from aestudio.cli.output import one_line, print_json, print_notice, print_result, print_warning, table
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.errors import BadChoice, StudioError
from aestudio.runs.compared_collapse import collapse_of, collapse_words
from aestudio.runs.compared_curves import AXES, compared_changes, compared_curves
from aestudio.runs.compared_settings import compared_settings, require_comparable, run_labels
from aestudio.runs.comparison_files import write_collapses, write_curves, write_metrics, write_settings
from aestudio.runs.index import find_run
from aestudio.runs.run_rows import column_of, run_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.runs.compared_metrics import ComparedMetric, Estimate
    from aestudio.runs.compared_settings import ComparedSetting
    from aestudio.runs.kept_run import KeptRun

_FACTS = {"best": "Best validation", "epochs": "Trained epochs", "size": "Size"}


def command(
    runs: Annotated[
        list[str], typer.Argument(metavar="RUN", help="Two to eight runs: their folders, names or titles.")
    ],
    measure: Annotated[
        bool, typer.Option("--measure", help="Measure each run on its test images, with intervals of 95 %.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            show_default=False,
            help="Folder for settings.csv, curves.csv, collapses.csv and, measured, metrics.csv.",
        ),
    ] = None,
    axis: Annotated[str, typer.Option(help="Of the curves in the file: step, epoch or images.")] = "step",
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Compare kept runs: the settings in which they differ, their best validation and their metrics.

    The interval is that of the mean over test images, the difference is from the first run, image by image.
    """
    if axis not in AXES:
        raise BadChoice("--axis", axis, AXES)
    if out is not None and out.is_file():
        raise StudioError("This is a file", where=str(out), advice="Name a folder with --out.")
    kept = [find_run(name) for name in runs]
    require_comparable(kept)
    labels = run_labels(kept)
    settings = compared_settings(kept)
    metrics = _measured(kept, data_dir) if measure else ()
    if out is not None:
        write_settings(out / "settings.csv", settings, labels)
        write_curves(out / "curves.csv", compared_curves(kept, axis), labels, compared_changes(kept, axis))
        write_collapses(out / "collapses.csv", [collapse_of(run) for run in kept], labels)
        if measure:
            write_metrics(out / "metrics.csv", metrics, labels)
        print_notice(f"Written to {out}.")
    if json:
        print_json(_as_json(kept, labels, settings, metrics))
    else:
        _print_tables(kept, labels, settings, metrics)


def _measured(runs: Sequence[KeptRun], data_dir: Path | None) -> tuple[ComparedMetric, ...]:
    from aestudio.runs.compared_metrics import compared_metrics, measure

    measured = [load_for(run, None, data_dir) for run in runs]
    with TerminalProgress() as progress:
        pairs = zip(runs, measured, strict=True)
        return compared_metrics([measure(run, dataset, progress, print_warning) for run, dataset in pairs])


def _print_tables(
    runs: Sequence[KeptRun],
    labels: Sequence[str],
    settings: Sequence[ComparedSetting],
    metrics: Sequence[ComparedMetric],
) -> None:
    """A line for each setting, fact and metric, a column for each run."""
    rows = run_rows(runs)
    lines = [(setting.title, *setting.texts) for setting in settings]
    for name, title in _FACTS.items():
        lines.append((title, *map(column_of(name).text, rows)))
    lines.append(("Collapsed dimensions", *(collapse_words(collapse_of(run)) for run in runs)))
    for metric in metrics:
        title = f"{metric.title} ({metric.unit})" if metric.unit else metric.title
        lines.append((title, *map(_text, metric.estimates)))
        if any(difference is not None for difference in metric.differences):
            lines.append((f"{metric.title}: difference", *map(_signed, metric.differences)))
    print_result(table(lines, ("", *map(one_line, labels))))


def _text(estimate: Estimate | None) -> str:
    return "–" if estimate is None else estimate.text


def _signed(estimate: Estimate | None) -> str:
    return "–" if estimate is None else f"+{estimate.text}" if estimate.mean > 0 else estimate.text


def _as_json(
    runs: Sequence[KeptRun],
    labels: Sequence[str],
    settings: Sequence[ComparedSetting],
    metrics: Sequence[ComparedMetric],
) -> dict[str, Any]:
    return {
        "runs": [
            {"run": run.name, "name": label, "best_validation": row.best.value, "loss_unit": row.best.unit}
            for run, label, row in zip(runs, labels, run_rows(runs), strict=True)
        ],
        "settings": [
            {"name": one.name, "title": one.title, "unit": one.unit, "values": one.values} for one in settings
        ],
        "collapse": [collapse_words(collapse_of(run)) for run in runs],
        "metrics": [
            {
                "name": one.name,
                "title": one.title,
                "unit": one.unit,
                "estimates": [_estimate(own) for own in one.estimates],
                "differences": [_estimate(own) for own in one.differences],
            }
            for one in metrics
        ],
    }


def _estimate(estimate: Estimate | None) -> dict[str, float | None] | None:
    if estimate is None:
        return None
    return {"mean": estimate.mean, "low": estimate.low, "high": estimate.high, "images": estimate.images}
