"""The list of kept runs: what is known of each, what was removed, and which the next Start may replace."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from aestudio.gui.state.studio_state import StudioState
    from aestudio.runs.index import KeptRun
    from aestudio.runs.removed_runs import RemovedRun
    from aestudio.runs.run_rows import RunRow
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
    """

    rows: Mapping[Path, RunRow] = field(default_factory=lambda: MappingProxyType({}))
    unread: int = 0
    total: int | None = None
    removals: tuple[Removal, ...] = ()
    trash: tuple[RemovedRun, ...] = ()
    thinning: ThinnedRuns | None = None
    tries: tuple[Path, ...] = ()

    def without_tries(self, folders: Collection[Path]) -> RunList:
        """The list in which Start replaces none of these runs."""
        left = tuple(folder for folder in self.tries if folder not in folders)
        return self if left == self.tries else replace(self, tries=left)


def listed_rows(state: StudioState) -> tuple[RunRow, ...]:
    """The rows of the runs that were read, in the order of the runs."""
    rows = state.run_list.rows
    return tuple(rows[run.folder] for run in state.runs if run.folder in rows)


def with_runs(state: StudioState, runs: tuple[KeptRun, ...]) -> StudioState:
    """The state with this list of runs; rows that were known stay until they are read."""
    folders = {run.folder for run in runs}
    rows = {folder: row for folder, row in state.run_list.rows.items() if folder in folders}
    listed = replace(state.run_list, rows=MappingProxyType(rows), unread=len(runs))
    return replace(state, runs=runs, run_list=listed)


def with_rows(state: StudioState, rows: Iterable[RunRow], unread: int) -> StudioState:
    """The state with these rows, of runs that are listed. unread: how many were not read yet"""
    folders = {run.folder for run in state.runs}
    new = {row.run.folder: row for row in rows if row.run.folder in folders}
    merged = MappingProxyType({**state.run_list.rows, **new})
    return replace(state, run_list=replace(state.run_list, rows=merged, unread=unread))


def with_changed_runs(state: StudioState, rows: Iterable[RunRow]) -> StudioState:
    """The state after the labels of some runs were changed."""
    rows = tuple(rows)
    changed = {row.run.folder: row.run for row in rows}
    runs = tuple(changed.get(run.folder, run) for run in state.runs)
    return with_rows(replace(state, runs=runs), rows, state.run_list.unread)


def without_runs(state: StudioState, folders: Collection[Path]) -> StudioState:
    """The state without these runs in the list."""
    runs = tuple(run for run in state.runs if run.folder not in folders)
    rows = {folder: row for folder, row in state.run_list.rows.items() if folder not in folders}
    listed = replace(state.run_list, rows=MappingProxyType(rows)).without_tries(folders)
    return replace(state, runs=runs, run_list=listed)


def with_removal(state: StudioState, removal: Removal) -> StudioState:
    """The state in which these runs are gone, and Undo brings them back."""
    removals = (*state.run_list.removals, removal)
    return replace(state, run_list=replace(state.run_list, removals=removals))


def without_removed(state: StudioState, folders: Collection[Path]) -> StudioState:
    """The state in which Undo takes none of these back any more; they are folders in the trash folder."""
    removals = (
        replace(removal, folders=tuple(one for one in removal.folders if one not in folders))
        for removal in state.run_list.removals
    )
    trash = tuple(one for one in state.run_list.trash if one.run.folder not in folders)
    kept = tuple(removal for removal in removals if removal.folders)
    return replace(state, run_list=replace(state.run_list, removals=kept, trash=trash))


def with_begun_run(before: StudioState, after: StudioState) -> StudioState:
    """The state after events of a training: a run that has begun is what the next one may replace."""
    started = after.training.started
    if started is None or started is before.training.started:
        return after
    return replace(after, run_list=replace(after.run_list, tries=(after.training.path,)))
