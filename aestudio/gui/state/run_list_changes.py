"""The state after the list of kept runs was read, labelled, or lost or got back some of its runs."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from aestudio.gui.state.training_group import runs_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from aestudio.gui.state.run_list import Removal
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.runs.index import KeptRun
    from aestudio.runs.run_rows import RunRow


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


def with_listed_runs(state: StudioState, rows: Iterable[RunRow]) -> StudioState:
    """The state in which these runs are in the list: new ones first, the others as they are now."""
    rows = tuple(rows)
    listed = {run.folder for run in state.runs}
    new = tuple(row.run for row in rows if row.run.folder not in listed)
    return with_changed_runs(replace(state, runs=(*new, *state.runs)), rows)


def begun_folders(before: StudioState, after: StudioState) -> tuple[Path, ...]:
    """The folders of the runs that began, were resumed or sabotaged between two states."""
    group = after.trained_group
    runs = zip(runs_of(before, group), runs_of(after, group), strict=False)
    return tuple(
        run.path
        for earlier, run in runs
        if run.started is not None
        and (run.started is not earlier.started or run.sabotage is not earlier.sabotage)
    )


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
