"""Codes of the images as arrays for NumPy or as a table: `--to features`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from aestudio.export.exporter import ExportedRun, Exporter
from aestudio.recipes.requirements import no_codes
from aestudio.recipes.setting import Settings, setting

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.progress import Progress


class FeatureOptions(Settings):
    """Which images are encoded."""

    split: Literal["all", "test", "train"] = setting(
        "all", title="Images", help="Which images are encoded: test and training images, or one part of them."
    )


def _write(run: ExportedRun, path: Path, options: FeatureOptions, progress: Progress) -> str:
    from aestudio.export.tables.features import export_features

    data = run.dataset()
    chosen = {"all": data, "test": data.test, "train": data.train}[options.split]
    count = export_features(run.snapshot(), chosen, path, progress, options.split, data.provenance)
    return f"The codes of {count:,} images"


EXPORTER = Exporter(
    name="features",
    title="Codes of the images",
    summary="The codes, labels and places of all images as arrays for NumPy (.npz), or as a table.",
    suffix=".npz",
    others={".csv": "Table (CSV)", ".parquet": "Table (Parquet)"},
    write=_write,
    options=FeatureOptions,
    refuses=no_codes,
)
