"""The columns of compared runs, for pictures that are not MNIST's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests.comparison_request import ComparedAtCode, ComparedImage, ComparedMaps
from aestudio.gui.inference.requests.exploration_request import Inspect
from aestudio.gui.state.comparison_state import ComparedRun, ComparisonState
from aestudio.gui.state.studio_state import Result, StudioState
from aestudio.gui.views.compare.column import ComparisonColumn
from aestudio.gui.views.compare.compare_view import CompareView
from aestudio.gui.widgets.pixmap import packed
from aestudio.progress import silent
from tests.gui.conftest import tiny_snapshot
from tests.gui.views.canned import OTHER_SETS, blurred, inspected, state_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.widgets.image_view import ImageView


def _large() -> Dataset:
    images = np.random.default_rng(0).integers(0, 256, (8, 3, 64, 64), np.uint8)
    return Dataset("large", "Large", ImageSet(images), ImageSet(images))


DATASETS = pytest.mark.parametrize("make", [*OTHER_SETS.values(), _large], ids=[*OTHER_SETS, "colour 64x64"])


def _compared(state: StudioState, dataset: Dataset, count: int = 2) -> StudioState:
    """The state with ended runs, their images at the cursor and their reconstructions of an image."""
    snapshots = tuple(
        tiny_snapshot(seed=seed, run=f"run-{seed}", data=dataset.shape) for seed in range(count)
    )
    runs = tuple(
        ComparedRun("ended", title=f"run {number}", recipe=snapshot.recipe, snapshot=snapshot)
        for number, snapshot in enumerate(snapshots)
    )
    sets = (dataset.test, dataset.train)
    images = tuple(replace(inspected(dataset.test, 3), index=number) for number in range(len(runs)))
    cursor = tuple(blurred(dataset.test.images[4:5], seed)[0] for seed in range(len(runs)))
    results = {
        ComparedImage.channel: Result(ComparedImage(snapshots, sets, 3), images),
        ComparedAtCode.channel: Result(ComparedAtCode(snapshots, (0.0,) * 6), cursor),
    }
    comparison = ComparisonState(runs=runs, code=np.zeros(6, np.float32))
    state = state_for(state, dataset)
    return replace(state, selected=3, comparison=comparison, results=results)


def _shows(view: ImageView, image: np.ndarray) -> bool:
    scale = view._canvas.pixels.shape[0] // image.shape[1]
    complete = view.image_rect().width() <= view.width() and view.image_rect().height() <= view.height()
    return complete and bool((view._canvas.pixels[::scale, ::scale] == packed(image)).all())


@pytest.fixture
def view(qtbot: QtBot, studio_session: Session) -> CompareView:
    shown = CompareView(studio_session)
    qtbot.addWidget(shown)
    shown.resize(900, 690)
    shown.show()
    return shown


@DATASETS
@pytest.mark.parametrize("count", [2, 4])
def test_each_column_shows_the_pictures_in_full(
    qtbot: QtBot,
    view: CompareView,
    studio_session: Session,
    make: Callable[[], Dataset],
    count: int,
) -> None:
    dataset = make()
    state = _compared(studio_session.state, dataset, count)
    view.show_state(state)
    board = view.board
    qtbot.waitUntil(lambda: all(column.at_cursor.height() > 40 for column in board.columns))
    for number, column in enumerate(board.columns):
        own, cursor = state.value(ComparedImage.channel)[number], state.value(ComparedAtCode.channel)[number]
        qtbot.waitUntil(lambda column=column, own=own: _shows(column.reconstruction, own.reconstruction))
        assert _shows(column.at_cursor, cursor)
        original = board.original if board.original.isVisible() else column.original
        assert _shows(original, dataset.test.images[3])
    assert {request.channel for request in view.requests(state)} == {
        ComparedImage.channel,
        ComparedAtCode.channel,
        ComparedMaps.channel,
    }


def test_runs_are_compared_on_images_that_the_shown_model_does_not_take(
    view: CompareView, studio_session: Session
) -> None:
    dataset = OTHER_SETS["colour 32x32"]()
    state = _compared(studio_session.state, dataset)
    state = replace(state, model=studio_session.state.model)
    assert state.image_sets == ()
    view.show_state(state)
    assert view.empty_reason.reason is None
    assert _shows(view.board.columns[0].original, dataset.test.images[3])
    assert view.board.index.maximum() == len(dataset.test) - 1
    studio_session.update(data=state.data, comparison=state.comparison)
    studio_session.comparison.select(7)
    studio_session.comparison.hover(5)
    assert (studio_session.state.selected, studio_session.state.hovered) == (7, 5)
    studio_session.comparison.hover(len(dataset.test) + len(dataset.train))
    assert studio_session.state.hovered == -1


def test_images_that_the_compared_runs_do_not_take_are_not_shown(
    view: CompareView, studio_session: Session
) -> None:
    narrow, colour = OTHER_SETS["grey 28x20"](), OTHER_SETS["colour 32x32"]()
    state = _compared(studio_session.state, narrow)
    view.show_state(state)
    assert view.empty_reason.reason is None
    state = replace(state, data=replace(state.data, dataset=colour))
    view.show_state(state)
    assert view.empty_reason.reason is not None
    assert "take images of 28 × 20" in view.empty_reason.reason.sentence
    assert view.requests(state) == ()


def test_a_classifier_names_the_class_that_it_predicts(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset
) -> None:
    names = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    images = replace(few_digits.test, class_names=names)
    snapshot = tiny_snapshot("digit-classifier", data=few_digits.shape)
    value = Inspect(snapshot, (images,), 2).compute(InferenceCache(), silent)
    assert value.probabilities is not None
    column = ComparisonColumn(0)
    qtbot.addWidget(column)
    column.show_image(value, ink=False)
    assert f"Prediction: {names[int(value.probabilities.argmax())]} (" in column.no_image.text()
