"""The subject of a result: which run, at which step, and which images. No Qt, no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.paths import runs_folder

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.state.model_state import GivenCodes
    from aestudio.training.events import RunKey, Snapshot


@dataclass(frozen=True)
class Subject:
    """A result is valid only while the window shows the same run and the same images.

    runs:   of the model; of all compared runs in their order if `comparison` is set
    step:   of the run; None if the result does not depend on one step
    digits: every set that the result was computed from, () if it depends on none
    given:  codes that came with a shipped model, if the result was computed from them
    """

    runs: tuple[RunKey, ...]
    step: int | None = None
    digits: tuple[ImageSet, ...] = ()
    given: GivenCodes | None = None
    comparison: bool = False

    @classmethod
    def of(
        cls, snapshot: Snapshot, digits: tuple[ImageSet, ...] = (), given: GivenCodes | None = None
    ) -> Subject:
        """About one snapshot."""
        return cls((snapshot.run_key,), snapshot.step, digits, given)

    @classmethod
    def of_comparison(cls, snapshots: tuple[Snapshot, ...], digits: tuple[ImageSet, ...] = ()) -> Subject:
        """About one snapshot of every compared run; the step is the greatest of them."""
        step = max((snapshot.step for snapshot in snapshots), default=None)
        return cls(tuple(snapshot.run_key for snapshot in snapshots), step, digits, comparison=True)

    def differs_in_step_only(self, other: Subject) -> bool:
        """Whether both are about the same run and images, at different steps."""
        same = (self.runs, self.digits, self.comparison) == (other.runs, other.digits, other.comparison)
        return same and self.given is other.given and self.step != other.step


def home_of(run: str, folder: Path | None) -> str:
    """Distinguishes runs of one name by their folder; "" for the usual folder, which None also means."""
    if folder is None or folder.absolute() == (runs_folder() / run).absolute():
        return ""
    return str(folder.absolute())


def is_of(digits: ImageSet, image_sets: tuple[ImageSet, ...]) -> bool:
    """Whether a set is one of these sets, or was chosen from them."""
    sets = digits.chosen_from or (digits,)
    return all(any(one is image_set for image_set in image_sets) for one in sets)
