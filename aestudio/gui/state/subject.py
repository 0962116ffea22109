"""The subject of a result: which run, at which step, and which images. No Qt, no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.paths import runs_folder

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.state.model_state import ShippedCodes
    from aestudio.training.events import RunKey, Snapshot


@dataclass(frozen=True)
class Subject:
    """A result is valid only while the window shows the same run and the same images.

    runs:   of the model; of all compared runs in their order if `comparison` is set
    step:   of the run; None if the result does not depend on one step
    image_sets: every set that the result was computed from, () if it depends on none
    shipped_codes: codes that came with a shipped model, if the result was computed from them
    of_images: whether it is about the loaded images alone, whatever model is shown; then there are no runs
    """

    runs: tuple[RunKey, ...]
    step: int | None = None
    image_sets: tuple[ImageSet, ...] = ()
    shipped_codes: ShippedCodes | None = None
    comparison: bool = False
    of_images: bool = False

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        image_sets: tuple[ImageSet, ...] = (),
        shipped_codes: ShippedCodes | None = None,
    ) -> Subject:
        """About one snapshot."""
        return cls((snapshot.run_key,), snapshot.step, image_sets, shipped_codes)

    @classmethod
    def of_comparison(cls, snapshots: tuple[Snapshot, ...], image_sets: tuple[ImageSet, ...] = ()) -> Subject:
        """About one snapshot of every compared run; the step is the greatest of them."""
        step = max((snapshot.step for snapshot in snapshots), default=None)
        return cls(tuple(snapshot.run_key for snapshot in snapshots), step, image_sets, comparison=True)

    def differs_in_step_only(self, other: Subject) -> bool:
        """Whether both are about the same run and images, at different steps."""
        same = (self.runs, self.image_sets, self.comparison) == (
            other.runs,
            other.image_sets,
            other.comparison,
        )
        return same and self.shipped_codes is other.shipped_codes and self.step != other.step


def home_of(run: str, folder: Path | None) -> str:
    """Distinguishes runs of one name by their folder; "" for the usual folder, which None also means."""
    if folder is None or folder.absolute() == (runs_folder() / run).absolute():
        return ""
    return str(folder.absolute())


def is_of(image_set: ImageSet, image_sets: tuple[ImageSet, ...]) -> bool:
    """Whether a set is one of these sets, or was chosen from them."""
    sets = image_set.chosen_from or (image_set,)
    return all(any(chosen is known for known in image_sets) for chosen in sets)
