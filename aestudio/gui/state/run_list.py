"""The list of kept runs: what is known of each, what was removed, and which the next Start may replace."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from aestudio.gui.state.sweep_state import SweepsState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from aestudio.gui.state.compared_runs import ComparedRuns
    from aestudio.runs.kept_run import KeptRun
    from aestudio.runs.removed_runs import RemovedRun
    from aestudio.runs.run_rows import RunRow
    from aestudio.runs.shared_run_export import SharedSizes
    from aestudio.runs.thinning import ThinnedRuns


@dataclass(frozen=True, eq=False)
class Removal:
    """Runs that were removed together.

    title:    of the first of them
    folders:  where they lie in the trash folder
    replaced: whether a new training replaced them, and not the user removed them
    """

    title: str
    folders: tuple[Path, ...]
    replaced: bool = False


@dataclass(frozen=True, eq=False)
class Sharing:
    """A run that is to be written as one file, while the user is asked. sizes: None until it is measured"""

    run: KeptRun
    sizes: SharedSizes | None = None


@dataclass(frozen=True, eq=False)
class RunList:
    """What the list of runs shows besides `StudioState.runs`.

    rows:     by folder, of the runs whose files were read
    unread:   how many of them were not read yet
    total:    bytes of all kept runs on the disk; None until they are measured
    removals: what Undo takes back, the newest last
    trash:    what lies in the trash folder, the last removed first
    thinning: what the thinning of histories would remove, while the user is asked
    tries:    folders of runs that were begun in this window and that nobody opened or compared since: the
              next Start replaces those that are nothing but tries
    compared: the runs that are compared in a window of their own
    sharing:  the run that is to be written as one file, while the user is asked what goes into it
    sweeps:   kept runs that belong together because a setting varies
    """

    rows: Mapping[Path, RunRow] = field(default_factory=lambda: MappingProxyType({}))
    unread: int = 0
    total: int | None = None
    removals: tuple[Removal, ...] = ()
    trash: tuple[RemovedRun, ...] = ()
    thinning: ThinnedRuns | None = None
    tries: tuple[Path, ...] = ()
    compared: ComparedRuns | None = None
    sharing: Sharing | None = None
    sweeps: SweepsState = field(default_factory=SweepsState)

    def without_tries(self, folders: Collection[Path]) -> RunList:
        """The list in which Start replaces none of these runs."""
        left = tuple(folder for folder in self.tries if folder not in folders)
        return self if left == self.tries else replace(self, tries=left)
