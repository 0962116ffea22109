"""The Features view through a real session: weights, the probe with cancel, the export."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.studio_state import DataState
from aestudio.gui.views.features.features_view import FeaturesView
from tests.images import grey_28x20

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session
    from aestudio.training.events import Snapshot

WAIT = 20_000


@pytest.fixture
def view(qtbot: QtBot, studio_session: Session, show_view: Callable[..., FeaturesView]) -> FeaturesView:
    shown = show_view(FeaturesView)
    qtbot.waitUntil(lambda: not studio_session.state.pending, timeout=WAIT)
    return shown


def _open(qtbot: QtBot, session: Session, snapshot: Snapshot) -> None:
    session.update(model=ExploredModel(snapshot, "another", "kept"))
    qtbot.waitUntil(lambda: not session.state.pending, timeout=WAIT)


def test_pages_show_every_unit_once(
    qtbot: QtBot, view: FeaturesView, studio_session: Session, make_snapshot: Callable[..., Snapshot]
) -> None:
    _open(qtbot, studio_session, make_snapshot("deep-ae"))
    pages, captions = view.weights, []
    for _ in range(50):
        captions += pages.grid._captions
        if not pages.next_page.isEnabled():
            break
        qtbot.mouseClick(pages.next_page, Qt.MouseButton.LeftButton)
    assert captions == [str(unit) for unit in range(128)]
    assert pages.previous_page.isEnabled()


def test_the_page_stays_while_the_model_learns(
    qtbot: QtBot, view: FeaturesView, studio_session: Session, make_snapshot: Callable[..., Snapshot]
) -> None:
    _open(qtbot, studio_session, make_snapshot("deep-ae"))
    view.weights.next_page.click()
    captions, pixels = view.weights.grid._captions, view.weights.grid._pixels
    _open(qtbot, studio_session, make_snapshot("deep-ae", seed=9))
    assert view.weights.grid._captions == captions
    assert not np.array_equal(view.weights.grid._pixels, pixels)


@pytest.mark.parametrize(
    ("recipe", "tiles"), [("conv-ae", 16), ("row-gru-ae", 15), ("digit-classifier", 128)]
)
def test_every_kind_of_first_layer_is_shown(
    qtbot: QtBot,
    view: FeaturesView,
    studio_session: Session,
    make_snapshot: Callable[..., Snapshot],
    recipe: str,
    tiles: int,
) -> None:
    _open(qtbot, studio_session, make_snapshot(recipe))
    assert view.weights._tiles is not None
    assert len(view.weights._tiles.captions) == tiles


def test_the_probe_measures_three_accuracies_and_names_its_data(
    qtbot: QtBot, view: FeaturesView, studio_session: Session, few_digits: Dataset
) -> None:
    qtbot.mouseClick(view.probe.button, Qt.MouseButton.LeftButton)
    assert "probe" in studio_session.state.tasks
    assert view.probe.button.text() == "Cancel"
    qtbot.waitUntil(lambda: studio_session.state.probe.report is not None, timeout=WAIT)
    assert "probe" not in studio_session.state.tasks
    bars = view.probe.bars.bars
    assert [bar.name for bar in bars] == ["Pixels", "Codes", "Reconstructions"]
    report = studio_session.state.probe.report
    assert report is not None
    for bar, score in zip(bars, report.scores.values(), strict=True):
        assert bar.interval is not None
        assert bar.interval[0] <= bar.length <= bar.interval[1]
        assert bar.length == score.accuracy
    assert f"{len(few_digits.train)} images" in view.probe._note.text()
    assert f"tested on {len(few_digits.test)}" in view.probe._note.text()


def test_a_result_of_an_earlier_step_names_that_step(
    qtbot: QtBot, view: FeaturesView, studio_session: Session, make_snapshot: Callable[..., Snapshot]
) -> None:
    view.probe.button.click()
    qtbot.waitUntil(lambda: studio_session.state.probe.report is not None, timeout=WAIT)
    assert "changed" not in view.probe._note.text()
    assert view.probe.mark.step is None
    measured = studio_session.state.snapshot.step  # type: ignore[union-attr]
    _open(qtbot, studio_session, make_snapshot(seed=3, step=40))
    assert "changed since" in view.probe._note.text()
    qtbot.waitUntil(lambda: view.probe.mark.dimmed)
    assert view.probe.mark.text() == f"of step {measured}"


def test_the_probe_can_be_cancelled(
    qtbot: QtBot, view: FeaturesView, studio_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from aestudio.analysis import probe as probe_module

    started = threading.Event()

    def endless(snapshot: object, dataset: object, progress: Callable[..., None], images: object) -> None:
        for step in range(10_000_000):
            progress(step, 10_000_000, "Probing pixels")
            started.set()

    monkeypatch.setattr(probe_module, "probe", endless)
    view.probe.button.click()
    qtbot.waitUntil(started.is_set, timeout=WAIT)
    view.probe.button.click()
    qtbot.waitUntil(lambda: "probe" not in studio_session.state.tasks, timeout=WAIT)
    assert studio_session.state.probe.report is None
    assert view.probe.button.text() == "Measure"
    assert "cancelled" in studio_session.state.message.text


def test_without_labels_the_probe_is_off(
    view: FeaturesView, studio_session: Session, few_digits: Dataset
) -> None:
    from aestudio.datasets.dataset import Dataset, ImageSet

    bare = Dataset("own", "Own", ImageSet(few_digits.train.images), ImageSet(few_digits.test.images))
    studio_session.update(data=DataState("own", "ready", dataset=bare))
    assert not view.probe.button.isEnabled()
    assert "labels" in view.probe._note.text()


@pytest.mark.parametrize("split", ["test", "train", "all"])
def test_the_export_contains_the_whole_split(
    qtbot: QtBot, view: FeaturesView, studio_session: Session, few_digits: Dataset, tmp_path: Path, split: str
) -> None:
    view.export.split.setCurrentIndex(view.export.split.findData(split))
    view.export.button.click()
    dialog = view.export.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert dialog.defaultSuffix() == "npz", "so that Qt warns before it replaces a file"
    assert not dialog.testOption(QFileDialog.Option.DontConfirmOverwrite)
    dialog.fileSelected.emit(str(tmp_path / "features.npz"))
    dialog.reject()
    qtbot.waitUntil(lambda: "export" not in studio_session.state.tasks, timeout=WAIT)
    chosen = {"test": few_digits.test, "train": few_digits.train}
    parts = chosen if split == "all" else {split: chosen[split]}
    count = sum(map(len, parts.values()))
    with np.load(tmp_path / "features.npz", allow_pickle=False) as file:
        assert file["codes"].shape == (count, 6)
        assert np.array_equal(file["labels"], np.concatenate([part.labels for part in parts.values()]))
        assert np.array_equal(file["indices"], np.concatenate([np.arange(len(p)) for p in parts.values()]))
        assert file["part"].tolist() == [name for name, part in parts.items() for _ in range(len(part))]
        assert str(file["split"]) == split
    assert f"{count} codes" in studio_session.state.message.text


def test_a_failed_export_shows_an_error(
    qtbot: QtBot, view: FeaturesView, studio_session: Session, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    view.export.wanted.emit(tmp_path / "file" / "features.npz", "test")
    qtbot.waitUntil(lambda: "export" not in studio_session.state.tasks, timeout=WAIT)
    assert studio_session.state.message.tone == "bad"


def test_nothing_is_measured_or_exported_on_images_that_the_model_does_not_take(
    view: FeaturesView, studio_session: Session
) -> None:
    studio_session.update(data=DataState("narrow", "ready", dataset=grey_28x20()))
    assert view.empty_reason.reason is not None
    assert "takes images of 28 × 28" in view.empty_reason.reason.sentence
    assert "takes images of 28 × 28" in view.probe._note.text()
    assert not view.probe.button.isEnabled()
    assert not view.export.button.isEnabled()
    studio_session.probe.start()
    assert "probe" not in studio_session.state.tasks
