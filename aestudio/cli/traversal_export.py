"""What `aestudio export --traversals` needs besides the exporter: which axes, around which code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.analysis.traversal_sheet import COLUMNS
from aestudio.cli.condition_options import condition_for
from aestudio.errors import BadChoice, StudioError
from aestudio.inference.conditions import as_row
from aestudio.recipes.requirements import NO_ENCODER, has_standard_normal_prior

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.inference.conditions import ConditionRow
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot


@dataclass(frozen=True)
class SheetOptions:
    """The options of the sheet.

    image: a test image, around whose code the axes are moved; None: around the mean
    """

    path: Path
    columns: int
    rows: int | None
    scale: int | None
    image: int | None
    label: str | None
    factors: str | None
    ink_on_paper: bool

    def check(self) -> None:
        """Raises BadChoice for what no sheet can be, before anything is loaded."""
        if self.path.suffix.lower() not in (".png", ".gif"):
            raise BadChoice("--traversals", str(self.path), "a file whose name ends in .png or .gif")
        if self.columns not in COLUMNS:
            raise BadChoice("--columns", self.columns, map(str, COLUMNS))


def write_sheet(
    snapshot: Snapshot, test: ImageSet | None, options: SheetOptions, progress: Progress
) -> tuple[int, int, int]:
    """Write the sheet; returns its number of rows, its width and its height.

    test: the test images, by whose codes the axes are sorted; None for a model without an encoder
    """
    from aestudio.analysis.axis_statistics import latent_statistics
    from aestudio.analysis.traversal_sheet import axes_by_change, ranked_axes
    from aestudio.export.pictures.traversal_pages import export_traversals
    from aestudio.inference.codes import encode_set
    from aestudio.inference.frozen_model import FrozenModel

    frozen_model = FrozenModel(snapshot)
    told = as_row(condition_for(snapshot.architecture, 1, options.label, options.factors))
    if test is None:
        ranked, sorted_by = axes_by_change(frozen_model, told), "by how much the decoded image changes"
    else:
        prior = has_standard_normal_prior(snapshot.architecture.latent)
        statistics = latent_statistics(encode_set(frozen_model, test, progress), prior).dimensions
        ranked = ranked_axes(statistics, prior)
        measure = "KL to the prior" if ranked.measure == "kl" else "share of the variance"
        sorted_by = f"by {measure}, mean over {len(test):,} test images"
    around, where = ranked.neutral, "the mean of the prior" if ranked.sigmas else "the mean code"
    if options.image is not None:
        around, where = (
            _code_of(frozen_model, test, options.image, told),
            f"the code of test image {options.image}",
        )
    heads = [f"z{number + 1}" for number in range(len(ranked))]
    size = export_traversals(
        snapshot,
        ranked,
        around,
        options.path,
        heads=heads,
        notes=sheet_notes(snapshot, sorted_by, where, _told_text(options)),
        columns=options.columns,
        rows=options.rows,
        scale=options.scale,
        condition=told,
        inverted=options.ink_on_paper,
        progress=progress,
    )
    return options.rows or len(ranked), *size


def sheet_notes(snapshot: Snapshot, sorted_by: str, where: str, told: str) -> tuple[str, ...]:
    """The lines below the images: which run and step, around what, sorted by what."""
    about = f"{snapshot.run}, step {snapshot.step:,}, around {where}"
    return (f"{about}, {told}" if told else about, f"Sorted {sorted_by}")


def _told_text(options: SheetOptions) -> str:
    if options.label is not None:
        return f"class {options.label}"
    return "" if options.factors is None else f"factors {options.factors}"


def _code_of(
    frozen_model: FrozenModel, test: ImageSet | None, index: int, told: ConditionRow | None
) -> NDArray[np.float32]:
    from aestudio.inference.conditions import repeated

    if test is None:
        raise StudioError(NO_ENCODER, where="--image", advice="Leave --image out.")
    if not 0 <= index < len(test):
        raise BadChoice("--image", index, f"whole number from 0 up to {len(test) - 1}")
    return frozen_model.encode(test.images[index : index + 1], repeated(told, 1)).mean[0]
