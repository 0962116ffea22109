"""Every kind of file that the program reads, with the way in which the program itself reads it."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.catalogue import load_dataset
from aestudio.paths import settings_folder, user_recipes_folder
from aestudio.recipes.library import all_recipes
from aestudio.recipes.recipe import read_recipe
from aestudio.runs.bookmarks_file import FILE as BOOKMARKS
from aestudio.runs.bookmarks_file import read_bookmarks
from aestudio.runs.drawings_file import FILE as DRAWINGS
from aestudio.runs.history_files import history_path
from aestudio.runs.index import kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.metrics_file import FILE as METRICS
from aestudio.runs.model_preview import FILE as CODES
from aestudio.runs.resume import resume
from aestudio.runs.run_record import FILE as RECORD
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
class Kind:
    """One kind of file.

    sound:    the bytes of a sound file
    path:     where the damaged ones are put
    read:     reads it as the program does; raises AssertionError if what was read is not true
    mutators: ways to damage it
    """

    name: str
    sound: bytes
    path: Path
    read: Callable[[], object]
    mutators: tuple[Mutator, ...]


def kinds_of(sample: Samples, folder: Path) -> dict[str, Kind]:
    """All kinds by name, their files below the folder."""
    kinds = [*_of_run(sample, folder), *_of_data(sample, folder), _recipe(), _window_ini()]
    return {kind.name: kind for kind in kinds}


def _of_run(sample: Samples, folder: Path) -> list[Kind]:
    runs = folder / "runs"
    run = runs / "damaged"
    shutil.copytree(sample.run.folder, run)
    shutil.copytree(sample.run.folder, runs / "sound")
    step = sample.run.history_checkpoints()[-2].step
    original = sample.run.snapshot()
    history_checkpoint = sample.run.history_weights(step)
    at = partial(_kind_in, run)
    weights = _kind_in(_without_checkpoint(sample, folder), "weights", WEIGHTS, mutators.TENSORS)
    checkpoint = at("checkpoint", CHECKPOINT, mutators.TENSORS)
    history = at("history", str(history_path(run, step).relative_to(run)), mutators.TENSORS)
    alone = weights.path.parent
    tensors = [
        replace(weights, read=lambda: _same(KeptRun.at(alone).snapshot(), original)),
        replace(checkpoint, read=lambda: _gone_on_with(run, sample, original)),
        replace(history, read=lambda: _history_checkpoint(run, step, history_checkpoint)),
        replace(_old(weights), read=lambda: _decoded(KeptRun.at(alone).snapshot())),
        replace(_old(checkpoint), read=lambda: _gone_on_with(run, sample, None)),
        replace(_old(history), read=lambda: _history_checkpoint(run, step, None)),
    ]
    return [
        replace(at("bookmarks", BOOKMARKS, mutators.NPZ), read=lambda: _check_places(run / BOOKMARKS)),
        replace(at("drawings", DRAWINGS, mutators.NPZ), read=lambda: _opened(run)),
        replace(at("codes", CODES, mutators.NPZ), read=lambda: _preview(run)),
        replace(at("metrics.jsonl", METRICS, mutators.TEXT), read=lambda: _opened(run)),
        replace(at("run.json", RECORD, mutators.TEXT), read=lambda: _listed(runs)),
        *tensors,
    ]


def _without_checkpoint(sample: Samples, folder: Path) -> Path:
    """A copy of the run without the file that stands in for damaged weights."""
    copy = folder / "without checkpoint"
    shutil.copytree(sample.run.folder, copy)
    (copy / CHECKPOINT).unlink()
    return copy


def _of_data(sample: Samples, folder: Path) -> list[Kind]:
    data, digits = folder / "data", sample.digits
    pictures = data / "pictures"
    pictures.mkdir(parents=True)
    for number in range(2):
        (pictures / f"sound{number}.png").write_bytes(samples.image_file(digits, "PNG"))
    files = (
        ("npz packed", data / "packed.npz", samples.npz_file(digits, True), mutators.NPZ),
        ("npz plain", data / "plain.npz", samples.npz_file(digits, False), mutators.NPZ),
        ("idx", data / "images-idx3-ubyte", samples.idx_file(digits), mutators.ANY),
        ("png", pictures / "damaged.png", samples.image_file(digits, "PNG"), mutators.ANY),
        ("gif", pictures / "damaged.gif", samples.image_file(digits, "GIF"), mutators.ANY),
    )

    def read(path: Path) -> Callable[[], object]:
        return lambda: load_dataset(str(path.parent if path.parent == pictures else path))

    return [Kind(name, sound, path, read(path), ways) for name, path, sound, ways in files]


def _recipe() -> Kind:
    path = user_recipes_folder() / "mine.json"
    path.parent.mkdir(parents=True, exist_ok=True)

    def read() -> None:
        assert all_recipes(), "no recipe is left"
        read_recipe(path)

    return Kind("recipe", samples.recipe_file(), path, read, mutators.TEXT)


def _window_ini() -> Kind:
    path = settings_folder() / "window.ini"
    path.parent.mkdir(parents=True, exist_ok=True)
    return Kind("window.ini", _window_file(path), path, _placed, mutators.TEXT)


def _kind_in(folder: Path, name: str, file: str, ways: tuple[Mutator, ...]) -> Kind:
    path = folder / file
    return Kind(name, path.read_bytes(), path, lambda: None, ways)


def _old(kind: Kind) -> Kind:
    return replace(kind, name=f"{kind.name} (old)", sound=mutators.without_digests(kind.sound))


# ---- how each is read ------------------------------------------------------------------------------


def _check_places(path: Path) -> None:
    for name, code, picture in read_bookmarks(path):
        name.encode()
        assert np.isfinite(code).all(), "a code is no number"
        assert picture is None or picture.shape == (28, 28)


def _opened(folder: Path) -> None:
    """As the window opens a run: curves, weights, drawings."""
    from aestudio.gui.workers.opened_run import read_run

    opened = read_run(str(folder))
    if opened.drawings_problem is not None:
        raise opened.drawings_problem
    for name, image in opened.drawings:
        name.encode()
        assert image.shape == (28, 28)
    for series in (opened.training, opened.validation):
        assert np.isfinite(series.step).all(), "a step is no number"


def _preview(folder: Path) -> None:
    preview = KeptRun.at(folder, shipped=True).preview
    assert preview is not None
    assert preview.codes.shape[1] == len(preview.ranges) == samples.LATENT
    names = [preview.sample.class_names[label] for label in preview.labels]
    "".join(names).encode()


def _listed(folder: Path) -> None:
    """As the window and `aestudio runs` list them; the sound run must be there whatever the other one is."""
    import json

    from aestudio.cli.commands.runs import _as_json, _row
    from aestudio.gui.window.sidebars.runs_panel import _loss, shown_name

    runs = kept_runs(folder)
    assert "sound" in [run.name for run in runs if run.record is not None], "a sound run is hidden"
    for run in runs:
        texts = [run.title, run.describe(), shown_name(run), _loss(run), *_row(run)]
        "".join(texts).encode()
        json.dumps(_as_json(run)).encode()
    damaged = next(run for run in runs if run.name == "damaged")
    damaged.require_record()
    _opened(damaged.folder)


def _same(found: Snapshot, original: Snapshot) -> None:
    assert found.step == original.step, "another step"
    assert list(found.weights) == list(original.weights), "other names"
    for name, array in original.weights.items():
        assert array.tobytes() == found.weights[name].tobytes(), "other weights were read"


def _decoded(snapshot: Snapshot) -> None:
    from aestudio.inference.frozen_model import FrozenModel

    FrozenModel(snapshot).decode(np.zeros((1, samples.LATENT), np.float32))


def _gone_on_with(folder: Path, sample: Samples, original: Snapshot | None) -> None:
    """Read the checkpoint and set the training up again from it, up to its first event."""
    checkpoint = KeptRun.at(folder).checkpoint()
    assert checkpoint is not None
    if original is not None:
        _same(checkpoint.snapshot, original)
        return
    _decoded(checkpoint.snapshot)
    events = resume(KeptRun.at(folder), sample.digits, epochs=3)
    next(events)
    events.close()


def _history_checkpoint(folder: Path, step: int, original: Snapshot | None) -> None:
    run = KeptRun.at(folder)
    run.history_checkpoints()
    found = run.history_weights(step)
    if original is not None:
        _same(found, original)
    _decoded(run.history_checkpoint(step).snapshot)


def _window_file(path: Path) -> bytes:
    from aestudio.gui.window.window_geometry import save_geometry

    with _window() as window:
        save_geometry(window)
    content = path.read_bytes()
    path.unlink()
    return content


def _placed() -> None:
    from aestudio.gui.window.window_geometry import restore_geometry, save_geometry

    with _window() as window:
        restore_geometry(window)
        save_geometry(window)
        assert 1 <= window.width() <= 20_000, "an impossible size"
        assert window.screen().geometry().intersects(window.geometry()), "a window that cannot be seen"


@contextmanager
def _window() -> Iterator[QMainWindow]:
    """A window on the offscreen platform, gone after the block."""
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


_applications: list[object] = []  # one that is not held is gone
