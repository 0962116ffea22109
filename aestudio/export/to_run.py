"""The run as one file that others open with AE Studio: `--to run`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.export.exporter import ExportedRun, Exporter
from aestudio.recipes.setting import Settings, setting

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.progress import Progress


class RunOptions(Settings):
    """What goes into the file besides the recipe, the curves and the weights."""

    checkpoint: bool = setting(
        True, title="State to resume from", help="With it, the training can be continued, bit for bit."
    )
    history: bool = setting(
        False, title="History", help="With it, one can go back through the training; it is large."
    )


def _write(run: ExportedRun, path: Path, options: RunOptions, progress: Progress) -> str:
    size = run.share(path, options.checkpoint, options.history, progress)
    return f"The run, {size / 1e6:.1f} MB; others open it with AE Studio"


EXPORTER = Exporter(
    name="run",
    title="Run of AE Studio",
    summary="The whole run as one file (.aestudio), which others open with AE Studio.",
    suffix=".aestudio",
    write=_write,
    options=RunOptions,
)
