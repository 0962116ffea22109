"""Every kind of file that the program reads, with the function by which the program reads it."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.image_shape import MNIST
from aestudio.paths import settings_folder, user_recipes_folder
from aestudio.recipes.library import all_recipes
from aestudio.recipes.recipe import read_recipe
from aestudio.runs.bookmarks_file import FILE as BOOKMARKS
from aestudio.runs.bookmarks_file import read_bookmarks
from aestudio.runs.drawings_file import FILE as DRAWINGS
from aestudio.runs.drawings_file import read_drawings
from aestudio.runs.history_files import history_path
from aestudio.runs.index import kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.metrics_file import FILE as METRICS
from aestudio.runs.model_preview import FILE as CODES
from aestudio.runs.run_record import FILE as RECORD
from aestudio.runs.start import resume_run
from aestudio.runs.weights_file import CHECKPOINT, WEIGHTS
from benchmarks.reliability import mutators, samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QMainWindow

    from aestudio.training.events import Snapshot
    from benchmarks.reliability.mutators import Mutator
    from benchmarks.reliability.samples import Samples


@dataclass(frozen=True)
class FileKind:
    """One kind of file.

    intact:   the bytes of an intact file
    path:     of the damaged files
    read:     reads it as the program does; raises AssertionError if the result is wrong
    mutators: functions that damage it
    """

    name: str
    intact: bytes
    path: Path
    read: Callable[[], object]
    mutators: tuple[Mutator, ...]


def kinds_of(sample: Samples, folder: Path) -> dict[str, FileKind]:
    """All kinds by name, their files below the folder."""
    kinds = [*_of_run(sample, folder), *_of_data(sample, folder), _recipe(), _window_ini()]
    return {kind.name: kind for kind in kinds}


def _of_run(sample: Samples, folder: Path) -> list[FileKind]:
    runs = folder / "runs"
    run = runs / "damaged"
    shutil.copytree(sample.run.folder, run)
    shutil.copytree(sample.run.folder, runs / "intact")
    step = sample.run.history_checkpoints()[-2].step
    original = sample.run.snapshot()
    history_checkpoint = sample.run.history_weights(step)
    at = partial(_kind_in, run)
    weights = _kind_in(_without_checkpoint(sample, folder), "weights", WEIGHTS, mutators.TENSORS)
    checkpoint = at("checkpoint", CHECKPOINT, mutators.TENSORS)
    history = at("history", str(history_path(run, step).relative_to(run)), mutators.TENSORS)
    without_checkpoint = weights.path.parent
    tensors = [
        replace(weights, read=lambda: _check_equal(KeptRun.at(without_checkpoint).snapshot(), original)),
        replace(checkpoint, read=lambda: _check_resume(run, sample, original)),
        replace(history, read=lambda: _check_history(run, step, history_checkpoint)),
        replace(_old(weights), read=lambda: _decode(KeptRun.at(without_checkpoint).snapshot())),
        replace(_old(checkpoint), read=lambda: _check_resume(run, sample, None)),
        replace(_old(history), read=lambda: _check_history(run, step, None)),
    ]
    return [
        replace(at("bookmarks", BOOKMARKS, mutators.NPZ), read=lambda: _check_bookmarks(run / BOOKMARKS)),
        replace(at("drawings", DRAWINGS, mutators.NPZ), read=lambda: _open(run)),
        replace(at("codes", CODES, mutators.NPZ), read=lambda: _check_preview(run)),
        replace(at("metrics.jsonl", METRICS, mutators.TEXT), read=lambda: _open(run)),
        replace(at("run.json", RECORD, mutators.TEXT), read=lambda: _list(runs)),
        *tensors,
    ]


def _without_checkpoint(sample: Samples, folder: Path) -> Path:
    """A copy of the run without the checkpoint, which replaces damaged weights."""
    copy = folder / "without checkpoint"
    shutil.copytree(sample.run.folder, copy)
    (copy / CHECKPOINT).unlink()
    return copy


def _of_data(sample: Samples, folder: Path) -> list[FileKind]:
    data, dataset = folder / "data", sample.dataset
    images = data / "images"
    images.mkdir(parents=True)
    for number in range(2):
        (images / f"intact{number}.png").write_bytes(samples.image_file(dataset, "PNG"))
    files = (
        ("npz packed", data / "packed.npz", samples.npz_file(dataset, True), mutators.NPZ),
        ("npz plain", data / "plain.npz", samples.npz_file(dataset, False), mutators.NPZ),
        ("idx", data / "images-idx3-ubyte", samples.idx_file(dataset), mutators.ANY),
        ("png", images / "damaged.png", samples.image_file(dataset, "PNG"), mutators.ANY),
        ("gif", images / "damaged.gif", samples.image_file(dataset, "GIF"), mutators.ANY),
    )

    def read(path: Path) -> Callable[[], object]:
        return lambda: load_dataset(str(path.parent if path.parent == images else path))

    return [FileKind(name, intact, path, read(path), damaging) for name, path, intact, damaging in files]


def _recipe() -> FileKind:
    path = user_recipes_folder() / "mine.json"
    path.parent.mkdir(parents=True, exist_ok=True)

    def read() -> None:
        assert all_recipes(), "no recipe is left"
        read_recipe(path)

    return FileKind("recipe", samples.recipe_file(), path, read, mutators.TEXT)


def _window_ini() -> FileKind:
    path = settings_folder() / "window.ini"
    path.parent.mkdir(parents=True, exist_ok=True)
    return FileKind("window.ini", _window_file(path), path, _restore_geometry, mutators.TEXT)


def _kind_in(folder: Path, name: str, file: str, damaging: tuple[Mutator, ...]) -> FileKind:
    path = folder / file
    return FileKind(name, path.read_bytes(), path, lambda: None, damaging)


def _old(kind: FileKind) -> FileKind:
    return replace(kind, name=f"{kind.name} (old)", intact=mutators.without_digests(kind.intact))


# ---- readers with checks -----------------------------------------------------------------------------


def _check_bookmarks(path: Path) -> None:
    for kept in read_bookmarks(path):
        kept.name.encode()
        assert np.isfinite(kept.code).all(), "a code is no number"
        assert kept.image is None or kept.image.shape == MNIST.image.array


def _open(folder: Path) -> None:
    """Open a run as the window does: curves, weights, drawings."""
    from aestudio.gui.workers.opened_run import read_run

    opened = read_run(str(folder))
    for drawing in read_drawings(folder / DRAWINGS):
        drawing.name.encode()
        assert drawing.image.shape == MNIST.image.array
    for series in (opened.training, opened.validation):
        assert np.isfinite(series.step).all(), "a step is no number"


def _check_preview(folder: Path) -> None:
    preview = KeptRun.at(folder, shipped=True).preview
    assert preview is not None
    assert preview.codes.shape[1] == len(preview.ranges) == samples.LATENT
    names = [preview.sample.class_names[label] for label in preview.labels]
    "".join(names).encode()


def _list(folder: Path) -> None:
    """List the runs as the window and `aestudio runs` do; the intact run must be among them."""
    import json

    from aestudio.cli.run_table import row_table, row_to_json
    from aestudio.gui.window.sidebars.runs_panel import _loss, shown_name
    from aestudio.runs.run_rows import run_rows

    runs = kept_runs(folder)
    assert "intact" in [run.name for run in runs if run.record is not None], "an intact run is hidden"
    for run in runs:
        texts = [run.title, run.describe(), *shown_name(run), _loss(run)]
        "".join(texts).encode()
    rows = run_rows(runs)
    row_table(rows).encode()
    json.dumps([row_to_json(row) for row in rows]).encode()
    damaged = next(run for run in runs if run.name == "damaged")
    damaged.require_record()
    _open(damaged.folder)


def _check_equal(snapshot: Snapshot, original: Snapshot) -> None:
    assert snapshot.step == original.step, "another step"
    assert list(snapshot.weights) == list(original.weights), "other names"
    for name, array in original.weights.items():
        assert array.tobytes() == snapshot.weights[name].tobytes(), "other weights were read"


def _decode(snapshot: Snapshot) -> None:
    from aestudio.inference.frozen_model import FrozenModel

    FrozenModel(snapshot).decode(np.zeros((1, samples.LATENT), np.float32))


def _check_resume(folder: Path, sample: Samples, original: Snapshot | None) -> None:
    """Read the checkpoint and resume the training up to its first event."""
    checkpoint = KeptRun.at(folder).checkpoint()
    assert checkpoint is not None
    if original is not None:
        _check_equal(checkpoint.snapshot, original)
        return
    _decode(checkpoint.snapshot)
    events = resume_run(KeptRun.at(folder), sample.dataset, epochs=3)
    next(events)
    events.close()


def _check_history(folder: Path, step: int, original: Snapshot | None) -> None:
    run = KeptRun.at(folder)
    run.history_checkpoints()
    snapshot = run.history_weights(step)
    if original is not None:
        _check_equal(snapshot, original)
    _decode(run.history_checkpoint(step).snapshot)


def _window_file(path: Path) -> bytes:
    from aestudio.gui.window.window_geometry import save_geometry

    with _window() as window:
        save_geometry(window)
    content = path.read_bytes()
    path.unlink()
    return content


def _restore_geometry() -> None:
    from aestudio.gui.window.window_geometry import restore_geometry, save_geometry

    with _window() as window:
        restore_geometry(window)
        save_geometry(window)
        assert 1 <= window.width() <= 20_000, "an impossible size"
        assert window.screen().geometry().intersects(window.geometry()), "a window that cannot be seen"


@contextmanager
def _window() -> Iterator[QMainWindow]:
    """A window on the offscreen platform, deleted after the block."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    if not _applications:
        _applications.append(QApplication.instance() or QApplication([]))
    window = QMainWindow()
    try:
        yield window
    finally:
        window.deleteLater()
        QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


_applications: list[object] = []  # without a reference it would be deleted
