"""The inspector shows an image of any shape, its reconstruction and error, and its loss."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication

from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests.exploration_request import Inspect
from aestudio.gui.theme.style import apply_theme, current_theme
from aestudio.gui.theme.tokens import DARK, LIGHT
from aestudio.gui.views.shared.error_maps import error_map
from aestudio.gui.widgets.pixmap import packed
from aestudio.gui.window.sidebars.inspector import Inspector
from aestudio.gui.window.sidebars.right_sidebar import RightSidebar
from aestudio.progress import silent
from tests.gui.conftest import tiny_snapshot
from tests.gui.views.canned import OTHER_SETS, inspected, state_for, triples
from tests.settling import settle
from tests.small_models import untrained

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLabel
    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.widgets.image_view import ImageView

SETS = pytest.mark.parametrize("name", ["digits", *OTHER_SETS])


def _shows(view: ImageView, image: np.ndarray) -> bool:
    scale = view._canvas.pixels.shape[0] // image.shape[1]
    return bool((view._canvas.pixels[::scale, ::scale] == packed(image)).all())


@SETS
def test_picture_error_and_loss_per_pixel(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, name: str
) -> None:
    make: dict[str, Callable[[], Dataset]] = {"digits": lambda: few_digits, **OTHER_SETS}
    dataset = make[name]()
    inspector = Inspector(studio_session)
    qtbot.addWidget(inspector)
    inspector.resize(220, 320)
    inspector.show()
    value = inspected(dataset.test, 4)
    inspector.show_state(state_for(studio_session.state, dataset, inspect=value))
    triple = triples(dataset.test, 5)
    assert _shows(inspector.original, dataset.test.images[4])
    assert _shows(inspector.reconstruction, triple.reconstructed[4])
    assert _shows(inspector.error, error_map(triple.errors[4], current_theme()))
    assert value.squared_error is not None
    assert f"{value.squared_error / dataset.test.images[4].size:.4f}" in inspector.facts.text()
    grey = dataset.shape.image.grey
    assert inspector.error_caption.text() == ("Error" if grey else "Luminance\nerror")
    for view in (inspector.original, inspector.reconstruction, inspector.error):
        assert view.image_rect().width() <= view.width(), "no picture is cut off"
    _, before, after = (_written(part) for part in inspector.captions)
    assert before.right() + 6 <= after.left(), "the captions are apart"


def _written(caption: QLabel) -> QRect:
    """Where the text of a centred label is, in its parent."""
    width = max(caption.fontMetrics().horizontalAdvance(line) for line in caption.text().split("\n"))
    left = caption.geometry().center().x() - width // 2
    return QRect(left, caption.y(), width, caption.height())


def test_a_prediction_has_the_names_of_the_classes(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset
) -> None:
    names = tuple(f"Kind <{number}>" for number in range(10))
    dataset = replace(few_digits, test=replace(few_digits.test, class_names=names))
    snapshot = tiny_snapshot("digit-classifier", data=dataset.shape)
    value = Inspect(snapshot, (dataset.test,), 2).compute(InferenceCache(), silent)
    assert value.probabilities is not None
    inspector = Inspector(studio_session)
    qtbot.addWidget(inspector)
    inspector.show_state(state_for(studio_session.state, dataset, inspect=value))
    for best in np.argsort(value.probabilities)[-3:]:
        assert f"Class Kind &lt;{best}&gt;</td>" in inspector.facts.text()
    without = replace(dataset.test, labels=None, class_names=())
    value = Inspect(snapshot, (without,), 2).compute(InferenceCache(), silent)
    assert value.class_name(3) == "3"


def test_a_classifier_has_no_empty_frames_of_what_it_never_makes(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset
) -> None:
    inspector = Inspector(studio_session)
    qtbot.addWidget(inspector)
    inspector.resize(220, 320)
    inspector.show()
    state = state_for(studio_session.state, few_digits, inspect=inspected(few_digits.test, 4))
    inspector.show_state(state)
    settle(inspector)
    places = inspector.original.geometry(), inspector.facts.geometry()
    parts = (inspector.reconstruction, inspector.error, *inspector.captions[1:])
    assert all(part.isVisible() for part in parts)
    assert state.model is not None
    classifier = replace(state.model, snapshot=untrained("digit-classifier"))
    inspector.show_state(replace(state, model=classifier))
    assert not any(part.isVisible() for part in parts)
    assert inspector.original.isVisible()
    settle(inspector)
    assert (inspector.original.geometry(), inspector.facts.geometry()) == places


def test_it_is_whole_in_a_low_window(qtbot: QtBot, studio_session: Session, few_digits: Dataset) -> None:
    """The list of runs below it scrolls; the code is not cut."""
    sidebar = RightSidebar(studio_session)
    qtbot.addWidget(sidebar)
    sidebar.resize(240, 551)
    sidebar.show()
    sidebar.show_state(state_for(studio_session.state, few_digits, inspect=inspected(few_digits.test, 4)))
    inspector = sidebar.inspector
    qtbot.waitUntil(lambda: inspector.height() >= inspector.minimumSizeHint().height())
    assert inspector.facts.geometry().bottom() <= inspector.rect().bottom()
    assert inspector.facts.height() >= inspector.facts.heightForWidth(inspector.facts.width())


def test_the_error_follows_the_theme(qtbot: QtBot, studio_session: Session, few_digits: Dataset) -> None:
    """Also without a new state: its zero is the colour of the panel."""
    inspector = Inspector(studio_session)
    qtbot.addWidget(inspector)
    inspector.resize(220, 320)
    inspector.show()
    inspector.show_state(state_for(studio_session.state, few_digits, inspect=inspected(few_digits.test, 4)))
    error = triples(few_digits.test, 5).errors[4]
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    for theme in (LIGHT, DARK):
        apply_theme(app, theme)
        assert _shows(inspector.error, error_map(error, theme))
