"""What an answer is about: which run, at which step, and which digits. No Qt, no torch."""

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
    """An answer counts only while the window shows the same run and the same digits.

    runs:   of the model; of all twins in their order, where `twins` is set
    step:   of the run, None where the answer is about no step in particular
    digits: every set that the answer was worked out from, () where it depends on none
    given:  codes that came with a shipped model, where the answer was worked out from these
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
        """About one snapshot of every twin; the step is that of the twin that has come furthest."""
        step = max((snapshot.step for snapshot in snapshots), default=None)
        return cls(tuple(snapshot.run_key for snapshot in snapshots), step, digits, comparison=True)

    def differs_in_step_only(self, other: Subject) -> bool:
        """Whether both are about the same run and digits, at different steps."""
        same = (self.runs, self.digits, self.comparison) == (other.runs, other.digits, other.comparison)
        return same and self.given is other.given and self.step != other.step


def home_of(run: str, folder: Path | None) -> str:
    """What tells a run in this folder from others of its name; "" for the usual place, as None means."""
    if folder is None or folder.absolute() == (runs_folder() / run).absolute():
        return ""
    return str(folder.absolute())


def is_of(digits: ImageSet, parts: tuple[ImageSet, ...]) -> bool:
    """Whether a set is one of the parts, or was gathered from these."""
    sets = digits.chosen_from or (digits,)
    return all(any(one is part for part in parts) for one in sets)
