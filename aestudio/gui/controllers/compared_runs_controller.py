"""Intents about the comparison of kept runs: read them, measure them, write what is compared."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.compared_runs import ComparedRuns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.store import Store
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.runs.compared_images import ComparedImages
    from aestudio.runs.compared_metrics import ComparedMetric
    from aestudio.runs.index import KeptRun

translate = QCoreApplication.translate

READ, MEASURE, WRITE = "compared runs", "measured runs", "tables of runs"
IMAGES = "images of compared runs"


class ComparedRunsController:
    """Compares kept runs, whether anything is being trained or not."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def compare(self, runs: Sequence[KeptRun]) -> None:
        """Read two to eight runs; those that were tries are wanted from now on."""
        folders = [(run.folder, run.shipped) for run in runs]
        kept = self._store.state.run_list.without_tries([folder for folder, _ in folders])
        self._store.update(run_list=replace(kept, compared=None))

        def read(progress: Progress) -> ComparedRuns:
            from aestudio.runs.compared_collapse import collapse_of
            from aestudio.runs.compared_curves import AXES, compared_changes, compared_curves
            from aestudio.runs.compared_settings import compared_settings
            from aestudio.runs.distinct_names import distinct_names
            from aestudio.runs.kept_run import KeptRun
            from aestudio.runs.missing_run import check_there
            from aestudio.runs.run_rows import run_rows

            for folder, _ in folders:
                check_there(folder)
            now = [KeptRun.at(folder, shipped) for folder, shipped in folders]
            settings, rows = compared_settings(now, every=True), run_rows(now)
            curves, changes = {}, {}
            for number, axis in enumerate(AXES):
                progress(number, len(AXES), "Reading the curves")
                curves[axis], changes[axis] = compared_curves(now, axis), compared_changes(now, axis)
            return ComparedRuns(
                rows,
                distinct_names(rows),
                settings,
                MappingProxyType(curves),
                MappingProxyType(changes),
                tuple(map(collapse_of, now)),
            )

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            elif message.value is not None:
                self._become(message.value)

        self._store.run_task(READ, "the runs were being compared", read, after)

    def measure(self) -> None:
        """Measure each run on the test images of its own data set; slow."""
        compared = self._compared
        if compared is None:
            return
        runs, folder = [row.run for row in compared.rows], self._store.state.data.folder
        loaded = self._store.state.data.dataset

        def work(progress: Progress) -> tuple[ComparedMetric, ...]:
            from aestudio.runs.compared_metrics import compared_metrics, measure

            datasets: list[Dataset] = [] if loaded is None else [loaded]
            measured = []
            for run in runs:
                fitting = [one for one in datasets if one.origin == run.origin and not run.difference(one)]
                if not fitting:
                    fitting = [run.dataset(folder, progress)]
                    datasets += fitting
                measured.append(measure(run, fitting[0], progress))
            return compared_metrics(measured)

        def after(message: TaskDone) -> None:
            now = self._compared
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            elif message.value is not None and now is not None and now.rows is compared.rows:
                self._become(replace(now, metrics=message.value))

        self._store.run_task(MEASURE, "the runs were being measured", work, after)

    def show_images(self) -> None:
        """Reconstruct the first images of the loaded set with each run, unless that was tried already."""
        compared, state = self._compared, self._store.state
        images = state.loaded_image_sets[:1]
        if compared is None or IMAGES in state.tasks or not images:
            return
        if compared.images is not None or compared.no_images:
            return
        runs = [row.run for row in compared.rows]

        def work(progress: Progress) -> ComparedImages:
            from aestudio.runs.compared_images import compared_images

            return compared_images(runs, images[0], progress=progress)

        def after(message: TaskDone) -> None:
            now = self._compared
            if now is None or now.rows is not compared.rows:
                return
            if message.problem is not None:
                self._become(replace(now, no_images=str(message.problem)))
            elif message.value is not None:
                self._become(replace(now, images=message.value))

        self._store.run_task(IMAGES, "the runs were reconstructing images", work, after)

    def cancel(self) -> None:
        """Stop measuring."""
        self._store.tasks.cancel(MEASURE)
        self._store.tasks.cancel(IMAGES)

    def write_tables(self, folder: Path) -> None:
        """Write settings.csv, curves.csv, collapses.csv and, measured, metrics.csv into a folder.

        Into a new one within it, if it has a file of such a name: nobody was asked whether to replace that.
        """
        compared = self._compared
        if compared is None:
            return

        def work(progress: Progress) -> tuple[list[str], Path]:  # noqa: ARG001 - quick
            from aestudio.runs.comparison_files import (
                write_collapses,
                write_curves,
                write_metrics,
                write_settings,
            )
            from aestudio.storage.files import free_name

            names = ["settings.csv", "curves.csv", "collapses.csv"]
            names += ["metrics.csv"] if compared.metrics else []
            taken = any((folder / name).exists() for name in names)
            out, labels = free_name(folder, "comparison") if taken else folder, compared.labels
            write_settings(out / "settings.csv", compared.settings, labels)
            write_curves(out / "curves.csv", compared.curves["step"], labels, compared.changes["step"])
            write_collapses(out / "collapses.csv", compared.collapses, labels)
            if compared.metrics:
                write_metrics(out / "metrics.csv", compared.metrics, labels)
            return names, out

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            elif message.value is not None:
                names, out = message.value
                text = translate("session", "Wrote {} to {}.").format(", ".join(names), out)
                self._store.show_message(text, "good")

        self._store.run_task(WRITE, "the tables were being written", work, after)

    def forget(self) -> None:
        """Nothing is compared any more."""
        self.cancel()
        self._store.update(run_list=replace(self._store.state.run_list, compared=None))

    @property
    def _compared(self) -> ComparedRuns | None:
        return self._store.state.run_list.compared

    def _become(self, compared: ComparedRuns) -> None:
        self._store.update(run_list=replace(self._store.state.run_list, compared=compared))
