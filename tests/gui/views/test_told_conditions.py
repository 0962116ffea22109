"""Reconstruct, Train, Features, Compress and the inspector say what a conditional model was told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.analysis.probe import ProbeReport, Score, probe
from aestudio.gui.inference.requests.reconstructions_request import ReconstructDrawing
from aestudio.gui.state.studio_state import ProbeState
from aestudio.gui.views.compress.compress_view import CompressView
from aestudio.gui.views.features.features_view import FeaturesView
from aestudio.gui.views.features.probe_panel import ProbePanel
from aestudio.gui.views.reconstruct.reconstruct_view import ReconstructView
from aestudio.gui.views.train.train_view import TrainView
from aestudio.gui.window.sidebars.inspector import Inspector
from tests.conditional.models import class_conditional, factor_conditional, with_factors, without_labels
from tests.gui.conftest import tiny_snapshot
from tests.gui.views.test_conditional_model import explore

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session

NO_LABELS = "This model is told the class of each image, and these images have no labels"


@pytest.fixture
def shown(qtbot: QtBot, studio_session: Session, show_view: Any) -> Any:
    """`shown(view, snapshot, data set)`: the view with all computed."""

    def show(view: Any, snapshot: Any, dataset: Dataset) -> Any:
        explore(studio_session, snapshot, dataset)
        widget = show_view(view)
        qtbot.waitUntil(lambda: not studio_session.state.pending and len(studio_session.state.results) > 1)
        return widget

    return show


def test_reconstructions_are_said_to_be_told_their_class(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, shown: Any
) -> None:
    view = shown(ReconstructView, class_conditional(), few_digits)
    qtbot.waitUntil(lambda: "told class" in view._legend.text())
    assert view._legend.toolTip().splitlines()[1] == "This model is told the class of each image."
    qtbot.waitUntil(lambda: view.enlarged._index.text == "image 0, told its class")
    assert few_digits.test.labels is not None
    own = int(few_digits.test.labels[0])
    qtbot.waitUntil(lambda: view.corner.loss.text().endswith(f", as {own}"))
    assert f"encoded and decoded as {own}" in view.corner.reconstruction.toolTip()
    other = (own + 3) % 10
    studio_session.explore.choose_class(other)
    qtbot.waitUntil(lambda: view.corner.loss.text().endswith(f", as {other}"))
    told = studio_session.state.results[ReconstructDrawing.channel].request.condition
    assert told == tuple(np.eye(10)[other])


def test_other_models_are_told_nothing(qtbot: QtBot, few_digits: Dataset, shown: Any) -> None:
    view = shown(ReconstructView, tiny_snapshot(), few_digits)
    qtbot.waitUntil(lambda: view.enlarged._index.text == "image 0")
    assert "told" not in view._legend.text()
    assert "told" not in view._legend.toolTip()
    assert ", as" not in view.corner.loss.text()


def test_a_model_of_factors_says_so(qtbot: QtBot, few_digits: Dataset, shown: Any) -> None:
    view = shown(ReconstructView, factor_conditional(), with_factors(few_digits))
    qtbot.waitUntil(lambda: view._legend.text().endswith("told its factors"))
    qtbot.waitUntil(lambda: ", with slant " in view.corner.loss.text())


def test_the_rows_of_the_training_say_so(qtbot: QtBot, few_digits: Dataset, shown: Any) -> None:
    view = shown(TrainView, class_conditional(), few_digits)
    qtbot.waitUntil(lambda: view.image_row.toolTip().endswith("told its class"))


def test_without_labels_the_training_says_why_it_shows_nothing(
    qtbot: QtBot, few_digits: Dataset, shown: Any
) -> None:
    view = shown(TrainView, class_conditional(), without_labels(few_digits))
    qtbot.waitUntil(lambda: NO_LABELS in view.image_row.hint)


def test_compression_does_not_count_what_the_decoder_is_told(
    qtbot: QtBot, few_digits: Dataset, shown: Any
) -> None:
    view = shown(CompressView, class_conditional(), few_digits)
    qtbot.waitUntil(lambda: "The decoder is told the class of each image, too" in view._note.text())
    qtbot.waitUntil(lambda: "of this image, told its class:" in view.digit._loss.text())


def test_without_labels_nothing_is_compressed_for_a_reason(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, shown: Any
) -> None:
    view = shown(CompressView, class_conditional(), without_labels(few_digits))
    qtbot.waitUntil(lambda: view.reason(studio_session.state) is not None)
    assert NO_LABELS in view.reason(studio_session.state).sentence


def test_the_inspector_says_what_was_told(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, shown: Any
) -> None:
    shown(FeaturesView, class_conditional(), few_digits)
    inspector = Inspector(studio_session)
    qtbot.addWidget(inspector)
    inspector.show_state(studio_session.state)
    assert few_digits.test.labels is not None
    assert f"<td>as {few_digits.test.labels[0]}</td>" in inspector.facts.text()
    explore(studio_session, class_conditional("again"), without_labels(few_digits))
    qtbot.waitUntil(lambda: bool(studio_session.state.problem("inspect")))
    inspector.show_state(studio_session.state)
    assert NO_LABELS in inspector.facts.text()
    assert inspector.heading.text == ""


@pytest.mark.parametrize(
    ("told", "decodes", "sentence"),
    [
        ("labels", True, "told the class of each image: the reconstructions contain it, and the codes may."),
        ("factors", True, "factors of each image: the reconstructions contain them, and the codes may."),
        ("labels", False, "told the class of each image: the codes may contain it."),
        ("none", True, ""),
    ],
)
def test_the_probe_says_what_its_accuracies_contain(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, told: Any, decodes: bool, sentence: str
) -> None:
    kinds = ("pixels", "codes", *(("reconstructions",) if decodes else ()))
    report = ProbeReport({kind: Score(9, 10) for kind in kinds}, 100, 1, 0, told)  # type: ignore[misc]
    panel = ProbePanel()
    qtbot.addWidget(panel)
    state = studio_session.state
    panel.show_state(replace(state, probe=ProbeState(report, state.snapshot, few_digits)))
    assert panel._note.text().endswith(sentence)
    assert ("told" in panel._note.text()) == bool(sentence)


def test_a_report_knows_what_the_model_was_told(few_digits: Dataset) -> None:
    report = probe(class_conditional(), few_digits, images=40, epochs=1)
    assert report.told == report.to_json()["told"] == "labels"
    assert probe(tiny_snapshot(), few_digits, images=40, epochs=1).told == "none"
