"""Intents about the list of runs: read it, name, note, tag, remove, restore and thin kept runs.

Every change is made on a task's thread. Changes are made one after another, in the order of the tasks.
"""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.errors import StudioError
from aestudio.gui.controllers.run_messages import freed_message, removed_message, replaced_message
from aestudio.gui.state.run_list import Removal
from aestudio.gui.state.run_list_changes import (
    with_changed_runs,
    with_listed_runs,
    with_removal,
    with_rows,
    with_runs,
    without_removed,
    without_runs,
)
from aestudio.gui.state.training_group import trained_runs
from aestudio.paths import runs_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from aestudio.gui.controllers.store import Store
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.runs.index import KeptRun
    from aestudio.runs.removed_runs import RemovedRun
    from aestudio.runs.run_rows import RunRow

translate = QCoreApplication.translate

LIST, ROWS, SIZES, THIN = "runs", "rows of runs", "sizes of runs", "thin histories"
# How many rows are read before they are shown: the first soon, then more at once.
FIRST_ROWS, MORE_ROWS = 24, 120
_numbers = itertools.count(1)


class RunChanges:
    """What the user changes in the list of runs; `RunsController` adds what is done with a single run."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._one_by_one = threading.Lock()

    # ---- reading ----------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the list of runs again."""

        def read(progress: Progress) -> tuple[KeptRun, ...]:  # noqa: ARG001 - quick
            from aestudio.runs.index import list_runs

            return list_runs()

        self._store.run_task(LIST, "the runs were being listed", read, self._listed)

    def _listed(self, message: TaskDone) -> None:
        if message.value is not None:
            self._store.set_state(with_runs(self._store.state, message.value))
            listed = {run.folder for run in message.value}
            begun = [folder for folder in trained_runs(self._store.state) if folder not in listed]
            if begun:  # since the list was read
                self.read_again(begun)
            self._read_rows(message.value, message.value, FIRST_ROWS)
        elif message.problem is not None:
            self._store.show_message(str(message.problem), "bad")

    def _read_rows(self, listed: tuple[KeptRun, ...], left: tuple[KeptRun, ...], count: int) -> None:
        """Read the rows of the runs that are left, some at a time, as long as this is the list."""
        now, later = left[:count], left[count:]

        def read(progress: Progress) -> tuple[RunRow, ...]:
            from aestudio.runs.run_rows import run_rows

            return run_rows(now, progress)

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            if message.value is None:
                return
            known = {run.folder: run for run in self._store.state.runs}
            # What was changed meanwhile has its new row already.
            rows = [row for row in message.value if known.get(row.run.folder) is row.run]
            self._store.set_state(with_rows(self._store.state, rows, len(later)))
            if later:
                self._read_rows(listed, later, MORE_ROWS)
            else:
                self._measure(listed)

        self._store.run_task(ROWS, "the runs were being read", read, after)

    def read_again(self, folders: Iterable[Path]) -> None:
        """Read these runs as they are now, into the list if they are new: one that has just begun, say."""
        wanted = tuple(folders)

        def read(progress: Progress) -> tuple[RunRow, ...]:  # noqa: ARG001 - quick
            from aestudio.runs.kept_run import KeptRun
            from aestudio.runs.run_rows import run_row

            return tuple(run_row(KeptRun.at(folder)) for folder in wanted if folder.is_dir())

        def after(message: TaskDone) -> None:
            # The name of a lost or just removed run would stay in the list, as a damaged one.
            rows = [row for row in message.value or () if row.run.record is not None]
            self._store.set_state(with_listed_runs(self._store.state, rows))

        self._change("the runs were being read", read, after)

    def _measure(self, listed: Sequence[KeptRun]) -> None:
        """Measure what all kept runs take on the disk, and list those in the trash folder."""
        own = [run for run in listed if not run.shipped]

        def measure(progress: Progress) -> tuple[int, tuple[RemovedRun, ...]]:
            from aestudio.runs.removed_runs import removed_runs
            from aestudio.runs.run_size import total_size

            removed = removed_runs()
            _ = [one.size for one in removed]  # measured here, and kept
            return total_size(own, progress), removed

        def after(message: TaskDone) -> None:
            if message.value is not None:
                total, trash = message.value
                self._update(total=total, trash=trash)

        self._store.run_task(SIZES, "the runs were being measured", measure, after)

    def _update(self, **parts: object) -> None:
        self._store.update(run_list=replace(self._store.state.run_list, **parts))

    # ---- labels -----------------------------------------------------------------------------------

    def rename(self, run: KeptRun, title: str) -> None:
        """Give a run another title."""
        self._label([run], lambda run: run.rename(title))

    def set_note(self, run: KeptRun, note: str) -> None:
        """Replace the note of a run, "" for none."""
        self._label([run], lambda run: run.with_note(note))

    def change_tags(self, runs: Sequence[KeptRun], add: Sequence[str], remove: Sequence[str] = ()) -> None:
        """Add tags to runs, and take others away."""
        gone = {tag.casefold() for tag in remove}

        def change(run: KeptRun) -> KeptRun:
            return run.with_tags([*(tag for tag in run.tags if tag.casefold() not in gone), *add])

        self._label(runs, change)

    def _label(self, runs: Sequence[KeptRun], change: Callable[[KeptRun], KeptRun]) -> None:
        folders = [(run.folder, run.shipped) for run in runs]

        def work(progress: Progress) -> tuple[list[RunRow], list[StudioError]]:  # noqa: ARG001 - quick
            from aestudio.runs.kept_run import KeptRun
            from aestudio.runs.run_rows import run_row

            rows, problems = [], []
            with self._one_by_one:
                for folder, shipped in folders:
                    try:
                        change(KeptRun.at(folder, shipped))
                    except StudioError as problem:
                        problems.append(problem)
                    if folder.is_dir():
                        rows.append(run_row(KeptRun.at(folder, shipped)))
            return rows, problems

        def after(message: TaskDone) -> None:
            rows, problems = message.value or ([], [message.problem])
            self._store.set_state(with_changed_runs(self._store.state, rows))
            self._say_problems(problems)

        self._change("the run was being changed", work, after)

    # ---- removing and restoring -------------------------------------------------------------------

    def remove(self, *runs: KeptRun) -> None:
        """Move runs to the trash folder beside the others; Undo brings them back."""
        rows = self._store.state.run_list.rows
        titles = {run.folder: rows[run.folder].name if run.folder in rows else run.title for run in runs}

        def work(progress: Progress) -> tuple[dict[Path, Path], list[StudioError]]:  # noqa: ARG001 - renames
            from aestudio.runs.removed_runs import remove

            gone, problems = {}, []
            with self._one_by_one:
                for run in runs:
                    try:
                        gone[run.folder] = remove(run, problems.append)
                    except StudioError as problem:
                        problems.append(problem)
            return gone, problems

        def after(message: TaskDone) -> None:
            gone, problems = message.value or ({}, [message.problem])
            if gone:
                removal = Removal(titles[next(iter(gone))], tuple(gone.values()))
                self._take_away(gone, removal)
                self._store.show_message(removed_message(removal))
            self._say_problems(problems)
            self.refresh()

        self._change("the runs were being removed", work, after)

    def replaced(self, removed: RemovedRun) -> None:
        """A new training has begun, and this try went to the trash folder for it."""
        folder = removed.run.folder
        removal = Removal(removed.title, (folder,), replaced=True)
        self._take_away([folder.parent.parent / removed.name], removal)
        self._store.show_message(replaced_message(removal))
        self.refresh()

    def _take_away(self, folders: Iterable[Path], removal: Removal) -> None:
        state = without_runs(self._store.state, set(folders))
        self._store.set_state(with_removal(state, removal))

    def undo_removal(self) -> None:
        """Bring back what was removed last."""
        removals = self._store.state.run_list.removals
        if removals:
            self.restore(*removals[-1].folders)
        else:
            self._store.show_message(translate("session", "No run was removed that could be brought back."))

    def restore(self, *folders: Path) -> None:
        """Bring back removed runs; they are named by their folders in the trash folder."""

        def work(progress: Progress) -> tuple[list[KeptRun], list[StudioError]]:  # noqa: ARG001 - renames
            from aestudio.runs.removed_runs import restore

            runs, problems = [], []
            with self._one_by_one:
                for folder in folders:
                    try:
                        runs.append(restore(folder))
                    except StudioError as problem:
                        problems.append(problem)
            return runs, problems

        def after(message: TaskDone) -> None:
            runs, problems = message.value or ([], [message.problem])
            self._store.set_state(without_removed(self._store.state, set(folders)))
            if runs:
                text = translate("session", "{} is in the list again.")
                more = translate("session", "{} runs are in the list again.")
                self._store.show_message(
                    text.format(runs[0].title) if len(runs) == 1 else more.format(len(runs)), "good"
                )
            self._say_problems(problems)
            self.refresh()

        self._change("the runs were being restored", work, after)

    # ---- thinning ---------------------------------------------------------------------------------

    def plan_thinning(self) -> None:
        """Find out what thinning the histories would free, so that the user can be asked."""
        runs = _thinnable(self._store.state)

        def work(progress: Progress) -> object:
            from aestudio.runs.thinning import plan_thinning

            return plan_thinning(runs, progress=progress)

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            elif message.value is not None:
                self._update(thinning=message.value)

        self._store.run_task(THIN, "the histories were being measured", work, after)

    def drop_plan(self) -> None:
        """Thin nothing."""
        self._update(thinning=None)

    def thin(self) -> None:
        """Thin the histories as it was planned."""
        plan = self._store.state.run_list.thinning
        if plan is None:
            return
        runs = [run for run in _thinnable(self._store.state) if run.name in plan.runs]
        self.drop_plan()

        def work(progress: Progress) -> object:
            from aestudio.runs.thinning import thin_histories

            with self._one_by_one:
                return thin_histories(runs, progress=progress)

        def after(message: TaskDone) -> None:
            if message.value is not None:
                self._store.show_message(freed_message(message.value), "good")
                self._say_problems(message.value.problems)
            else:
                self._say_problems([message.problem])
            self.refresh()

        self._store.run_task(THIN, "the histories were being thinned", work, after)

    # ---- how --------------------------------------------------------------------------------------

    def _change(
        self, doing: str, work: Callable[[Progress], object], after: Callable[[TaskDone], None]
    ) -> None:
        """Change something on a thread of its own: no change replaces another one that is under way."""
        self._store.run_task(f"change of runs {next(_numbers)}", doing, work, after)

    def _say_problems(self, problems: Iterable[StudioError | None]) -> None:
        texts = [str(problem) for problem in problems if problem is not None]
        if texts:
            more = translate("session", "{} (and {} more)")
            self._store.show_message(
                texts[0] if len(texts) == 1 else more.format(texts[0], len(texts) - 1), "bad"
            )


def _thinnable(state: StudioState) -> list[KeptRun]:
    """The kept runs whose history nobody looks at: what the window shows keeps every checkpoint."""
    history, training = state.history, state.training
    shown = {history.folder or runs_folder() / history.run, training.path if training.run else None}
    return [run for run in state.runs if not run.shipped and run.folder not in shown]
