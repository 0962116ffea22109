"""Sweeps: the one that is set up, the one that is carried out, and those that are kept. No Qt, no torch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aestudio.recipes.recipe import Recipe
    from aestudio.sweeps.cost import SweepCost
    from aestudio.sweeps.plan import SweepPlan
    from aestudio.sweeps.sweep_summary import SweepSummary


@dataclass(frozen=True)
class SweepDraft:
    """What the user has chosen in the dialog.

    vary:  each setting with its values, as `aestudio sweep --vary` takes them
    count: how many of the combinations, drawn; None for all
    metric: "" for the usual one; jobs: how many runs at a time, None as cores and memory allow
    """

    recipe: Recipe
    vary: tuple[tuple[str, str], ...]
    folds: int = 0
    repeats: int = 1
    count: int | None = None
    metric: str = ""
    jobs: int | None = None


@dataclass(frozen=True)
class SweepEstimate:
    """What a draft would take. runs, jobs: 0 while they are not known; cost: None while it is measured

    problem: why it cannot be carried out, "" if it can
    """

    draft: SweepDraft
    runs: int = 0
    jobs: int = 0
    cost: SweepCost | None = None
    problem: str = ""


@dataclass(frozen=True)
class ListedSweep:
    """A kept sweep in the list. done: of its runs; problem: why it cannot be read, "" if it can"""

    name: str
    title: str = ""
    runs: int = 0
    done: int = 0
    problem: str = ""


@dataclass(frozen=True, eq=False)
class ShownSweep:
    """The sweep that is looked at, as it was when it was read. metrics: those that its runs have"""

    plan: SweepPlan
    summary: SweepSummary
    metrics: tuple[str, ...]


@dataclass(frozen=True)
class RunningSweep:
    """The sweep that this window carries out.

    name:    "" until it is kept; done: of its runs; failed: how many of these
    seconds: that are left, None while they are not known
    pausing: whether its runs are about to stop
    """

    name: str = ""
    runs: int = 0
    done: int = 0
    failed: int = 0
    seconds: float | None = None
    pausing: bool = False


@dataclass(frozen=True, eq=False)
class SweepsState:
    """Everything that the window knows of sweeps.

    listed: None until they were read; chosen: the name of the one that is looked at, metric: "" for its own
    """

    listed: tuple[ListedSweep, ...] | None = None
    chosen: str = ""
    metric: str = ""
    shown: ShownSweep | None = None
    estimate: SweepEstimate | None = None
    running: RunningSweep | None = None

    def choosing(self, name: str, metric: str = "") -> SweepsState:
        """With another sweep, or another metric, to be looked at; what was shown of others is gone."""
        shown = self.shown if self.shown is not None and self.shown.plan.name == name else None
        return replace(self, chosen=name, metric=metric, shown=shown)

    def with_read(self, listed: tuple[ListedSweep, ...], shown: ShownSweep | None) -> SweepsState:
        """With what was read; of the shown one only if it is still the chosen one."""
        fits = shown is not None and shown.plan.name == self.chosen
        return replace(self, listed=listed, shown=shown if fits else self.shown)

    def is_carried_out(self, name: str) -> bool:
        """Whether this window carries out the sweep now."""
        return self.running is not None and self.running.name == name
